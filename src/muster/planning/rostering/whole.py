"""Noisy best responses over whole horizons: one person's every day planned anew at the price of a few weeks.

What a place earns leans from the prices of cover to what it is worth as the cover stands; leaning harder and harder
turns the answers to prices into a roster that hardly any one person can better.
"""

from __future__ import annotations

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Bools, Ints, Reals, Shorts
from muster.planning.rostering.ascent import leaning_prices, place
from muster.planning.rostering.relaxed import Multipliers, Space, fit, new_space, no_multipliers
from muster.planning.rostering.search import count_cover, plan_cost
from muster.planning.rostering.tables import Tables

FIRST_STEP, STEP_SHARE = 0.3, 0.2
DRAWN_ROUNDS = 4
HARD_LEAN = 1000.0
START_NOISES = (0.0, 1.0, 5.0, 25.0)


@compiled
def _draw_gumbels(n: int) -> Reals:
    drawn = np.empty(n)
    for i in range(n):
        drawn[i] = -np.log(-np.log(np.random.random()))
    return drawn


@compiled
def _blur(price: Reals, scale: float, gumbels: Reals, out: Reals) -> None:
    """Add noise, a random stretch of what was drawn beforehand: drawing it anew each time would take longest."""
    offset = np.random.randint(0, gumbels.shape[0] - price.size + 1)
    n_types = price.shape[1]
    for day in range(price.shape[0]):
        for s in range(n_types):
            out[day, s] = price[day, s] + scale * gumbels[offset + day * n_types + s]


@compiled
def _row_cost(own: Reals, price: Reals, row: Shorts) -> float:
    """Return what a schedule costs, less what its places earn."""
    total, n_types = 0.0, price.shape[1]
    for day in range(row.shape[0]):
        s = row[day]
        total += own[day, s] - price[day, s] if s >= 0 else own[day, n_types]
    return total


@compiled
def _answer(
    t: Tables, p: int, kept: Shorts, is_permitted: bool, price: Reals, multipliers: Multipliers, step: float,
    space: Space
) -> bool:  # fmt: skip
    """Plan one person's horizon anew unless what stands is permitted and cheaper; tell whether it is permitted."""
    row, own = np.empty_like(kept), t.own_cost[p]
    if not fit(t, p, price, multipliers, step, space, row):
        return is_permitted
    if not is_permitted or _row_cost(own, price, row) < _row_cost(own, price, kept):
        kept[:] = row
    return True


@compiled
def _answer_somehow(
    t: Tables, p: int, price: Reals, blurred: Reals, gumbels: Reals, multipliers: Multipliers, space: Space, row: Shorts
) -> bool:  # fmt: skip
    """Find a person's first schedule, under ever more noise: where many places earn alike, totals move in leaps."""
    for scale in START_NOISES:
        _blur(price, scale, gumbels, blurred)
        multipliers.unit[p], multipliers.weekend[p] = 0.0, 0.0
        multipliers.of_type[p] = 0.0
        if fit(t, p, blurred, multipliers, FIRST_STEP + scale, space, row):
            return True
    return False


@compiled
def answer_once(t: Tables, plan: Shorts, order: Ints, is_planned: Bools, seed: int) -> None:
    """Plan the horizons of the people in `order` one after the other against the cover so far.

    Those for whom nothing permitted was found stay as they are in `plan`, denied by `is_planned`.
    """
    np.random.seed(seed)
    space, offered, price = new_space(t), np.empty(t.demand.shape), np.zeros(t.demand.shape)
    blurred, gumbels = np.empty_like(price), _draw_gumbels(DRAWN_ROUNDS * price.size)
    multipliers = no_multipliers(t)
    cover, row = count_cover(plan, t.demand.shape[1]), np.empty(plan.shape[1], np.int16)
    leaning_prices(t, price, cover, HARD_LEAN, offered)
    for p in order:
        if _answer_somehow(t, p, offered, blurred, gumbels, multipliers, space, row):
            plan[p] = row
            is_planned[p] = True
            place(t, price, cover, HARD_LEAN, offered, row, 1)


@compiled
def answer_in_turn(
    t: Tables, current: Shorts, best: Shorts, is_permitted: Bools, price: Reals, multipliers: Multipliers,
    leans: Reals, noises: Reals, seed: int
) -> float:  # fmt: skip
    """Let everybody answer once for each lean and noise, in random order; keep the best roster and return its cost.

    Rows of `current` that `is_permitted` denies break a rule; each is replaced by the first that does not.
    """
    np.random.seed(seed)
    space, offered, blurred = new_space(t), np.empty_like(price), np.empty_like(price)
    gumbels = _draw_gumbels(DRAWN_ROUNDS * price.size)
    cover = count_cover(current, price.shape[1])
    least = plan_cost(t, best)
    for i in range(leans.shape[0]):
        step = max(FIRST_STEP, STEP_SHARE * noises[i])
        leaning_prices(t, price, cover, leans[i], offered)
        for p in np.random.permutation(current.shape[0]):
            place(t, price, cover, leans[i], offered, current[p], -1)
            _blur(offered, noises[i], gumbels, blurred)
            is_permitted[p] = _answer(t, p, current[p], is_permitted[p], blurred, multipliers, step, space)
            place(t, price, cover, leans[i], offered, current[p], 1)
        if np.all(is_permitted):
            cost = plan_cost(t, current)
            if cost < least - 1e-6:
                least = cost
                best[:] = current
    return least
