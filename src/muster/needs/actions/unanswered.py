"""Needs that nobody has taken up are gaps: opened as they are raised or handed back, closed as somebody takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import OWNER_LEVEL, Owners
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.needs.kinds import WAITING
from muster.needs.models import Need
from muster.territory.models import Area, Level
from muster.territory.rules import ancestor_paths


def follow_gaps(needs: Collection[Need], *, now: datetime) -> None:
    """Open the gaps of needs that wait for somebody and close those of all others. Whoever calls holds the needs.

    A need that another answers for is no gap of its own. A clock counts from the moment somebody asked, also where
    the telling came late; from now where a need is handed back.
    """
    by_emergency: dict[int, list[Need]] = defaultdict(list)
    for need in needs:
        by_emergency[need.emergency_id].append(need)
    emergencies = Emergency.objects.in_bulk(by_emergency)
    for number, some in by_emergency.items():
        _follow(emergencies[number], some, now)


def follow_raised(needs: Collection[UUID], *, now: datetime) -> None:
    """Open the gaps of needs that were raised just now, given by their client's ids."""
    for some in batches(needs):
        follow_gaps(list(Need.objects.filter(client_id__in=some)), now=now)


def _follow(emergency: Emergency, needs: Collection[Need], now: datetime) -> None:
    waiting = [need for need in needs if is_unanswered(need) and emergency.ends_at is None]
    if waiting:
        areas = Area.objects.in_bulk({need.area_id for need in waiting})
        owners = _read_owners(emergency, [area.path for area in areas.values()])
        gaps = [_specify(need, owners.find(areas[need.area_id].path)) for need in waiting]
        _close_strayed(emergency, waiting, now)
        open_gaps(emergency=emergency, now=now, gaps=sorted(gaps, key=lambda gap: str(gap.since_at)))
    over = [need.code for need in needs if need not in waiting]
    if over:
        close_gaps(emergency=emergency, now=now, kind=GapKind.NEED_UNANSWERED, subjects=over)


def _close_strayed(emergency: Emergency, needs: Collection[Need], now: datetime) -> None:
    """Close the gaps of needs that were put elsewhere: they open anew where the needs belong, with their age."""
    areas = {need.code: need.area_id for need in needs}
    standing = Gap.objects.filter(emergency=emergency, kind=GapKind.NEED_UNANSWERED, closed_at=None, subject__in=areas)
    strayed = [code for code, area_id in standing.values_list("subject", "area_id") if areas[code] != area_id]
    if strayed:
        close_gaps(emergency=emergency, now=now, kind=GapKind.NEED_UNANSWERED, subjects=strayed)


def is_unanswered(need: Need) -> bool:
    """Tell whether a need waits for somebody to take it up."""
    return need.state in WAITING and need.joined_to_id is None


def _specify(need: Need, owner_id: int) -> GapSpec:
    since_at = need.at if need.taken_at is None else None
    return GapSpec(GapKind.NEED_UNANSWERED, need.code, need.area_id, owner_id, since_at=since_at)


def _read_owners(emergency: Emergency, paths: Collection[str]) -> Owners:
    """Read the offices on the way up from some places, in two queries."""
    rank = Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0
    above = {step for path in paths for step in ancestor_paths(path)}
    offices: dict[str, int] = {}
    for some in batches(above):
        offices.update(Area.objects.filter(path__in=some, level__rank__lte=rank).values_list("path", "pk"))
    return Owners(offices, emergency.area_id)
