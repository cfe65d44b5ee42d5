"""From the base to a verified choice of wardens and deputies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from muster.coverage.planning.base import Base
from muster.coverage.planning.candidates import Arcs, Reach, build_arcs
from muster.coverage.planning.tree import Int32s, Int64s
from muster.coverage.rules import SECOND_AREA_M, order_roles
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import Result, VerificationError

WIDEN_FACTORS = (8, 64)


@dataclass(frozen=True, eq=False)
class Choice:
    """A verified choice.

    Parameters
    ----------
    problem, result
        What was solved, over slots of people, and what came out.
    slot_person
        For each slot of the problem, the place of its person in the base.
    arcs
        The candidates.
    warden, deputy
        For each area a place among the people, -1 for nobody.
    """

    problem: AppointProblem
    result: Result[AppointPlan]
    slot_person: Int32s
    arcs: Arcs
    warden: Int64s
    deputy: Int64s


def choose(base: Base, reach: Reach | None = None) -> Choice:
    """Choose wardens and deputies: solve, verify, and look farther for areas that are left without.

    Parameters
    ----------
    base
        The rows that are planned from.
    reach
        How far to look for candidates at first.

    Raises
    ------
    VerificationError
        If the solver's choice breaks a rule: it is never kept.
    """
    first_reach = reach or Reach()
    every = np.arange(len(base.area), dtype=np.int32)
    arcs = build_arcs(base, every, first_reach)
    choice = _solve(base, arcs)
    for factor in WIDEN_FACTORS:
        wanting = _wanting_neighborhoods(base, choice)
        if not len(wanting):
            break
        more = build_arcs(base, wanting, first_reach.widened(factor))
        if not _has_news(choice.arcs, more, len(base.people.ids)):
            continue
        choice = _solve(base, choice.arcs.joined(more))
    return choice


def _wanting_neighborhoods(base: Base, choice: Choice) -> Int32s:
    """Return the areas of every community in which somebody is missing: they compete for the same people."""
    missing = (choice.warden < 0) | ((choice.deputy < 0) & (base.demand > 1))
    office = base.tree.office[base.area]
    return np.flatnonzero(np.isin(office, np.unique(office[missing]))).astype(np.int32)


def _has_news(arcs: Arcs, more: Arcs, n_people: int) -> bool:
    """Tell whether there is a candidate among further ones that was none before."""
    known = arcs.only(np.isin(arcs.area, more.area))
    old, new = (np.unique(one.area.astype(np.int64) * n_people + one.person) for one in (known, more))
    return not np.isin(new, old, assume_unique=True).all()


def _solve(base: Base, arcs: Arcs) -> Choice:
    slots = _Slots.of(base, arcs)
    while True:
        problem = slots.build(base)
        result = solve(problem)
        if result.plan is None:
            raise VerificationError(f"The solver returned no plan ({result.status}).")
        verify(problem, result.plan)
        first, second = (_person_of(slots.person, chosen) for chosen in (result.plan.warden, result.plan.deputy))
        is_double = (first >= 0) & (first == second)
        if not is_double.any():
            break
        slots = slots.without(is_double, first)
    warden, deputy = order_roles(first, second, base.warden, base.deputy)
    check(base, warden, deputy)
    return Choice(problem, result, slots.person, arcs, warden, deputy)


def _person_of(slot_person: Int32s, slots: Int32s) -> Int64s:
    if not len(slot_person):
        return np.full(len(slots), -1, np.int64)
    return np.where(slots >= 0, slot_person[slots], -1).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Slots:
    """People as slots: a first area each, and further ones that cost more.

    One slot could hold all, if a second area cost no more than the first. With two, an area could take
    somebody's both as warden and deputy; ``without`` then closes the further slot to it, which loses no plan
    unless all areas of a person have lost it: which area has which slot is the same to both.
    """

    person: Int32s
    capacity: Int32s
    arcs: Arcs
    n_first: int

    @classmethod
    def of(cls, base: Base, arcs: Arcs) -> _Slots:
        free = np.flatnonzero(base.people.exclusion < 0).astype(np.int32)
        wide = free[base.people.room[free] > 1]
        person = np.concatenate([free, wide])
        capacity = np.concatenate([np.ones(len(free), np.int32), base.people.room[wide] - 1]).astype(np.int32)
        first, further = np.full((2, len(base.people.ids)), -1, np.int32)
        first[free] = np.arange(len(free))
        further[wide] = len(free) + np.arange(len(wide))
        has_further = further[arcs.person] >= 0
        return cls(
            person,
            capacity,
            Arcs(
                np.concatenate([arcs.area, arcs.area[has_further]]),
                np.concatenate([first[arcs.person], further[arcs.person[has_further]]]),
                np.concatenate([arcs.cost, arcs.cost[has_further] + SECOND_AREA_M]),
            ),
            len(free),
        )

    def build(self, base: Base) -> AppointProblem:
        """Build the problem over slots."""
        return AppointProblem.build(
            n_areas=len(base.area),
            area=self.arcs.area,
            person=self.arcs.person,
            cost=self.arcs.cost,
            capacity=self.capacity,
            demand=base.demand,
        )

    def without(self, is_double: NDArray[np.bool_], holder: Int64s) -> _Slots:
        """Close the further slot of an area's holder to that area, where it took both."""
        is_further = self.arcs.person >= self.n_first
        is_closed = is_further & is_double[self.arcs.area]
        is_closed &= self.person[self.arcs.person] == holder[self.arcs.area]
        return replace(self, arcs=self.arcs.only(~is_closed))


def check(base: Base, warden: Int64s, deputy: Int64s) -> None:
    """Check a choice against the base, by code that shares nothing with the solver.

    Raises
    ------
    VerificationError
        If somebody excluded is chosen, answers for too many areas, or is both warden and deputy of one.
    """
    chosen = np.concatenate([warden[warden >= 0], deputy[deputy >= 0]])
    if (base.people.exclusion[chosen] >= 0).any():
        raise VerificationError("Somebody is chosen whom a rule excludes.")
    if (np.bincount(chosen, minlength=len(base.people.ids)) > np.maximum(base.people.room, 0)).any():
        raise VerificationError("Somebody is chosen for more areas than allowed.")
    if ((warden == deputy) & (warden >= 0)).any():
        raise VerificationError("Somebody is both the warden and the deputy of an area.")
    if ((deputy >= 0) & ((warden < 0) | (base.demand < 2))).any():
        raise VerificationError("An area has a deputy that it should not have.")
