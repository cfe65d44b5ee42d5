"""Gaps: one mechanism for every place with nobody, and the clocks that move them on."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Value, When

from muster.clocks.kinds import GapKind, GapStepKind
from muster.clocks.rules import UNTOLD_RANK
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.models import Area, Level

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
    clock_from_at = models.DateTimeField(help_text="Since when its clock counts: later, by what it stood still.")
    told_rank = models.PositiveSmallIntegerField(
        default=UNTOLD_RANK, help_text="How high its clock has come: rank of the level, the warden's, or nobody's."
    )
    taken_over_at = models.DateTimeField(null=True, help_text="Since when somebody has it in hand; its clock stands.")
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
            # Whatever is due is one range of this for each kind and rank.
            models.Index(
                fields=["emergency", "kind", "told_rank", "clock_from_at"],
                condition=models.Q(closed_at=None, taken_over_at=None),
                name="running_gaps_by_clock",
            ),
            models.Index(
                fields=["emergency", "taken_over_at"],
                condition=models.Q(closed_at=None, taken_over_at__isnull=False),
                name="gaps_in_hand",
            ),
            # What stood open at a moment that is past is what stands open now, and what has closed since.
            models.Index(fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="closed_gaps_by_end"),
        )


class GapStep(models.Model):
    """One thing that happened to an open gap. Append-only; its opening and its end are the gap's own moments.

    ``by_id`` names an account by number, as the audit trail does; ``rank`` names what its clock reached.
    """

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=GapStepKind.choices)
    rank = models.PositiveSmallIntegerField(null=True, help_text="How high the clock came by it.")
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, related_name="+", help_text="Whose it is from then on."
    )
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", help_text="The warden who was told."
    )
    at = models.DateTimeField(help_text="When it happened, or was due.")
    made_at = models.DateTimeField(help_text="When it was written.")
    by = models.CharField(max_length=150, blank=True, help_text="Who did it; empty for a clock.")
    by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """A gap reaches a rank once, however many workers look."""

        constraints = (
            models.UniqueConstraint(
                fields=["gap", "rank"],
                condition=models.Q(rank__isnull=False),
                name="a_gap_reaches_a_rank_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gap_id} {self.kind}"


class ClockRule(models.Model):
    """How gaps of a kind move on in an emergency; the steps of the way are its legs."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="clock_rules")
    kind = models.CharField(max_length=32, choices=GapKind.choices)
    opens_after_min = models.PositiveIntegerField(default=0, help_text="After a place became empty, where that tells.")
    may_wait = models.BooleanField(help_text="Whether the clock stands still in quiet hours.")
    hold_min = models.PositiveIntegerField(help_text="For how long somebody may have one in hand.")

    class Meta:
        """A kind is ruled once."""

        constraints = (models.UniqueConstraint(fields=["emergency", "kind"], name="one_clock_rule_per_kind"),)

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.kind}"


class ClockLeg(models.Model):
    """How long after a place became empty its gap is told to the warden, or goes to the office of a level."""

    rule = models.ForeignKey(ClockRule, on_delete=models.CASCADE, related_name="legs")
    level = models.ForeignKey(
        Level, on_delete=models.CASCADE, null=True, related_name="+", help_text="None: the warden."
    )
    after_min = models.PositiveIntegerField()

    class Meta:
        """A clock goes to each level once."""

        constraints = (
            models.UniqueConstraint(fields=["rule", "level"], name="one_leg_per_level"),
            models.UniqueConstraint(fields=["rule"], condition=models.Q(level=None), name="one_leg_to_the_warden"),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} {self.after_min}"


class ClockRun(models.Model):
    """How far an emergency's clocks have run: as of when, and up to which step people and offices were told."""

    emergency = models.OneToOneField(Emergency, on_delete=models.CASCADE, related_name="clock_run")
    passed_at = models.DateTimeField(null=True, help_text="Real moment, also in an exercise: whether a worker runs.")
    told_until = models.BigIntegerField(default=0, help_text="Number of the last step of which somebody was told.")

    def __str__(self) -> str:
        return str(self.emergency_id)
