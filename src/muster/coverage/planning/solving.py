"""From the base to a verified choice of wardens and deputies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

WHOLE_COMMUNITY = 20
"""By how much farther an area looks in its community once somebody is missing there."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A verified choice.

    Parameters
    ----------
    problem, result
        What was solved, and what came out.
    arcs
        The candidates.
    warden, deputy
        For each area a place among the people, -1 for nobody.
    """

    problem: AppointProblem
    result: Result[AppointPlan]
    arcs: Arcs
    warden: Int64s
    deputy: Int64s


Solver = Callable[[AppointProblem], Result[AppointPlan]]


def choose(base: Base, reach: Reach | None = None, solver: Solver = solve) -> Choice:
    """Choose wardens and deputies: solve, verify, and look farther for areas that are left without.

    Parameters
    ----------
    base
        The rows that are planned from.
    reach
        How far to look for candidates at first.
    solver
        Who solves the problem: in one piece here, or in parts on other machines.

    Raises
    ------
    VerificationError
        If the solver's choice breaks a rule: it is never kept.
    """
    near = reach or Reach()
    every = np.arange(len(base.area), dtype=np.int32)
    choice = _solve(base, build_arcs(base, every, near), solver)
    missing = (choice.warden < 0) | ((choice.deputy < 0) & (base.demand > 1))
    if not missing.any():
        return choice
    # Neighbors compete for the same people, so all of them look farther; into the township only those in want.
    rows = _neighbors(base, missing)
    others = choice.arcs.only(~np.isin(choice.arcs.area, rows))
    in_community = build_arcs(base, rows, near.in_community(WHOLE_COMMUNITY))
    in_township = build_arcs(base, np.flatnonzero(missing).astype(np.int32), near.in_township())
    return _solve(base, others.joined(in_community).joined(in_township), solver)


def _neighbors(base: Base, missing: NDArray[np.bool_]) -> Int32s:
    """Return the areas of every community in which somebody is missing."""
    office = base.tree.office[base.area]
    return np.flatnonzero(np.isin(office, np.unique(office[missing]))).astype(np.int32)


def _solve(base: Base, arcs: Arcs, solver: Solver) -> Choice:
    problem = AppointProblem.build(
        n_areas=len(base.area),
        area=arcs.area,
        person=arcs.person,
        cost=arcs.cost,
        capacity=np.where(base.people.exclusion < 0, base.people.room, 0),
        demand=base.demand,
        second_cost=SECOND_AREA_M,
    )
    result = solver(problem)
    if result.plan is None:
        raise VerificationError(f"The solver returned no plan ({result.status}).")
    verify(problem, result.plan)
    first, second = (chosen.astype(np.int64) for chosen in (result.plan.warden, result.plan.deputy))
    warden, deputy = order_roles(first, second, base.warden, base.deputy)
    check(base, warden, deputy)
    return Choice(problem, result, arcs, warden, deputy)


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
