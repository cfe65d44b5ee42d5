from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="exerciseclock",
            name="speed",
            field=models.FloatField(default=1.0, help_text="Seconds of the exercise that pass in a real one."),
        ),
    ]
