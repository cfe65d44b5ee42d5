"""Offers against needs: how many people organizations send to which communities, grouped until it can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Sum
from django.db.models.functions import Substr

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import list_open_gaps
from muster.coverage.models import Pairing
from muster.coverage.queries.pairings import list_pairings, with_people_left
from muster.coverage.rules import people_wanted
from muster.emergencies.models import Emergency
from muster.organizations.models import Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_filter
from muster.territory.rules import STEP_CHARS

SINGLE_LIMIT = 28
"""Up to so many pairings and unanswered needs, each community and each organization is shown by itself."""
OFFERS_LIMIT = 12
"""So many organizations with people left are shown by themselves; the others together."""
OTHERS = "others"
ELSEWHERE = "elsewhere"


class Grouping(StrEnum):
    """By what the organizations of a flow are put together."""

    KIND = "kind"
    SEAT = "seat"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class FlowNode:
    """Who sends or who receives.

    Parameters
    ----------
    key
        A kind, or the code of an organization or an area; ``others`` for the rest of a list, ``elsewhere`` for
        seats outside the area.
    name
        Name of the organization or area, empty where the key is a kind.
    people
        People sent or received.
    rest
        People that could still be sent, or that are still wanted.
    pairings
        Pairings that begin or end here.
    waiting
        Communities without an organization.
    """

    key: str
    name: str
    people: int
    rest: int
    pairings: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Ribbon:
    """People sent from one node to another by pairings that stand alike; with its number if it is a single one."""

    source: str
    target: str
    state: str
    people: int
    pairings: int
    pairing_id: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Offers on one side, needs on the other, pairings between them."""

    grouping: Grouping
    is_single: bool
    sources: tuple[FlowNode, ...]
    targets: tuple[FlowNode, ...]
    ribbons: tuple[Ribbon, ...]

    @property
    def people(self) -> int:
        """Return how many people are sent in all."""
        return sum(ribbon.people for ribbon in self.ribbons)


def read_flow(emergency: Emergency, area: Area, grouping: Grouping | None = None) -> Flow:
    """Read the flow of people from organizations to the communities within an area.

    Some ten queries, none of them over areas: pairings, unanswered needs and offers are grouped by the database.

    Parameters
    ----------
    emergency, area
        Where the communities lie.
    grouping
        How to put the organizations together; by kind, if there are too many to show each.
    """
    pairings = list_pairings(emergency, area).select_related(None).order_by()
    gaps = list_open_gaps(emergency, area, GapKind.AREA_WITHOUT_PAIRING).select_related(None).order_by()
    is_single = pairings.count() + gaps.count() <= SINGLE_LIMIT
    chosen = grouping or (Grouping.EACH if is_single else Grouping.KIND)
    chars = None if is_single else len(area.path) + STEP_CHARS
    grouped = _group(pairings, area, chosen, chars)
    offers = _read_offers(emergency, area, chosen, {row.source for row in grouped})
    named = _name_sources(area, chosen, {*(row.source for row in grouped), *offers})
    targets, codes = _read_targets(pairings, gaps, chars)
    ribbons = _merge(replace(row, source=named[row.source].key, target=codes[row.target]) for row in grouped)
    return Flow(chosen, is_single, _list_sources(named, ribbons, offers), targets, ribbons)


def _part(chars: int | None, field: str) -> Any:
    """Return the path of the part that something lies in: so many characters of its own path, or all."""
    return F(field) if chars is None else Substr(field, 1, chars)


def _source(area: Area, grouping: Grouping, prefix: str = "") -> Any:
    """Return what an organization is put together by: a column, or the path of the part that it is seated in."""
    columns = {Grouping.KIND: "kind", Grouping.EACH: "code"}
    if grouping in columns:
        return F(prefix + columns[grouping])
    return _part(len(area.path) + STEP_CHARS, f"{prefix}seat_area__path")


def _group(pairings: QuerySet[Pairing], area: Area, grouping: Grouping, chars: int | None) -> list[Ribbon]:
    parts = pairings.annotate(source=_source(area, grouping, "organization__"), part=_part(chars, "area__path"))
    rows = parts.values_list("source", "part", "state").annotate(
        all_people=Sum("people"), number=Count("pk"), first=Min("pk")
    )
    return [
        Ribbon(source, part, state, people, number, first if number == 1 else None)
        for source, part, state, people, number, first in rows.order_by("part", "source", "state")
    ]


def _merge(ribbons: Iterable[Ribbon]) -> tuple[Ribbon, ...]:
    """Put together ribbons between the same nodes: organizations from several places elsewhere are one node."""
    merged: dict[tuple[str, str, str], Ribbon] = {}
    for one in ribbons:
        ends = (one.source, one.target, one.state)
        other = merged.get(ends)
        merged[ends] = (
            one
            if other is None
            else replace(one, people=one.people + other.people, pairings=one.pairings + other.pairings, pairing_id=None)
        )
    return tuple(merged.values())


def _read_offers(emergency: Emergency, area: Area, grouping: Grouping, sending: set[str]) -> dict[str, int]:
    """Read how many people organizations seated within an area have left, by what they are put together by.

    Each by itself, those that send somebody already are all shown, of the others those with most people.
    """
    seated = Organization.objects.filter(beneath_filter(area, "seat_area__path"))
    offering = with_people_left(emergency, seated).filter(left__gt=0).annotate(source=_source(area, grouping))
    rows = offering.order_by().values_list("source").annotate(all_left=Sum("left")).order_by("-all_left", "source")
    left = dict(rows)
    if grouping != Grouping.EACH:
        return left
    idle = [code for code in left if code not in sending]
    shown = {code: people for code, people in left.items() if code in sending or code in idle[:OFFERS_LIMIT]}
    others = sum(left.values()) - sum(shown.values())
    return {**shown, **({OTHERS: others} if others else {})}


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    name: str = ""


def _name_sources(area: Area, grouping: Grouping, raw: set[str]) -> dict[str, _Named]:
    if grouping == Grouping.KIND:
        return {kind: _Named(kind) for kind in raw}
    if grouping == Grouping.EACH:
        names = dict(Organization.objects.filter(code__in=raw).values_list("code", "name"))
        return {code: _Named(code, names.get(code, "")) for code in raw}
    within = {path for path in raw if path.startswith(area.path)}
    rows = Area.objects.filter(path__in=within).values_list("path", "code", "name")
    named = {path: _Named(code, name) for path, code, name in rows}
    return {path: named.get(path, _Named(ELSEWHERE)) for path in raw}


def _list_sources(
    named: Mapping[str, _Named], ribbons: Iterable[Ribbon], offers: Mapping[str, int]
) -> tuple[FlowNode, ...]:
    """List who sends and who could, those who send most first."""
    sent: Counter[str] = Counter()
    pairings: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for ribbon in ribbons:
        sent[ribbon.source] += ribbon.people
        pairings[ribbon.source] += ribbon.pairings
    for raw, people in offers.items():
        left[named[raw].key] += people
    nodes = {
        one.key: FlowNode(one.key, one.name, sent[one.key], left[one.key], pairings[one.key]) for one in named.values()
    }
    return tuple(sorted(nodes.values(), key=lambda node: (node.key == OTHERS, -node.people, -node.rest, node.key)))


def _read_targets(
    pairings: QuerySet[Pairing], gaps: QuerySet[Gap], chars: int | None
) -> tuple[tuple[FlowNode, ...], dict[str, str]]:
    """Read who receives, in the order of the tree, and the codes of the parts by path."""
    sent = {
        part: (people, number)
        for part, people, number in pairings.annotate(part=_part(chars, "area__path"))
        .values_list("part")
        .annotate(all_people=Sum("people"), number=Count("pk"))
    }
    wanted: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for path, detail in gaps.values_list("area__path", "why_detail"):
        part = path[:chars]
        wanted[part] += people_wanted(int(detail.get("need", 0)))
        waiting[part] += 1
    areas = {one.path: one for one in Area.objects.filter(path__in={*sent, *wanted})}
    nodes = []
    for path in sorted(areas):
        people, number = sent.get(path, (0, 0))
        area = areas[path]
        nodes.append(FlowNode(area.code, area.name, people, wanted[path], number, waiting=waiting[path]))
    return tuple(nodes), {path: area.code for path, area in areas.items()}


def filter_source(pairings: QuerySet[Pairing], area: Area, grouping: Grouping, key: str) -> QuerySet[Pairing]:
    """Filter pairings down to those that begin at one node of a flow into an area."""
    if grouping == Grouping.KIND:
        return pairings.filter(organization__kind=key)
    if grouping == Grouping.EACH:
        return pairings.filter(organization__code=key)
    if key == ELSEWHERE:
        return pairings.exclude(beneath_filter(area, "organization__seat_area__path"))
    seat = Area.objects.filter(code=key).first()
    if seat is None or seat.path == area.path:
        return pairings.filter(organization__seat_area__code=key)
    return pairings.filter(beneath_filter(seat, "organization__seat_area__path"))
