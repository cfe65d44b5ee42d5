"""Posts, shift patterns, shifts, duties and what is reported of them; the rules of rest; cover and swaps."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from muster.duty.kinds import (
    OPEN_SWAPS,
    CheckInKind,
    CoverReason,
    CoverState,
    DutyState,
    NoticeKind,
    OfferState,
    SwapState,
)
from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.people.models import Person
from muster.plans.models import Plan
from muster.territory.models import Area


class PostKind(models.Model):
    """A kind of post, such as a vanguard post or a rapid team. Kinds are configuration."""

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    abilities = models.JSONField(default=list, help_text="Abilities that whoever stands here must have.")
    barred_by = models.JSONField(default=list, help_text="Restrictions that exclude a person from this kind.")

    def __str__(self) -> str:
        return self.slug


class ShiftPattern(models.Model):
    """A span of the day that posts are staffed for."""

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    short_zh = models.CharField(max_length=4)
    short_en = models.CharField(max_length=4)
    start_min = models.PositiveSmallIntegerField(help_text="Minutes after local midnight.")
    length_min = models.PositiveSmallIntegerField()
    is_night = models.BooleanField(default=False)

    class Meta:
        """In the order of the day."""

        ordering = ("start_min", "slug")

    def __str__(self) -> str:
        return self.slug


class Post(models.Model):
    """A place to be staffed in an area. Its pool is the area whose people staff it."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="posts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posts")
    pool_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="pooled_posts")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    is_active = models.BooleanField(default=True)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Demand(models.Model):
    """How many people a post needs on a pattern, on which days of the week."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="demands")
    pattern = models.ForeignKey(ShiftPattern, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()
    weekdays = models.CharField(max_length=7, default="1234567", help_text="ISO days of the week: 1 is Monday.")

    class Meta:
        """A post states its need on a pattern once."""

        constraints = (models.UniqueConstraint(fields=["post", "pattern"], name="one_demand_per_post_and_pattern"),)


class RestRules(models.Model):
    """The rest that no planner may break, for one emergency."""

    emergency = models.OneToOneField(Emergency, on_delete=models.CASCADE, related_name="rest_rules")
    min_rest_min = models.PositiveIntegerField(default=660, help_text="Between any two shifts.")
    max_days_in_row = models.PositiveSmallIntegerField(default=6)
    max_week_min = models.PositiveIntegerField(default=2880, help_text="In any calendar week, Monday to Sunday.")
    max_nights = models.PositiveSmallIntegerField(default=10, help_text="In any 28 days, so that nights are shared.")


class Shift(models.Model):
    """A span of time at a post, and how many people it needs."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="shifts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    pattern = models.ForeignKey(ShiftPattern, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    needed = models.PositiveSmallIntegerField()

    class Meta:
        """A post has one shift at a start; shifts are found by time."""

        constraints = (
            models.UniqueConstraint(fields=["emergency", "post", "starts_at", "pattern"], name="one_shift_at_a_start"),
        )
        indexes = (models.Index(fields=["emergency", "starts_at"], name="shifts_by_start"),)


class Duty(models.Model):
    """A person's place on a shift. Times are copied from the shift, to be ruled on by person."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="duties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=DutyState.choices, default=DutyState.PLANNED)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="duties")
    changed_at = models.DateTimeField()
    override_by = models.CharField(max_length=150, blank=True, help_text="Officer who overrode a rest rule, by name.")
    override_reason = models.CharField(max_length=200, blank=True, help_text="Why; without a reason none is taken.")

    class Meta:
        """A person stands once on a shift, and never begins two at one moment."""

        constraints = (
            models.UniqueConstraint(
                fields=["shift", "person"],
                condition=models.Q(state=DutyState.PLANNED),
                name="one_planned_duty_per_shift_and_person",
            ),
            models.UniqueConstraint(
                fields=["person", "starts_at"],
                condition=models.Q(state=DutyState.PLANNED),
                name="one_planned_duty_per_person_and_start",
            ),
        )
        indexes = (
            models.Index(fields=["starts_at"], name="duties_by_start"),
            models.Index(fields=["person", "starts_at"], name="duties_by_person"),
        )


class CheckIn(Fact):
    """A fact: a person came to, or left, a duty."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="check_ins")
    kind = models.CharField(max_length=4, choices=CheckInKind.choices)


class Handover(Fact):
    """A fact: whoever left a duty told the next one what they must know."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="handovers")
    note = models.CharField(max_length=400, help_text="What the next one must know.")


class Notice(Fact):
    """A fact: whoever has a duty said that they are ill, cannot come, or come late."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    late_min = models.PositiveSmallIntegerField(default=0, help_text="By how many minutes; 0 where not late.")


class CoverRules(models.Model):
    """How people are asked to stand in, for one emergency."""

    emergency = models.OneToOneField(Emergency, on_delete=models.CASCADE, related_name="cover_rules")
    wave_people = models.PositiveSmallIntegerField(default=5, help_text="How many are asked at once.")
    wave_min = models.PositiveSmallIntegerField(default=10, help_text="Minutes until the next are asked.")
    most_people = models.PositiveSmallIntegerField(default=40, help_text="How many are asked for one place at most.")
    swaps_need_officer = models.BooleanField(default=False, help_text="Whether a swap waits for an officer.")


class CoverRequest(models.Model):
    """One place for which somebody is asked to stand in: asked, closed, each by a name."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="cover_requests")
    replaces = models.ForeignKey(
        Duty,
        on_delete=models.PROTECT,
        null=True,
        related_name="cover_requests",
        help_text="Whose place it is; nobody's where it was empty.",
    )
    reason = models.CharField(max_length=8, choices=CoverReason.choices)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField(help_text="From then on nobody can accept.")
    state = models.CharField(max_length=12, choices=CoverState.choices, default=CoverState.OPEN)
    wave = models.PositiveSmallIntegerField(default=0, help_text="How many times people were asked.")
    next_wave_at = models.DateTimeField(null=True, help_text="When the next are asked; none where all were.")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """A duty is replaced once; what is open is looked for twice a minute."""

        constraints = (
            models.UniqueConstraint(
                fields=["replaces"],
                condition=models.Q(state=CoverState.OPEN),
                name="one_open_cover_request_per_duty",
            ),
        )
        indexes = (
            models.Index(fields=["shift"], condition=models.Q(state=CoverState.OPEN), name="open_cover_requests"),
        )


class CoverOffer(models.Model):
    """One person who was asked to stand in: why they, when, and what came of it."""

    request = models.ForeignKey(CoverRequest, on_delete=models.CASCADE, related_name="offers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cover_offers")
    rank = models.PositiveSmallIntegerField(help_text="In the order in which people are asked, from 1.")
    wave = models.PositiveSmallIntegerField()
    why = models.JSONField(default=dict, help_text="What they carried and how far they live, when they were asked.")
    is_told = models.BooleanField(default=True, help_text="Whether a message could go out; else somebody rings.")
    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.OFFERED)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True)
    is_for_other = models.BooleanField(default=False, help_text="Answered through somebody else, for want of a phone.")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="cover_offers")

    class Meta:
        """A person is asked once for a place, and one of them has it."""

        constraints = (
            models.UniqueConstraint(fields=["request", "person"], name="one_cover_offer_per_person"),
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(state=OfferState.ACCEPTED),
                name="one_accepted_cover_offer",
            ),
        )

    def is_theirs(self, now: datetime) -> bool:
        """Tell whether the person has the place by it, and the shift is not over."""
        has_place = self.duty is not None and self.duty.state == DutyState.PLANNED
        return self.state == OfferState.ACCEPTED and has_place and self.request.shift.ends_at > now

    def may_accept(self, now: datetime) -> bool:
        """Tell whether the person could accept it now, as far as the request goes."""
        is_open = self.request.state == CoverState.OPEN and self.request.until_at > now
        return is_open and self.state in {OfferState.OFFERED, OfferState.DECLINED, OfferState.HINDERED}


class Swap(models.Model):
    """A duty that one person proposes to another: for one of theirs, or to be taken over."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="swaps")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="swaps", help_text="Who is asked.")
    other_duty = models.ForeignKey(
        Duty,
        on_delete=models.PROTECT,
        null=True,
        related_name="swaps_in_return",
        help_text="What they give in return; nothing where they take the duty over.",
    )
    state = models.CharField(max_length=12, choices=SwapState.choices, default=SwapState.PROPOSED)
    proposed_at = models.DateTimeField()

    class Meta:
        """A duty is in one open swap, on whichever side."""

        constraints = (
            models.UniqueConstraint(
                fields=["duty"], condition=models.Q(state__in=OPEN_SWAPS), name="one_open_swap_per_duty"
            ),
            models.UniqueConstraint(
                fields=["other_duty"], condition=models.Q(state__in=OPEN_SWAPS), name="one_open_swap_per_other_duty"
            ),
        )


class SwapStep(models.Model):
    """One step of a swap: how it stands from then on, by whose hand, and why."""

    swap = models.ForeignKey(Swap, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=SwapState.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    is_for_other = models.BooleanField(default=False, help_text="Entered by somebody else, for want of a phone.")
    reason = models.CharField(max_length=120, blank=True)
