"""Needs and their steps, visits, watch duties: what was asked or looked after, every step of it a fact of its own."""

from __future__ import annotations

from django.db import models

from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.needs.kinds import NeedKind, NeedState, VisitOutcome
from muster.territory.models import Area


class Need(Fact):
    """What somebody at an area's doors asks for. Nothing is kept of who asks; the door is enough to help.

    Its state is what its steps make of it, in the order of their moments.
    """

    code = models.CharField(max_length=64, unique=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="needs")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=16, choices=NeedKind.choices)
    words = models.CharField(max_length=400, blank=True, help_text="What was asked, in the asker's words.")
    state = models.CharField(max_length=16, choices=NeedState.choices, default=NeedState.OPEN)

    class Meta:
        """Needs that are not settled are found by age."""

        indexes = (models.Index(fields=["emergency", "state", "at"], name="needs_by_state_and_age"),)

    def __str__(self) -> str:
        return self.code


class NeedStep(Fact):
    """One step of a need: its new state, when, by whose hand. It may come before the need itself, and waits for it."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="steps")
    about = models.UUIDField(db_index=True, help_text="Client's id of the need.")
    state = models.CharField(max_length=16, choices=NeedState.choices)
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)


class Visit(Fact):
    """Somebody knocked at an area's doors."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="visits")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=16, choices=VisitOutcome.choices)
    note = models.CharField(max_length=200, blank=True)


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
