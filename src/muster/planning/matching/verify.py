"""Verify a plan of appointments and its proof of optimality, with numpy alone.

The proof is linear programming duality: prices under which every appointment made is among the cheapest
for its area, every one not made is no cheaper, persons with room cost nothing, and an area goes without
only where its price has reached the penalty. Given them, no plan covers more or costs less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.result import VerificationError

_AREAS_AT_ONCE = 200_000
_PRICE_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verified plan is worth: total cost, wardens, deputies, and whether it is proven optimal."""

    objective: int
    wardens: int
    deputies: int
    is_optimal: bool


def verify(problem: AppointProblem, plan: AppointPlan) -> Verdict:
    """Verify that a plan keeps every rule and that its prices prove it optimal.

    Parameters
    ----------
    problem, plan
        What was to be solved, and the plan with its prices.

    Returns
    -------
    Verdict
        The figures, counted anew; ``is_optimal`` is True.

    Raises
    ------
    VerificationError
        If a rule is broken, or the prices do not prove optimality; it names the first offender.
    """
    if problem.penalties[1] <= 2 * problem.path_cost_limit:
        raise VerificationError(
            f"the penalty step {problem.penalties[1]} is too small for coverage to come before cost: "
            f"it must be above {2 * problem.path_cost_limit}."
        )
    verdict = verify_feasible(problem, plan)
    _check_prices(problem, plan)
    for areas, arcs in _chunks(problem):
        _check_arcs(problem, plan, areas, arcs)
    _check_places(problem, plan)
    return Verdict(verdict.objective, verdict.wardens, verdict.deputies, is_optimal=True)


def verify_feasible(problem: AppointProblem, plan: AppointPlan) -> Verdict:
    """Verify that a plan keeps every rule, without regard to its prices.

    Raises
    ------
    VerificationError
        If a rule is broken; it names the first offender.
    """
    for name, holder in (("warden", plan.warden), ("deputy", plan.deputy)):
        if holder.shape != (problem.n_areas,):
            raise VerificationError(f"{name} has shape {holder.shape} for {problem.n_areas} areas.")
        _refuse((holder < -1) | (holder >= problem.n_persons), f"area {{}} has a {name} who does not exist")
    has_warden, has_deputy = plan.warden >= 0, plan.deputy >= 0
    _refuse(has_deputy & (problem.demand < 2), "area {} has a deputy but needs none")
    _refuse(has_deputy & ~has_warden, "area {} has a deputy but no warden")
    _refuse(has_deputy & (plan.warden == plan.deputy), "area {} has one person as warden and deputy")
    served = np.concatenate((plan.warden[has_warden], plan.deputy[has_deputy]))
    load = np.bincount(served, minlength=problem.n_persons)
    _refuse(load > problem.capacity, "person {} serves in more areas than the capacity allows")
    objective = sum(_cost_of(problem, plan, areas, arcs) for areas, arcs in _chunks(problem))
    objective += problem.second_cost * int(np.maximum(load - 1, 0).sum())
    return Verdict(objective, int(has_warden.sum()), int(has_deputy.sum()), is_optimal=False)


def _refuse(is_wrong: NDArray[np.bool_], message: str) -> None:
    wrong = np.flatnonzero(is_wrong)
    if wrong.size:
        more = f" (and {wrong.size - 1} more)" if wrong.size > 1 else ""
        raise VerificationError(message.format(wrong[0]) + more + ".")


def _chunks(problem: AppointProblem) -> Iterator[tuple[slice, slice]]:
    for start in range(0, problem.n_areas, _AREAS_AT_ONCE):
        stop = min(start + _AREAS_AT_ONCE, problem.n_areas)
        yield slice(start, stop), slice(int(problem.first[start]), int(problem.first[stop]))


def _area_of_arcs(problem: AppointProblem, areas: slice) -> NDArray[np.int64]:
    degree = np.diff(problem.first[areas.start : areas.stop + 1])
    return np.repeat(np.arange(areas.start, areas.stop), degree)


def _held(problem: AppointProblem, plan: AppointPlan, areas: slice, arcs: slice) -> NDArray[np.bool_]:
    area, person = _area_of_arcs(problem, areas), problem.person[arcs]
    held: NDArray[np.bool_] = (person == plan.warden[area]) | (person == plan.deputy[area])
    return held


def _cost_of(problem: AppointProblem, plan: AppointPlan, areas: slice, arcs: slice) -> int:
    held = _held(problem, plan, areas, arcs)
    named = int((plan.warden[areas] >= 0).sum() + (plan.deputy[areas] >= 0).sum())
    if int(held.sum()) != named:
        area = _area_of_arcs(problem, areas)
        found = np.bincount(area[held] - areas.start, minlength=areas.stop - areas.start)
        expected = (plan.warden[areas] >= 0).astype(np.int64) + (plan.deputy[areas] >= 0)
        wrong = int(np.flatnonzero(found != expected)[0]) + areas.start
        raise VerificationError(f"area {wrong} is given to somebody who is not among its candidates.")
    return int(problem.cost[arcs][held].sum())


def _check_prices(problem: AppointProblem, plan: AppointPlan) -> None:
    for name, price, n in (
        ("area", plan.area_price, problem.n_areas),
        ("person", plan.person_price, problem.n_persons),
    ):
        if price.shape != (n,):
            raise VerificationError(f"the prices of {n} {name}s have shape {price.shape}.")
        _refuse(np.abs(price) > _PRICE_LIMIT, f"{name} {{}} has a price too large to be checked")
    _refuse(plan.person_price < 0, "person {} has a negative price")
    served = np.concatenate((plan.warden[plan.warden >= 0], plan.deputy[plan.deputy >= 0]))
    load = np.bincount(served, minlength=problem.n_persons)
    # One more area of a person with room is had for what a second costs, or for nothing if it is the first.
    next_cost = np.where(load > 0, problem.second_cost, 0)
    _refuse((load < problem.capacity) & (plan.person_price > next_cost), "person {} has room and yet a price above it")
    _refuse((load > 1) & (plan.person_price < problem.second_cost), "person {} has a second area below its price")


def _check_arcs(problem: AppointProblem, plan: AppointPlan, areas: slice, arcs: slice) -> None:
    area, held = _area_of_arcs(problem, areas), _held(problem, plan, areas, arcs)
    reduced = problem.cost[arcs] + plan.person_price[problem.person[arcs]] - plan.area_price[area]
    wrong = np.flatnonzero(np.where(held, reduced > 0, reduced < 0))
    if wrong.size:
        at = int(wrong[0])
        person = int(problem.person[arcs.start + at])
        state = "made but not among the cheapest" if held[at] else "cheaper than what was chosen"
        raise VerificationError(
            f"by its prices, the appointment of person {person} to area {int(area[at])} is {state}."
        )


def _check_places(problem: AppointProblem, plan: AppointPlan) -> None:
    for_warden, for_deputy = problem.penalties
    price, wants_two = plan.area_price, problem.demand > 1
    has_warden, has_deputy = plan.warden >= 0, plan.deputy >= 0
    _refuse(~has_warden & (price < for_warden), "area {} has no warden though its price does not say why")
    _refuse(has_warden & (price > for_warden), "area {} has a warden at a price above going without")
    lacks_deputy = wants_two & ~has_deputy
    _refuse(lacks_deputy & (price < for_deputy), "area {} has no deputy though its price does not say why")
    _refuse(has_deputy & (price > for_deputy), "area {} has a deputy at a price above going without")
