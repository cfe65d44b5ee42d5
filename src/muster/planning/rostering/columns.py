"""The master of column generation: whole personal schedules as columns of a linear program in HiGHS.

Rows are the cover of each day and shift type, with slack under and over at its price, and one row a person whose
columns must add up to one. After Strandmark, Qu and Curtois (2020) and Legrain, Omer and Rosat (2020).
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple, cast

import highspy
import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering.arrays import Ints, Reals, Shorts
from muster.planning.rostering.interior import Program, solve_interior
from muster.planning.rostering.search import count_cover
from muster.planning.rostering.tables import NO_LIMIT, Tables

PRIMAL, DUAL = 4, 1
MOST_CENTRAL_CELLS, FEWEST_CENTRAL_ROWS = 800, 400
NEGLIGIBLE, KEPT_FIRST = 1e-2, 1e9
QUIET_SIMPLEX = (
    ("output_flag", False),
    ("presolve", "off"),
    ("threads", 1),
    ("solver", "simplex"),
    ("parallel", "off"),
)


def quiet_highs() -> Any:
    """Return a HiGHS solver that prints nothing.

    Its Python class greets on standard output before it can be silenced, which would spoil the one line of JSON
    that a command prints; the compiled class under it does not.
    """
    highs = cast("Any", highspy.Highs.__base__)()
    for name, value in QUIET_SIMPLEX:
        highs.setOptionValue(name, value)
    return highs


class Prices(NamedTuple):
    """The master's optimum: its cost, the duals of cover (D × S) and of people, and the columns' values."""

    cost: float
    cover: Reals
    person: Reals
    value: Reals


class Master:
    """A restricted master over some people on some days, all else being as a given roster has it.

    It starts with the people's present schedules as its columns.

    Parameters
    ----------
    tables
        The problem.
    plan
        A permitted roster.
    people
        The people whose schedules are chosen here.
    first, last
        The days on which they are chosen, half open; they end with a calendar week or with the horizon.
    stop_at
        Moment of `time.monotonic` at which a linear program is left unfinished: its duals still give a valid bound.
    """

    def __init__(
        self, tables: Tables, plan: Shorts, people: Ints, first: int, last: int, *, stop_at: float = np.inf
    ) -> None:
        self.tables = tables
        self.stop_at = stop_at
        self.people = people
        self.first, self.last = first, last
        self.context = plan[people]
        others = np.delete(plan[:, first:last], people, axis=0)
        self.wanted = (tables.demand[first:last] - count_cover(others, tables.demand.shape[1])).astype(np.float64)
        self.own_cost = tables.own_cost[people, first:last]
        self.under, self.over = tables.under[first:last], tables.over[first:last]
        excess = (tables.max_cover - tables.demand)[first:last].astype(np.float64)
        self.room = np.where(tables.max_cover[first:last] >= NO_LIMIT, np.inf, excess)
        self.rows = np.empty((0, last - first), np.int16)
        self.owner = np.empty(0, np.int64)
        self.cost = np.empty(0)
        self.fixed = np.full(len(people), -1, np.int64)
        self._known: set[tuple[int, bytes]] = set()
        self._n_slacks = 2 * self.wanted.size
        self._highs = self._empty_model()
        self._strategy = PRIMAL
        self.add(np.arange(len(people)), self.context[:, first:last])

    def _empty_model(self) -> Any:
        highs = quiet_highs()
        cells, n = self.wanted.size, len(self.people)
        lower = np.concatenate([self.wanted.ravel(), np.ones(n)])
        empty = np.zeros(0, np.int32)
        highs.addRows(cells + n, lower, lower, 0, np.zeros(cells + n, np.int32), empty, np.zeros(0))
        highs.addCols(
            2 * cells,
            np.concatenate([self.under.ravel(), self.over.ravel()]),
            np.zeros(2 * cells),
            np.concatenate([np.full(cells, np.inf), self.room.ravel()]),
            2 * cells,
            np.arange(2 * cells, dtype=np.int32),
            np.tile(np.arange(cells, dtype=np.int32), 2),
            np.repeat([1.0, -1.0], cells),
        )
        return highs

    def add(self, owner: NDArray[np.int64], rows: Shorts) -> int:
        """Add schedules (n × D) of the people at the positions `owner`; return how many were new."""
        new = [
            i
            for i in range(len(owner))
            if (key := (int(owner[i]), rows[i].tobytes())) not in self._known and not self._known.add(key)  # type: ignore[func-returns-value]
        ]
        if new:
            self._append(owner[new], rows[new])
        return len(new)

    def _append(self, owner: NDArray[np.int64], rows: Shorts) -> None:
        n, days = len(owner), np.arange(rows.shape[1])
        cost = self.own_cost[owner[:, None], days[None, :], rows].sum(axis=1)
        column, day = np.nonzero(rows >= 0)
        cell = day * self.wanted.shape[1] + rows[column, day]
        index = np.concatenate([cell, self.wanted.size + owner])
        order = np.argsort(np.concatenate([column, np.arange(n)]), kind="stable")
        counts = np.bincount(column, minlength=n) + 1
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self._highs.addCols(
            n,
            cost,
            np.zeros(n),
            np.full(n, np.inf),
            len(index),
            starts.astype(np.int32),
            index[order].astype(np.int32),
            np.ones(len(index)),
        )
        self.rows = np.concatenate([self.rows, rows])
        self.owner = np.concatenate([self.owner, owner])
        self.cost = np.concatenate([self.cost, cost])
        for i in np.flatnonzero(self.fixed[owner] >= 0):
            self._bound(np.array([len(self.owner) - n + i]), 0.0, 0.0)
        self._strategy = PRIMAL

    def solve(self) -> Prices:
        """Solve the linear program as it stands, to a vertex."""
        self._highs.setOptionValue("simplex_strategy", self._strategy)
        if np.isfinite(self.stop_at):
            left_s = max(0.01, self.stop_at - time.monotonic())
            self._highs.setOptionValue("time_limit", float(self._highs.getRunTime()) + left_s)
        self._highs.run()
        solution = self._highs.getSolution()
        dual, cells = np.asarray(solution.row_dual), self.wanted.size
        return Prices(
            cost=float(self._highs.getInfo().objective_function_value),
            cover=dual[:cells].reshape(self.wanted.shape),
            person=dual[cells:],
            value=np.asarray(solution.col_value)[self._n_slacks :],
        )

    def solve_center(self, cover: Reals, tolerance: float) -> Prices:
        """Solve the linear program by an interior-point method, from duals of cover, up to a tolerance in cost.

        Its duals are central, its values those of no vertex; many people's master is solved several times sooner.
        """
        is_free = self.fixed[self.owner] < 0
        columns, position = np.flatnonzero(is_free), np.cumsum(self.fixed < 0) - 1
        chosen = self.rows[self.fixed[self.fixed >= 0]]
        rows, days = self.rows[columns], np.arange(self.rows.shape[1])
        n_types = self.wanted.shape[1]
        program = Program(
            starts=np.concatenate([[0], np.cumsum((rows >= 0).sum(axis=1))]).astype(np.int32),
            cells=(days * n_types + rows)[rows >= 0].astype(np.int32),
            owner=position[self.owner[columns]].astype(np.int32),
            cost=self.cost[columns],
            wanted=(self.wanted - count_cover(chosen, n_types)).ravel(),
            under=self.under.ravel(),
            over=self.over.ravel(),
        )
        point = solve_interior(program, cover.ravel(), tolerance)
        value, person = np.zeros(len(self.owner)), np.zeros(len(self.people))
        value[self.fixed[self.fixed >= 0]] = 1.0
        value[columns] = point.value
        person[self.fixed < 0] = point.person
        cost = point.cost + float(self.cost[self.fixed[self.fixed >= 0]].sum())
        return Prices(cost, point.cover.reshape(self.wanted.shape), person, value)

    @property
    def may_center(self) -> bool:
        """Tell whether the interior-point method fits: no hard maximum of cover, and not too many cells."""
        return self.wanted.size <= MOST_CENTRAL_CELLS and bool(np.all(np.isinf(self.room)))

    @property
    def is_wide(self) -> bool:
        """Tell whether the interior-point method is worth its while in a dive, too."""
        return self.may_center and self.wanted.size + len(self.people) >= FEWEST_CENTRAL_ROWS

    def fix(self, columns: NDArray[np.int64]) -> None:
        """Fix columns at one, and with them their people's schedules."""
        for column in columns:
            owner = self.owner[column]
            self.fixed[owner] = column
            self._bound(np.flatnonzero(self.owner == owner), 0.0, 0.0)
            self._bound(np.array([column]), 1.0, 1.0)
        self._strategy = DUAL

    def bar(self, columns: NDArray[np.int64]) -> None:
        """Bar columns from every solution from now on; they stay in the program, so that its basis lives on."""
        self.cost[columns] = np.inf
        self._bound(columns, 0.0, 0.0)
        self._strategy = DUAL

    def _bound(self, columns: NDArray[np.int64], low: float, high: float) -> None:
        n = len(columns)
        index = (columns + self._n_slacks).astype(np.int32)
        self._highs.changeColsBounds(n, index, np.full(n, low), np.full(n, high))

    def purge(self, prices: Prices, per_person: int) -> None:
        """Delete each free person's columns beyond those in use and the cheapest, and fixed people's others."""
        reduced = self.reduced_costs(prices)
        reduced[prices.value > NEGLIGIBLE] -= KEPT_FIRST
        order = np.lexsort((reduced, self.owner))
        first = np.searchsorted(self.owner[order], self.owner[order])
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order)) - first
        keep = rank < per_person
        is_fixed = self.fixed[self.owner] >= 0
        keep[is_fixed] = self.fixed[self.owner[is_fixed]] == np.flatnonzero(is_fixed)
        drop = np.flatnonzero(~keep)
        if not len(drop):
            return
        self._highs.deleteCols(len(drop), (drop + self._n_slacks).astype(np.int32))
        self._known -= {(int(self.owner[i]), self.rows[i].tobytes()) for i in drop}
        moved = np.cumsum(keep) - 1
        self.fixed = np.where(self.fixed >= 0, moved[self.fixed], -1)
        self.rows, self.owner, self.cost = self.rows[keep], self.owner[keep], self.cost[keep]

    def reduced_costs(self, prices: Prices) -> Reals:
        """Return each column's reduced cost."""
        padded = np.concatenate([prices.cover, np.zeros((len(prices.cover), 1))], axis=1)
        days = np.arange(self.rows.shape[1])
        earned = padded[days[None, :], self.rows].sum(axis=1)
        reduced: Reals = self.cost - earned - prices.person[self.owner]
        return reduced
