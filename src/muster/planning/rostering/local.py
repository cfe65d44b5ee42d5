"""Rosters by annealed best response and exchanges: what a city runs, and what column generation starts from."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from muster.planning.rostering import exchange, search
from muster.planning.rostering.arrays import Ints, Shorts
from muster.planning.rostering.problem import RosterProblem
from muster.planning.rostering.tables import Tables

CHUNK_MOVES, FEWEST_MOVES, CHUNK_CELLS = 2000, 100, 10_000_000
EXCHANGE_CHUNK = 200_000


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
