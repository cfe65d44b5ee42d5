"""Large neighborhoods: a block of people and weeks planned anew by a small column generation, all else fixed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering import search
from muster.planning.rostering.arrays import Ints, Shorts
from muster.planning.rostering.columns import Master
from muster.planning.rostering.generation import Center, converge, dive
from muster.planning.rostering.tables import Tables

ROUNDS = 40
PICKED_SHARE = 0.7
QUICK_S, SLOW_S = 0.7, 2.5
SMALLEST, LARGEST = 4.0, 40.0
SPANS_WEEKS = (4, 8, 1000)
MEMORY = 0.8


class Block(NamedTuple):
    """People, and a span of days, half open."""

    people: Ints
    first: int
    last: int


@dataclass(slots=True)
class Span:
    """Blocks of so many weeks: how many people they hold, and what they have brought per second of late."""

    weeks: int
    size: float = 8.0
    rate: float = np.inf


@dataclass(slots=True)
class Blocks:
    """Block neighborhoods of a roster; their size follows what they cost, their choice what they bring.

    Parameters
    ----------
    tables
        The problem.
    rng
        Random numbers.
    step
        Least gain worth having: just under 1 where costs are whole numbers.
    """

    tables: Tables
    rng: np.random.Generator
    step: float
    spans: list[Span] = field(init=False)
    weeks: Ints = field(init=False)

    def __post_init__(self) -> None:
        """List the spans of weeks that fit the horizon."""
        self.weeks = search.week_starts(self.tables)
        n_weeks = len(self.weeks) - 1
        self.spans = [Span(weeks) for weeks in SPANS_WEEKS if weeks < n_weeks] + [Span(n_weeks)]
        self.spans = self.spans[: len(SPANS_WEEKS)]

    def run(self, plan: Shorts, *, tries: int, stop_at: float, executor: ThreadPoolExecutor) -> Shorts:
        """Plan blocks anew, two at a time, until `tries` in a row bring nothing; return a roster never worse."""
        best, failed = plan, 0
        while failed < tries and time.monotonic() < stop_at:
            span = self._choose_span()
            blocks = self._two_blocks(best, span)
            seeds = self.rng.integers(0, 2**31, len(blocks))
            began_at, before = time.monotonic(), search.plan_cost(self.tables, best)
            jobs = [
                executor.submit(self._plan_block, best, block, int(seed), stop_at)
                for block, seed in zip(blocks, seeds, strict=True)
            ]
            best = self._merge(best, blocks, [job.result() for job in jobs])
            gain = before - search.plan_cost(self.tables, best)
            self._learn(span, gain, time.monotonic() - began_at)
            failed = 0 if gain > 0 else failed + len(blocks)
        return best

    def _choose_span(self) -> Span:
        """Choose the span that has brought most per second, sometimes another."""
        if self.rng.random() < 0.3:
            return self.spans[int(self.rng.integers(len(self.spans)))]
        return max(self.spans, key=lambda span: span.rate)

    def _learn(self, span: Span, gain: float, took_s: float) -> None:
        rate = gain / max(took_s, 1e-3)
        span.rate = rate if np.isinf(span.rate) else MEMORY * span.rate + (1 - MEMORY) * rate
        factor = 1.1 if took_s < QUICK_S else 0.85 if took_s > SLOW_S else 1.0
        span.size = min(LARGEST, max(SMALLEST, span.size * factor))

    def _merge(self, plan: Shorts, blocks: list[Block], found: list[Shorts | None]) -> Shorts:
        best, cost = plan, search.plan_cost(self.tables, plan)
        for block, rows in zip(blocks, found, strict=True):
            if rows is None:
                continue
            trial = best.copy()
            trial[block.people, block.first : block.last] = rows
            trial_cost = search.plan_cost(self.tables, trial)
            if trial_cost < cost - 1e-6:
                best, cost = trial, trial_cost
        return best

    def _two_blocks(self, plan: Shorts, span: Span) -> list[Block]:
        """Choose two blocks without a person in common, so that both results may be taken."""
        size = min(int(span.size), len(plan))
        everybody = np.arange(len(plan))
        first = self._pick(plan, everybody, size, span.weeks)
        rest = np.setdiff1d(everybody, first.people)
        if len(rest) < SMALLEST:
            return [first]
        return [first, self._pick(plan, rest, min(size, len(rest)), span.weeks)]

    def _pick(self, plan: Shorts, people: NDArray[np.int64], size: int, n_weeks: int) -> Block:
        """Pick weeks and people around a badly covered day and shift, the others at random."""
        t = self.tables
        missing = t.demand - search.count_cover(plan, t.demand.shape[1])
        weight = np.where(missing > 0, missing * t.under, -missing * t.over).ravel()
        chance, day = np.full(len(people), 1.0), int(self.rng.integers(len(t.demand)))
        if weight.sum() > 0:
            day, s = divmod(int(self.rng.choice(len(weight), p=weight / weight.sum())), t.demand.shape[1])
            concerned = plan[people, day] == s if missing[day, s] < 0 else np.isfinite(t.own_cost[people, day, s])
            chance += concerned * PICKED_SHARE / (1 - PICKED_SHARE) * len(people) / max(1, concerned.sum())
        chosen = self.rng.choice(people, size, replace=False, p=chance / chance.sum())
        week = int(np.searchsorted(self.weeks, day, side="right")) - 1
        begin = max(0, min(week - int(self.rng.integers(n_weeks)), len(self.weeks) - 1 - n_weeks))
        return Block(np.sort(chosen).astype(np.int32), int(self.weeks[begin]), int(self.weeks[begin + n_weeks]))

    def _plan_block(self, plan: Shorts, block: Block, seed: int, stop_at: float) -> Shorts | None:
        master = Master(self.tables, plan, *block)
        center = Center()
        target = master.solve().cost - self.step
        prices = converge(master, center, rounds=ROUNDS, gap=0.1, stop_at=stop_at, give_up_at=target)
        if center.bound >= target or prices.cost > target:
            return None
        rng = np.random.default_rng(seed)
        return dive(master, prices, rng, rounds=ROUNDS, gap=0.3, give_up_at=target, stop_at=stop_at)
