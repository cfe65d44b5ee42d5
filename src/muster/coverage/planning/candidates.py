"""Who may answer for which area: arcs from the tree of areas, ring by ring, for all areas at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.coverage.kinds import Nearness
from muster.coverage.planning.base import Base
from muster.coverage.planning.tree import Int32s, Int64s
from muster.coverage.rules import CHANGE_M, DISTANCE_LIMIT_M, NEARNESS_M, distance_m

_MOST_STEPS = 8
_ROWS_AT_ONCE = 50_000
"""Areas whose candidates are built together: what is computed on the way takes some ten times their memory."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many candidates an area looks at in each ring, nearest ones in the order of the tree first.

    Parameters
    ----------
    near, community, works
        In each ring beneath the community; in the community; among those who work there.
    township
        In the township, looked at only by areas whose community has fewer than ``enough`` people.
    enough
        See ``township``.
    """

    near: int = 8
    community: int = 16
    works: int = 8
    township: int = 24
    enough: int = 6

    def in_community(self, factor: int) -> Reach:
        """Return a reach that looks at more people of the community, and no farther."""
        return replace(self, community=self.community * factor, works=self.works * factor, enough=0)

    def in_township(self) -> Reach:
        """Return a reach that looks at the township, however many people the community has."""
        return replace(self, township=4 * self.township, enough=2**31 - 1)


class Arcs(NamedTuple):
    """Candidates: rows of areas that need a warden, places of people, costs in meters."""

    area: Int32s
    person: Int32s
    cost: Int64s

    def joined(self, other: Arcs) -> Arcs:
        """Return these candidates and others."""
        return Arcs(
            np.concatenate([self.area, other.area]),
            np.concatenate([self.person, other.person]),
            np.concatenate([self.cost, other.cost]),
        )

    def only(self, is_kept: NDArray[np.bool_]) -> Arcs:
        """Return some of these candidates."""
        return Arcs(self.area[is_kept], self.person[is_kept], self.cost[is_kept])


class _Crowd(NamedTuple):
    """People in the order of where they are, with the number of those before each place of the tree."""

    people: Int32s
    before: Int64s

    def number(self, start: Int32s, end: Int32s) -> Int64s:
        """Count the people in subtrees."""
        return self.before[end] - self.before[start]


def gather_crowd(place: Int32s, is_chosen: NDArray[np.bool_], n_places: int) -> _Crowd:
    """Gather the chosen people by their place in the tree; those without a place are left out."""
    chosen = np.flatnonzero(is_chosen & (place >= 0))
    ordered = chosen[np.argsort(place[chosen], kind="stable")].astype(np.int32)
    before = np.zeros(n_places + 1, np.int64)
    np.cumsum(np.bincount(place[chosen], minlength=n_places), out=before[1:])
    return _Crowd(ordered, before)


def build_arcs(base: Base, rows: Int32s, reach: Reach) -> Arcs:
    """Build the candidates of areas, each pair of area and person possibly more than once.

    Parameters
    ----------
    base
        The rows that are planned from.
    rows
        Which of its areas.
    reach
        How far to look.
    """
    is_free = base.people.exclusion < 0
    n_places = len(base.tree.ids)
    homes = gather_crowd(base.people.home, is_free, n_places)
    works = gather_crowd(base.people.work, is_free, n_places)
    starts = range(0, max(len(rows), 1), _ROWS_AT_ONCE)
    chunks = [_build_chunk(base, rows[start : start + _ROWS_AT_ONCE], homes, works, reach) for start in starts]
    return Arcs(*(np.concatenate(columns) for columns in zip(*chunks, strict=True)))


def _build_chunk(base: Base, rows: Int32s, homes: _Crowd, works: _Crowd, reach: Reach) -> Arcs:
    parts = [*_ring_arcs(base, rows, homes, reach), *_office_arcs(base, rows, homes, works, reach)]
    parts.append(_standing_arcs(base, rows))
    area, person, tier = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Arcs(area, person, _costs(base, area, person, tier))


_Part = tuple[Int32s, Int32s, Int64s]


def _ring_arcs(base: Base, rows: Int32s, homes: _Crowd, reach: Reach) -> Iterator[_Part]:
    """Yield the people who live in the area, then in those above it, up to its community."""
    tree = base.tree
    place = base.area[rows]
    office = tree.office[place]
    node, active = place.copy(), np.ones(len(rows), bool)
    for _ in range(_MOST_STEPS):
        tier = _tiers(node, place, office, tree.parent)
        width = np.where(node == office, reach.community, reach.near)
        yield _window(rows[active], homes, tree.end, place[active], node[active], width[active], tier[active])
        active &= node != office
        if not active.any():
            return
        node = np.where(active, tree.parent[node], node)


def _tiers(node: Int32s, place: Int32s, office: Int32s, parent: Int32s) -> Int64s:
    conditions = [node == place, node == office, parent[node] == office]
    near = [Nearness.LIVES_HERE, Nearness.SAME_COMMUNITY, Nearness.SAME_COMPOUND]
    return np.select(conditions, [NEARNESS_M[one] for one in near], NEARNESS_M[Nearness.SAME_BUILDING]).astype(np.int64)


def _office_arcs(base: Base, rows: Int32s, homes: _Crowd, works: _Crowd, reach: Reach) -> Iterator[_Part]:
    """Yield the people who work in the area's community, and those of the township where they are needed."""
    tree = base.tree
    place = base.area[rows]
    office = tree.office[place]
    tier = np.full(len(rows), NEARNESS_M[Nearness.WORKS_NEARBY], np.int64)
    yield _window(rows, works, tree.end, place, office, np.full(len(rows), reach.works), tier)
    found = homes.number(office, tree.end[office]) + works.number(office, tree.end[office])
    township = tree.parent[office]
    is_wide = (found < reach.enough) & (township >= 0)
    tier = np.full(int(is_wide.sum()), NEARNESS_M[Nearness.SAME_TOWNSHIP], np.int64)
    width = np.full(int(is_wide.sum()), reach.township)
    yield _window(rows[is_wide], homes, tree.end, place[is_wide], township[is_wide], width, tier)


def _window(
    rows: Int32s, crowd: _Crowd, end: Int32s, place: Int32s, node: Int32s, width: NDArray[np.integer], tier: Int64s
) -> _Part:
    """Take up to ``width`` people of the subtree at ``node``, those around ``place`` in the order of the tree."""
    low, high = crowd.before[node], crowd.before[end[node]]
    count = np.minimum(width, high - low)
    start = np.clip(crowd.before[place] - width // 2, low, high - count)
    total = int(count.sum())
    offset = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    person = crowd.people[np.repeat(start, count) + offset]
    return np.repeat(rows, count), person, np.repeat(tier, count)


def _standing_arcs(base: Base, rows: Int32s) -> _Part:
    """Return whoever serves now and still may, however far away."""
    area, person = np.concatenate([rows, rows]), np.concatenate([base.warden[rows], base.deputy[rows]])
    may_stay = person >= 0
    may_stay[may_stay] = base.people.exclusion[person[may_stay]] < 0
    area, person = area[may_stay], person[may_stay]
    return area, person.astype(np.int32), np.full(len(area), NEARNESS_M[Nearness.FAR], np.int64)


def _costs(base: Base, area: Int32s, person: Int32s, tier: Int64s) -> Int64s:
    tree, place = base.tree, base.area[area]
    # Somebody whose home is unknown has place -1, which would read the last area's point.
    home = base.people.home[person]
    way_m = distance_m(tree.lon[place], tree.lat[place], tree.lon[home], tree.lat[home])
    way_m = np.where((home < 0) | np.isnan(way_m), 0.0, np.minimum(way_m, DISTANCE_LIMIT_M))
    stands = (base.warden[area] == person) | (base.deputy[area] == person)
    cost: Int64s = tier + np.rint(way_m).astype(np.int64) + np.where(stands, 0, CHANGE_M)
    return cost
