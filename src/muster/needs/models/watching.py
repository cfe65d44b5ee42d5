"""Watch duties, the rounds of each day, what was seen and what was missed."""

from __future__ import annotations

from django.db import models

from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.territory.models import Area, Level


class WatchDuty(models.Model):
    """A recurring check on areas, or on doors with a mark, as the place configures it for an emergency.

    It reaches the areas of its level within its area, or, where it has no level, the doors with its mark there.
    It is ended, never deleted, so that what was seen keeps its name.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="watch_duties")
    slug = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    look_zh = models.CharField(max_length=120, blank=True, help_text="What to look at.")
    look_en = models.CharField(max_length=160, blank=True)
    how_zh = models.CharField(max_length=120, blank=True, help_text="How, in one line.")
    how_en = models.CharField(max_length=160, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="watch_duties")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40, blank=True, help_text="Only areas of this kind.")
    is_unmanaged_only = models.BooleanField(default=False, help_text="Only where no property management is.")
    mark = models.SlugField(max_length=40, blank=True, help_text="Doors with this mark, where there is no level.")
    times_min = models.JSONField(default=list, help_text="Minutes after local midnight, ascending.")
    weekdays = models.CharField(max_length=7, default="1234567", help_text="ISO days of the week: 1 is Monday.")
    early_min = models.PositiveSmallIntegerField(default=60, help_text="How long before its time a check counts.")
    deputy_after_min = models.PositiveSmallIntegerField(default=60)
    community_after_min = models.PositiveSmallIntegerField(default=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day on which it is no longer due.")
    laid_until_on = models.DateField(null=True, help_text="The first day whose rounds are not laid out yet.")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        """A watch duty is reported by its slug, and looks at areas or at doors."""

        constraints = (
            models.UniqueConstraint(fields=["emergency", "slug"], name="one_watch_duty_per_slug"),
            models.CheckConstraint(
                condition=models.Q(level__isnull=False, mark="") | models.Q(level=None),
                name="a_watch_duty_looks_at_areas_or_at_doors",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_after_min__lte=models.F("community_after_min")),
                name="a_watch_falls_to_the_deputy_first",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class MarkedDoor(models.Model):
    """A door that a watch duty looks after, by its number alone: who lives there is not kept."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="marked_doors")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="marked_doors")
    door = models.CharField(max_length=20, help_text="So that the right door is knocked at.")
    mark = models.SlugField(max_length=40, help_text="So that a watch duty finds it.")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    set_by = models.CharField(max_length=150)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        """A door has a mark once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["emergency", "area", "door", "mark"],
                condition=models.Q(until_at=None),
                name="one_open_mark_per_door",
            ),
        )


class WatchRound(models.Model):
    """One round of a watch duty: one row for all its places, since what is due at each follows from the duty.

    The moments are kept as they were laid out, so that a later change of the duty changes no past round.
    """

    watch = models.ForeignKey(WatchDuty, on_delete=models.CASCADE, related_name="rounds")
    opens_at = models.DateTimeField(help_text="From here on a check counts for it.")
    starts_at = models.DateTimeField()
    deputy_at = models.DateTimeField(help_text="Where nobody has looked by then it falls to the deputy.")
    community_at = models.DateTimeField(help_text="And here to the community.")
    closes_at = models.DateTimeField(help_text="A check from here on counts for the next one.")
    deputies_told_at = models.DateTimeField(null=True, help_text="When those to whom it fell were told.")
    settled_at = models.DateTimeField(null=True, help_text="When what was missed by then was written down.")
    places = models.PositiveIntegerField(null=True, help_text="At how many places it was due, once it is settled.")

    class Meta:
        """A duty has one round at a moment; rounds are found by day, and those with something to do by when."""

        constraints = (models.UniqueConstraint(fields=["watch", "starts_at"], name="one_round_at_a_moment"),)
        indexes = (
            models.Index(fields=["starts_at"], name="rounds_by_start"),
            models.Index(fields=["community_at"], condition=models.Q(settled_at=None), name="rounds_to_settle"),
        )


class WatchMiss(models.Model):
    """At a place nobody had looked when a round fell to the community. It stands also where somebody came later."""

    round = models.ForeignKey(WatchRound, on_delete=models.CASCADE, related_name="misses")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="watch_misses")
    door = models.CharField(max_length=20, blank=True)

    class Meta:
        """A round is missed once at a place."""

        constraints = (models.UniqueConstraint(fields=["round", "area", "door"], name="one_miss_per_round_and_place"),)


class WatchCheck(Fact):
    """Somebody looked, as a watch duty asks, and whether all was well."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="watch_checks")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="watch_checks")
    watch = models.ForeignKey(WatchDuty, on_delete=models.PROTECT, related_name="checks")
    door = models.CharField(max_length=20, blank=True, help_text="Number of the door, where one is looked after.")
    is_well = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """The checks of a round are found by time, those of a place by place."""

        indexes = (
            models.Index(fields=["watch", "at", "area"], name="watch_checks_by_time"),
            models.Index(fields=["watch", "area", "at"], name="watch_checks_by_place"),
        )


class DoorCard(models.Model):
    """A card for a door was printed; by what it showed, one that has become wrong is told from one that is right."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="door_cards")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="door_cards")
    shown = models.CharField(max_length=32, help_text="Digest of what it showed; nothing can be read back from it.")
    printed_at = models.DateTimeField()
    printed_by = models.CharField(max_length=150)

    class Meta:
        """The last card of an area is found at once."""

        indexes = (models.Index(fields=["emergency", "area", "-printed_at"], name="door_cards_by_area"),)
