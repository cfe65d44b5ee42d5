"""The first roster: everybody planned once, one after the other, against the cover so far.

Long horizons are planned by prices on the totals, which take a millisecond a person; whoever they do not fit is
planned with minutes counted and weekends priced, in hundredths of a second. Counting everything is the last resort.
"""

from __future__ import annotations

import time

import numpy as np

from muster.planning.rostering import exchange, search, whole
from muster.planning.rostering.arrays import Bools, Ints, Reals, Shorts
from muster.planning.rostering.problem import FREE, OFF, IntArray
from muster.planning.rostering.response import best_response
from muster.planning.rostering.tables import NO_LIMIT, Tables

TRIES = 8
WHOLE_HORIZON = 1 << 20
PART_WEEKS = 4
LONG_DAYS = 84
AT_ONCE = 10
FIRST_WEEKEND_PRICE, WEEKEND_TRIES = 1.0, 14


def start_somehow(
    tables: Tables, seed: int, *, stop_at: float, standing: IntArray | None = None
) -> tuple[Shorts, list[int]]:
    """Plan everybody, in several orders when one leads nowhere, until time runs out.

    Parameters
    ----------
    tables
        The problem.
    seed
        Seed of the orders.
    stop_at
        Moment of `time.monotonic` after which no other order is tried.
    standing
        A standing roster to start from: people whose schedule is still permitted keep it.

    Returns
    -------
    tuple
        The roster, and the people for whom nothing permitted was found (their rows are not permitted).
    """
    for attempt in range(TRIES):
        plan, lost = start_plan(tables, seed + attempt, stop_at=stop_at, standing=standing)
        is_hopeless = attempt == 0 and is_any_impossible(tables, lost, stop_at)
        if not lost or is_hopeless or time.monotonic() >= stop_at:
            break
    return plan, lost


def start_plan(
    tables: Tables, seed: int, *, stop_at: float, standing: IntArray | None = None
) -> tuple[Shorts, list[int]]:
    """Plan everybody once, in random order: the quickest ways first, the slower ones for whoever is left.

    Parameters and what is returned are those of `start_somehow`. Where nobody owes minutes, weeks are planned one by
    one, which is quick but may paint itself into a corner.
    """
    plan, is_planned = _standing_plan(tables, standing)
    order = np.random.default_rng(seed).permutation(len(plan)).astype(np.int32)
    if not np.any(tables.min_units > 0):
        _construct(tables, plan, _left(order, is_planned), 1, is_planned)
        plan[~is_planned] = OFF
    is_long = plan.shape[1] > LONG_DAYS
    if is_long:
        left = _left(order, is_planned)
        for i in range(0, len(left), AT_ONCE):
            whole.answer_once(tables, plan, left[i : i + AT_ONCE], is_planned, seed + i)
        _construct_at_weekend_prices(tables, plan, _left(order, is_planned), is_planned)
        plan[~is_planned] = OFF
        _construct_by_parts(tables, plan, _left(order, is_planned), is_planned)
        plan[~is_planned] = OFF
    _construct(tables, plan, _left(order, is_planned), WHOLE_HORIZON, is_planned, stop_at if is_long else np.inf)
    plan[~is_planned] = OFF
    _construct_by_parts(tables, plan, _left(order, is_planned), is_planned)
    return plan, [int(p) for p in np.flatnonzero(~is_planned)]


def _left(order: Ints, is_planned: Bools) -> Ints:
    """Return those not planned yet, in order."""
    left: Ints = order[~is_planned[order]]
    return left


def _construct(
    tables: Tables, plan: Shorts, order: Ints, span_weeks: int, is_planned: Bools, stop_at: float = np.inf
) -> None:
    """Plan the people one after the other, `span_weeks` calendar weeks at a time, against the cover so far."""
    weeks = search.week_starts(tables)
    cover = search.count_cover(plan, tables.demand.shape[1])
    for p in order:
        if time.monotonic() >= stop_at:
            break
        is_planned[p] = True
        for w in range(0, len(weeks) - 1, span_weeks):
            first, last = int(weeks[w]), int(weeks[min(w + span_weeks, len(weeks) - 1)])
            cost = search.marginal_costs(tables, cover, p, first, last)
            if not _plan_days(tables, plan, int(p), first, cost, cover):
                is_planned[p] = False


def _plan_days(tables: Tables, plan: Shorts, p: int, first: int, cost: Reals, cover: Ints) -> bool:
    """Plan one person's window against costs and count it into the cover; tell whether anything is permitted."""
    chosen = np.empty(len(cost), np.int16)
    if not best_response(tables, plan[p], p, first, cost, chosen) < np.inf:
        return False
    plan[p, first : first + len(cost)] = chosen
    days = np.flatnonzero(chosen >= 0)
    cover[first + days, chosen[days]] += 1
    return True


def _construct_at_weekend_prices(tables: Tables, plan: Shorts, order: Ints, is_planned: Bools) -> None:
    """Plan whole horizons with everything counted but weekends, which cost ever more until few enough are worked."""
    n_days = plan.shape[1]
    free = tables._replace(max_weekends=np.full_like(tables.max_weekends, NO_LIMIT))
    cover = search.count_cover(plan, tables.demand.shape[1])
    for p in order:
        price, base = 0.0, search.marginal_costs(tables, cover, int(p), 0, n_days)
        for _ in range(WEEKEND_TRIES):
            cost, row = base.copy(), np.empty(n_days, np.int16)
            cost[tables.is_weekend, :-1] += price
            if not best_response(free, plan[p], int(p), 0, cost, row) < np.inf:
                break
            if exchange.is_permitted(tables, row, int(p)):
                plan[p], is_planned[p] = row, True
                days = np.flatnonzero(row >= 0)
                cover[days, row[days]] += 1
                break
            price = max(FIRST_WEEKEND_PRICE, 2 * price)


def _construct_by_parts(tables: Tables, plan: Shorts, order: Ints, is_planned: Bools) -> None:
    """Plan people whose whole horizon is too large to plan at once: parts, each with its share of the limits."""
    if not len(order):
        return
    weeks = search.week_starts(tables)
    n_weeks, n_days = len(weeks) - 1, plan.shape[1]
    for w in range(0, n_weeks, PART_WEEKS):
        first, last = int(weeks[w]), int(weeks[min(w + PART_WEEKS, n_weeks)])
        part = _share_of_limits(tables, last / n_days)
        cover = search.count_cover(plan, tables.demand.shape[1])
        for p in order:
            cost = search.marginal_costs(tables, cover, int(p), first, last)
            _plan_days(part, plan, int(p), first, cost, cover)
    for p in order:
        is_planned[p] = exchange.is_permitted(tables, plan[p], int(p))


def _share_of_limits(tables: Tables, share: float) -> Tables:
    """Return the problem with the limits that a first part of the horizon may use up."""

    def scaled(limit: Ints) -> Ints:
        return np.where(limit >= NO_LIMIT, limit, np.floor(limit * share + 1e-9)).astype(np.int32)

    return tables._replace(
        min_units=np.ceil(tables.min_units * share - 1e-9).astype(np.int32),
        max_units=np.maximum(scaled(tables.max_units), np.ceil(tables.min_units * share)).astype(np.int32),
        max_weekends=scaled(tables.max_weekends),
        max_nights=scaled(tables.max_nights),
        max_of_type=scaled(tables.max_of_type),
    )


def _standing_plan(tables: Tables, standing: IntArray | None) -> tuple[Shorts, Bools]:
    n_people, n_days = tables.own_cost.shape[:2]
    plan = np.full((n_people, n_days), OFF, np.int16)
    keeps = np.zeros(n_people, np.bool_)
    if standing is None or np.all(standing == FREE):
        return plan, keeps
    for p in range(n_people):
        row = np.maximum(standing[p], OFF).astype(np.int16)
        keeps[p] = exchange.is_permitted(tables, row, p)
        if keeps[p]:
            plan[p] = row
    cover = search.count_cover(plan, tables.demand.shape[1])
    if np.any(cover > tables.max_cover):
        plan[:], keeps[:] = OFF, False
    return plan, keeps


def is_any_impossible(tables: Tables, people: list[int], stop_at: float = np.inf) -> bool:
    """Tell whether it is proven in time that one of some people has no permitted schedule, whatever the others do."""
    n_days, n_types = tables.demand.shape
    row = np.full(n_days, OFF, np.int16)
    for p in people:
        cost = tables.own_cost[p].copy()
        cost[:, :n_types][tables.max_cover == 0] = np.inf
        if np.isposinf(best_response(tables, row, p, 0, cost, np.empty(n_days, np.int16))):
            return True
        if time.monotonic() >= stop_at:
            break
    return False
