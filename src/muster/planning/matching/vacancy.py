"""The search run backwards: who had best move to a person who has room again.

A person with room and yet a price breaks the proof. The remedy is Dijkstra against the direction of
`muster.planning.matching.search`: from the person over areas that might come, to the persons that they
would leave, until one whose place may stay empty, or an area that has been waiting. Prices fall on the way
as they rise in the other search.
"""

from __future__ import annotations

from typing import NamedTuple

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Network
from muster.planning.matching.search import (
    STAY,
    drop_top,
    find_place,
    find_way_out,
    is_done,
    next_cost,
    push,
    raise_prices,
)

#: Nobody comes: the place stays empty, at a lower price.
EMPTY = -(2**31)


class Index(NamedTuple):
    """The arcs of each person: ``arcs[start[p]:start[p] + n_arcs[p]]``, and the area of every arc."""

    start: Int32s
    n_arcs: Int32s
    arcs: Int32s
    area: Int32s


@compiled
def _reach_area(net: Network, i: int, arc: int, reach: int, best: int, stamp: int) -> tuple[int, bool, bool]:
    """Reach an area that might come over an arc; return the best exit, and whether it is here or farther on."""
    area = net.areas[i]
    if area.seen == stamp and reach >= area.distance:
        return best, False, False
    area.seen = stamp
    area.distance = reach
    area.via_arc = arc
    if area.held < area.demand:
        taken = reach + max(0, area.price - net.penalty[area.held])
        if taken < best:
            return taken, True, True
    return best, False, True


@compiled
def find_comer(net: Network, index: Index, root: int, stamp: int) -> tuple[int, int, int]:
    """Find who had best come to a person with room.

    Returns
    -------
    end
        A person whose place stays empty instead, ``-1 - i`` for an area that was waiting, or `EMPTY`.
    distance
        By how much the person's price falls.
    n_scanned
        How many entries of ``net.scanned`` were reached at a final distance.
    """
    person = net.persons[root]
    person.seen = stamp
    person.distance = 0
    best, end = max(0, person.price - next_cost(net, root, person.used)), EMPTY
    size, n_scanned = push(net.heap_key, net.heap_node, 0, 0, root), 0
    while size > 0:
        distance, node = net.heap_key[0], net.heap_node[0]
        size = drop_top(net.heap_key, net.heap_node, size)
        if distance >= best:
            break
        if is_done(net, node, stamp):
            continue
        net.scanned[n_scanned] = node
        n_scanned += 1
        if node >= 0:
            best, end, size = _scan_suitors(net, index, node, distance, best, end, size, stamp)
        else:
            best, end, size = _scan_hosts(net, -1 - node, distance, best, end, size, stamp)
    return end, best, n_scanned


@compiled
def _scan_suitors(
    net: Network, index: Index, p: int, distance: int, best: int, end: int, size: int, stamp: int
) -> tuple[int, int, int]:
    """Look at the areas that might come to a person."""
    for k in range(index.start[p], index.start[p] + index.n_arcs[p]):
        e = index.arcs[k]
        i = index.area[e]
        reach = distance + net.arcs[e].cost + net.persons[p].price - net.areas[i].price
        if net.arcs[e].held or reach >= best:
            continue
        best, is_end, is_nearer = _reach_area(net, i, e, reach, best, stamp)
        if is_end:
            end = -1 - i
        if is_nearer:
            size = push(net.heap_key, net.heap_node, size, reach, -1 - i)
    return best, end, size


@compiled
def _scan_hosts(
    net: Network, i: int, distance: int, best: int, end: int, size: int, stamp: int
) -> tuple[int, int, int]:
    """Look at the persons whom an area would leave."""
    for e in range(net.areas[i].first, net.areas[i].first + net.areas[i].n_arcs):
        if net.arcs[e].held <= 0:
            continue
        q = net.arcs[e].person
        host = net.persons[q]
        reach = distance + net.areas[i].price - net.arcs[e].cost - host.price
        if reach >= best or (host.seen == stamp and reach >= host.distance):
            continue
        host.seen = stamp
        host.distance = reach
        host.via_arc = e
        host.via_area = i
        left = reach + host.price - next_cost(net, q, host.used - 1)
        if left < best:
            best, end = left, q
        size = push(net.heap_key, net.heap_node, size, reach, q)
    return best, end, size


@compiled
def lower_prices(net: Network, distance: int, n_scanned: int) -> None:
    """Let prices fall after a search that found its end at a distance."""
    for k in range(n_scanned):
        node = net.scanned[k]
        if node < 0:
            net.areas[-1 - node].price -= distance - net.areas[-1 - node].distance
    for k in range(n_scanned):
        if net.scanned[k] < 0:
            continue
        person = net.persons[net.scanned[k]]
        person.price -= distance - person.distance
        # An area with one place costs just what its holder costs: the search forwards counts on it.
        for at in range(person.first, person.first + person.used):
            area = net.areas[net.places[at].area]
            if area.demand == 1:
                area.price = min(area.price, net.arcs[net.places[at].arc].cost + person.price)


@compiled
def release(net: Network, i: int, arc: int) -> None:
    """Take an area from the person whom an arc names."""
    p = net.arcs[arc].person
    last = net.persons[p].first + net.persons[p].used - 1
    at = find_place(net, p, arc)
    net.places[at].arc, net.places[at].area = net.places[last].arc, net.places[last].area
    net.persons[p].used -= 1
    net.arcs[arc].held = 0
    net.areas[i].held -= 1


@compiled
def come_along(net: Network, root: int, end: int) -> None:
    """Appoint along the chain from an end to the person with room."""
    if end >= 0:
        i = net.persons[end].via_area
        release(net, i, net.persons[end].via_arc)
    else:
        i = -1 - end
    while True:
        arc = net.areas[i].via_arc
        p = net.arcs[arc].person
        net.arcs[arc].held = 1
        net.areas[i].held += 1
        if p == root:
            break
        left, leaver = net.persons[p].via_arc, net.persons[p].via_area
        at = find_place(net, p, left)
        net.places[at].arc, net.places[at].area = arc, i
        net.arcs[left].held = 0
        net.areas[leaver].held -= 1
        i = leaver
    at = net.persons[root].first + net.persons[root].used
    net.places[at].arc, net.places[at].area = arc, i
    net.persons[root].used += 1


@compiled
def plan_comer(net: Network, index: Index, p: int, stamp: int, changed: Int32s) -> tuple[int, int]:
    """Find who comes to a person with room, and let prices fall; `come_along` then makes the changes.

    Returns
    -------
    end, n_changed
        The end of the chain, or `EMPTY` if nobody comes; how many areas, listed in `changed`, are to change.
    """
    end, distance, n_scanned = find_comer(net, index, p, stamp)
    lower_prices(net, distance, n_scanned)
    if end == EMPTY:
        return end, 0
    n_changed = 0
    i = net.persons[end].via_area if end >= 0 else -1 - end
    while True:
        changed[n_changed] = i
        n_changed += 1
        q = net.arcs[net.areas[i].via_arc].person
        if q == p:
            return end, n_changed
        i = net.persons[q].via_area


@compiled
def plan_place(net: Network, root: int, stamp: int, changed: Int32s) -> tuple[int, int]:
    """Find how one more place of an area is filled, and let prices rise; `change_along` makes the changes.

    Returns
    -------
    way_out, n_changed
        The end of the chain, or `STAY` if the place had better stay empty; how many areas are to change.
    """
    way_out, distance, n_scanned = find_way_out(net, root, stamp)
    raise_prices(net, distance, n_scanned)
    if way_out == STAY:
        return way_out, 0
    n_changed = 0
    i = net.persons[way_out].via_area if way_out >= 0 else -1 - way_out
    while True:
        changed[n_changed] = i
        n_changed += 1
        if i == root:
            return way_out, n_changed
        i = net.persons[net.arcs[net.areas[i].via_arc].person].via_area
