"""Annealed exchange of days between two people: the cover stays as it is, only who bears it changes.

Where a hard maximum lets no one be placed beyond the demand, a full roster cannot be improved by one person at a
time. Exchanging the same run of days between two people can.
"""

from __future__ import annotations

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Reals, Shorts
from muster.planning.rostering.kernel import NIGHTS, WEEKENDS
from muster.planning.rostering.response import (
    NIGHT_FAIR,
    UNIT_FAIR,
    UNITS,
    WEEKEND_FAIR,
    count_outside,
    most_nights,
    state_at,
)
from muster.planning.rostering.search import plan_cost
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
def _keeps_nights(t: Tables, row: Shorts, p: int, nights: int) -> bool:
    # All of them in one span is the most that there can be, and looked at first, since it is so in nearly all cases.
    if nights == 0 or nights + np.sum(t.other_nights[p]) <= t.max_nights[p]:
        return True
    return bool(most_nights(t, row, p, 0, row.shape[0], True) <= t.max_nights[p])


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
    if used[WEEKENDS] > t.max_weekends[p] or not _keeps_nights(t, row, p, used[NIGHTS]):
        return False
    return bool(np.all(by_type <= t.max_of_type[p]))


@compiled
def _shared_cost(t: Tables, row: Shorts, p: int) -> float:
    """Return a person's convex penalty as `search.fairness_cost` does, without an array: it is asked for millions."""
    weekends, nights, units = 0, 0, 0
    was_working = t.is_working[t.automaton_of[p], 0]
    for day in range(row.shape[0]):
        if row[day] >= 0:
            k = t.class_of[row[day]]
            nights += t.class_night[k]
            units += t.class_units[k]
            weekends += t.is_weekend[day] and not (t.is_sunday[day] and was_working)
        was_working = row[day] >= 0
    weight, past = t.fair_weight[p], t.fair_past[p]
    cost: float = (
        weight[WEEKEND_FAIR] * (past[WEEKEND_FAIR] + weekends) ** 2
        + weight[NIGHT_FAIR] * (past[NIGHT_FAIR] + nights) ** 2
        + weight[UNIT_FAIR] * (past[UNIT_FAIR] + units) ** 2
    )
    return cost


@compiled
def _swap(plan: Shorts, p: int, q: int, first: int, last: int) -> None:
    for day in range(first, last):
        plan[p, day], plan[q, day] = plan[q, day], plan[p, day]


@compiled
def _days_change(t: Tables, plan: Shorts, p: int, q: int, first: int, last: int) -> float:
    """Return what exchanging the days changes in the people's own costs, infinite where one of them may not."""
    change = 0.0
    for day in range(first, last):
        change += t.own_cost[p, day, plan[q, day]] + t.own_cost[q, day, plan[p, day]]
        change -= t.own_cost[p, day, plan[p, day]] + t.own_cost[q, day, plan[q, day]]
    return change


@compiled
def _exchange(t: Tables, plan: Shorts, shared: Reals, p: int, q: int, first: int, last: int, most: float) -> float:
    """Exchange the days when both may and it costs at most `most`; return the change in cost."""
    change = _days_change(t, plan, p, q, first, last)
    if change == np.inf:
        return 0.0
    _swap(plan, p, q, first, last)
    shared_p, shared_q = _shared_cost(t, plan[p], p), _shared_cost(t, plan[q], q)
    change += float(shared_p + shared_q - shared[p] - shared[q])
    if change > most or not is_permitted(t, plan[p], p) or not is_permitted(t, plan[q], q):
        _swap(plan, p, q, first, last)
        return 0.0
    shared[p], shared[q] = shared_p, shared_q
    return change


@compiled
def _is_alike(plan: Shorts, p: int, q: int, first: int, last: int) -> bool:
    day = first
    while day < last and plan[p, day] == plan[q, day]:
        day += 1
    return day == last


@compiled
def exchange_days(t: Tables, current: Shorts, best: Shorts, n_moves: int, hot: float, cold: float, seed: int) -> None:
    """Try `n_moves` random exchanges by simulated annealing; keep the best roster in `best`."""
    np.random.seed(seed)
    n_people, n_days = current.shape
    if n_people < 2:
        return
    shared = np.empty(n_people)
    for p in range(n_people):
        shared[p] = _shared_cost(t, current[p], p)
    cost, least = plan_cost(t, current), plan_cost(t, best)
    for move in range(n_moves):
        p = np.random.randint(0, n_people)
        q = np.random.randint(0, n_people - 1)
        q += q >= p
        first = np.random.randint(0, n_days)
        length = 1 if np.random.random() < 0.5 else np.random.randint(2, LONGEST + 1)
        last = min(n_days, first + length)
        # In a large pool most pairs have the day off: they cost next to nothing.
        if _is_alike(current, p, q, first, last):
            continue
        scale = max(0.0, hot + (cold - hot) * move / n_moves)
        most = -scale * np.log(np.random.random())
        cost += _exchange(t, current, shared, p, q, first, last, most)
        if cost < least - 1e-6:
            least = cost
            best[:] = current
