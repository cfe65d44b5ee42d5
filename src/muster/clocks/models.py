"""Gaps: one mechanism for every place with nobody."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Value, When

from muster.clocks.kinds import GapKind
from muster.emergencies.models import Emergency
from muster.territory.models import Area

URGENCY = Case(When(kind=GapKind.AREA_WITHOUT_DEPUTY, then=Value(1)), default=Value(0))
"""0: nobody is there. 1: somebody is, and nobody behind them."""


class Gap(models.Model):
    """A place with nobody, since when, whose it is to close, and why it stands open.

    The subject is named by kind and code, because it may live in a higher room (a post's shift, a need).
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="gaps")
    kind = models.CharField(max_length=32, choices=GapKind.choices)
    subject = models.CharField(max_length=96, help_text="Code of what is empty: an area, or post and start of a shift.")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="gaps")
    people_missing = models.PositiveIntegerField(default=1)
    since_at = models.DateTimeField()
    owner_area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="owned_gaps")
    why = models.CharField(max_length=64, blank=True, help_text="Slug of the reason.")
    why_detail = models.JSONField(default=dict, help_text="Figures behind the reason, and what would close it.")
    closed_at = models.DateTimeField(null=True)
    urgency = models.GeneratedField(
        expression=URGENCY,
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        help_text="0: nobody is there. 1: somebody is, and nobody behind them.",
    )

    class Meta:
        """A subject has one open gap of a kind; open gaps are found by urgency, kind, place and age."""

        constraints = (
            models.UniqueConstraint(
                fields=["emergency", "kind", "subject"],
                condition=models.Q(closed_at=None),
                name="one_open_gap_per_subject_and_kind",
            ),
        )
        indexes = (
            models.Index(
                fields=["emergency", "urgency", "since_at", "id"],
                condition=models.Q(closed_at=None),
                name="open_gaps_by_urgency_and_age",
            ),
            models.Index(
                fields=["emergency", "kind", "since_at", "id"],
                condition=models.Q(closed_at=None),
                name="open_gaps_by_kind_and_age",
            ),
            # The oldest gaps of a district are found from this index alone; SQLite wants the condition's column in it.
            models.Index(
                fields=["emergency", "area", "kind", "since_at", "closed_at"],
                condition=models.Q(closed_at=None),
                name="open_gaps_by_area",
            ),
        )
