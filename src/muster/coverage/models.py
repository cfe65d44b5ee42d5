"""Appointments and pairings as dated rows, and the tally of coverage down the tree."""

from __future__ import annotations

from django.db import models

from muster.coverage.kinds import SETTLED, STANDING, AppointmentRole, PairingState
from muster.emergencies.models import Emergency
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.plans.models import Plan
from muster.territory.models import Area, Level


class Appointment(models.Model):
    """A person's dated role on an area in an emergency. Ended, never deleted."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="appointments")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=8, choices=AppointmentRole.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="appointments")
    end_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        """One active warden and one active deputy per area and emergency, different people."""

        constraints = (
            models.UniqueConstraint(
                fields=["emergency", "area", "role"],
                condition=models.Q(ends_at=None),
                name="one_active_appointment_per_area_and_role",
            ),
            models.UniqueConstraint(
                fields=["emergency", "area", "person"],
                condition=models.Q(ends_at=None),
                name="warden_and_deputy_are_different_people",
            ),
        )
        indexes = (
            models.Index(
                fields=["emergency", "person"], condition=models.Q(ends_at=None), name="active_appointments_by_person"
            ),
            # Different people are counted from this index alone; SQLite wants the condition's column in it.
            models.Index(
                fields=["emergency", "role", "person", "ends_at"],
                condition=models.Q(ends_at=None),
                name="active_people_by_role",
            ),
            # What changed on the board within a day, among millions.
            models.Index(fields=["emergency", "starts_at"], name="appointments_by_beginning"),
            models.Index(fields=["emergency", "ends_at"], name="appointments_by_end"),
        )


class Pairing(models.Model):
    """An organization made responsible for an area, with the duties it takes over."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="pairings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="pairings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="pairings")
    duties = models.JSONField(default=list, help_text="Slugs of ``kinds.PairingDuty`` or of the city's own list.")
    people = models.PositiveIntegerField(help_text="How many people the organization sends.")
    state = models.CharField(max_length=8, choices=PairingState.choices, default=PairingState.PROPOSED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, related_name="pairings")

    class Meta:
        """An area has one responsible organization at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["emergency", "area"],
                condition=models.Q(ends_at=None),
                name="one_active_pairing_per_area",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None, state__in=STANDING)
                | models.Q(ends_at__isnull=False, state__in=SETTLED),
                name="a_pairing_stands_until_it_ends",
            ),
        )
        indexes = (
            models.Index(
                fields=["emergency", "organization"],
                condition=models.Q(ends_at=None),
                name="pairings_by_organization",
            ),
        )


class PairingStep(models.Model):
    """One step of a pairing: how it stands from then on, by whose hand, and why."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=8, choices=PairingState.choices)
    duties = models.JSONField(default=list)
    people = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=120, blank=True)


class CoverageTally(models.Model):
    """How coverage stands in an area and all beneath it, per level.

    Kept by the actions that change appointments, so that a board of a million areas reads a handful of rows.
    Gaps are ``required - covered - deputy_only``.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="+")
    required = models.PositiveIntegerField()
    covered = models.PositiveIntegerField(help_text="With an active warden.")
    deputy_only = models.PositiveIntegerField(help_text="Without a warden, with an active deputy.")
    with_deputy = models.PositiveIntegerField(help_text="With an active warden and an active deputy.")

    class Meta:
        """One line per emergency, area and level."""

        constraints = (
            models.UniqueConstraint(fields=["emergency", "area", "level"], name="one_coverage_tally_per_level"),
        )
