"""Annealed exchange of days between two people: the cover stays as it is, only who bears it changes.

Where a hard maximum lets no one be placed beyond the demand, a full roster cannot be improved by one person at a
time. Exchanging the same run of days between two people can.
"""

from __future__ import annotations

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.kernel import NIGHTS, WEEKENDS
from muster.planning.rostering.response import UNITS, count_outside, state_at
from muster.planning.rostering.search import fairness_cost, plan_cost
from muster.planning.rostering.tables import Tables

LONGEST = 7


@compiled
def _keeps_weeks(t: Tables, row: Shorts, p: int) -> bool:
    limit = t.max_week_units[p]
    used = t.first_week_units[p]
    for day in range(row.shape[0]):
        if day > 0 and t.starts_week[day]:
            used = 0
        if row[day] >= 0:
            used += t.class_units[t.class_of[row[day]]]
            if used > limit:
                return False
    return True


@compiled
def is_permitted(t: Tables, row: Shorts, p: int) -> bool:
    """Tell whether a whole schedule keeps every hard rule of a person."""
    for day in range(row.shape[0]):
        if t.own_cost[p, day, row[day]] == np.inf:
            return False
    if state_at(t, row, p, row.shape[0]) < 0 or not _keeps_weeks(t, row, p):
        return False
    used, by_type = count_outside(t, row, p, 0, 0)
    if not t.min_units[p] <= used[UNITS] <= t.max_units[p]:
        return False
    if used[WEEKENDS] > t.max_weekends[p] or used[NIGHTS] > t.max_nights[p]:
        return False
    return bool(np.all(by_type <= t.max_of_type[p]))


@compiled
def _swap(plan: Shorts, p: int, q: int, first: int, last: int) -> None:
    for day in range(first, last):
        plan[p, day], plan[q, day] = plan[q, day], plan[p, day]


@compiled
def _own_cost(t: Tables, row: Shorts, p: int, first: int, last: int) -> float:
    total = fairness_cost(t, row, p)
    for day in range(first, last):
        total += t.own_cost[p, day, row[day]]
    return total


@compiled
def _exchange(t: Tables, plan: Shorts, p: int, q: int, first: int, last: int, most: float) -> float:
    """Exchange the days when both may and it costs at most `most`; return the change in cost."""
    if np.all(plan[p, first:last] == plan[q, first:last]):
        return 0.0
    for day in range(first, last):
        if t.own_cost[p, day, plan[q, day]] == np.inf or t.own_cost[q, day, plan[p, day]] == np.inf:
            return 0.0
    before = _own_cost(t, plan[p], p, first, last) + _own_cost(t, plan[q], q, first, last)
    _swap(plan, p, q, first, last)
    change = _own_cost(t, plan[p], p, first, last) + _own_cost(t, plan[q], q, first, last) - before
    if change > most or not is_permitted(t, plan[p], p) or not is_permitted(t, plan[q], q):
        _swap(plan, p, q, first, last)
        return 0.0
    return change


@compiled
def exchange_days(t: Tables, current: Shorts, best: Shorts, n_moves: int, hot: float, cold: float, seed: int) -> None:
    """Try `n_moves` random exchanges by simulated annealing; keep the best roster in `best`."""
    np.random.seed(seed)
    n_people, n_days = current.shape
    if n_people < 2:
        return
    cost, least = plan_cost(t, current), plan_cost(t, best)
    for move in range(n_moves):
        scale = max(0.0, hot + (cold - hot) * move / n_moves)
        p = np.random.randint(0, n_people)
        q = np.random.randint(0, n_people - 1)
        q += q >= p
        first = np.random.randint(0, n_days)
        length = 1 if np.random.random() < 0.5 else np.random.randint(2, LONGEST + 1)
        most = -scale * np.log(np.random.random())
        cost += _exchange(t, current, p, q, first, min(n_days, first + length), most)
        if cost < least - 1e-6:
            least = cost
            best[:] = current
