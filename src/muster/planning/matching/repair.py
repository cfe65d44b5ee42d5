"""Repair a proven plan when something small changes, and have the proven optimum again.

A person falls out, comes or can serve more or less, an area is added, a cost changes: each is a few searches
from the standing prices, a matter of milliseconds at a million areas, and touches few appointments.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muster.planning.matching.network import BARRED, PLACE, Int32s, Network, with_work_space
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.search import change_along
from muster.planning.matching.solve import read_plan
from muster.planning.matching.standing import (
    Rows,
    index_arcs,
    list_holders,
    restore_network,
    with_space,
)
from muster.planning.matching.vacancy import EMPTY, Index, come_along, plan_comer, plan_place, release
from muster.planning.result import ProblemError


@dataclass(frozen=True, slots=True)
class Change:
    """One area whose holders changed: ``(warden, deputy)`` before and after, -1 for nobody."""

    area: int
    before: tuple[int, int]
    after: tuple[int, int]


class StandingPlan:
    """A proven plan that can be changed a little at a time, and stays proven.

    Parameters
    ----------
    problem, plan
        The problem and its plan with prices, as `muster.planning.matching.solve` returns it.

    Notes
    -----
    The search is in `find_way_out` and, backwards, `find_comer`. After each change `problem` and `plan` give
    what `muster.planning.matching.verify` takes.
    """

    def __init__(self, problem: AppointProblem, plan: AppointPlan) -> None:
        self._rows = Rows.of_tiles(problem)
        laid_out = self._rows.lay_out_problem(problem)
        self._second_cost = problem.second_cost
        self._capacity = laid_out.capacity
        self._net = restore_network(laid_out, self._rows.lay_out_plan(plan))
        self._index = index_arcs(laid_out)
        self._n_areas, self._n_arcs = problem.n_areas, problem.n_arcs
        self._changed = np.empty(problem.n_areas + 1024, np.int32)
        self._limit = problem.path_cost_limit
        self._index_space = self._index.n_arcs.copy()
        self._n_index = problem.n_arcs
        self._n_places = len(self._net.places)
        self._space = self._net.persons["room"].copy()
        self._before: dict[int, tuple[int, int]] = {}
        self._stamp = 0

    def set_capacity(self, person: int, capacity: int) -> list[Change]:
        """Change in how many areas a person may serve; 0 where the person falls out.

        Parameters
        ----------
        person, capacity
            Who, and the new capacity, at least 0.

        Returns
        -------
        list of Change
            What changes, by area.

        Raises
        ------
        ProblemError
            If there is no such person, or the capacity is below 0.
        """
        if not 0 <= person < len(self._capacity) or capacity < 0:
            raise ProblemError(f"person {person} with capacity {capacity}: there is none, or it is below 0.")
        self._before = {}
        person = int(self._rows.person_row[person])
        self._capacity[person] = capacity
        row = self._net.persons[person]
        room = self._useful_room(person)
        released = self._release_dearest(person, int(row["used"]) - room)
        self._give_places(person, room)
        for area in released:
            self._fill(area)
        self._settle(person)
        return self._take_changes()

    def add_area(self, person: ArrayLike, cost: ArrayLike, demand: int = 1) -> tuple[int, list[Change]]:
        """Add an area with its candidates.

        Parameters
        ----------
        person, cost
            One entry a candidate, each person once.
        demand
            1 for a warden, 2 for a warden and a deputy.

        Returns
        -------
        area, changes
            The new area's number, and what changes, by area.

        Raises
        ------
        ProblemError
            If the candidates are not persons of the problem, or the costs are too large for the penalties.
        """
        persons, costs = np.asarray(person, np.int32), np.asarray(cost, np.int64)
        self._check_candidates(persons)
        persons = self._rows.person_row[persons]
        self._widen_limit(2 * int(np.abs(costs).max(initial=0)) + int(np.ptp(costs) if costs.size else 0))
        self._before = {}
        area = self._append(persons[np.lexsort((persons, costs))], np.sort(costs), demand)
        for _ in range(demand):
            self._fill(area)
        return area, self._take_changes()

    def set_cost(self, area: int, person: int, cost: int) -> list[Change]:
        """Change the cost of one candidate of an area.

        Returns
        -------
        list of Change
            What changes, by area.

        Raises
        ------
        ProblemError
            If the person is not a candidate of the area, or the cost is too large for the penalties.
        """
        area, arcs, found = self._find_arc(area, person)
        self._widen_limit(2 * abs(cost - int(self._net.arcs["cost"][found])))
        demand = self._take_out(area, arcs)
        self._net.arcs["cost"][found] = cost
        self._sort_area(arcs)
        return self._bring_back(area, arcs, demand)

    def bar(self, area: int, person: int) -> list[Change]:
        """Bar a candidate from an area, for good.

        Returns
        -------
        list of Change
            What changes, by area.

        Raises
        ------
        ProblemError
            If the person is not a candidate of the area.
        """
        area, arcs, found = self._find_arc(area, person)
        demand = self._take_out(area, arcs)
        self._net.arcs["held"][found] = BARRED
        return self._bring_back(area, arcs, demand)

    def copy(self) -> StandingPlan:
        """Copy the plan, to try on the copy what should not happen to the original."""
        twin = copy.copy(self)
        copies: dict[str, Any] = {name: array.copy() for name, array in self._net._asdict().items()}
        twin._net = Network(**copies)
        twin._index = Index(*[array.copy() for array in self._index])
        for name in ("_capacity", "_changed", "_space", "_index_space"):
            setattr(twin, name, getattr(self, name).copy())
        return twin

    @property
    def problem(self) -> AppointProblem:
        """Return the problem as it stands now."""
        rows = self._net.areas[self._rows.with_areas(self._n_areas).area_row]
        degree = rows["n_arcs"]
        first = np.concatenate(([0], np.cumsum(degree, dtype=np.int64)))
        arcs = self._net.arcs[np.repeat(rows["first"] - first[:-1], degree) + np.arange(first[-1])]
        is_open = arcs["held"] != BARRED
        area = np.repeat(np.arange(self._n_areas), degree)[is_open]
        first = np.concatenate(([0], np.cumsum(np.bincount(area, minlength=self._n_areas))))
        arcs = arcs[is_open]
        return AppointProblem(
            first=first,
            person=self._rows.person_order[arcs["person"]],
            cost=arcs["cost"].copy(),
            capacity=self._capacity[self._rows.person_row],
            demand=rows["demand"].astype(np.int8),
            second_cost=self._second_cost,
            penalty_step=int(self._net.penalty[1]),
        )

    @property
    def plan(self) -> AppointPlan:
        """Return the plan and its prices as they stand now."""
        rows = self._rows.with_areas(self._n_areas)
        filled = self._net._replace(areas=self._net.areas[: self._n_areas])
        return read_plan(filled, (rows.area_order, rows.person_order))

    def holders(self, area: int) -> tuple[int, int]:
        """Return an area's warden and deputy, -1 for nobody."""
        return self._holders(self._row(area))

    def _row(self, area: int) -> int:
        """Return an area's row; areas that were added lie in the order of their numbers."""
        return int(self._rows.area_row[area]) if area < len(self._rows.area_row) else area

    def _holders(self, area: int) -> tuple[int, int]:
        """Return the holders of a row, by number."""
        return self._list_holders(np.array([area], np.int32))[0]

    def _list_holders(self, rows: Int32s) -> list[tuple[int, int]]:
        if not len(self._capacity):
            return [(-1, -1)] * len(rows)
        held = list_holders(self._net, rows)
        numbers = np.where(held >= 0, self._rows.person_order[held], -1).tolist()
        return [(warden, deputy) for warden, deputy in numbers]

    def _take_out(self, area: int, arcs: NDArray[np.int64]) -> int:
        """Take an area out of the plan, so that its arcs can change; return its demand."""
        self._before = {}
        hosts = [self._release(area, int(arc)) for arc in arcs if self._net.arcs["held"][arc] > 0]
        # Nobody's price may fall for an area that is being looked at anew: it leaves before it comes back.
        self._net.areas["price"][area] = -(2**61)
        demand = int(self._net.areas["demand"][area])
        self._net.areas["demand"][area] = 0
        for host in hosts:
            self._settle(host)
        return demand

    def _bring_back(self, area: int, arcs: NDArray[np.int64], demand: int) -> list[Change]:
        """Bring an area back into the plan, and return all changes since it was taken out."""
        self._net.areas["demand"][area] = demand
        self._net.areas["price"][area] = self._net.arcs["cost"][arcs[0]]
        for _ in range(demand):
            self._fill(area)
        return self._take_changes()

    def _note(self, n_changed: int) -> None:
        """Remember who held the areas that are about to change."""
        rows = self._changed[:n_changed]
        self._before = dict(zip(rows.tolist(), self._list_holders(rows), strict=True)) | self._before

    def _fill(self, area: int) -> None:
        """Fill one place of an area."""
        self._stamp += 1
        way_out, n_changed = plan_place(self._net, area, self._stamp, self._changed)
        self._note(n_changed)
        change_along(self._net, area, way_out)

    def _settle(self, person: int) -> None:
        """Bring comers to a person with room, or let the price fall to where nobody would come."""
        row = self._net.persons[person]
        while row["used"] < row["room"] and row["price"] > (self._second_cost if row["used"] else 0):
            self._stamp += 1
            end, n_changed = plan_comer(self._net, self._index, person, self._stamp, self._changed)
            if end == EMPTY:
                return
            self._note(n_changed)
            come_along(self._net, person, end)

    def _release(self, area: int, arc: int) -> int:
        """Take an area from a holder, and return who that was."""
        self._before.setdefault(area, self._holders(area))
        release(self._net, area, arc)
        return int(self._net.arcs["person"][arc])

    def _release_dearest(self, person: int, n: int) -> list[int]:
        """Take areas from a person who can no longer serve them all: those that gain least by it."""
        row = self._net.persons[person]
        places = self._net.places[row["first"] : row["first"] + row["used"]].copy()
        cost, area_price = self._net.arcs["cost"][places["arc"]], self._net.areas["price"][places["area"]]
        order = np.argsort(area_price - cost, kind="stable")
        if n <= 0:
            return []
        for place in places[order[:n]]:
            self._release(int(place["area"]), int(place["arc"]))
        # The others' proof needs a price at which those who left do not want to come back.
        leaving = order[:n]
        row["price"] = max(int(row["price"]), int((area_price - cost)[leaving].max()))
        return [int(area) for area in places["area"][leaving]]

    def _useful_room(self, person: int) -> int:
        # One more than there are candidates for: who has a place that nobody can fill must be seen to have room.
        return min(int(self._capacity[person]), int(self._index.n_arcs[person]) + 1)

    def _give_places(self, person: int, room: int) -> None:
        """Set how many places a person has, moving them to where there is space if need be."""
        row = self._net.persons[person]
        used = self._net.places[row["first"] : row["first"] + row["used"]].copy()
        end = int(self._space[person])
        if room > end:
            places = self._net.places
            if self._n_places + room > len(places):
                self._net = self._net._replace(places=np.concatenate((places, np.zeros(len(places) + room, PLACE))))
            row["first"], self._space[person] = self._n_places, room
            self._net.places[self._n_places : self._n_places + len(used)] = used
            self._n_places += room
        row["room"] = room

    def _find_arc(self, area: int, person: int) -> tuple[int, NDArray[np.int64], int]:
        """Find the arc between two: the area's row, its arcs, and which of them it is."""
        if not 0 <= area < self._n_areas:
            raise ProblemError(f"there is no area {area}: they go from 0 to {self._n_areas - 1}.")
        row = self._net.areas[self._row(area)]
        arcs = np.arange(row["first"], row["first"] + row["n_arcs"], dtype=np.int64)
        found = arcs[self._rows.person_order[self._net.arcs["person"][arcs]] == person]
        if not found.size:
            raise ProblemError(f"person {person} is not a candidate of area {area}.")
        return self._row(area), arcs, int(found[0])

    def _check_candidates(self, persons: Int32s) -> None:
        if len(np.unique(persons)) != len(persons) or np.any((persons < 0) | (persons >= len(self._capacity))):
            raise ProblemError(f"candidates must be different persons from 0 to {len(self._capacity) - 1}.")

    def _widen_limit(self, by: int) -> None:
        """Make sure that the penalties still put coverage before cost."""
        if 2 * (self._limit + by) >= int(self._net.penalty[1]):
            raise ProblemError("The costs have grown too far for the standing prices: solve the problem anew.")
        self._limit += by

    def _sort_area(self, arcs: NDArray[np.int64]) -> None:
        """Bring the arcs of an area that nobody holds back into the order of rising cost."""
        rows = self._net.arcs[arcs]
        order = np.lexsort((rows["person"], rows["cost"]))
        self._net.arcs[arcs] = rows[order]
        for new, old in zip(arcs.tolist(), arcs[order].tolist(), strict=True):
            person = int(self._net.arcs["person"][new])
            start = int(self._index.start[person])
            block = self._index.arcs[start : start + int(self._index.n_arcs[person])]
            # Taken from what the block held before the loop: entries are told apart by their area.
            at = np.flatnonzero(self._index.area[block] == self._index.area[old])[0]
            block[at] = new

    def _append(self, persons: Int32s, costs: NDArray[np.int64], demand: int) -> int:
        """Append an area and its arcs."""
        area, first = self._n_areas, self._n_arcs
        self._make_space(len(persons))
        row = self._net.areas[area]
        row["first"], row["n_arcs"], row["demand"] = first, len(persons), demand
        row["price"] = costs[0] if len(costs) else 0
        arcs = self._net.arcs[first : first + len(persons)]
        arcs["person"], arcs["cost"] = persons, costs
        self._index.area[first : first + len(persons)] = area
        self._n_areas, self._n_arcs = area + 1, first + len(persons)
        for arc, person in enumerate(persons.tolist(), start=first):
            self._index_arc(person, arc)
            self._give_places(person, self._useful_room(person))
        return area

    def _index_arc(self, person: int, arc: int) -> None:
        """Add an arc to its person's, which move to where there is space."""
        index, n = self._index, int(self._index.n_arcs[person])
        if n == self._index_space[person]:
            space = 2 * n + 4
            if self._n_index + space > len(index.arcs):
                longer = with_space(index.arcs, len(index.arcs) + space)
                self._index = index = index._replace(arcs=longer)
            start = int(index.start[person])
            index.arcs[self._n_index : self._n_index + n] = index.arcs[start : start + n]
            index.start[person], self._index_space[person] = self._n_index, space
            self._n_index += space
        index.arcs[int(index.start[person]) + n] = arc
        index.n_arcs[person] = n + 1

    def _make_space(self, n_arcs: int) -> None:
        """Lengthen the rows, by a share so that it happens rarely, where one more area does not fit."""
        net = self._net
        if self._n_areas == len(net.areas) or self._n_arcs + n_arcs > len(net.arcs):
            spare = len(net.areas) // 16 + 64
            spare_arcs = len(net.arcs) // 16 + n_arcs + 64
            self._net = with_work_space(
                net._replace(areas=with_space(net.areas, spare), arcs=with_space(net.arcs, spare_arcs))
            )
            self._index = self._index._replace(area=with_space(self._index.area, spare_arcs))
            self._changed = np.empty(len(self._net.areas), np.int32)

    def _take_changes(self) -> list[Change]:
        rows = np.fromiter(self._before, np.int32, len(self._before))
        order, n_laid_out = self._rows.area_order, len(self._rows.area_order)
        areas = [int(order[row]) if row < n_laid_out else row for row in rows.tolist()]
        compared = zip(areas, self._before.values(), self._list_holders(rows), strict=True)
        changes = [Change(area, before, after) for area, before, after in compared if before != after]
        return sorted(changes, key=attrgetter("area"))
