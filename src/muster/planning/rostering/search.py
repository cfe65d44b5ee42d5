"""Construction and noisy best response: the roster improves one person and window at a time.

A random person's random run of weeks is planned anew against the marginal costs of cover, blurred by Gumbel
noise whose scale falls to nothing. Hard rules are each person's own, so every roster on the way keeps them.
"""

from __future__ import annotations

import numpy as np

from muster.planning.compiled import compiled, inlined
from muster.planning.rostering.arrays import Ints, Reals, Shorts
from muster.planning.rostering.kernel import NIGHTS, WEEKENDS
from muster.planning.rostering.response import (
    MAX_CELLS,
    NIGHT_FAIR,
    UNIT_FAIR,
    UNITS,
    WEEKEND_FAIR,
    count_outside,
    price_window,
)
from muster.planning.rostering.tables import Tables


@compiled
def count_cover(plan: Shorts, n_types: int) -> Ints:
    """Count the people on each day and shift type."""
    cover = np.zeros((plan.shape[1], n_types), np.int32)
    for p in range(plan.shape[0]):
        for day in range(plan.shape[1]):
            if plan[p, day] >= 0:
                cover[day, plan[p, day]] += 1
    return cover


@compiled
def _add(cover: Ints, row: Shorts, first: int, last: int, n: int) -> None:
    for day in range(first, last):
        if row[day] >= 0:
            cover[day, row[day]] += n


@compiled
def marginal_costs(t: Tables, cover: Ints, p: int, first: int, last: int) -> Reals:
    """Return what each type on each day of a window would cost a person who joins the cover as it is."""
    n_types = t.demand.shape[1]
    cost = np.empty((last - first, n_types + 1))
    for day in range(first, last):
        for s in range(n_types):
            count = cover[day, s]
            own = t.own_cost[p, day, s]
            if count >= t.max_cover[day, s]:
                own = np.inf
            elif count < t.demand[day, s]:
                own -= t.under[day, s]
            else:
                own += t.over[day, s]
            cost[day - first, s] = own
        cost[day - first, n_types] = t.own_cost[p, day, n_types]
    return cost


@compiled
def fairness_cost(t: Tables, row: Shorts, p: int) -> float:
    """Return one person's convex penalty for nights, weekends and hours."""
    weight = t.fair_weight[p]
    if weight[0] == 0.0 and weight[1] == 0.0 and weight[2] == 0.0:
        return 0.0
    used, _ = count_outside(t, row, p, 0, 0)
    past = t.fair_past[p]
    cost: float = (
        weight[WEEKEND_FAIR] * (past[WEEKEND_FAIR] + used[WEEKENDS]) ** 2
        + weight[NIGHT_FAIR] * (past[NIGHT_FAIR] + used[NIGHTS]) ** 2
        + weight[UNIT_FAIR] * (past[UNIT_FAIR] + used[UNITS]) ** 2
    )
    return cost


@compiled
def _days_cost(cost: Reals, days: Shorts) -> float:
    total = 0.0
    for i in range(days.shape[0]):
        total += cost[i, days[i]]
    return total


@compiled
def plan_cost(t: Tables, plan: Shorts) -> float:
    """Return the whole cost of a roster: the people's own, fairness and cover."""
    cover = count_cover(plan, t.demand.shape[1])
    total = 0.0
    for p in range(plan.shape[0]):
        total += _days_cost(t.own_cost[p], plan[p]) + fairness_cost(t, plan[p], p)
    for day in range(plan.shape[1]):
        for s in range(t.demand.shape[1]):
            missing = t.demand[day, s] - cover[day, s]
            total += t.under[day, s] * missing if missing > 0 else -t.over[day, s] * missing
    return total


@compiled
def _blur(cost: Reals, scale: float) -> Reals:
    noisy = cost.copy()
    for i in range(cost.shape[0]):
        for s in range(cost.shape[1]):
            noisy[i, s] -= scale * np.log(-np.log(np.random.random()))
    return noisy


@inlined
def replan(t: Tables, plan: Shorts, cover: Ints, p: int, first: int, last: int, scale: float) -> float:
    """Plan one person's window anew and return the change in cost; without noise never for the worse."""
    row, chosen = plan[p], np.empty(last - first, np.int16)
    _add(cover, row, first, last, -1)
    cost = marginal_costs(t, cover, p, first, last)
    noisy = _blur(cost, scale) if scale > 0.0 else cost
    change = 0.0
    _, is_exact = price_window(t, row, p, first, noisy, MAX_CELLS, chosen)
    if is_exact:
        before = _days_cost(cost, row[first:last]) + fairness_cost(t, row, p)
        kept = row[first:last].copy()
        row[first:last] = chosen
        change = _days_cost(cost, row[first:last]) + fairness_cost(t, row, p) - before
        if scale <= 0.0 and change >= 0.0:
            row[first:last] = kept
            change = 0.0
    _add(cover, row, first, last, 1)
    return change


@compiled
def week_starts(t: Tables) -> Ints:
    """Return the first days of the calendar weeks in the horizon, then its end."""
    n_days = t.is_weekend.shape[0]
    starts = t.starts_week.copy()
    starts[0], starts[n_days] = True, True
    return np.flatnonzero(starts).astype(np.int32)


@compiled
def improve(
    t: Tables, current: Shorts, best: Shorts, n_moves: int, hot: float, cold: float, spans: Ints, seed: int
) -> None:
    """Make noisy best responses in `current` while the noise falls from `hot` to `cold`; keep the best roster."""
    np.random.seed(seed)
    weeks = week_starts(t)
    n_weeks = weeks.shape[0] - 1
    cover = count_cover(current, t.demand.shape[1])
    cost, least = plan_cost(t, current), plan_cost(t, best)
    for move in range(n_moves):
        scale = max(0.0, hot + (cold - hot) * move / n_moves)
        span = min(n_weeks, spans[np.random.randint(0, spans.shape[0])])
        w = np.random.randint(0, n_weeks - span + 1)
        p = np.random.randint(0, current.shape[0])
        cost += replan(t, current, cover, p, weeks[w], weeks[w + span], scale)
        if cost < least - 1e-6:
            least = cost
            best[:] = current
