import django.db.models.deletion
import encrypted_fields.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('needs', '0004_watch'),
        ('territory', '0002_levels'),
    ]

    operations = [
        migrations.DeleteModel(name='Asker'),
        migrations.CreateModel(
            name='Asker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.CharField(blank=True, help_text='Floor or door number, to find them.', max_length=40)),
                ('contact', encrypted_fields.fields.EncryptedCharField(help_text='How to reach them, for whoever carries the need; encrypted at rest.', max_length=400, null=True)),
                ('door', models.ForeignKey(help_text='Where they asked; the need may be put elsewhere.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='territory.area')),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='asker', to='needs.need')),
            ],
        ),
    ]
