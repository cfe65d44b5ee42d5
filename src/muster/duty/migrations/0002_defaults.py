"""Write the kinds of post and the shift patterns that a new installation starts with."""

from django.db import migrations

from muster.duty.defaults import POST_KINDS, SHIFT_PATTERNS


def write_defaults(apps, schema_editor):
    kinds = apps.get_model("duty", "PostKind")
    kinds.objects.bulk_create(
        kinds(**{**seed._asdict(), "abilities": list(seed.abilities), "barred_by": list(seed.barred_by)})
        for seed in POST_KINDS
    )
    patterns = apps.get_model("duty", "ShiftPattern")
    patterns.objects.bulk_create(patterns(**seed._asdict()) for seed in SHIFT_PATTERNS)


class Migration(migrations.Migration):

    dependencies = [("duty", "0001_initial")]

    operations = [migrations.RunPython(write_defaults, migrations.RunPython.noop)]
