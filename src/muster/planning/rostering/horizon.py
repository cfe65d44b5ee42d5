"""Rosters for long horizons: prices of cover first, then everybody's answers to them, leaning on what is left open."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.ascent import Ascent, ascend
from muster.planning.rostering.relaxed import Multipliers
from muster.planning.rostering.search import plan_cost
from muster.planning.rostering.tables import Tables
from muster.planning.rostering.whole import answer_in_turn

ROUNDS, SWEEPS = 6000, 1500
ASCENT_SHARE, ANSWERS_SHARE = 0.25, 0.5
FIRST_LEAN, LAST_LEAN = 0.1, 1000.0
NOISES = (0.04, 0.1)
CHUNK, CHUNK_CELLS = 5, 100_000


@dataclass(slots=True)
class PricedPlan:
    """A roster from prices, its cost, and the prices with the bound that they prove."""

    plan: Shorts
    cost: float
    ascent: Ascent


def plan_by_prices(
    tables: Tables, plan: Shorts, *, seed: int, stop_at: float, executor: ThreadPoolExecutor
) -> PricedPlan:
    """Plan a long horizon by prices, two ways side by side.

    Parameters
    ----------
    tables, plan
        The problem and a permitted roster; not changed.
    seed
        Seed.
    stop_at
        Moment of `time.monotonic` by which to end.
    executor
        Threads for the two ways.

    Returns
    -------
    PricedPlan
        The better roster, never worse than `plan`.
    """
    left_s = stop_at - time.monotonic()
    ascent = ascend(tables, plan, rounds=ROUNDS, seed=seed, stop_at=time.monotonic() + ASCENT_SHARE * left_s)
    ways = [
        executor.submit(answer, tables, plan, ascent, noise=noise, sweeps=SWEEPS, seed=seed, stop_at=stop_at)
        for noise in NOISES
    ]
    plans = [way.result() for way in ways]
    costs = [plan_cost(tables, found) for found in plans]
    best = int(np.argmin(costs))
    return PricedPlan(plans[best], costs[best], ascent)


def answer(
    tables: Tables, plan: Shorts, ascent: Ascent, *, noise: float, sweeps: int, seed: int, stop_at: float
) -> Shorts:
    """Let everybody answer again and again, leaning ever harder, the noise falling to nothing.

    Parameters
    ----------
    tables, plan
        The problem and a permitted roster; not changed.
    ascent
        Prices, and the answers to start from.
    noise
        Noise at the start, in cost.
    sweeps
        How often everybody answers, unless time runs out.
    seed, stop_at
        Seed, and the moment of `time.monotonic` by which to end.

    Returns
    -------
    Shorts
        The best roster met, never worse than `plan`.
    """
    current, best = ascent.plan.copy(), plan.copy()
    is_permitted = np.zeros(len(plan), np.bool_)
    multipliers = Multipliers(*(part.copy() for part in ascent.multipliers))
    began_at, done = time.monotonic(), 0.0
    chunk = int(np.clip(CHUNK_CELLS // plan.size, 1, CHUNK))
    while done < 1.0:
        steps = np.minimum(1.0, done + np.arange(1, chunk + 1) / sweeps)
        leans = FIRST_LEAN * (LAST_LEAN / FIRST_LEAN) ** steps
        answer_in_turn(tables, current, best, is_permitted, ascent.price, multipliers, leans, noise * (1 - steps), seed)
        seed += 1
        passed = (time.monotonic() - began_at) / max(1e-3, stop_at - began_at)
        done = max(float(steps[-1]), passed)
    return best
