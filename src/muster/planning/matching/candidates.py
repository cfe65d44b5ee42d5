"""Build candidate arcs in chunks: from coordinates by a KD-tree, or from the tree of areas by intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_AREAS_AT_ONCE = 100_000


class Arcs(NamedTuple):
    """Some arcs: which area, which person, at what cost (int64, in the unit of the call)."""

    area: Int32s
    person: Int32s
    cost: Int64s


def list_near(
    area_xy_m: NDArray[np.float64],
    person_xy_m: NDArray[np.float64],
    *,
    n_nearest: int,
    reach_m: float,
    may_serve: NDArray[np.bool_] | None = None,
) -> Iterator[Arcs]:
    """List the nearest persons of each area, by straight distance in whole meters.

    Parameters
    ----------
    area_xy_m, person_xy_m
        Shapes ``(n_areas, 2)`` and ``(n_persons, 2)``: projected coordinates in meters.
    n_nearest
        How many persons an area at most.
    reach_m
        Nobody farther away is a candidate.
    may_serve
        Shape ``(n_persons,)``: who may serve at all; everybody by default.

    Yields
    ------
    Arcs
        The arcs of the next areas; the cost is the distance in meters.
    """
    allowed = np.arange(len(person_xy_m)) if may_serve is None else np.flatnonzero(may_serve)
    if not len(allowed):
        return
    tree = cKDTree(person_xy_m[allowed])
    for start in range(0, len(area_xy_m), _AREAS_AT_ONCE):
        points = area_xy_m[start : start + _AREAS_AT_ONCE]
        distance, index = tree.query(points, k=range(1, n_nearest + 1), distance_upper_bound=reach_m)
        area, rank = np.nonzero(np.isfinite(distance))
        yield Arcs(
            area=(area + start).astype(np.int32),
            person=allowed[index[area, rank]].astype(np.int32),
            cost=np.rint(distance[area, rank]).astype(np.int64),
        )


def list_within(
    begins: Int64s, ends: Int64s, home: Int64s, *, level_cost: Int64s, n_enough: int, n_most: int
) -> Iterator[Arcs]:
    """List the persons who live within each area, and within the areas above it until there are enough.

    Parameters
    ----------
    begins, ends
        Shape ``(n_areas, n_levels)``: for each area the half-open interval of codes that it covers, then that
        of its parent, and so on upwards; an empty interval where there is no such level.
    home
        Shape ``(n_persons,)``: the code of the leaf where each person lives.
    level_cost
        Shape ``(n_levels,)``, rising: what a person costs who lives that far up.
    n_enough
        Levels above are not looked at once an area has so many candidates.
    n_most
        How many candidates an area takes at most on either side of the level below, the first by code.

    Yields
    ------
    Arcs
        The arcs of the next areas; a person is listed once an area, at the lowest level.
    """
    order = np.argsort(home, kind="stable").astype(np.int32)
    codes = home[order]
    for start in range(0, len(begins), _AREAS_AT_ONCE):
        rows = slice(start, start + _AREAS_AT_ONCE)
        low = np.searchsorted(codes, begins[rows])
        high = np.searchsorted(codes, ends[rows])
        yield _expand(low, high, order, level_cost, n_enough, n_most, start)


def _expand(
    low: Int64s, high: Int64s, order: Int32s, level_cost: Int64s, n_enough: int, n_most: int, first_area: int
) -> Arcs:
    """Expand intervals of persons, level by level, to arcs."""
    n_found = np.zeros(len(low), np.int64)
    parts = [Arcs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))]
    # What the levels below have listed is one stretch within this level's: it is left out.
    inner_low, inner_high = high[:, 0], high[:, 0]
    for level, cost in enumerate(level_cost.tolist()):
        is_short = n_found < n_enough
        has_level = high[:, level] > low[:, level]
        for begin, end in ((low[:, level], inner_low), (inner_high, high[:, level])):
            length = np.where(is_short & has_level, np.clip(end - begin, 0, n_most), 0)
            area = np.repeat(np.arange(len(low)), length)
            offset = np.arange(len(area)) - np.repeat(np.cumsum(length) - length, length)
            person = order[begin[area] + offset]
            parts.append(Arcs((area + first_area).astype(np.int32), person, np.full(len(area), cost, np.int64)))
            n_found += length
        inner_low = np.where(has_level, low[:, level], inner_low)
        inner_high = np.where(has_level, high[:, level], inner_high)
    return Arcs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
