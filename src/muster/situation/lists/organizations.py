"""A page of the organizations seated in an area: what they offer, who belongs to them, what they answer for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from muster.access.queries import Actor, filter_organizations
from muster.coverage.models import Pairing
from muster.emergencies.models import Emergency
from muster.kernel.search import list_matches
from muster.membership.queries import count_by_organization
from muster.organizations.models import Organization
from muster.organizations.queries import list_organizations
from muster.situation.lists.keyset import Segment, read_key_page
from muster.situation.lists.kinds import OrganizationSort, PairedFilter
from muster.situation.lists.people import ROWS, Total, say_place
from muster.territory.models import Area
from muster.territory.queries import read_names


@dataclass(frozen=True, slots=True)
class OrganizationFilter:
    """Which organizations a list shows.

    Parameters
    ----------
    text
        The beginning of a code, a part of a name, pinyin or initials; empty for all.
    kind
        Slug of its kind; empty for all.
    """

    text: str = ""
    kind: str = ""
    paired: PairedFilter | None = None
    sort: OrganizationSort = OrganizationSort.NAME


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organization in the list: where it is seated, how many belong to it, and for which areas it is responsible."""

    organization: Organization
    seat: str
    members: int
    pairings: Sequence[Pairing]


@dataclass(frozen=True, slots=True)
class OrganizationsPage:
    """One page of a list of organizations."""

    lines: Sequence[OrganizationLine]
    total: Total
    next_code: str = ""

    @property
    def is_invented(self) -> bool:
        """Tell whether a row of it is invented for a demonstration."""
        return any(line.organization.is_synthetic for line in self.lines)


_KEYS = {
    OrganizationSort.NAME: ("pinyin",),
    OrganizationSort.AREA: ("seat_area__path", "pinyin"),
    OrganizationSort.OFFER: ("-people_offered", "pinyin"),
}


def find_organizations(
    actor: Actor, asked: OrganizationFilter, area: Area, emergency: Emergency | None
) -> QuerySet[Organization]:
    """Find which organizations a filter leaves of those seated in an area that the actor may see, in no order."""
    rows = filter_organizations(actor, list_organizations(area)).order_by()
    if asked.text.strip():
        begins, holds = list_matches(asked.text)
        rows = rows.filter(begins | holds)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.paired is not None:
        is_paired = Exists(Pairing.objects.filter(emergency=emergency, organization=OuterRef("pk"), ends_at=None))
        rows = rows.filter(is_paired if asked.paired is PairedFilter.YES else ~is_paired)
    return rows


def read_organizations(
    actor: Actor, asked: OrganizationFilter, area: Area, emergency: Emergency | None, *, after: str = ""
) -> OrganizationsPage:
    """Read a page of the organizations seated in an area.

    Parameters
    ----------
    actor, asked, area
        Who looks, for which, and where.
    emergency
        In which pairings are looked up.
    after
        Code of the organization that the page before ended with; empty for the first page.
    """
    rows = find_organizations(actor, asked, area, emergency)
    last = Organization.objects.filter(code=after).values_list("pk", flat=True).first() if after else None
    page = read_key_page([Segment(rows, _KEYS[asked.sort])], after=last, limit=ROWS)
    lines = _read_lines(page.numbers, emergency)
    return OrganizationsPage(lines, Total(rows.count()), lines[-1].organization.code if page.has_more else "")


def list_kinds(actor: Actor, area: Area) -> list[str]:
    """List the kinds of the organizations seated in an area."""
    rows = filter_organizations(actor, list_organizations(area)).order_by()
    return sorted(rows.values_list("kind", flat=True).distinct())


def _read_lines(numbers: Sequence[int], emergency: Emergency | None) -> list[OrganizationLine]:
    organizations = Organization.objects.select_related("seat_area", "parent").in_bulk(numbers)
    names = read_names([each.seat_area for each in organizations.values()])
    members = count_by_organization(numbers)
    pairings: dict[int, list[Pairing]] = defaultdict(list)
    active = Pairing.objects.filter(emergency=emergency, organization__in=numbers, ends_at=None)
    for pairing in active.select_related("area").order_by("area__path"):
        pairings[pairing.organization_id].append(pairing)
    return [
        OrganizationLine(
            organization=organizations[pk],
            seat=say_place(organizations[pk].seat_area, names),
            members=members.get(pk, 0),
            pairings=pairings.get(pk, ()),
        )
        for pk in numbers
    ]
