"""Somebody falls ill: who can stand in now, and the least disturbing new roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from muster.planning.result import Result
from muster.planning.rostering.problem import FREE, OFF, RosterPlan, RosterProblem
from muster.planning.rostering.solve import solve
from muster.planning.rostering.verify import fairness_penalty, person_faults

METERS_PER_COST = 1000.0
NEAREST_PER_ANSWER = 10


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody who can stand in: pool and person by index, distance, and what it adds to the roster's cost.

    `score` ranks: cost in fairness and wishes, plus the way to the post in kilometers.
    """

    pool: int
    person: int
    distance_m: float
    cost: float
    score: float


def rank_cover(
    pools: Sequence[RosterProblem],
    plans: Sequence[RosterPlan],
    distance_m: Sequence[NDArray[np.float64]],
    shift_of_pool: Sequence[int],
    day: int,
    *,
    ill: tuple[int, int] | None = None,
    most: int = 20,
) -> list[Cover]:
    """Rank who can take one duty: rested, able, fair and near.

    Parameters
    ----------
    pools, plans
        The pools whose people may be asked (one, or a whole city), and their rosters.
    distance_m
        Per pool, meters from each person's home to the post.
    shift_of_pool
        Per pool, the index of the shift type that stands for this duty; -1 where the pool has none.
    day
        Day of the duty.
    ill
        Pool and person who drop out, and are not asked.
    most
        Length of the answer.

    Returns
    -------
    list
        Best first; only people whom no rule keeps from the duty, their other duties staying as they are. Of
        those who are free, the nearest ``10 × most`` are weighed.
    """
    asked = [
        (float(distance_m[i][p]), i, p)
        for i in range(len(pools))
        if shift_of_pool[i] >= 0
        for p in _candidates(pools[i], plans[i], shift_of_pool[i], day)
        if (i, p) != ill
    ]
    found: list[Cover] = []
    for way_m, i, p in sorted(asked)[: NEAREST_PER_ANSWER * most]:
        cost = _added_cost(pools[i], plans[i], p, day, shift_of_pool[i])
        if cost is not None:
            found.append(Cover(i, p, way_m, cost, cost + way_m / METERS_PER_COST))
    return sorted(found, key=lambda c: (c.score, c.pool, c.person))[:most]


def _candidates(problem: RosterProblem, plan: RosterPlan, shift: int, day: int) -> list[int]:
    """List the people who are off that day, may work it, and have the gaps to the days around it."""
    free = (plan.shift[:, day] == OFF) & problem.allowed[:, day, shift]
    gap = problem.gap_days()
    for other in range(max(0, day - 7), min(problem.n_days, day + 8)):
        if other == day:
            continue
        needed = gap[:, shift] if other < day else gap[shift, :]
        worked = plan.shift[:, other]
        free &= (worked == OFF) | (abs(day - other) >= needed[worked])
    return [int(p) for p in np.flatnonzero(free)]


def _added_cost(problem: RosterProblem, plan: RosterPlan, p: int, day: int, shift: int) -> float | None:
    """Return what the duty adds to a person's cost, or None when a rule forbids it."""
    now = plan.shift[p].astype(np.int64)
    trial = now.copy()
    trial[day] = shift
    if next(person_faults(problem, p, trial), None) is not None:
        return None
    person = problem.people[p]
    change = fairness_penalty(problem, person, trial) - fairness_penalty(problem, person, now)
    for wish in problem.requests:
        if wish.person == p and wish.day == day and wish.shift == shift:
            change += -wish.weight if wish.is_on else wish.weight
    return change


def reroster(
    problem: RosterProblem,
    plan: RosterPlan,
    *,
    person: int,
    days: range,
    from_day: int,
    disturbance_weight: float,
    time_limit_s: float,
    seed: int,
) -> Result[RosterPlan]:
    """Plan anew after one person drops out, disturbing as few standing duties as possible.

    Parameters
    ----------
    problem, plan
        The pool and its standing roster.
    person, days
        Who drops out, and on which days.
    from_day
        Days before it have been worked and stay as they are.
    disturbance_weight
        Cost of each person and day that changes.
    time_limit_s, seed
        As for `solve`.

    Returns
    -------
    Result
        As `solve` returns it; the objective counts the disturbance, not the missing person's own days.
    """
    allowed = problem.allowed.copy()
    allowed[person, list(days), :] = False
    standing = plan.shift.astype(np.int64)
    standing[person, list(days)] = FREE
    changed = replace(
        problem,
        allowed=allowed,
        standing=standing,
        disturbance_weight=disturbance_weight,
        frozen_days=from_day,
    )
    return solve(changed, time_limit_s=time_limit_s, seed=seed)
