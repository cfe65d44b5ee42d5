"""Prices of cover to columns and bounds: every person's cheapest schedule under given duals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering.arrays import Bools, Reals, Shorts
from muster.planning.rostering.columns import Master
from muster.planning.rostering.response import UNKNOWN, price_people

MOST_CELLS = 40_000_000
SHARE = 4


def _price(master: Master, positions: NDArray[np.int64], cover_price: Reals, rows: Shorts, bound: Reals) -> None:
    cost = master.own_cost[positions]
    cost[:, :, :-1] -= cover_price
    people, context = master.people[positions], master.context[positions]
    price_people(master.tables, context, people, master.first, cost, MOST_CELLS, rows, bound)


class Priced(NamedTuple):
    """The cheapest schedules found (n × D; `UNKNOWN` for none), and lower bounds on what any would cost."""

    rows: Shorts
    bound: Reals

    @property
    def is_exact(self) -> Bools:
        """Which bounds are attained by the schedule found."""
        exact: Bools = self.rows[:, 0] != UNKNOWN
        return exact


def price(
    master: Master, positions: NDArray[np.int64], cover_price: Reals, executor: ThreadPoolExecutor | None
) -> Priced:
    """Find the cheapest schedules of the people at some positions of a master, under duals of cover."""
    n = len(positions)
    priced = Priced(np.empty((n, len(cover_price)), np.int16), np.empty(n))
    if executor is None or n < 4:
        _price(master, positions, cover_price, *priced)
        return priced
    parts = [slice(i, i + SHARE) for i in range(0, n, SHARE)]
    jobs = [executor.submit(_price, master, positions[s], cover_price, priced.rows[s], priced.bound[s]) for s in parts]
    for job in jobs:
        job.result()
    return priced


def slack_bound(master: Master, cover_price: Reals) -> float:
    """Return the least that cover contributes to the Lagrangian under duals: prices times what is wanted.

    With a hard maximum a price may fall below minus the cost of one too many: then all the room is taken.
    """
    below = np.minimum(0.0, master.over + cover_price)
    taken = np.where(below < 0, master.room, 0.0)
    return float((cover_price * master.wanted).sum() + (below * taken).sum())


def clip_prices(master: Master, cover_price: Reals) -> Reals:
    """Return duals within their valid range, whatever rounding the linear program left."""
    floor = np.where(np.isinf(master.room), -master.over, -np.inf)
    clipped: NDArray[np.float64] = np.clip(cover_price, floor, master.under)
    return clipped
