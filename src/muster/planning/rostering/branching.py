"""Branch and price: the linear program over whole schedules, split by what one person does on one day.

Each branch either gives a person a shift type (or the day off) on a day, or forbids it. That is felt by the dynamic
program alone, which prices every schedule that a branch still permits, so that each branch has a bound of its own.
From the branch of the least bound a plunge follows the likelier side until a roster or nothing is left. After
Barnhart, Johnson, Nemhauser, Savelsbergh and Vance, *Branch-and-price: column generation for solving huge integer
programs* (1998).
"""

from __future__ import annotations

import heapq
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering.arrays import Bools, Ints, Reals, Shorts
from muster.planning.rostering.columns import Master, Prices
from muster.planning.rostering.generation import Center, converge, round_off
from muster.planning.rostering.pricing import MOST_CELLS
from muster.planning.rostering.response import UNKNOWN, price_people
from muster.planning.rostering.search import plan_cost
from muster.planning.rostering.tables import Tables

ROUNDS = 60
KEPT_COLUMNS = 25
GAP_SHARE = 0.02
CELLS_AT_ONCE, NEARLY_ONE = 300, 0.9
FRACTION, LIKELY, EVEN, BLUR, TINY = 1e-3, 0.6, 0.5, 0.02, 1e-6
PLUNGES_AT_ONCE = 2


class TooLargeError(Exception):
    """A person's schedules under a branch are too many to choose the cheapest of."""


class Choice(NamedTuple):
    """What one person does on one day, or does not do; the last symbol is the day off."""

    person: int
    day: int
    symbol: int
    is_taken: bool


class Branch(NamedTuple):
    """A part of all rosters: those that agree with some choices. Ordered by bound, then by age."""

    bound: float
    age: int
    choices: tuple[Choice, ...]
    prices: Reals


@dataclass(slots=True)
class _Columns:
    """Schedules known to be worth something, of which a branch starts with the cheapest that it permits."""

    rows: Shorts
    owner: NDArray[np.int64]


@dataclass(slots=True)
class _Plunge:
    """What one plunge found: a roster, the branches it left aside, its last columns, what it cannot see."""

    plan: Shorts | None = None
    aside: list[Branch] = field(default_factory=list)
    columns: _Columns | None = None
    unseen: float = np.inf


@dataclass(slots=True)
class Tree:
    """The branches still open, and the search through them.

    Parameters
    ----------
    tables
        The problem.
    rng
        Random numbers.
    step
        Least gain worth having: just under 1 where costs are whole numbers.
    prices
        Duals of cover (D × S) to start from.
    rows, owner
        Schedules to start from, and whose they are.
    bound
        A valid lower bound of every roster.
    """

    tables: Tables
    rng: np.random.Generator
    step: float
    prices: Reals
    rows: Shorts
    owner: NDArray[np.int64]
    bound: float
    _open: list[Branch] = field(init=False)
    _columns: _Columns = field(init=False)
    _n_branches: int = 1
    _unseen: float = np.inf

    def __post_init__(self) -> None:
        """Begin with all rosters in one branch."""
        self._open = [Branch(self.bound, 0, (), self.prices)]
        self._columns = _Columns(self.rows, self.owner)

    @property
    def is_exhausted(self) -> bool:
        """Tell whether no branch is left: what is better than the roster last returned, the bound excludes."""
        return not self._open

    def run(self, plan: Shorts, *, stop_at: float, executor: ThreadPoolExecutor) -> Shorts:
        """Plunge from the two branches of the least bounds, side by side; return a roster never worse than `plan`.

        `bound` afterwards holds for every roster better than the one returned by `step`.
        """
        cost = plan_cost(self.tables, plan)
        starts = [heapq.heappop(self._open) for _ in range(min(PLUNGES_AT_ONCE, len(self._open)))]
        jobs = [
            executor.submit(self._plunge, start, cost - self.step, int(self.rng.integers(2**31)), stop_at)
            for start in starts
        ]
        for job in jobs:
            found = job.result()
            self._keep(found)
            if found.plan is not None and plan_cost(self.tables, found.plan) < plan_cost(self.tables, plan):
                plan = found.plan
        self._close(plan_cost(self.tables, plan) - self.step)
        return plan

    def _keep(self, found: _Plunge) -> None:
        for branch in found.aside:
            heapq.heappush(self._open, branch._replace(age=self._n_branches))
            self._n_branches += 1
        self._unseen = min(self._unseen, found.unseen)
        if found.columns is not None:
            rows = np.concatenate([found.columns.rows, self._columns.rows])
            owner = np.concatenate([found.columns.owner, self._columns.owner])
            most = KEPT_COLUMNS * KEPT_COLUMNS * self.tables.own_cost.shape[0]
            self._columns = _Columns(rows[:most], owner[:most])

    def _close(self, most: float) -> None:
        """Close the branches that hold nothing of at most a cost, and raise the bound to what is open."""
        self._open = [branch for branch in self._open if branch.bound < most]
        heapq.heapify(self._open)
        least = self._open[0].bound if self._open else most
        self.bound = max(self.bound, min(least, self._unseen))

    def _plunge(self, branch: Branch, most: float, seed: int, stop_at: float) -> _Plunge:
        """Follow the likelier side of each branching until nothing of at most `most` is left, or a roster is found."""
        found, rng = _Plunge(), np.random.default_rng(seed)
        try:
            master = self._open_master(branch, stop_at)
            if master is not None:
                self._follow(branch, master, found, most=most, rng=rng, stop_at=stop_at)
        except TooLargeError:
            found.unseen = branch.bound
        return found

    def _follow(
        self, branch: Branch, master: Master, found: _Plunge, *, most: float, rng: np.random.Generator, stop_at: float
    ) -> None:
        while True:
            center = Center()
            gap = GAP_SHARE * self.step
            prices = converge(master, center, rounds=ROUNDS, gap=gap, stop_at=stop_at, give_up_at=most)
            if np.isfinite(center.bound):
                branch = branch._replace(bound=max(branch.bound, center.bound), prices=center.prices)
            if time.monotonic() >= stop_at:
                found.aside.append(branch)
                break
            if branch.bound >= most:
                break
            chosen = _choose(master, prices, rng)
            if not chosen:
                # Where pricing was cut short, more may lie in this branch than the roster that it ends with.
                found.plan, found.unseen = round_off(master, prices), branch.bound
                break
            for choice in chosen:
                found.aside.append(_with(branch, choice._replace(is_taken=not choice.is_taken)))
                branch = _with(branch, choice)
            if not all(_restrict(master, choice, branch.prices) for choice in chosen):
                break
        master.purge(prices, KEPT_COLUMNS)
        found.columns = _Columns(master.rows, master.owner)

    def _open_master(self, branch: Branch, stop_at: float) -> Master | None:
        """Return the master of a branch with columns to start from; None when a person has nothing left."""
        own = self.tables.own_cost.copy()
        for choice in branch.choices:
            own[choice.person, choice.day, _barred(own.shape[2], choice)] = np.inf
        tables = self.tables._replace(own_cost=own)
        people = np.arange(len(own), dtype=np.int32)
        start = _cheapest(tables, people, own, branch.prices)
        if start is None:
            return None
        master = Master(tables, start, people, 0, own.shape[1], stop_at=stop_at)
        master.add(*self._pick(own, branch.prices))
        return master

    def _pick(self, own: Reals, prices: Reals) -> tuple[NDArray[np.int64], Shorts]:
        """Pick the cheapest of each person's known schedules under the costs of a branch."""
        rows, owner = self._columns.rows, self._columns.owner
        days = np.arange(own.shape[1])
        padded = np.concatenate([prices, np.zeros((len(prices), 1))], axis=1)
        cost = own[owner[:, None], days, rows].sum(axis=1) - padded[days, rows].sum(axis=1)
        order = np.lexsort((cost, owner))
        rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
        picked = order[(rank < KEPT_COLUMNS) & np.isfinite(cost[order])]
        return owner[picked], rows[picked]


def _with(branch: Branch, choice: Choice) -> Branch:
    return branch._replace(choices=(*branch.choices, choice))


def _barred(n_symbols: int, choice: Choice) -> Bools:
    """Tell which symbols a choice leaves no room for."""
    barred: Bools = (np.arange(n_symbols) == choice.symbol) != choice.is_taken
    return barred


def _cheapest(tables: Tables, people: Ints, own: Reals, prices: Reals) -> Shorts | None:
    """Return the cheapest schedules of some people under duals; None where one has nothing permitted."""
    cost = own.copy()
    cost[:, :, :-1] -= prices
    rows, bound = np.full(own.shape[:2], UNKNOWN, np.int16), np.empty(len(people))
    price_people(tables, rows.copy(), people, 0, cost, MOST_CELLS, rows, bound)
    if np.any(np.isposinf(bound)):
        return None
    if np.any(rows[:, 0] == UNKNOWN):
        raise TooLargeError
    return rows


def _restrict(master: Master, choice: Choice, prices: Reals) -> bool:
    """Restrict a master to a choice; False when the person has nothing left."""
    n_symbols = master.own_cost.shape[2]
    barred = _barred(n_symbols, choice)
    master.own_cost[choice.person, choice.day, barred] = np.inf
    one = np.array([choice.person], np.int32)
    rows = _cheapest(master.tables, one, master.own_cost[one], prices)
    if rows is None:
        return False
    master.add(one.astype(np.int64), rows)
    is_contrary = (master.owner == choice.person) & barred[master.rows[:, choice.day] % n_symbols]
    master.bar(np.flatnonzero(is_contrary))
    return True


def _choose(master: Master, prices: Prices, rng: np.random.Generator) -> list[Choice]:
    """Choose what to branch on: what is done almost wholly, some at once, or else what is done to about `LIKELY`.

    Nothing is left to choose when every person has one schedule.
    """
    n_people, n_days, n_symbols = master.own_cost.shape
    used = np.flatnonzero(prices.value > TINY)
    done = np.zeros((n_people, n_days, n_symbols))
    days = np.arange(n_days)
    np.add.at(done, (master.owner[used][:, None], days, master.rows[used]), prices.value[used][:, None])
    is_open = np.minimum(done, 1.0 - done) > FRACTION
    if not np.any(is_open):
        return []
    sure = np.argwhere(is_open & (done > NEARLY_ONE))
    if len(sure):
        most = max(1, n_people * n_days // CELLS_AT_ONCE)
        first = np.argsort(-done[tuple(sure.T)], kind="stable")[:most]
        return [Choice(int(p), int(day), int(symbol), is_taken=True) for p, day, symbol in sure[first]]
    distance = np.abs(done - LIKELY) + BLUR * rng.random(done.shape)
    place = np.unravel_index(np.argmin(np.where(is_open, distance, np.inf)), done.shape)
    person, day, symbol = (int(i) for i in place)
    return [Choice(person, day, symbol, is_taken=bool(done[place] >= EVEN))]
