"""Who belongs to which organization, in which role, and since when."""

from __future__ import annotations

from django.db import models

from muster.organizations.models import Organization
from muster.people.models import Person


class Membership(models.Model):
    """A person's belonging to an organization, with dates."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40, default="member")
    since_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        """A person belongs to an organization once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=models.Q(until_on=None),
                name="one_open_membership_per_person_and_organization",
            ),
        )
