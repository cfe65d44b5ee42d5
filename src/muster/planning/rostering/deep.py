"""Rosters near the optimum: annealing, column generation, dives, polish and blocks, until time runs out."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from muster.planning.rostering import horizon, local, search
from muster.planning.rostering.answers import NOISES, Answers, find_ways
from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.ascent import Ascent
from muster.planning.rostering.blocks import Blocks
from muster.planning.rostering.columns import Master, Prices
from muster.planning.rostering.generation import Center, converge, dive
from muster.planning.rostering.problem import RosterProblem
from muster.planning.rostering.tables import Tables

THREADS = 2
DIVE_ROUNDS, DIVE_FIXINGS, DIVE_SHARE = 40, 30, 0.7
BLOCK_TRIES = 40
ROOT_ROUNDS = 2000
FAR_BELOW = 0.75
LONG_WEEKS = 12
PRICE_SHARE, ROOT_SHARE = 0.7, 0.6
ASCENT_SHARE, FIRST_SHARE, ANSWER_SHARE = 0.15, 0.4, 0.4
BLOCK_SHARE, LAST_SHARE = 0.4, 0.15
FEWEST_DIVE_ROUNDS, WIDE_DIVE_SHARE = 8, 0.35
BOUND_SLACK = 0.02


@dataclass(slots=True)
class DeepSearch:
    """One anytime search; `plan` and `bound` are valid at every moment.

    Parameters
    ----------
    problem, tables
        The problem and its arrays.
    plan
        A permitted roster to start from.
    seed
        Seed.
    stop_at
        Moment of `time.monotonic` at which to end.
    bound
        A valid lower bound known beforehand.
    """

    problem: RosterProblem
    tables: Tables
    plan: Shorts
    seed: int
    stop_at: float
    bound: float = -np.inf
    cost: float = field(init=False)
    is_whole: bool = field(init=False)
    rng: np.random.Generator = field(init=False)
    last_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Take stock of the start."""
        self.cost = search.plan_cost(self.tables, self.plan)
        self.is_whole = has_whole_costs(self.tables)
        self.rng = np.random.default_rng(self.seed)
        self.last_at = self.stop_at - LAST_SHARE * (self.stop_at - time.monotonic())

    @property
    def step(self) -> float:
        """Least gain that a better roster brings."""
        return 0.99 if self.is_whole else 1e-4 * max(1.0, abs(self.cost))

    def run(self) -> None:
        """Search until the bound is met or time is up."""
        is_long = self.problem.n_days > 7 * LONG_WEEKS
        with ThreadPoolExecutor(THREADS) as executor:
            blocks = Blocks(self.tables, self.rng, self.step)
            if is_long:
                self._price(executor)
                while not self.is_done():
                    self._blocks(blocks, executor, self.stop_at)
            else:
                self._anneal(20, local.noise_scale(self.problem))
                self._search(blocks, executor)

    def _search(self, blocks: Blocks, executor: ThreadPoolExecutor) -> None:
        """Search by prices, columns and blocks in turn; the dive, long in a wide problem, comes last there."""
        answers = self._ascend(executor)
        for _ in NOISES:
            self._answer(answers, executor, self._share(FIRST_SHARE))
        root = None if self.is_done() else self._root(answers.ascent, executor)
        is_wide = root is not None and root[0].is_wide
        while not self.is_done():
            if root is not None and not is_wide:
                self._dive(*root, executor)
            self._answer(answers, executor, self._share(ANSWER_SHARE))
            self._blocks(blocks, executor, self._share(BLOCK_SHARE) if self._has_time() else self.stop_at)
            if root is not None and is_wide:
                self._dive(*root, executor)

    def is_done(self) -> bool:
        """Tell whether the roster is proven best, or time is up."""
        return time.monotonic() >= self.stop_at or self.cost < self.bound + (self.step if self.is_whole else 1e-6)

    def _has_time(self) -> bool:
        """Tell whether there is time for another way after this one; in the end blocks bring most."""
        return time.monotonic() < self.last_at

    def _share(self, share: float) -> float:
        """Return the moment at which a share of the time that is left will have passed."""
        now = time.monotonic()
        return now + share * max(0.0, self.stop_at - now)

    def _take(self, plan: Shorts) -> None:
        cost = search.plan_cost(self.tables, plan)
        if cost < self.cost - 1e-9:
            self.plan, self.cost = plan, cost

    def _raise_bound(self, bound: float) -> None:
        """Take a proven bound, rounded up where every roster costs a whole number."""
        if np.isfinite(bound):
            valid = float(math.ceil(bound - BOUND_SLACK)) if self.is_whole else bound - BOUND_SLACK
            self.bound = max(self.bound, valid)

    def _anneal(self, moves_per_week: int, hot: float, plan: Shorts | None = None) -> None:
        n_people, n_days = self.plan.shape
        moves = local.Schedule(max(2000, n_people * n_days * moves_per_week // 7), hot)
        start = self.plan if plan is None else plan
        seed = int(self.rng.integers(2**31))
        self._take(local.anneal(self.tables, start, moves, seed=seed, stop_at=self.stop_at))

    def _price(self, executor: ThreadPoolExecutor) -> None:
        """Plan by prices for a share of the time: on long horizons it is what gets a good roster soonest."""
        stop_at = self._share(PRICE_SHARE)
        priced = horizon.plan_by_prices(self.tables, self.plan, seed=self.seed, stop_at=stop_at, executor=executor)
        self._take(priced.plan)
        self._raise_bound(priced.ascent.bound)

    def _ascend(self, executor: ThreadPoolExecutor) -> Answers:
        """Climb to prices of cover, which need no share of time to speak of."""
        stop_at = self._share(ASCENT_SHARE)
        ways = find_ways(self.tables, self.plan, seed=self.seed, stop_at=stop_at, executor=executor)
        answers = Answers(self.tables, self.plan, ways, self.rng)
        self._raise_bound(answers.ascent.bound)
        return answers

    def _answer(self, answers: Answers, executor: ThreadPoolExecutor, stop_at: float) -> None:
        if not self.is_done():
            self._take(answers.run(stop_at=stop_at, executor=executor))

    def _blocks(self, blocks: Blocks, executor: ThreadPoolExecutor, stop_at: float) -> None:
        if not self.is_done():
            self._take(blocks.run(self.plan, tries=BLOCK_TRIES, stop_at=stop_at, executor=executor))

    def _root(self, ascent: Ascent, executor: ThreadPoolExecutor) -> tuple[Master, Prices] | None:
        """Solve the linear program over whole schedules for its share of time; None when it is not worth a dive."""
        people = np.arange(len(self.plan), dtype=np.int32)
        master = Master(self.tables, self.plan, people, 0, self.problem.n_days, stop_at=self.stop_at)
        center, gap = Center(ascent.bound, ascent.price), max(0.1, 2e-4 * self.cost)
        stop_at = self._share(ROOT_SHARE)
        prices = converge(
            master,
            center,
            rounds=ROOT_ROUNDS,
            gap=gap,
            stop_at=stop_at,
            is_central=True,
            cover=ascent.price,
            executor=executor,
        )
        self._raise_bound(center.bound)
        is_promising = prices.cost - center.bound <= 0.01 * self.cost or prices.cost < FAR_BELOW * self.cost
        return (master, prices) if is_promising else None

    def _dive(self, root: Master, prices: Prices, executor: ThreadPoolExecutor) -> None:
        """Dive from the root's best columns, polish what comes out."""
        master = Master(self.tables, self.plan, root.people, 0, self.problem.n_days, stop_at=self.stop_at)
        near = np.flatnonzero(root.reduced_costs(prices) < max(1.0, 0.002 * self.cost))
        master.add(root.owner[near], root.rows[near])
        stop_at = self._share(WIDE_DIVE_SHARE if root.is_wide else DIVE_SHARE)
        n_rounds = (stop_at - time.monotonic()) / (DIVE_FIXINGS * max(root.solved_in_s, 1e-3))
        if n_rounds < FEWEST_DIVE_ROUNDS:
            return
        rows = dive(
            master,
            master.solve_center(prices.cover, 0.2) if master.is_wide else master.solve(),
            self.rng,
            rounds=int(min(n_rounds, DIVE_ROUNDS)),
            gap=0.5,
            is_central=master.is_wide,
            give_up_at=self.cost - self.step if self.rng.random() < 0.5 else self.cost * 1.02,
            stop_at=stop_at,
            executor=executor,
        )
        if rows is not None:
            self._take(rows)
            self._anneal(40, 1.0, rows.copy())


def has_whole_costs(tables: Tables) -> bool:
    """Tell whether every roster costs a whole number."""
    own = tables.own_cost[np.isfinite(tables.own_cost)]
    parts = (own, tables.under, tables.over)
    return not tables.fair_weight.any() and all(bool(np.all(part == np.rint(part))) for part in parts)
