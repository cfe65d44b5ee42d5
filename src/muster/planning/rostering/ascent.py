"""Prices of cover for long horizons: an augmented Lagrangian climbed person by person.

Each person answers the prices in turn, leaning towards what the others leave open; then the prices follow the cover
that is missing or too much. Running means of all prices give the bound. Within seconds it comes close to the linear
program over whole schedules (the method of multipliers after Hestenes and Powell; means as in the volume algorithm
of Barahona and Anbil).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Ints, Reals, Shorts
from muster.planning.rostering.relaxed import (
    Multipliers,
    Space,
    class_costs,
    count_totals,
    excess_units,
    moved,
    new_space,
    no_multipliers,
    respond,
    side_of,
)
from muster.planning.rostering.search import count_cover
from muster.planning.rostering.tables import Tables

LEANS_HOT, LEAN_COLD = (20.0, 60.0, 5.0, 1.5), 0.005
TRIAL_ROUNDS, TRIAL_FALL, TRIAL_SHARE = 50, 0.01, 0.3
FADING_ROUNDS, LEAST_FALL = 60.0, 0.01
PRICE_SHARE, UNIT_SHARE, WEEKEND_SHARE = 0.3, 0.05, 0.2
MEAN_SHARE, LATE_MEAN_SHARE, LATE = 0.1, 0.03, 0.7
BOUND_TRIES, BOUND_STEP = 16, 0.5
CHUNK, FIRST_PRICE = 25, 10.0


@dataclass(frozen=True, slots=True)
class Ascent:
    """Prices of cover (D × S) and of people's totals, the bound that they prove, and the last answers to them."""

    price: Reals
    multipliers: Multipliers
    bound: float
    plan: Shorts


@compiled
def leaning_prices(t: Tables, price: Reals, cover: Ints, lean: float, out: Reals) -> None:
    """Write what one more person earns: the price, leaning up where cover is missing, down where it is not."""
    demand, under, over, most = t.demand, t.under, t.over, t.max_cover
    for day in range(price.shape[0]):
        for s in range(price.shape[1]):
            earned = price[day, s] + lean * (demand[day, s] - cover[day, s] - 0.5)
            out[day, s] = min(under[day, s], max(-over[day, s], earned))
            if cover[day, s] >= most[day, s]:
                out[day, s] = -np.inf


@compiled
def place(t: Tables, price: Reals, cover: Ints, lean: float, out: Reals, row: Shorts, n: int) -> None:
    """Count a schedule `n` times into the cover, and follow with what its places earn."""
    demand, under, over, most = t.demand, t.under, t.over, t.max_cover
    for day in range(row.shape[0]):
        s = row[day]
        if s >= 0:
            cover[day, s] += n
            earned = price[day, s] + lean * (demand[day, s] - cover[day, s] - 0.5)
            out[day, s] = min(under[day, s], max(-over[day, s], earned))
            if cover[day, s] >= most[day, s]:
                out[day, s] = -np.inf


@compiled
def _move_multipliers(t: Tables, p: int, row: Shorts, multipliers: Multipliers, lean: float, space: Space) -> None:
    """Move one person's multipliers along what the totals pass or leave of their limits."""
    units, weekends = count_totals(t, p, row, space.by_type)
    step = UNIT_SHARE * lean
    longest = float(np.max(t.class_units))
    old, excess = multipliers.unit[p], excess_units(t, p, units)
    if excess != 0:
        multipliers.unit[p] += step / longest**2 * excess
    elif old > 0.0:
        multipliers.unit[p] = max(0.0, old + step / longest**2 * (units - t.max_units[p]))
    elif old < 0.0:
        multipliers.unit[p] = min(0.0, old + step / longest**2 * (units - t.min_units[p]))
    passed = WEEKEND_SHARE * lean * (weekends - t.max_weekends[p])
    multipliers.weekend[p] = max(0.0, multipliers.weekend[p] + passed)
    for s in range(space.by_type.shape[0]):
        if 0 < t.max_of_type[p, s] < row.shape[0]:
            after = multipliers.of_type[p, s] + step * (space.by_type[s] - t.max_of_type[p, s])
            multipliers.of_type[p, s] = max(0.0, after)


@compiled
def _climb(
    t: Tables, price: Reals, multipliers: Multipliers, plan: Shorts, mean_price: Reals, means: Multipliers,
    leans: Reals, mean_share: float, seed: int
) -> None:  # fmt: skip
    """Let everybody answer once for each lean, in random order, and move prices and means after each round."""
    np.random.seed(seed)
    space, offered = new_space(t), np.empty_like(price)
    cover = count_cover(plan, price.shape[1])
    for lean in leans:
        leaning_prices(t, price, cover, lean, offered)
        for p in np.random.permutation(plan.shape[0]):
            place(t, price, cover, lean, offered, plan[p], -1)
            class_costs(t, p, offered, multipliers.of_type[p], space)
            respond(t, p, multipliers.unit[p], multipliers.weekend[p], space, plan[p])
            place(t, price, cover, lean, offered, plan[p], 1)
            _move_multipliers(t, p, plan[p], multipliers, lean, space)
        price += PRICE_SHARE * lean * (t.demand - cover)
        price[:] = np.minimum(t.under, np.maximum(-t.over, price))
        mean_price += mean_share * (price - mean_price)
        means.unit[:] += mean_share * (multipliers.unit - means.unit)
        means.weekend[:] += mean_share * (multipliers.weekend - means.weekend)
        means.of_type[:] += mean_share * (multipliers.of_type - means.of_type)


@compiled
def _allowance(t: Tables, p: int, multipliers: Multipliers) -> float:
    """Return what one person's limits are worth under the multipliers, to be taken off the priced cost."""
    unit = multipliers.unit[p]
    total = 0.0
    if unit != 0.0:
        total = unit * (t.max_units[p] if unit > 0.0 else t.min_units[p])
    if multipliers.weekend[p] > 0.0:
        total += multipliers.weekend[p] * t.max_weekends[p]
    for s in range(multipliers.of_type.shape[1]):
        if multipliers.of_type[p, s] > 0.0:
            total += multipliers.of_type[p, s] * t.max_of_type[p, s]
    return total


@compiled
def _bound_person(t: Tables, p: int, price: Reals, multipliers: Multipliers, space: Space, row: Shorts) -> float:
    """Raise one person's part of the bound by moving their multipliers, the prices of cover fixed; return it."""
    class_costs(t, p, price, multipliers.of_type[p], space)
    longest = float(np.max(t.class_units))
    unit_step, weekend_step, unit_side, weekend_side = BOUND_STEP / longest, BOUND_STEP, 0, 0
    most, best_unit, best_weekend = -np.inf, multipliers.unit[p], multipliers.weekend[p]
    for _ in range(BOUND_TRIES):
        unit, weekend = multipliers.unit[p], multipliers.weekend[p]
        bound = respond(t, p, unit, weekend, space, row) - _allowance(t, p, multipliers)
        if bound > most:
            most, best_unit, best_weekend = bound, unit, weekend
        units, weekends = count_totals(t, p, row, space.by_type)
        side = side_of(units, t.min_units[p], t.max_units[p], unit)
        other_side = side_of(weekends, 0, t.max_weekends[p], weekend)
        if side == 0 and other_side == 0:
            break
        if side != 0:
            multipliers.unit[p], unit_step = moved(unit, side, unit_side, unit_step)
            unit_side = side
        if other_side != 0:
            multipliers.weekend[p], weekend_step = moved(weekend, other_side, weekend_side, weekend_step)
            weekend_side = other_side
    multipliers.unit[p], multipliers.weekend[p] = best_unit, best_weekend
    return most


@compiled
def tighten(t: Tables, price: Reals, multipliers: Multipliers) -> float:
    """Return the lower bound on every roster's cost that prices of cover prove, with the best multipliers found."""
    space, row = new_space(t), np.empty(price.shape[0], np.int16)
    total: float = (price * t.demand).sum()
    for p in range(multipliers.unit.shape[0]):
        total += _bound_person(t, p, price, multipliers, space, row)
    return total


class _Climb:
    """Where an ascent stands: prices of cover and of totals, their running means, and the last answers."""

    def __init__(self, tables: Tables, plan: Shorts, hot: float) -> None:
        self.hot = hot
        self.price = np.clip(np.full(tables.demand.shape, FIRST_PRICE), -tables.over, tables.under)
        self.mean_price = self.price.copy()
        self.multipliers, self.means = no_multipliers(tables), no_multipliers(tables)
        self.answers = plan.copy()

    def go_on(self, tables: Tables, leans: Reals, mean_share: float, seed: int) -> None:
        """Let everybody answer once for each lean."""
        _climb(tables, self.price, self.multipliers, self.answers, self.mean_price, self.means, leans, mean_share, seed)


def ascend(
    tables: Tables, plan: Shorts, *, rounds: int, seed: int, stop_at: float, first_leans: tuple[float, ...] = LEANS_HOT
) -> Ascent:
    """Find prices of cover whose bound is near the best.

    Parameters
    ----------
    tables
        The problem; fairness and limits of a week are left out, which keeps the bound valid.
    plan
        Any roster to start from; not changed.
    rounds
        How often everybody answers; the steps shrink from the first to the last.
    seed, stop_at
        Seed, and the moment of `time.monotonic` after which the steps shrink at once.
    first_leans
        Sizes of the first step; where there are several, short trials choose.

    Returns
    -------
    Ascent
        Prices and bound.
    """
    trials_stop_at = time.monotonic() + TRIAL_SHARE * (stop_at - time.monotonic())
    climb = _choose_climb(tables, plan, first_leans, seed, trials_stop_at)
    hot, began_at, done, last = climb.hot, time.monotonic(), 0, rounds
    cold = LEAN_COLD
    while done < last:
        leans = hot * (cold / hot) ** (np.arange(done, done + CHUNK) / last)
        climb.go_on(tables, leans, MEAN_SHARE if done < LATE * last else LATE_MEAN_SHARE, seed + done)
        done += CHUNK
        per_round_s = (time.monotonic() - began_at) / done
        last = min(last, max(done, int((stop_at - began_at) / per_round_s)))
        cold = float(np.clip(hot * np.exp(-last / FADING_ROUNDS), LEAN_COLD, LEAST_FALL * hot))
    bound = tighten(tables, climb.mean_price, climb.means)
    return Ascent(climb.mean_price, climb.means, bound, climb.answers)


def _choose_climb(tables: Tables, plan: Shorts, first_leans: tuple[float, ...], seed: int, stop_at: float) -> _Climb:
    """Climb a little way with each of some first leans, and return the climb that came highest.

    Prices settle soonest from a lean of their own size, which differs by a factor of fifty from problem to problem.
    """
    best, most = _Climb(tables, plan, first_leans[0]), -np.inf
    for hot in first_leans:
        climb = _Climb(tables, plan, hot)
        leans = hot * TRIAL_FALL ** np.linspace(0.0, 1.0, TRIAL_ROUNDS)
        climb.go_on(tables, leans, MEAN_SHARE, seed)
        bound = tighten(tables, climb.mean_price, Multipliers(*(part.copy() for part in climb.means)))
        if bound > most:
            best, most = climb, bound
        if time.monotonic() >= stop_at:
            break
    return best
