"""The board as it stood at a moment that is past, read from dated rows: nothing is kept for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from muster.clocks.models import Gap
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, CoverageTally
from muster.coverage.queries import Tally
from muster.emergencies.models import Emergency
from muster.situation.board import Frame, TreeNode
from muster.situation.board_area import GAPS_LIMIT, AreaView, LevelLine
from muster.situation.board_coverage import SharedArea, list_children_shared
from muster.situation.board_gaps import list_gap_lines
from muster.situation.board_map import RINGS_LIMIT
from muster.territory.models import Area, Level
from muster.territory.queries import beneath_filter, list_levels, list_tallies
from muster.territory.rules import ancestor_paths

MOST_AREAS = 60_000
"""Of more areas than this that need a warden it is not read who answered for each: that takes seconds."""
_WARDEN, _DEPUTY = 1, 2


def standing(rows: QuerySet[Appointment], at: datetime) -> QuerySet[Appointment]:
    """Return the appointments that stood at a moment."""
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


@dataclass(frozen=True, slots=True)
class PastShares:
    """How areas stood at a moment, by path: those with a warden, with a deputy alone, with both.

    Areas that needed a warden are counted as today: what the territory was is not kept.

    Parameters
    ----------
    tallies
        By path of an area: itself and all beneath it. None where there are too many to be read.
    by_level
        The same for the area that is looked at, by number of the level.
    """

    tallies: dict[str, Tally] | None
    by_level: dict[int, Tally]

    def list_children(self, emergency: Emergency | None, area: Area) -> list[SharedArea]:
        """List the areas beneath one as they were."""
        rows = list_children_shared(emergency, area)
        return [replace(row, share=self.find(row.area.path, row.share)) for row in rows]

    def find(self, path: str, share: Tally) -> Tally:
        """Return the share of an area as it was, by what is required of it today."""
        if self.tallies is None:
            return Tally()
        return _within(share.required, self.tallies.get(path, Tally()))


def _within(required: int, found: Tally) -> Tally:
    covered = min(found.covered, required)
    deputy_only = min(found.deputy_only, required - covered)
    return Tally(required, covered, deputy_only, min(found.with_deputy, covered))


def read_shares(emergency: Emergency, home: Area, area: Area, at: datetime) -> PastShares:
    """Read how all areas beneath the top of what somebody sees stood at a moment.

    Parameters
    ----------
    emergency, at
        In which emergency, and when.
    home, area
        The top of what is seen, and the area whose levels are told apart.
    """
    required = CoverageTally.objects.filter(emergency=emergency, area=home).values_list("required", flat=True)
    if sum(required) > MOST_AREAS:
        return PastShares(None, {})
    rows = Appointment.objects.filter(beneath_filter(home, "area__path"), emergency=emergency)
    held: dict[str, int] = {}
    levels: dict[str, int] = {}
    for path, level_id, role in standing(rows, at).values_list("area__path", "area__level_id", "role"):
        held[path] = held.get(path, 0) | (_WARDEN if role == AppointmentRole.WARDEN else _DEPUTY)
        levels[path] = level_id
    counts: dict[str, list[int]] = {}
    for path, roles in held.items():
        for above in ancestor_paths(path):
            counts.setdefault(above, [0, 0, 0, 0])[roles] += 1
    by_level: dict[int, list[int]] = {}
    for path, roles in held.items():
        if path.startswith(area.path):
            by_level.setdefault(levels[path], [0, 0, 0, 0])[roles] += 1
    return PastShares(
        {path: _tally(each) for path, each in counts.items()},
        {level: _tally(each) for level, each in by_level.items()},
    )


def _tally(roles: Sequence[int]) -> Tally:
    _none, warden, deputy, both = roles
    return Tally(warden + both + deputy, warden + both, deputy, both)


def _gaps_at(emergency: Emergency, area: Area, at: datetime) -> QuerySet[Gap]:
    # Of the whole emergency there is nothing to filter by.
    within = Q() if emergency.area.path.startswith(area.path) else beneath_filter(area, "area__path")
    still_open = Q(closed_at=None) | Q(closed_at__gt=at)
    return Gap.objects.filter(within, still_open, emergency=emergency, since_at__lte=at)


def count_gaps_at(emergency: Emergency, area: Area, at: datetime) -> dict[str, int]:
    """Count the gaps that stood open in an area at a moment, by kind."""
    counts = _gaps_at(emergency, area, at).order_by().values_list("kind").annotate(count=Count("pk"))
    return {kind: count for kind, count in counts}  # noqa: C416  # a query of pairs, told so to the types


def look_back(frame: Frame, at: datetime) -> tuple[Frame, AreaView, PastShares]:
    """Return the frame, the facts of its area and the shares of coverage as they stood at a moment.

    Parameters
    ----------
    frame
        The frame as it is now, with an emergency.
    at
        A moment since the emergency began.
    """
    emergency = frame.emergency
    if emergency is None:
        raise ValueError("Without an emergency there is no past to look at.")
    shares = read_shares(emergency, frame.home, frame.area, at)
    past = replace(
        frame, now=at, gaps_by_kind=count_gaps_at(emergency, frame.home, at), tree=_put_tree(frame.tree, shares)
    )
    return past, _read_view(emergency, frame.area, at, shares), shares


def _put_tree(nodes: Iterable[TreeNode], shares: PastShares) -> tuple[TreeNode, ...]:
    nodes = tuple(nodes)
    paths = dict(Area.objects.filter(code__in=_list_codes(nodes)).values_list("code", "path"))
    return _put_nodes(nodes, shares, paths)


def _list_codes(nodes: Iterable[TreeNode]) -> list[str]:
    return [code for node in nodes for code in (node.code, *_list_codes(node.children))]


def _put_nodes(nodes: Iterable[TreeNode], shares: PastShares, paths: dict[str, str]) -> tuple[TreeNode, ...]:
    return tuple(
        replace(
            node, share=shares.find(paths[node.code], node.share), children=_put_nodes(node.children, shares, paths)
        )
        for node in nodes
    )


def _read_view(emergency: Emergency, area: Area, at: datetime, shares: PastShares) -> AreaView:
    ordered = _gaps_at(emergency, area, at).order_by("urgency", "since_at", "pk").values_list("pk", flat=True)
    found = Gap.objects.select_related("area__level", "owner_area__level").in_bulk(list(ordered[:RINGS_LIMIT]))
    pressing = sorted(found.values(), key=lambda gap: (gap.urgency, gap.since_at, gap.pk))
    return AreaView(
        area=area,
        coverage=None,
        levels=_list_levels(emergency, area, shares),
        tallies=list(list_tallies(area)),
        pressing=pressing,
        gaps=list_gap_lines(pressing[:GAPS_LIMIT]),
        gaps_count=sum(count_gaps_at(emergency, area, at).values()),
        pairing=None,
        history=(),
    )


def _list_levels(emergency: Emergency, area: Area, shares: PastShares) -> list[LevelLine]:
    if shares.tallies is None:
        return []
    levels: dict[int, Level] = {level.pk: level for level in list_levels()}
    rows = CoverageTally.objects.filter(emergency=emergency, area=area).order_by("level__rank")
    return [
        LevelLine(levels[level_id], _within(required, shares.by_level.get(level_id, Tally())))
        for level_id, required in rows.values_list("level_id", "required")
    ]
