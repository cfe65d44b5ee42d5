"""Rosters from prices, again and again: longer each time, with the noise that has served best."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.ascent import LEANS_HOT, Ascent, ascend
from muster.planning.rostering.relaxed import Multipliers
from muster.planning.rostering.search import plan_cost
from muster.planning.rostering.tables import Tables
from muster.planning.rostering.whole import answer_in_turn

FIRST_LEANS = (LEANS_HOT, (1.5,))
NOISES, LONG_NOISES = ((0.1, 0.5), (0.5, 0.25)), ((0.04, 0.1),)
ROUNDS = 6000
FIRST_SWEEPS, LATER_SWEEPS, MOST_SWEEPS = 1500, 6000, 24_000
SPREAD = 0.3
FIRST_LEAN, LAST_LEAN = 0.1, 1000.0
CHUNK, CHUNK_CELLS = 5, 100_000


@dataclass(slots=True)
class Way:
    """Prices to answer, the noise that has served best with them, and the least cost that it led to."""

    ascent: Ascent
    noise: float = 0.0
    least: float = np.inf


@dataclass(slots=True)
class Answers:
    """Runs of answers to prices, two ways side by side.

    The prices of the highest bound do not always lead to the best roster, nor does one noise suit every problem:
    the second way answers prices that have settled less, and both find their noise by trying.

    Parameters
    ----------
    tables
        The problem.
    start
        A permitted roster, for want of a better one.
    ways
        Prices.
    rng
        Random numbers.
    first_noises
        The noises of the first runs, one for each way.
    """

    tables: Tables
    start: Shorts
    ways: list[Way]
    rng: np.random.Generator
    first_noises: tuple[tuple[float, ...], ...]
    n_runs: int = field(default=0, init=False)

    @property
    def ascent(self) -> Ascent:
        """The prices of the highest bound."""
        return max((way.ascent for way in self.ways), key=lambda ascent: ascent.bound)

    @property
    def sweeps(self) -> int:
        """How often everybody answers in the next run: few times while noises are compared, then ever more."""
        n_later = self.n_runs - len(self.first_noises)
        return FIRST_SWEEPS if n_later < 0 else min(MOST_SWEEPS, LATER_SWEEPS << (n_later // 2))

    def run(self, *, stop_at: float, executor: ThreadPoolExecutor) -> Shorts:
        """Let everybody answer both ways; return the better roster."""
        noises, seeds = self.noises(), self.rng.integers(0, 2**31, len(self.ways))
        jobs = [
            executor.submit(
                answer,
                self.tables,
                self.start,
                way.ascent,
                noise=noise,
                sweeps=self.sweeps,
                seed=int(seed),
                stop_at=stop_at,
            )
            for way, noise, seed in zip(self.ways, noises, seeds, strict=True)
        ]
        plans = [job.result() for job in jobs]
        costs = [plan_cost(self.tables, plan) for plan in plans]
        self.n_runs += 1
        for way, noise, cost in zip(self.ways, noises, costs, strict=True):
            if cost < way.least:
                way.noise, way.least = noise, cost
        return plans[int(np.argmin(costs))]

    def noises(self) -> tuple[float, ...]:
        """Choose each way's noise in the next run: two in turn first, then some around the better."""
        if self.n_runs < len(self.first_noises):
            return self.first_noises[self.n_runs]
        return tuple(way.noise * float(np.exp(self.rng.normal(0.0, SPREAD))) for way in self.ways)


def find_ways(tables: Tables, plan: Shorts, *, seed: int, stop_at: float, executor: ThreadPoolExecutor) -> list[Way]:
    """Climb to prices of cover, once with a first step chosen by trials and once with a small one."""
    jobs = [
        executor.submit(ascend, tables, plan, rounds=ROUNDS, seed=seed, stop_at=stop_at, first_leans=leans)
        for leans in FIRST_LEANS
    ]
    return [Way(job.result()) for job in jobs]


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
