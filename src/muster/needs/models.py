"""Needs and their steps: what was asked, and every step of the answer as a row."""

from __future__ import annotations

from django.db import models

from muster.emergencies.models import Emergency
from muster.needs.kinds import NeedKind, NeedState
from muster.territory.models import Area


class Need(models.Model):
    """What somebody at an area's doors asks for. Nothing is kept of who asks; the door is enough to help."""

    code = models.CharField(max_length=64, unique=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="needs")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=16, choices=NeedKind.choices)
    words = models.CharField(max_length=400, blank=True, help_text="What was asked, in the asker's words.")
    state = models.CharField(max_length=16, choices=NeedState.choices, default=NeedState.OPEN)
    raised_at = models.DateTimeField()
    is_for_other = models.BooleanField(default=False, help_text="Entered by somebody else: by telephone or on paper.")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        """Needs that are not settled are found by age."""

        indexes = (models.Index(fields=["emergency", "state", "raised_at"], name="needs_by_state_and_age"),)

    def __str__(self) -> str:
        return self.code


class NeedStep(models.Model):
    """One step of a need: its new state, when, by whose hand."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=16, choices=NeedState.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)
