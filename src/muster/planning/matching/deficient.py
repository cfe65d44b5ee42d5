"""Which areas compete for too few people: the deficient part of the decomposition of Dulmage and Mendelsohn.

As many areas as possible are given anybody at all, cost aside, by breadth-first search for a chain of changes.
Where there is none, the areas reached and their candidates are closed off: those persons can never be had by
anybody else, so no later search looks there. Source: Dulmage and Mendelsohn, "Coverings of bipartite
graphs", Canadian Journal of Mathematics 10 (1958).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Int64s

_CLOSED = -1


class _Cover(NamedTuple):
    """Who holds what while areas are covered: ``held[first_held[p]:first_held[p] + used[p]]`` are the areas of p."""

    first: Int64s
    person: Int32s
    room: Int32s
    first_held: Int64s
    held: Int32s
    used: Int32s
    holder: Int32s
    seen: Int32s
    via: Int32s
    reached: Int32s


def find_deficient(first: Int64s, person: Int32s, room: Int32s) -> NDArray[np.bool_]:
    """Find the areas that compete for too few people.

    Parameters
    ----------
    first, person
        The arcs of area ``i`` are ``first[i]:first[i + 1]``.
    room
        Shape ``(n_persons,)``: in how many areas each person may serve, at most as many as name the person.

    Returns
    -------
    NDArray[np.bool_]
        Shape ``(n_areas,)``: all areas that some greatest cover leaves out. In a greatest cover their
        candidates serve nowhere else and have no room left; all other areas are covered.
    """
    n_areas, n_persons = len(first) - 1, len(room)
    cover = _Cover(
        first=first,
        person=person,
        room=room,
        first_held=np.concatenate((np.zeros(1, np.int64), np.cumsum(room, dtype=np.int64))),
        held=np.empty(int(room.sum(dtype=np.int64)), np.int32),
        used=np.zeros(n_persons, np.int32),
        holder=np.full(n_areas, -1, np.int32),
        seen=np.zeros(n_persons, np.int32),
        via=np.empty(n_persons, np.int32),
        reached=np.empty(n_areas, np.int32),
    )
    is_deficient = np.zeros(n_areas, np.bool_)
    _cover_all(cover, is_deficient)
    return is_deficient


@compiled
def _cover_all(cover: _Cover, is_deficient: NDArray[np.bool_]) -> None:
    n_areas = len(cover.holder)
    for i in range(n_areas):
        _take_first_room(cover, i)
    for i in range(n_areas):
        if cover.holder[i] >= 0:
            continue
        way_out, n_reached = _find_room(cover, i, i + 1)
        if way_out >= 0:
            _move_along(cover, i, way_out)
            continue
        for k in range(n_reached):
            j = cover.reached[k]
            is_deficient[j] = True
            for arc in range(cover.first[j], cover.first[j + 1]):
                cover.seen[cover.person[arc]] = _CLOSED


@compiled
def _take_first_room(cover: _Cover, i: int) -> None:
    for arc in range(cover.first[i], cover.first[i + 1]):
        p = cover.person[arc]
        if cover.used[p] < cover.room[p]:
            cover.holder[i] = p
            cover.held[cover.first_held[p] + cover.used[p]] = i
            cover.used[p] += 1
            return


@compiled
def _find_room(cover: _Cover, root: int, stamp: int) -> tuple[int, int]:
    """Find a person with room over a chain of changes; return -1 without one, and how many areas were reached."""
    cover.reached[0] = root
    head, n_reached = 0, 1
    while head < n_reached:
        i = cover.reached[head]
        head += 1
        for arc in range(cover.first[i], cover.first[i + 1]):
            p = cover.person[arc]
            if cover.seen[p] == stamp or cover.seen[p] == _CLOSED:
                continue
            cover.seen[p] = stamp
            cover.via[p] = i
            if cover.used[p] < cover.room[p]:
                return p, n_reached
            for place in range(cover.first_held[p], cover.first_held[p] + cover.used[p]):
                cover.reached[n_reached] = cover.held[place]
                n_reached += 1
    return -1, n_reached


@compiled
def _move_along(cover: _Cover, root: int, way_out: int) -> None:
    p = way_out
    place = cover.first_held[p] + cover.used[p]
    cover.used[p] += 1
    while True:
        i = cover.via[p]
        left = cover.holder[i]
        cover.holder[i] = p
        cover.held[place] = i
        if i == root:
            return
        place = cover.first_held[left]
        while cover.held[place] != i:
            place += 1
        p = left
