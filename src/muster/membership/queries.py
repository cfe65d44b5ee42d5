"""What screens and higher rooms ask about who belongs to what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from muster.membership.models import Membership
from muster.organizations.models import Organization


def list_open(
    *, organization: Organization | None = None, person_ids: Iterable[int] | None = None
) -> QuerySet[Membership]:
    """List memberships that stand, of one organization or of some people, oldest first for each person."""
    memberships = Membership.objects.select_related("organization").filter(until_on=None)
    if organization is not None:
        memberships = memberships.filter(organization=organization).select_related("person")
    if person_ids is not None:
        memberships = memberships.filter(person_id__in=list(person_ids))
    return memberships.order_by("person_id", "since_on", "organization__code")


def count_members(organization: Organization) -> int:
    """Count the people who belong to an organization now."""
    return Membership.objects.filter(organization=organization, until_on=None).count()


def count_by_organization(organization_ids: Iterable[int]) -> dict[int, int]:
    """Count the people who belong to each of some organizations now; one without any is left out."""
    open_now = Membership.objects.filter(organization_id__in=list(organization_ids), until_on=None)
    return dict(open_now.order_by().values_list("organization_id").annotate(Count("pk")))
