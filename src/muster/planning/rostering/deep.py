"""Rosters near the optimum: prices and answers to them, branch and price, and blocks, in turn until time runs out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from muster.planning.rostering import local, search
from muster.planning.rostering.answers import LONG_NOISES, NOISES, Answers, find_ways
from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.ascent import Ascent
from muster.planning.rostering.blocks import Blocks
from muster.planning.rostering.branching import Tree
from muster.planning.rostering.columns import Master
from muster.planning.rostering.generation import Center, converge
from muster.planning.rostering.problem import RosterProblem
from muster.planning.rostering.tables import Tables

THREADS = 2
LONG_WEEKS = 12
ASCENT_SHARE, LONG_ASCENT_SHARE = 0.15, 0.2
ANSWER_SHARE, LAST_SHARE = 0.4, 0.15
LEAST_TURN_S, TURN_SHARE, BRIEFEST_S = 2.0, 0.15, 0.02
ROOT_ROUNDS, ROOT_SHARE = 2000, 0.6
TREE_WEIGHT = 3.0
MOVES_PER_WEEK, BLOCK_TRIES = 20, 40
BOUND_SLACK, WHOLE_STEP = 0.02, 0.95


class Way(NamedTuple):
    """One way of searching until a moment or not much longer, and its weight when time is shared out."""

    run: Callable[[float], None]
    weight: float = 1.0


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
        return WHOLE_STEP if self.is_whole else 1e-4 * max(1.0, abs(self.cost))

    def run(self) -> None:
        """Search until the bound is met or time is up."""
        is_long = self.problem.n_days > 7 * LONG_WEEKS
        with ThreadPoolExecutor(THREADS) as executor:
            if not is_long:
                self._anneal()
            answers = self._ascend(executor, is_long=is_long)
            for _ in answers.first_noises:
                self._answer(answers, executor, self._share_unless_last())
            blocks = Blocks(self.tables, self.rng, self.step)
            ways = [
                Way(lambda stop_at: self._answer(answers, executor, stop_at)),
                Way(lambda stop_at: self._blocks(blocks, executor, stop_at)),
            ]
            tree = None if is_long or self.is_done() else self._root(answers.ascent, executor)
            if tree is not None:
                ways.append(Way(lambda _: self._branch(tree, executor), TREE_WEIGHT))
            self._take_turns(ways)

    def is_done(self) -> bool:
        """Tell whether the roster is proven best, or time is up."""
        return time.monotonic() >= self.stop_at or self.cost < self.bound + self.step + 2 * BOUND_SLACK

    def _take_turns(self, ways: list[Way]) -> None:
        """Let ways of searching take turns, their time in proportion to their weights, the last one first.

        Turns grow with the time that has passed. Where nothing is heavier than the rest they are long from the start.
        """
        spent_s, are_equal = [0.0] * len(ways), len({way.weight for way in ways}) == 1
        while not self.is_done():
            turn = min(range(len(ways)), key=lambda i: (spent_s[i] / ways[i].weight, -i))
            began_at = time.monotonic()
            growing_at = began_at + max(LEAST_TURN_S, TURN_SHARE * sum(spent_s))
            ways[turn].run(self._share_unless_last() if are_equal else min(growing_at, self.stop_at))
            spent_s[turn] += max(BRIEFEST_S, time.monotonic() - began_at)

    def _share(self, share: float) -> float:
        """Return the moment at which a share of the time that is left will have passed."""
        now = time.monotonic()
        return now + share * max(0.0, self.stop_at - now)

    def _share_unless_last(self) -> float:
        """Return the moment at which a long turn ends: when the end is near, the end."""
        return self._share(ANSWER_SHARE) if time.monotonic() < self.last_at else self.stop_at

    def _take(self, plan: Shorts) -> None:
        cost = search.plan_cost(self.tables, plan)
        if cost < self.cost - 1e-9:
            self.plan, self.cost = plan, cost

    def _raise_bound(self, bound: float) -> None:
        """Take a proven bound, rounded up where every roster costs a whole number."""
        if np.isfinite(bound):
            valid = float(math.ceil(bound - BOUND_SLACK)) if self.is_whole else bound - BOUND_SLACK
            self.bound = max(self.bound, valid)

    def _anneal(self) -> None:
        n_people, n_days = self.plan.shape
        moves = local.Schedule(max(2000, n_people * n_days * MOVES_PER_WEEK // 7), local.noise_scale(self.problem))
        seed = int(self.rng.integers(2**31))
        self._take(local.anneal(self.tables, self.plan, moves, seed=seed, stop_at=self.stop_at))

    def _ascend(self, executor: ThreadPoolExecutor, *, is_long: bool) -> Answers:
        """Climb to prices of cover."""
        stop_at = self._share(LONG_ASCENT_SHARE if is_long else ASCENT_SHARE)
        ways = find_ways(self.tables, self.plan, seed=self.seed, stop_at=stop_at, executor=executor)
        answers = Answers(self.tables, self.plan, ways, self.rng, LONG_NOISES if is_long else NOISES)
        self._raise_bound(answers.ascent.bound)
        return answers

    def _answer(self, answers: Answers, executor: ThreadPoolExecutor, stop_at: float) -> None:
        if not self.is_done():
            self._take(answers.run(stop_at=stop_at, executor=executor))

    def _blocks(self, blocks: Blocks, executor: ThreadPoolExecutor, stop_at: float) -> None:
        self._take(blocks.run(self.plan, tries=BLOCK_TRIES, stop_at=stop_at, executor=executor))

    def _root(self, ascent: Ascent, executor: ThreadPoolExecutor) -> Tree | None:
        """Solve the linear program over whole schedules for its share of time; None where branching would take long."""
        people = np.arange(len(self.plan), dtype=np.int32)
        master = Master(self.tables, self.plan, people, 0, self.problem.n_days, stop_at=self.stop_at)
        center, gap = Center(ascent.bound, ascent.price), max(0.1, 2e-4 * self.cost)
        prices = converge(
            master,
            center,
            rounds=ROOT_ROUNDS,
            gap=gap,
            stop_at=self._share(ROOT_SHARE),
            is_central=True,
            cover=ascent.price,
            executor=executor,
        )
        self._raise_bound(center.bound)
        if master.is_wide:
            return None
        near = np.flatnonzero(master.reduced_costs(prices) < max(1.0, 0.002 * self.cost))
        rows, owner = master.rows[near], master.owner[near]
        return Tree(self.tables, self.rng, self.step, center.prices, rows, owner, center.bound)

    def _branch(self, tree: Tree, executor: ThreadPoolExecutor) -> None:
        self._take(tree.run(self.plan, stop_at=self.stop_at, executor=executor))
        self._raise_bound(tree.bound)


def has_whole_costs(tables: Tables) -> bool:
    """Tell whether every roster costs a whole number."""
    own = tables.own_cost[np.isfinite(tables.own_cost)]
    parts = (own, tables.under, tables.over)
    return not tables.fair_weight.any() and all(bool(np.all(part == np.rint(part))) for part in parts)
