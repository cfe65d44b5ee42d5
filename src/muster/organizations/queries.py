"""What screens and higher rooms ask about organizations and alliances."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from muster.kernel.batches import batches
from muster.kernel.errors import NotFoundError
from muster.kernel.search import search_rows
from muster.organizations.models import Alliance, AllianceSeat, FormerOrganizationCode, Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


def find_organization(code: str) -> Organization | None:
    """Find an organization by its code, or by one that it had before, or return None."""
    return Organization.objects.select_related("seat_area__level", "parent").filter(named(code)).first()


def named(code: str) -> Q:
    """Return the filter for the organization of a code, be it one of before two records of it became one."""
    return Q(code=code) | Q(pk__in=FormerOrganizationCode.objects.filter(code=code).values("organization"))


def find_former_organizations(codes: Iterable[str]) -> dict[str, int]:
    """Find which codes are former ones, and the number of the organization of each."""
    found: dict[str, int] = {}
    for some in batches(sorted(set(codes))):
        found.update(FormerOrganizationCode.objects.filter(code__in=some).values_list("code", "organization_id"))
    return found


def get_organization(code: str) -> Organization:
    """Get an organization by its code.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    organization = find_organization(code)
    if organization is None:
        raise NotFoundError(f"There is no organization with the code {code}.", remedy="Check the code.")
    return organization


def list_organizations(area: Area | None = None) -> QuerySet[Organization]:
    """List the organizations seated in an area or beneath it, or all, in the order of their codes."""
    organizations = Organization.objects.select_related("seat_area", "parent").order_by("code")
    return organizations if area is None else organizations.filter(beneath_filter(area, "seat_area__path"))


def list_branches(organization: Organization) -> QuerySet[Organization]:
    """List the organizations directly beneath one."""
    return Organization.objects.select_related("seat_area").filter(parent=organization).order_by("code")


def search_organizations(text: str, organizations: QuerySet[Organization], *, limit: int = 20) -> list[Organization]:
    """Search among organizations by code, name, pinyin or initials.

    Parameters
    ----------
    text
        What was typed: the beginning of a code, a part of a name, or pinyin.
    organizations
        Among which: those that the actor may see.
    limit
        At most so many are returned.
    """
    return search_rows(organizations, text, limit=limit)


def list_alliances(area: Area) -> QuerySet[Alliance]:
    """List the alliances of an area and of all beneath it, in the order of the tree."""
    return Alliance.objects.select_related("area").filter(beneath_filter(area, "area__path")).order_by("area__path")


def list_seats(alliance: Alliance) -> QuerySet[AllianceSeat]:
    """List the organizations that sit in an alliance now."""
    seats = AllianceSeat.objects.select_related("organization__seat_area")
    return seats.filter(alliance=alliance, until_on=None).order_by("organization__code")


def list_open_seats(organization_ids: Iterable[int]) -> QuerySet[AllianceSeat]:
    """List the seats that some organizations hold now, by organization and area."""
    seats = AllianceSeat.objects.select_related("alliance__area")
    return seats.filter(organization_id__in=list(organization_ids), until_on=None).order_by(
        "organization_id", "alliance__area__path"
    )


def count_organizations(area: Area | None = None) -> int:
    """Count the organizations seated in an area or beneath it, or all."""
    return list_organizations(area).order_by().count()
