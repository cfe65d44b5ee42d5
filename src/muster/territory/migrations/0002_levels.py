"""Write the levels that come with Muster."""

from django.db import migrations

from muster.territory.kinds import LEVELS


def write_levels(apps, schema_editor):
    level_model = apps.get_model("territory", "Level")
    level_model.objects.bulk_create(level_model(**level._asdict()) for level in LEVELS)


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [migrations.RunPython(write_levels, migrations.RunPython.noop)]
