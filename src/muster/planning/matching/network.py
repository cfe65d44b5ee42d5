"""The state of the search for least-cost chains of changes, laid out for the processor's cache."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled

Rows = NDArray[Any]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

#: One row a person, one an area, one an arc: what a search reads together lies together.
PERSON = np.dtype(
    [
        ("price", np.int64),
        ("distance", np.int64),
        ("seen", np.int32),
        ("done", np.int32),
        ("via_arc", np.int32),
        ("via_area", np.int32),
        ("used", np.int32),
        ("room", np.int32),
        ("first", np.int32),
    ],
    align=True,
)
AREA = np.dtype(
    [
        ("price", np.int64),
        ("distance", np.int64),
        ("first", np.int32),
        ("n_arcs", np.int32),
        ("seen", np.int32),
        ("done", np.int32),
        ("via_arc", np.int32),
        ("held", np.int16),
        ("demand", np.int16),
    ],
    align=True,
)
ARC = np.dtype([("cost", np.int64), ("person", np.int32), ("held", np.int32)], align=True)

#: What ``held`` says of an arc that may not be used: a search passes over it as over one that is held.
BARRED = -1

PLACE = np.dtype([("arc", np.int32), ("area", np.int32)], align=True)


class Network(NamedTuple):
    """Rows of the graph and the work arrays of a search, all allocated once.

    The arcs of an area ``i`` are the ``i.n_arcs`` from ``i.first`` on, by rising cost. The places of a person
    ``p`` that are taken are ``places[p.first:p.first + p.used]``. `penalty` holds what a missing warden and a
    missing deputy cost, and what a person's second area costs more.
    """

    persons: Rows
    areas: Rows
    arcs: Rows
    places: Rows
    heap_key: Int64s
    heap_node: Int32s
    stack: Int32s
    scanned: Int32s
    penalty: Int64s


@compiled
def fill_rows(
    network: Network, first: Int64s, person: Int32s, cost: Int64s, capacity: Int32s, demand: NDArray[np.int8]
) -> None:
    """Fill the rows of a network that stands at nothing appointed and all prices zero."""
    n_areas = len(first) - 1
    for i in range(n_areas):
        network.areas[i].first = first[i]
        network.areas[i].n_arcs = first[i + 1] - first[i]
        network.areas[i].demand = demand[i]
        # Reduced costs may not be below zero, even where costs are.
        if first[i + 1] > first[i]:
            network.areas[i].price = cost[first[i]]
    for arc in range(len(person)):
        network.arcs[arc].cost = cost[arc]
        network.arcs[arc].person = person[arc]
        network.persons[person[arc]].room += 1
    at = 0
    for p in range(len(capacity)):
        row = network.persons[p]
        row.room = min(row.room, capacity[p])
        row.first = at
        at += row.room


def build_network(
    first: Int64s,
    person: Int32s,
    cost: Int64s,
    capacity: Int32s,
    demand: NDArray[np.int8],
    penalties: tuple[int, int],
    second_cost: int,
) -> Network:
    """Lay a problem's arrays out as a network."""
    nothing = np.empty(0, np.int32)
    network = Network(
        persons=np.zeros(len(capacity), PERSON),
        areas=np.zeros(len(first) - 1, AREA),
        arcs=np.zeros(len(person), ARC),
        places=np.zeros(min(len(person), int(capacity.sum(dtype=np.int64))), PLACE),
        heap_key=np.empty(0, np.int64),
        heap_node=nothing,
        stack=nothing,
        scanned=nothing,
        penalty=np.array((*penalties, second_cost), np.int64),
    )
    fill_rows(network, first, person, cost, capacity, demand)
    return with_work_space(network)


def with_work_space(network: Network) -> Network:
    """Give a network work arrays of its own that fit its rows."""
    n_nodes = len(network.areas) + len(network.persons)
    return network._replace(
        heap_key=np.empty(len(network.arcs) + n_nodes + 1, np.int64),
        heap_node=np.empty(len(network.arcs) + n_nodes + 1, np.int32),
        stack=np.empty(len(network.arcs) + n_nodes + 1, np.int32),
        scanned=np.empty(n_nodes + 1, np.int32),
    )
