"""What no roster can do better: a lower bound for rosters that share out nights, weekends and hours.

Whatever the rules allow, so many nights, weekends and hours have to be worked by somebody. The cheapest way to
pour them over the people, each kind by itself and as if no other rule held, costs no more than any roster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from muster.planning.rostering.problem import (
    HOURS_UNIT_MIN,
    WEEK_DAYS,
    BoolArray,
    FloatArray,
    IntArray,
    RosterProblem,
)

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True, eq=False)
class _Load:
    """What has to be shared out of one kind: how much, what people had before, and the most each may get."""

    amount: float
    past: FloatArray
    most: IntArray
    weight: float


def sharing_floor(problem: RosterProblem, places_unfillable: int = 0) -> float:
    """Return a lower bound on the cost of every roster of a problem that shares out loads.

    Parameters
    ----------
    problem
        The problem.
    places_unfillable
        Places that are proven to stay empty in every roster (see ``shortage.count_unfillable``).

    Returns
    -------
    float
        The least, over every number of empty places from there on, of what these cost and what sharing out the
        rest costs at least. Wishes and disturbed duties are taken as free.
    """
    asked = problem.demand > 0
    empty_cost = float(problem.under_weight[asked].min()) if asked.any() else 0.0
    share_cost = _sharing(problem)
    floor = places_unfillable * empty_cost + share_cost(places_unfillable)
    # Both parts are convex in the number of empty places, so that the first rise is the last.
    for missing in range(places_unfillable + 1, int(problem.demand.sum()) + 1):
        cost = missing * empty_cost + share_cost(missing)
        if cost >= floor:
            break
        floor = cost
    return floor


def _sharing(problem: RosterProblem) -> Callable[[int], float]:
    """Return the least cost of sharing as a function of how many places may stay empty."""
    share = np.array([person.share for person in problem.people])
    nights, weekends = _night_load(problem), _weekend_load(problem)
    hours_of = _hours(problem, share)
    steps = {id(load): _steps(load, share) for load in (nights, weekends)}

    def cost(missing: int) -> float:
        return hours_of(missing) + sum(_take(load, steps[id(load)], missing, share) for load in (nights, weekends))

    return cost


def _hours(problem: RosterProblem, share: FloatArray) -> Callable[[int], float]:
    """Return the least cost of sharing hours as a function of how many places may stay empty."""
    past = np.array([person.history.minutes for person in problem.people]) / HOURS_UNIT_MIN
    length = np.array([shift.length_min for shift in problem.shifts]) / HOURS_UNIT_MIN
    amount = float((problem.demand * length).sum())

    def cost(missing: int) -> float:
        return problem.fairness.hours * _pour(max(0.0, amount - missing * float(length.max())), past, share)

    return cost


def _night_load(problem: RosterProblem) -> _Load:
    is_night = np.array([shift.is_night for shift in problem.shifts])
    days = problem.allowed[:, :, is_night].any(axis=2).sum(axis=1)
    spans = 1 if problem.nights_span_days is None else -(-problem.n_days // problem.nights_span_days)
    limits = [None if person.max_nights is None else spans * person.max_nights for person in problem.people]
    most = np.array([day if limit is None else min(day, limit) for day, limit in zip(days, limits, strict=True)])
    past = np.array([float(person.history.nights) for person in problem.people])
    return _Load(float(problem.demand[:, is_night].sum()), past, most.astype(np.int64), problem.fairness.nights)


def _weekend_load(problem: RosterProblem) -> _Load:
    """Count at least as many people for a weekend as its busier day needs."""
    weekday = np.array([problem.weekday(day) for day in range(problem.n_days)])
    week = (problem.first_weekday + np.arange(problem.n_days)) // WEEK_DAYS
    # A first Sunday belongs to a weekend that the history may have counted already.
    is_open: BoolArray = (weekday >= SATURDAY) & ((week > 0) | np.full(len(week), problem.first_weekday != SUNDAY))
    people = problem.demand.sum(axis=1)
    works: BoolArray = np.any(problem.allowed, axis=2)
    amount = 0.0
    most = np.zeros(problem.n_people, np.int64)
    for number in np.unique(week[is_open]):
        days = is_open & (week == number)
        amount += float(people[days].max())
        most += works[:, days].any(axis=1)
    past = np.array([float(person.history.weekends) for person in problem.people])
    return _Load(amount, past, most, problem.fairness.weekends)


def _steps(load: _Load, share: FloatArray) -> FloatArray:
    """Return, cheapest first and summed up, what each further night or weekend costs at least."""
    count = np.arange(int(load.most.max(initial=0)))
    cost = load.weight * (2 * (load.past[:, None] + count[None]) + 1) / share[:, None]
    is_open: BoolArray = count[None] < load.most[:, None]
    return np.concatenate([[0.0], np.cumsum(np.sort(cost[is_open]))])


def _take(load: _Load, steps: FloatArray, missing: int, share: FloatArray) -> float:
    wanted = min(max(0, round(load.amount) - missing), len(steps) - 1)
    return float(load.weight * (load.past**2 / share).sum() + steps[wanted])


def _pour(amount: float, past: FloatArray, share: FloatArray) -> float:
    """Return the least sum of squared loads over shares when an amount is poured over people's past loads."""
    if not len(past):
        return 0.0
    order = np.argsort(past / share)
    level = past[order] / share[order]
    width = np.cumsum(share[order])
    filled = width * level - np.cumsum(past[order])
    reached = int(np.searchsorted(filled, amount, side="right")) - 1
    height = level[reached] + (amount - filled[reached]) / width[reached]
    return float((np.maximum(past, height * share) ** 2 / share).sum())
