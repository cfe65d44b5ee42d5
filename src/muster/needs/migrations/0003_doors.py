import django.db.models.deletion
import encrypted_fields.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('needs', '0002_needs_triage'),
        ('territory', '0002_levels'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.CharField(blank=True, help_text='Floor or door number, to find them.', max_length=40)),
                ('contact', encrypted_fields.fields.EncryptedCharField(help_text='How to reach them, for whoever carries the need; encrypted at rest.', max_length=400, null=True)),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='asker', to='needs.need')),
            ],
        ),
        migrations.CreateModel(
            name='DoorAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='As rules.doors makes it: lower case, no signs.', max_length=16, unique=True)),
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='door_address', to='territory.area')),
            ],
        ),
        migrations.CreateModel(
            name='NeedPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.BinaryField(help_text='JPEG.')),
                ('added_at', models.DateTimeField()),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='needs.need')),
            ],
        ),
        migrations.CreateModel(
            name='OfficePhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.CharField(help_text="Public: no person's own number.", max_length=40)),
                ('set_at', models.DateTimeField()),
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='office_phone', to='territory.area')),
            ],
        ),
        migrations.AlterField(
            model_name='need',
            name='kind',
            field=models.CharField(choices=[('food', 'food and daily goods'), ('medicine', 'medicine'), ('medical', 'see a doctor'), ('care', 'care of a child or an old person'), ('rescue', 'rescue, being brought out'), ('repair', 'repair'), ('other', 'something else'), ('word', 'a word to the warden')], max_length=16),
        ),
    ]
