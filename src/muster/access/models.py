"""Accounts, and the scopes in which each may act."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from muster.access.kinds import Role
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.models import Area


class User(AbstractUser):
    """An account. Its rights come from its grants, never from being a kind of user."""

    display_name = models.CharField(max_length=80, blank=True)
    person = models.OneToOneField(Person, on_delete=models.SET_NULL, null=True, related_name="account")
    language = models.CharField(max_length=8, blank=True)

    @property
    def audit_id(self) -> int | None:
        """Number of the account in the audit trail."""
        return self.pk

    @property
    def audit_name(self) -> str:
        """Name in the audit trail."""
        return self.display_name or self.username


class Grant(models.Model):
    """A role given to an account over an area and all beneath it, or over an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="+")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        """A grant has exactly one scope, and stands open once."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(area=None, organization__isnull=False)
                | models.Q(area__isnull=False, organization=None),
                name="grant_has_one_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area"],
                condition=models.Q(until_at=None, area__isnull=False),
                name="one_open_grant_per_role_and_area",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organization"],
                condition=models.Q(until_at=None, organization__isnull=False),
                name="one_open_grant_per_role_and_organization",
            ),
        )


class Token(models.Model):
    """What a device shows in place of a password. Kept as a digest; revoked, never deleted.

    A token is 256 bits of chance, so that a plain digest cannot be guessed back.
    """

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80, blank=True, help_text="Which device, in the words of whoever gave it.")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
