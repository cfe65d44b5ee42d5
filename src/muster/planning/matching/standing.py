"""A solved problem laid out for change: appointments and prices restored, arcs by person, space to grow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled
from muster.planning.matching.layout import order_by_tiles, permute_arcs
from muster.planning.matching.network import Int32s, Network
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.solve import lay_out
from muster.planning.matching.vacancy import Index


def with_space(rows: NDArray[Any], spare: int) -> NDArray[Any]:
    """Return rows with so many empty ones behind them."""
    return np.concatenate((rows, np.zeros(spare, rows.dtype)))


@dataclass(frozen=True, eq=False)
class Rows:
    """Where areas and persons of a problem lie once their rows are laid out in tiles.

    Parameters
    ----------
    area_order, person_order
        The number of each row's area and person.
    area_row, person_row
        The row of each area and person.
    """

    area_order: Int32s
    person_order: Int32s
    area_row: Int32s
    person_row: Int32s

    @classmethod
    def of_tiles(cls, problem: AppointProblem) -> Rows:
        """Gather what competes, so that a search stays in the processor's cache."""
        area_order, person_order = order_by_tiles(problem.first, problem.person, problem.n_persons)
        return cls(area_order, person_order, _invert(area_order), _invert(person_order))

    def with_areas(self, n_areas: int) -> Rows:
        """Return these rows with areas that were added behind them."""
        added = np.arange(len(self.area_order), n_areas, dtype=np.int32)
        area_order, area_row = (np.concatenate((rows, added)) for rows in (self.area_order, self.area_row))
        return Rows(area_order, self.person_order, area_row, self.person_row)

    def lay_out_problem(self, problem: AppointProblem) -> AppointProblem:
        """Return a problem with its areas and persons numbered by row."""
        first, person, cost = permute_arcs(
            problem.first, problem.person, problem.cost, self.area_order, self.person_order
        )
        return replace(
            problem,
            first=first,
            person=person,
            cost=cost,
            capacity=problem.capacity[self.person_order],
            demand=problem.demand[self.area_order],
            penalty_step=problem.penalties[1],
        )

    def lay_out_plan(self, plan: AppointPlan) -> AppointPlan:
        """Return a plan with its areas and persons numbered by row."""
        # One more entry, which -1 reads: nobody stays nobody.
        person_row = np.append(self.person_row, np.int32(-1))
        return AppointPlan(
            warden=person_row[plan.warden[self.area_order]],
            deputy=person_row[plan.deputy[self.area_order]],
            area_price=plan.area_price[self.area_order],
            person_price=plan.person_price[self.person_order],
        )


def _invert(order: Int32s) -> Int32s:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order), dtype=np.int32)
    return inverse


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


@compiled
def list_holders(network: Network, rows: Int32s) -> Int32s:
    """Return warden and deputy of each row, shape ``(n, 2)``, -1 for nobody."""
    holders = np.full((len(rows), 2), -1, np.int32)
    for k in range(len(rows)):
        area = network.areas[rows[k]]
        n_found = 0
        for arc in range(area.first, area.first + area.n_arcs):
            if network.arcs[arc].held > 0:
                holders[k, n_found] = network.arcs[arc].person
                n_found += 1
    return holders


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
