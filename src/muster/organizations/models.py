"""Organizations, their tree and seats, and the alliances of a neighborhood."""

from __future__ import annotations

from django.db import models

from muster.territory.models import Area


class Organization(models.Model):
    """An agency, enterprise, hospital, branch, committee or volunteer corps."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=240, blank=True)
    kind = models.CharField(max_length=40, help_text="See ``kinds.OrganizationKind``; other words are allowed.")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    seat_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="seated_organizations")
    people_offered = models.PositiveIntegerField(default=0, help_text="How many people it can send at a time.")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        """Found by name and by its pinyin, from the index alone."""

        indexes = (
            models.Index(fields=["name"], name="organizations_by_name"),
            models.Index(fields=["pinyin"], name="organizations_by_pinyin"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class FormerOrganizationCode(models.Model):
    """A code that an organization had before two records of it became one: lists go on using it."""

    code = models.CharField(max_length=64, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="former_codes")

    def __str__(self) -> str:
        return self.code


class Alliance(models.Model):
    """The organizations seated in a township or community, called up together."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="alliance")
    name = models.CharField(max_length=120)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class AllianceSeat(models.Model):
    """An organization's place in an alliance, with dates."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="seats")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="alliance_seats")
    since_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        """An organization sits in an alliance once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["alliance", "organization"],
                condition=models.Q(until_on=None),
                name="one_open_seat_per_alliance_and_organization",
            ),
        )
