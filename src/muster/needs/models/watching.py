"""Watch duties: recurring checks, and that they were done."""

from __future__ import annotations

from django.db import models

from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.territory.models import Area


class WatchDuty(models.Model):
    """A recurring check on areas or households, as the place configures it."""

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.slug


class WatchCheck(Fact):
    """A watch duty was done at an area's doors, and whether all was well."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="watch_checks")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="watch_checks")
    watch = models.ForeignKey(WatchDuty, on_delete=models.PROTECT, related_name="checks")
    is_well = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
