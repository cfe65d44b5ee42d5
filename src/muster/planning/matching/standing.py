"""A solved problem laid out for change: appointments and prices restored, arcs by person, space to grow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Network
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.solve import lay_out
from muster.planning.matching.vacancy import Index


def with_space(rows: NDArray[Any], spare: int) -> NDArray[Any]:
    """Return rows with so many empty ones behind them."""
    return np.concatenate((rows, np.zeros(spare, rows.dtype)))


def with_work_space(network: Network) -> Network:
    """Give a network work arrays that fit its rows."""
    n_nodes = len(network.areas) + len(network.persons)
    return network._replace(
        heap_key=np.empty(len(network.arcs) + n_nodes + 1, np.int64),
        heap_node=np.empty(len(network.arcs) + n_nodes + 1, np.int32),
        stack=np.empty(len(network.arcs) + n_nodes + 1, np.int32),
        scanned=np.empty(n_nodes + 1, np.int32),
    )


def restore_network(problem: AppointProblem, plan: AppointPlan) -> Network:
    """Lay a solved problem out with its appointments and prices."""
    network = lay_out(problem, None)
    network.areas["price"] = plan.area_price
    network.persons["price"] = plan.person_price
    _hold(network, plan.warden, plan.deputy)
    return network


@compiled
def _hold(network: Network, warden: Int32s, deputy: Int32s) -> None:
    for i in range(len(network.areas)):
        first = network.areas[i].first
        for arc in range(first, first + network.areas[i].n_arcs):
            p = network.arcs[arc].person
            if p in (warden[i], deputy[i]):
                place = network.persons[p].first + network.persons[p].used
                network.places[place].arc = arc
                network.places[place].area = i
                network.persons[p].used += 1
                network.arcs[arc].held = 1
                network.areas[i].held += 1


def index_arcs(problem: AppointProblem) -> Index:
    """Index the arcs of each person."""
    start, arcs = _sort_by_person(problem.person, problem.n_persons)
    area = np.repeat(np.arange(problem.n_areas, dtype=np.int32), np.diff(problem.first))
    return Index(start[:-1].copy(), np.diff(start), arcs, area)


@compiled
def _sort_by_person(person: Int32s, n_persons: int) -> tuple[Int32s, Int32s]:
    """Return where each person's arcs start in the list of arcs by person, and that list."""
    start = np.zeros(n_persons + 1, np.int32)
    for arc in range(len(person)):
        start[person[arc] + 1] += 1
    for p in range(n_persons):
        start[p + 1] += start[p]
    fill = start[:-1].copy()
    arcs = np.empty(len(person), np.int32)
    for arc in range(len(person)):
        arcs[fill[person[arc]]] = arc
        fill[person[arc]] += 1
    return start, arcs
