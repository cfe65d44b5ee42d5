"""The territory as arrays: areas in the order of the tree, so that a subtree is a span of places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from muster.clocks.queries import OWNER_LEVEL
from muster.territory.models import Area, Level
from muster.territory.queries import beneath_filter, list_ancestors
from muster.territory.rules import STEP_CHARS

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tree:
    """Areas in the order of their paths; every other array has one entry an area.

    Parameters
    ----------
    ids
        Numbers of the areas.
    parent
        Place of the area above, -1 for the topmost.
    level
        Numbers of the levels.
    end
        Place after the last area beneath: ``place:end[place]`` is the subtree.
    office
        Place of the nearest area on the way up, itself included, that has an office (a community).
    lon, lat
        Points in degrees, not a number where unknown.
    """

    ids: Int64s
    parent: Int32s
    level: Int64s
    end: Int32s
    office: Int32s
    lon: Floats
    lat: Floats

    @cached_property
    def _by_id(self) -> tuple[Int64s, Int64s]:
        order = np.argsort(self.ids, kind="stable")
        return self.ids[order], order

    def places(self, ids: Int64s) -> Int32s:
        """Return the places of areas by their numbers, -1 for those that are not here."""
        known, order = self._by_id
        if not len(known):
            return np.full(len(ids), -1, np.int32)
        at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        return np.where(known[at] == ids, order[at], -1).astype(np.int32)


def office_rank() -> int:
    """Return the rank of the level whose areas have an office."""
    return Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0


def widest_ring(area: Area) -> Area:
    """Return the area within which candidates for an area and those beneath it are looked for.

    That is the area itself from the township up, and the township of anything smaller.
    """
    rank = office_rank()
    line = [*list_ancestors(area), area]
    offices = [place for place, one in enumerate(line) if one.level.rank <= rank]
    if not offices or area.level.rank < rank:
        return area
    return line[max(offices[-1] - 1, 0)]


def read_tree(top: Area) -> Tree:
    """Read an area and all beneath it."""
    rows = list(
        Area.objects.filter(beneath_filter(top))
        .order_by("path")
        .values_list("pk", "parent_id", "level_id", "path", "lon", "lat")
        .iterator(chunk_size=20_000)
    )
    ids = np.array([row[0] for row in rows], np.int64)
    depth = np.array([len(row[3]) // STEP_CHARS for row in rows], np.int32)
    parent = _find_places(ids, np.array([row[1] or -1 for row in rows], np.int64))
    level = np.array([row[2] for row in rows], np.int64)
    lon, lat = (np.array([np.nan if row[at] is None else row[at] for row in rows], np.float64) for at in (4, 5))
    ranks = dict(Level.objects.values_list("pk", "rank"))
    has_office = np.isin(level, [pk for pk, rank in ranks.items() if rank <= office_rank()])
    return Tree(ids, parent, level, _find_ends(parent, depth), _find_offices(parent, depth, has_office), lon, lat)


def _find_places(ids: Int64s, wanted: Int64s) -> Int32s:
    order = np.argsort(ids, kind="stable")
    at = np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)
    return np.where(ids[order][at] == wanted, order[at], -1).astype(np.int32)


def _find_ends(parent: Int32s, depth: Int32s) -> Int32s:
    size = np.ones(len(parent), np.int32)
    for level in range(int(depth.max(initial=0)), 0, -1):
        here = np.flatnonzero((depth == level) & (parent >= 0))
        np.add.at(size, parent[here], size[here])
    return np.arange(len(parent), dtype=np.int32) + size


def _find_offices(parent: Int32s, depth: Int32s, has_office: NDArray[np.bool_]) -> Int32s:
    # Where there is no office on the way up, the topmost area stands for it.
    office = np.where(has_office | (parent < 0), np.arange(len(parent), dtype=np.int32), np.int32(-1))
    for level in range(int(depth.max(initial=0)) + 1):
        here = np.flatnonzero((depth == level) & (office < 0))
        office[here] = office[parent[here]]
    return office.astype(np.int32)
