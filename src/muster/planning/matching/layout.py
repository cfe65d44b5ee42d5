"""How arcs lie in memory: by area and rising cost, near areas near each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

#: Areas that are searched together; their persons and arcs fit into a second-level cache.
TILE_AREAS = 4096


def sort_arcs(
    n_areas: int, n_persons: int, area: Int32s, person: Int32s, cost: Int64s
) -> tuple[Int64s, Int32s, Int64s]:
    """Sort arcs by area and rising cost, and drop the dearer ones between the same two.

    Parameters
    ----------
    n_areas, n_persons
        Every entry of `area` and `person` is below them.
    area, person, cost
        One entry an arc, in any order.

    Returns
    -------
    first, person, cost
        Arcs of area ``i`` are ``first[i]:first[i + 1]``; ties by person, so that the order is unique.
    """
    first = np.zeros(n_areas + 1, np.int64)
    sorted_person = np.empty(len(area), np.int32)
    sorted_cost = np.empty(len(area), np.int64)
    _gather(first, area, person, cost, sorted_person, sorted_cost)
    kept = _sort_and_close(first, sorted_person, sorted_cost, np.full(n_persons, -1, np.int32))
    if kept == len(area):
        return first, sorted_person, sorted_cost
    return first, sorted_person[:kept].copy(), sorted_cost[:kept].copy()


@compiled
def _gather(first: Int64s, area: Int32s, person: Int32s, cost: Int64s, out_person: Int32s, out_cost: Int64s) -> None:
    for arc in range(len(area)):
        first[area[arc] + 1] += 1
    for i in range(len(first) - 1):
        first[i + 1] += first[i]
    fill = first[:-1].copy()
    for arc in range(len(area)):
        at = fill[area[arc]]
        fill[area[arc]] = at + 1
        out_person[at] = person[arc]
        out_cost[at] = cost[arc]


@compiled
def _sort_segment(person: Int32s, cost: Int64s) -> None:
    if len(cost) > 48:
        order = np.argsort(person, kind="mergesort")
        order = order[np.argsort(cost[order], kind="mergesort")]
        person[:] = person[order]
        cost[:] = cost[order]
        return
    for k in range(1, len(cost)):
        key, who = cost[k], person[k]
        j = k - 1
        while j >= 0 and (cost[j] > key or (cost[j] == key and person[j] > who)):
            cost[j + 1] = cost[j]
            person[j + 1] = person[j]
            j -= 1
        cost[j + 1] = key
        person[j + 1] = who


@compiled
def _sort_and_close(first: Int64s, person: Int32s, cost: Int64s, last_area: Int32s) -> int:
    kept = 0
    begin = 0
    for i in range(len(first) - 1):
        end = first[i + 1]
        _sort_segment(person[begin:end], cost[begin:end])
        for arc in range(begin, end):
            who = person[arc]
            if last_area[who] != i:
                last_area[who] = i
                person[kept] = who
                cost[kept] = cost[arc]
                kept += 1
        begin = end
        first[i + 1] = kept
    return kept


@compiled
def _areas_by_person(first: Int64s, person: Int32s, n_persons: int) -> tuple[Int32s, Int32s]:
    start = np.zeros(n_persons + 1, np.int32)
    for arc in range(len(person)):
        start[person[arc] + 1] += 1
    for p in range(n_persons):
        start[p + 1] += start[p]
    fill = start[:-1].copy()
    areas = np.empty(len(person), np.int32)
    for i in range(len(first) - 1):
        for arc in range(first[i], first[i + 1]):
            areas[fill[person[arc]]] = i
            fill[person[arc]] += 1
    return start, areas


class _Growth(NamedTuple):
    """What is known while tiles grow: who shares which areas, what is placed, who has nothing left to place."""

    first: Int64s
    person: Int32s
    start: Int32s
    areas: Int32s
    order: Int32s
    is_placed: NDArray[np.bool_]
    is_spent: NDArray[np.bool_]


@compiled
def _place_beside(growth: _Growth, i: int, at: int, limit: int) -> int:
    """Place the areas that share a candidate with an area, up to a limit; return how many are placed."""
    for arc in range(growth.first[i], growth.first[i + 1]):
        p = growth.person[arc]
        if growth.is_spent[p]:
            continue
        for k in range(growth.start[p], growth.start[p + 1]):
            j = growth.areas[k]
            if growth.is_placed[j]:
                continue
            if at == limit:
                return at
            growth.is_placed[j] = True
            growth.order[at] = j
            at += 1
        growth.is_spent[p] = True
    return at


@compiled
def _grow_tiles(growth: _Growth) -> None:
    at, head, seed, n_areas = 0, 0, 0, len(growth.order)
    while at < n_areas:
        tile = at
        # Beside the oldest tiles first, so that the whole grows as a disc with a short rim.
        while head < tile and at == tile:
            at = _place_beside(growth, growth.order[head], tile, tile + 1)
            head += at == tile
        while at == tile:
            if not growth.is_placed[seed]:
                growth.is_placed[seed] = True
                growth.order[at] = seed
                at += 1
            seed += 1
        limit = min(n_areas, tile + TILE_AREAS)
        grown = tile
        while grown < at < limit:
            at = _place_beside(growth, growth.order[grown], at, limit)
            grown += 1


def order_by_tiles(first: Int64s, person: Int32s, n_persons: int) -> tuple[Int32s, Int32s]:
    """Renumber areas and persons so that what competes lies close together.

    Areas are gathered breadth-first over shared candidates into tiles of `TILE_AREAS`, each beside the
    earliest tile that still has neighbors; persons follow in the order in which those areas name them.

    Returns
    -------
    area_order, person_order
        The old number of each new area and person.
    """
    n_areas = len(first) - 1
    start, areas = _areas_by_person(first, person, n_persons)
    growth = _Growth(
        first=first,
        person=person,
        start=start,
        areas=areas,
        order=np.empty(n_areas, np.int32),
        is_placed=np.zeros(n_areas, np.bool_),
        is_spent=np.zeros(n_persons, np.bool_),
    )
    _grow_tiles(growth)
    return growth.order, _order_by_first_use(growth.order, first, person, n_persons)


@compiled
def _order_by_first_use(order: Int32s, first: Int64s, person: Int32s, n_persons: int) -> Int32s:
    person_order = np.empty(n_persons, np.int32)
    is_placed = np.zeros(n_persons, np.bool_)
    at = 0
    for i in order:
        for arc in range(first[i], first[i + 1]):
            if not is_placed[person[arc]]:
                is_placed[person[arc]] = True
                person_order[at] = person[arc]
                at += 1
    for p in range(n_persons):
        if not is_placed[p]:
            person_order[at] = p
            at += 1
    return person_order


@compiled
def permute_arcs(
    first: Int64s, person: Int32s, cost: Int64s, area_order: Int32s, person_order: Int32s
) -> tuple[Int64s, Int32s, Int64s]:
    """Lay arcs out in a new order of areas and persons, by rising cost in each area as before."""
    new_number = np.empty(len(person_order), np.int32)
    for k in range(len(person_order)):
        new_number[person_order[k]] = k
    new_first = np.zeros(len(first), np.int64)
    new_person, new_cost = np.empty_like(person), np.empty_like(cost)
    at = 0
    for k in range(len(area_order)):
        i = area_order[k]
        for arc in range(first[i], first[i + 1]):
            new_person[at] = new_number[person[arc]]
            new_cost[at] = cost[arc]
            at += 1
        new_first[k + 1] = at
    return new_first, new_person, new_cost
