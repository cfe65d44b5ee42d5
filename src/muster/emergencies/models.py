"""Emergencies, which levels they want wardens for, and the footing of areas and organizations."""

from __future__ import annotations

from django.db import models

from muster.organizations.models import Organization
from muster.territory.models import Area, Level


class Emergency(models.Model):
    """An event that puts a part of the territory on an emergency footing."""

    code = models.SlugField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    response_level = models.PositiveSmallIntegerField(help_text="1 is the gravest.")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="emergencies")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    sunset_on = models.DateField(null=True, help_text="Day on which what was collected for it is deleted.")
    is_exercise = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class WardenRule(models.Model):
    """Says that areas of a level need a warden in an emergency, and whether a deputy too."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="warden_rules")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    needs_deputy = models.BooleanField(default=True)

    class Meta:
        """A level is ruled once."""

        constraints = (models.UniqueConstraint(fields=["emergency", "level"], name="one_warden_rule_per_level"),)


class Footing(models.Model):
    """The footing of an organization in an emergency: called up since when, by whose word.

    Areas beneath the emergency's own are on its footing; a row for an area states a difference.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="footings")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="footings")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="footings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        """One subject, on one open footing."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(area=None, organization__isnull=False)
                | models.Q(area__isnull=False, organization=None),
                name="footing_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["emergency", "organization"],
                condition=models.Q(ends_at=None, organization__isnull=False),
                name="one_open_footing_per_organization",
            ),
            models.UniqueConstraint(
                fields=["emergency", "area"],
                condition=models.Q(ends_at=None, area__isnull=False),
                name="one_open_footing_per_area",
            ),
        )
