"""Shortest augmenting paths over a network, with prices kept so that reduced costs stay right.

Every place to be filled is one search: Dijkstra on reduced costs from its area, over persons and back
over the areas that hold them, until a person with room, or an area that had better go without, is the
nearest exit. Nodes at the current distance wait on a stack, farther ones on a binary heap. Method:
Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
problems", Computing 38 (1987); for convex costs Ahuja, Magnanti and Orlin, "Network Flows" (1993), 9.7, 14.5.
"""

from __future__ import annotations

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Int64s, Network

#: No exit: the place stays unfilled without a change.
STAY = -(2**31)


@compiled
def push(keys: Int64s, nodes: Int32s, size: int, key: int, node: int) -> int:
    """Put a node into a heap; return the heap's new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if keys[parent] <= key:
            break
        keys[at] = keys[parent]
        nodes[at] = nodes[parent]
        at = parent
    keys[at] = key
    nodes[at] = node
    return size + 1


@compiled
def drop_top(keys: Int64s, nodes: Int32s, size: int) -> int:
    """Take the nearest node out of a heap; return the heap's new size."""
    size -= 1
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[at] = keys[child]
        nodes[at] = nodes[child]
        at = child
    keys[at] = key
    nodes[at] = node
    return size


@compiled
def next_cost(net: Network, p: int, used: int) -> int:
    """Return what one more area costs a person who has some: nothing for the first."""
    return 0 if used == 0 else int(net.penalty[2])


@compiled
def _scan_area(
    net: Network, i: int, distance: int, best: int, way_out: int, size: int, depth: int, stamp: int
) -> tuple[int, int, int, int]:
    base = distance - net.areas[i].price
    for e in range(net.areas[i].first, net.areas[i].first + net.areas[i].n_arcs):
        arc = net.arcs[e]
        # Prices are never negative and arcs rise in cost: nothing behind this one can be nearer.
        if base + arc.cost >= best:
            break
        person = net.persons[arc.person]
        reach = base + arc.cost + person.price
        if arc.held or reach >= best or (person.seen == stamp and reach >= person.distance):
            continue
        person.seen = stamp
        person.distance = reach
        person.via_arc = e
        person.via_area = i
        if person.used < person.room:
            leave = reach + next_cost(net, arc.person, person.used) - person.price
            if leave < best:
                best = leave
                way_out = arc.person
            # Somebody with nothing has nothing to give up, so there is no way on from there.
            if person.used == 0 or reach >= best:
                continue
        if reach == distance:
            net.stack[depth] = arc.person
            depth += 1
        else:
            size = push(net.heap_key, net.heap_node, size, reach, arc.person)
    return best, way_out, size, depth


@compiled
def _scan_person(
    net: Network, p: int, distance: int, best: int, way_out: int, size: int, depth: int, stamp: int
) -> tuple[int, int, int, int]:
    person = net.persons[p]
    for k in range(person.first, person.first + person.used):
        e, i = net.places[k].arc, net.places[k].area
        area = net.areas[i]
        reach = distance
        if area.demand > 1:
            reach += area.price - net.arcs[e].cost - person.price
        if reach >= best or (area.seen == stamp and reach >= area.distance):
            continue
        area.seen = stamp
        area.distance = reach
        area.via_arc = e
        leave = reach - area.price + net.penalty[area.held - 1]
        if leave < best:
            best = leave
            way_out = -1 - i
        if reach == distance:
            net.stack[depth] = -1 - i
            depth += 1
        else:
            size = push(net.heap_key, net.heap_node, size, reach, -1 - i)
    return best, way_out, size, depth


@compiled
def is_done(net: Network, node: int, stamp: int) -> bool:
    """Tell whether a node was scanned in this search, and mark it."""
    if node >= 0:
        if net.persons[node].done == stamp:
            return True
        net.persons[node].done = stamp
        return False
    if net.areas[-1 - node].done == stamp:
        return True
    net.areas[-1 - node].done = stamp
    return False


@compiled
def find_way_out(net: Network, root: int, stamp: int) -> tuple[int, int, int]:
    """Find the nearest exit for one more place of an area.

    Returns
    -------
    way_out
        A person with room, or ``-1 - i`` for area ``i`` that gives up a place, or no exit.
    distance
        Reduced cost of the chain.
    n_scanned
        How many entries of ``net.scanned`` were reached at a final distance.
    """
    area = net.areas[root]
    area.seen = stamp
    area.done = stamp
    area.distance = 0
    net.scanned[0] = -1 - root
    n_scanned = 1
    # A dear warden may have lifted the price above what a missing deputy costs: then nothing moves.
    best, way_out = max(0, net.penalty[area.held] - area.price), STAY
    best, way_out, size, depth = _scan_area(net, root, 0, best, way_out, 0, 0, stamp)
    distance = 0
    while True:
        if depth > 0:
            depth -= 1
            node = net.stack[depth]
        elif size > 0:
            distance, node = net.heap_key[0], net.heap_node[0]
            size = drop_top(net.heap_key, net.heap_node, size)
        else:
            break
        if distance >= best:
            break
        if is_done(net, node, stamp):
            continue
        net.scanned[n_scanned] = node
        n_scanned += 1
        if node >= 0:
            best, way_out, size, depth = _scan_person(net, node, distance, best, way_out, size, depth, stamp)
        else:
            best, way_out, size, depth = _scan_area(net, -1 - node, distance, best, way_out, size, depth, stamp)
    return way_out, best, n_scanned


@compiled
def raise_prices(net: Network, distance: int, n_scanned: int) -> None:
    """Let prices rise after a search that found its exit at a distance."""
    for k in range(n_scanned):
        node = net.scanned[k]
        if node >= 0:
            net.persons[node].price += distance - net.persons[node].distance
        else:
            net.areas[-1 - node].price += distance - net.areas[-1 - node].distance


@compiled
def find_place(net: Network, p: int, arc: int) -> int:
    """Return where an arc stands among a person's places."""
    at = int(net.persons[p].first)
    while net.places[at].arc != arc:
        at += 1
    return at


@compiled
def change_along(net: Network, root: int, way_out: int) -> None:
    """Appoint along the chain that ends at a way out, from there back to the root."""
    if way_out == STAY:
        return
    if way_out >= 0:
        person = net.persons[way_out]
        place, i = person.first + person.used, person.via_area
        person.used += 1
        net.places[place].arc = person.via_arc
        net.places[place].area = i
        net.arcs[person.via_arc].held = 1
    else:
        i = -1 - way_out
        net.areas[i].held -= 1
    while i != root:
        released = net.areas[i].via_arc
        p = net.arcs[released].person
        net.arcs[released].held = 0
        place = find_place(net, p, released)
        i = net.persons[p].via_area
        net.places[place].arc = net.persons[p].via_arc
        net.places[place].area = i
        net.arcs[net.persons[p].via_arc].held = 1
    net.areas[root].held += 1


@compiled
def fill_places(net: Network, rows: Int32s, stamp: int, effort_limit: int) -> tuple[int, int]:
    """Fill every place of some areas at least cost.

    Parameters
    ----------
    net
        A network whose held arcs and prices are optimal for what is held.
    rows
        Which areas, in the order in which they are filled.
    stamp
        Larger than any stamp used on the network before.
    effort_limit
        Stop once so many persons and areas have been looked at.

    Returns
    -------
    stamp, effort
        The last stamp used; how many persons and areas were looked at.
    """
    effort = 0
    for i in rows:
        while net.areas[i].held < net.areas[i].demand and effort < effort_limit:
            stamp += 1
            way_out, distance, n_scanned = find_way_out(net, i, stamp)
            effort += n_scanned
            raise_prices(net, distance, n_scanned)
            if way_out == STAY:
                break
            change_along(net, i, way_out)
    return stamp, effort
