"""Posts, shift patterns, shifts, duties, check-ins and handovers; the rules of rest."""

from __future__ import annotations

from django.db import models

from muster.duty.kinds import CheckInKind, DutyState
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
