"""Rosters by construction and annealed best response: what a city runs, and what column generation starts from."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from muster.planning.rostering import exchange, search, whole
from muster.planning.rostering.arrays import Bools, Ints, Shorts
from muster.planning.rostering.problem import FREE, OFF, IntArray, RosterProblem
from muster.planning.rostering.response import best_response
from muster.planning.rostering.tables import NO_LIMIT, Tables

CHUNK_MOVES, FEWEST_MOVES, CHUNK_CELLS = 2000, 100, 10_000_000
EXCHANGE_CHUNK = 200_000
WHOLE_HORIZON = 1 << 20
PART_WEEKS = 4
LONG_DAYS = 84


@dataclass(frozen=True, slots=True)
class Schedule:
    """How an annealing runs: moves, noise at its start and end, and spans of weeks to plan at once."""

    n_moves: int
    hot: float
    cold: float = 0.0
    span_weeks: tuple[int, ...] = (1, 2, 4)

    @property
    def spans(self) -> Ints:
        """Spans as the kernel takes them."""
        return np.array(self.span_weeks, np.int32)


def noise_scale(problem: RosterProblem) -> float:
    """Choose the noise that an annealing starts with, from the size of the problem's small costs."""
    fair = problem.fairness
    wishes = [wish.weight for wish in problem.requests if wish.weight > 0]
    if wishes:
        return 2.5 * float(np.mean(wishes))
    small = [w for w in (fair.nights, fair.weekends, fair.hours, problem.disturbance_weight) if w > 0]
    return 2.0 * max(small) if small else 1.0


def start_plan(
    tables: Tables, seed: int, *, is_chained: bool, standing: IntArray | None = None
) -> tuple[Shorts, list[int]]:
    """Plan everybody once, in random order, against the cover so far.

    Parameters
    ----------
    tables
        The problem.
    seed
        Seed of the order.
    is_chained
        Plan week by week (quick, may paint itself into a corner) before planning whole horizons.
    standing
        A standing roster to start from: people whose schedule is still permitted keep it.

    Returns
    -------
    tuple
        The roster, and the people for whom nothing permitted was found (their rows are not permitted).
    """
    n_people = len(tables.own_cost)
    plan, is_planned = _standing_plan(tables, standing)
    order = np.random.default_rng(seed).permutation(n_people).astype(np.int32)
    order = order[~is_planned[order]]
    if is_chained:
        _construct(tables, plan, order, 1, is_planned)
        order = order[~is_planned[order]]
        plan[order] = OFF
    if plan.shape[1] > LONG_DAYS:
        whole.answer_once(tables, plan, order, is_planned)
        order = order[~is_planned[order]]
    if len(order):
        _construct(tables, plan, order, WHOLE_HORIZON, is_planned)
    order = order[~is_planned[order]]
    plan[order] = OFF
    if len(order):
        _construct_by_parts(tables, plan, order, is_planned)
    return plan, [int(p) for p in np.flatnonzero(~is_planned)]


def _construct(tables: Tables, plan: Shorts, order: Ints, span_weeks: int, is_planned: Bools) -> None:
    """Plan the people one after the other, `span_weeks` calendar weeks at a time, against the cover so far."""
    weeks = search.week_starts(tables)
    cover = search.count_cover(plan, tables.demand.shape[1])
    for p in order:
        is_planned[p] = True
        for w in range(0, len(weeks) - 1, span_weeks):
            first, last = int(weeks[w]), int(weeks[min(w + span_weeks, len(weeks) - 1)])
            cost = search.marginal_costs(tables, cover, p, first, last)
            chosen = np.empty(last - first, np.int16)
            if best_response(tables, plan[p], int(p), first, cost, chosen) < np.inf:
                plan[p, first:last] = chosen
                days = np.flatnonzero(chosen >= 0)
                cover[first + days, chosen[days]] += 1
            else:
                is_planned[p] = False


def _construct_by_parts(tables: Tables, plan: Shorts, order: Ints, is_planned: Bools) -> None:
    """Plan people whose whole horizon is too large to plan at once: parts, each with its share of the limits."""
    weeks = search.week_starts(tables)
    n_weeks, n_days = len(weeks) - 1, plan.shape[1]
    for w in range(0, n_weeks, PART_WEEKS):
        first, last = int(weeks[w]), int(weeks[min(w + PART_WEEKS, n_weeks)])
        part = _share_of_limits(tables, last / n_days)
        cover = search.count_cover(plan, tables.demand.shape[1])
        for p in order:
            cost = search.marginal_costs(tables, cover, int(p), first, last)
            chosen = np.empty(last - first, np.int16)
            if best_response(part, plan[p], int(p), first, cost, chosen) < np.inf:
                plan[p, first:last] = chosen
                days = np.flatnonzero(chosen >= 0)
                cover[first + days, chosen[days]] += 1
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


def is_impossible(tables: Tables, p: int) -> bool:
    """Tell whether it is proven that a person has no permitted schedule at all, whatever the others do."""
    n_days, n_types = tables.demand.shape
    cost = tables.own_cost[p].copy()
    cost[:, :n_types][tables.max_cover == 0] = np.inf
    row = np.full(n_days, OFF, np.int16)
    return bool(np.isposinf(best_response(tables, row, p, 0, cost, np.empty(n_days, np.int16))))


def chunk_moves(plan: Shorts) -> int:
    """Return how many moves are made between two looks at the clock: fewer in a large roster."""
    return min(CHUNK_MOVES, max(FEWEST_MOVES, CHUNK_CELLS // max(1, plan.size)))


def anneal(tables: Tables, plan: Shorts, schedule: Schedule, *, seed: int, stop_at: float) -> Shorts:
    """Improve a roster by noisy best responses.

    Parameters
    ----------
    tables
        The problem.
    plan
        A permitted roster; not changed.
    schedule
        Moves and noise.
    seed
        Seed; the same seed gives the same roster unless time runs out.
    stop_at
        Moment of `time.monotonic` after which no further chunk of moves begins.

    Returns
    -------
    Shorts
        The best roster met, never worse than `plan`.
    """
    current, best = plan.copy(), plan.copy()
    chunk = chunk_moves(plan)
    for done in range(0, schedule.n_moves, chunk):
        if time.monotonic() >= stop_at:
            break
        n = min(chunk, schedule.n_moves - done)
        hot = schedule.hot + (schedule.cold - schedule.hot) * done / schedule.n_moves
        cold = schedule.hot + (schedule.cold - schedule.hot) * (done + n) / schedule.n_moves
        search.improve(tables, current, best, n, hot, cold, schedule.spans, seed * 7919 + done)
    return best


def share_out(tables: Tables, plan: Shorts, *, n_moves: int, hot: float, seed: int, stop_at: float) -> Shorts:
    """Improve a roster by annealed exchanges of days between two people.

    Parameters
    ----------
    tables, plan
        The problem and a permitted roster; neither is changed.
    n_moves, hot
        Exchanges tried, and the cost that the first of them may accept in the mean.
    seed, stop_at
        As for `anneal`.

    Returns
    -------
    Shorts
        The best roster met, never worse than `plan`.
    """
    current, best = plan.copy(), plan.copy()
    for done in range(0, n_moves, EXCHANGE_CHUNK):
        if time.monotonic() >= stop_at:
            break
        n = min(EXCHANGE_CHUNK, n_moves - done)
        start, end = hot * (1 - done / n_moves), hot * (1 - (done + n) / n_moves)
        exchange.exchange_days(tables, current, best, n, start, end, seed * 7919 + done)
    return best
