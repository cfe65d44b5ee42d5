"""Which organizations answer for which areas, how each pairing came to stand so, and who could still come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area, access_organization, filter_organizations
from muster.coverage.models import Pairing, PairingStep
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel.errors import NotFoundError
from muster.organizations.kinds import OrganizationKind
from muster.organizations.models import Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_ancestors
from muster.territory.rules import ancestor_paths


@dataclass(frozen=True, slots=True)
class Offer:
    """An organization that has people left, and how near it is: the smallest area that holds its seat and the other.

    Parameters
    ----------
    organization
        Who offers.
    left
        How many people it has not sent anywhere yet.
    near_name
        Name of that area.
    """

    organization: Organization
    left: int
    near_name: str


def list_pairings(emergency: Emergency, area: Area) -> QuerySet[Pairing]:
    """List the active pairings within an area, in the order of the tree."""
    pairings = Pairing.objects.filter(scope_filter(emergency, area, "area__path"), emergency=emergency, ends_at=None)
    return pairings.select_related("organization__seat_area", "area__level").order_by("area__path")


def find_pairing(emergency: Emergency, area: Area) -> Pairing | None:
    """Find the active pairing of an area, or of the nearest one above that has one."""
    pairings = Pairing.objects.filter(
        emergency=emergency, area__path__in=ancestor_paths(area.path), ends_at=None
    ).select_related("organization__seat_area", "area__level")
    return pairings.order_by("-area__path").first()


def list_steps(pairing: Pairing) -> QuerySet[PairingStep]:
    """List how a pairing came to stand as it does, newest first."""
    return PairingStep.objects.filter(pairing=pairing).order_by("-pk")


def access_pairing(actor: Actor, pairing_id: int, *, right: Right = Right.SEE_AREA) -> Pairing:
    """Fetch a pairing for an actor who has a right over its area or, to see or answer it, over its organization.

    Raises
    ------
    NotFoundError
        If there is none, or it is not for this actor to see: the two look the same.
    NotAllowedError
        If the actor sees it but lacks the right.
    """
    rows = Pairing.objects.select_related("organization__seat_area__level", "area__level", "emergency__area")
    pairing = rows.filter(pk=pairing_id).first()
    missing = NotFoundError("There is no such pairing.", where=str(pairing_id))
    if pairing is None:
        raise missing
    by_organization = {Right.SEE_AREA: Right.SEE_ORGANIZATION, Right.ANSWER: Right.ANSWER}.get(right)
    if by_organization and _is_seen(actor, pairing.organization):
        access_organization(actor, pairing.organization.code, by_organization)
        return pairing
    try:
        access_area(actor, pairing.area.code, right=right)
    except NotFoundError as error:
        raise missing from error
    return pairing


def _is_seen(actor: Actor, organization: Organization) -> bool:
    return filter_organizations(actor, Organization.objects.filter(pk=organization.pk)).exists()


def with_people_left(emergency: Emergency, organizations: QuerySet[Organization]) -> QuerySet[Any]:
    """Add ``left``, the people that organizations offer and have not sent anywhere, to those that may be sent."""
    active = Pairing.objects.filter(emergency=emergency, organization=OuterRef("pk"), ends_at=None)
    sent = active.order_by().values("organization").annotate(people=Sum("people")).values("people")
    offering = organizations.filter(people_offered__gt=0).exclude(kind=OrganizationKind.COMMITTEE)
    return offering.annotate(left=F("people_offered") - Coalesce(Subquery(sent), 0))


def list_offers(actor: Actor, emergency: Emergency, area: Area, *, limit: int = 6) -> list[Offer]:
    """List the organizations with people left that are seated nearest to an area, as far as the actor sees them.

    Parameters
    ----------
    actor, emergency, area
        For whom, and where people are wanted.
    limit
        How many at most. Areas above are looked into from the nearest on, until so many are found.
    """
    seen = filter_organizations(actor, Organization.objects.all())
    found: dict[int, Offer] = {}
    for ring in reversed([*list_ancestors(area), area]):
        offering = with_people_left(emergency, seen.filter(beneath_filter(ring, "seat_area__path"))).filter(left__gt=0)
        for one in offering.exclude(pk__in=list(found)).select_related("seat_area").order_by("-left", "code")[:limit]:
            found[one.pk] = Offer(one, one.left, ring.name)
        if len(found) >= limit or ring.path == emergency.area.path:
            break
    return list(found.values())[:limit]
