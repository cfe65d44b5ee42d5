import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('emergencies', '0001_initial'),
        ('needs', '0003_doors'),
        ('territory', '0002_levels'),
    ]

    operations = [
        migrations.DeleteModel(
            name='WatchCheck',
        ),
        migrations.DeleteModel(
            name='WatchDuty',
        ),
        migrations.CreateModel(
            name='WatchDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40)),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=60)),
                ('look_zh', models.CharField(blank=True, help_text='What to look at.', max_length=120)),
                ('look_en', models.CharField(blank=True, max_length=160)),
                ('how_zh', models.CharField(blank=True, help_text='How, in one line.', max_length=120)),
                ('how_en', models.CharField(blank=True, max_length=160)),
                ('kind', models.CharField(blank=True, help_text='Only areas of this kind.', max_length=40)),
                ('is_unmanaged_only', models.BooleanField(default=False, help_text='Only where no property management is.')),
                ('mark', models.SlugField(blank=True, help_text='Doors with this mark, where there is no level.', max_length=40)),
                ('times_min', models.JSONField(default=list, help_text='Minutes after local midnight, ascending.')),
                ('weekdays', models.CharField(default='1234567', help_text='ISO days of the week: 1 is Monday.', max_length=7)),
                ('early_min', models.PositiveSmallIntegerField(default=60, help_text='How long before its time a check counts.')),
                ('deputy_after_min', models.PositiveSmallIntegerField(default=60)),
                ('community_after_min', models.PositiveSmallIntegerField(default=120)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='The first day on which it is no longer due.', null=True)),
                ('laid_until_on', models.DateField(help_text='The first day whose rounds are not laid out yet.', null=True)),
                ('is_synthetic', models.BooleanField(default=False)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_duties', to='territory.area')),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_duties', to='emergencies.emergency')),
                ('level', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.level')),
            ],
        ),
        migrations.CreateModel(
            name='WatchCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(unique=True)),
                ('at', models.DateTimeField(help_text='When it happened: by the clock of whoever reported, put right.')),
                ('clock_off_s', models.BigIntegerField(default=0, help_text='By how much; that clock read `at` less this.')),
                ('recorded_at', models.DateTimeField(help_text='When the server took it.')),
                ('entered_by', models.BigIntegerField(help_text='Number of the account that entered it.', null=True)),
                ('is_for_other', models.BooleanField(default=False, help_text='Entered by somebody else, for want of a phone.')),
                ('is_synthetic', models.BooleanField(default=False)),
                ('door', models.CharField(blank=True, help_text='Number of the door, where one is looked after.', max_length=20)),
                ('is_well', models.BooleanField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_checks', to='territory.area')),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_checks', to='emergencies.emergency')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='needs.watchduty')),
            ],
        ),
        migrations.CreateModel(
            name='WatchRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField(help_text='From here on a check counts for it.')),
                ('starts_at', models.DateTimeField()),
                ('deputy_at', models.DateTimeField(help_text='Where nobody has looked by then it falls to the deputy.')),
                ('community_at', models.DateTimeField(help_text='And here to the community.')),
                ('closes_at', models.DateTimeField(help_text='A check from here on counts for the next one.')),
                ('deputies_told_at', models.DateTimeField(help_text='When those to whom it fell were told.', null=True)),
                ('settled_at', models.DateTimeField(help_text='When what was missed by then was written down.', null=True)),
                ('places', models.PositiveIntegerField(help_text='At how many places it was due, once it is settled.', null=True)),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rounds', to='needs.watchduty')),
            ],
        ),
        migrations.CreateModel(
            name='WatchMiss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(blank=True, max_length=20)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_misses', to='territory.area')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='misses', to='needs.watchround')),
            ],
        ),
        migrations.CreateModel(
            name='DoorCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown', models.CharField(help_text='Digest of what it showed; nothing can be read back from it.', max_length=32)),
                ('printed_at', models.DateTimeField()),
                ('printed_by', models.CharField(max_length=150)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='door_cards', to='territory.area')),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='door_cards', to='emergencies.emergency')),
            ],
            options={
                'indexes': [models.Index(fields=['emergency', 'area', '-printed_at'], name='door_cards_by_area')],
            },
        ),
        migrations.CreateModel(
            name='MarkedDoor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(help_text='So that the right door is knocked at.', max_length=20)),
                ('mark', models.SlugField(help_text='So that a watch duty finds it.', max_length=40)),
                ('since_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('set_by', models.CharField(max_length=150)),
                ('is_synthetic', models.BooleanField(default=False)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marked_doors', to='territory.area')),
                ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marked_doors', to='emergencies.emergency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('emergency', 'area', 'door', 'mark'), name='one_open_mark_per_door')],
            },
        ),
        migrations.AddConstraint(
            model_name='watchduty',
            constraint=models.UniqueConstraint(fields=('emergency', 'slug'), name='one_watch_duty_per_slug'),
        ),
        migrations.AddConstraint(
            model_name='watchduty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level__isnull', False), ('mark', '')), ('level', None), _connector='OR'), name='a_watch_duty_looks_at_areas_or_at_doors'),
        ),
        migrations.AddConstraint(
            model_name='watchduty',
            constraint=models.CheckConstraint(condition=models.Q(('deputy_after_min__lte', models.F('community_after_min'))), name='a_watch_falls_to_the_deputy_first'),
        ),
        migrations.AddIndex(
            model_name='watchcheck',
            index=models.Index(fields=['watch', 'at', 'area'], name='watch_checks_by_time'),
        ),
        migrations.AddIndex(
            model_name='watchcheck',
            index=models.Index(fields=['watch', 'area', 'at'], name='watch_checks_by_place'),
        ),
        migrations.AddIndex(
            model_name='watchround',
            index=models.Index(fields=['starts_at'], name='rounds_by_start'),
        ),
        migrations.AddIndex(
            model_name='watchround',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['community_at'], name='rounds_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='watchround',
            constraint=models.UniqueConstraint(fields=('watch', 'starts_at'), name='one_round_at_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='watchmiss',
            constraint=models.UniqueConstraint(fields=('round', 'area', 'door'), name='one_miss_per_round_and_place'),
        ),
    ]
