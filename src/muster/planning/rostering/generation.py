"""Column generation and diving: the linear bound, then people fixed one after the other, priced anew each time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering.arrays import Reals, Shorts
from muster.planning.rostering.columns import Master, Prices
from muster.planning.rostering.pricing import clip_prices, price, slack_bound

SMOOTHING = 0.5
KEPT_COLUMNS = 15
BLURS = (0.02, 0.1, 0.4)
NEARLY_ONE, LIKELY = 0.9, 0.6
SHARE_AT_ONCE = 30
FEWEST_CENTRAL = 20
TOLERANCE = 0.05


@dataclass(slots=True)
class Center:
    """The best Lagrangian bound and the duals that gave it, around which later duals are smoothed."""

    bound: float = -np.inf
    prices: Reals = field(default_factory=lambda: np.empty(0))


def converge(
    master: Master,
    center: Center,
    *,
    rounds: int,
    gap: float,
    stop_at: float,
    give_up_at: float = np.inf,
    is_central: bool = False,
    cover: Reals | None = None,
    executor: ThreadPoolExecutor | None = None,
) -> Prices:
    """Add columns until the master's cost is within `gap` of the Lagrangian bound, or rounds or time run out.

    Gives up, too, when the bound reaches `give_up_at`: nothing cheaper is left here. With `is_central` the master is
    solved by the interior-point method, first from the duals `cover`, only as closely as the bound deserves.
    """
    free = np.flatnonzero(master.fixed < 0)
    is_central = is_central and master.may_center and len(free) >= FEWEST_CENTRAL
    start = np.zeros_like(master.wanted) if cover is None else cover
    prices = master.solve_center(start, 0.5 * gap) if is_central else master.solve()
    for _ in range(rounds):
        if time.monotonic() >= stop_at or prices.cost - center.bound <= gap or center.bound >= give_up_at:
            break
        lp_duals = clip_prices(master, prices.cover)
        duals = lp_duals
        if np.isfinite(center.bound):
            duals = SMOOTHING * center.prices + (1 - SMOOTHING) * lp_duals
        n_new = _price_once(master, center, free, duals, prices, executor)
        if not n_new:
            n_new = _price_once(master, center, free, lp_duals, prices, executor)
            if not n_new:
                break
        prices = _solve_closer(master, prices, center.bound, gap) if is_central else master.solve()
    return prices


def _solve_closer(master: Master, last: Prices, bound: float, gap: float) -> Prices:
    tolerance = float(np.clip(TOLERANCE * (last.cost - bound), 0.3 * gap, 0.02 * abs(last.cost) + gap))
    return master.solve_center(last.cover, tolerance)


def _price_once(
    master: Master,
    center: Center,
    free: NDArray[np.int64],
    duals: Reals,
    prices: Prices,
    executor: ThreadPoolExecutor | None,
) -> int:
    """Price the free people once, record the Lagrangian bound, and add what the master lacks."""
    priced = price(master, free, duals, executor)
    bound = slack_bound(master, duals) + float(priced.bound.sum()) + _fixed_cost(master, duals)
    if bound > center.bound:
        center.bound, center.prices = bound, duals
    padded = np.concatenate([prices.cover, np.zeros((len(duals), 1))], axis=1)
    days = np.arange(priced.rows.shape[1])
    usable = np.where(priced.is_exact[:, None], priced.rows, -1)
    own = master.own_cost[free[:, None], days, usable].sum(axis=1)
    reduced = own - padded[days, usable].sum(axis=1) - prices.person[free]
    good = priced.is_exact & (reduced < -1e-6)
    return master.add(free[good], priced.rows[good])


def _fixed_cost(master: Master, duals: Reals) -> float:
    columns = master.fixed[master.fixed >= 0]
    padded = np.concatenate([duals, np.zeros((len(duals), 1))], axis=1)
    rows = master.rows[columns]
    return float(master.cost[columns].sum() - padded[np.arange(rows.shape[1]), rows].sum())


def dive(
    master: Master,
    prices: Prices,
    rng: np.random.Generator,
    *,
    rounds: int,
    gap: float,
    give_up_at: float,
    stop_at: float,
) -> Shorts | None:
    """Fix schedules until everybody has one, pricing anew after each fixing.

    Returns
    -------
    Shorts or None
        One schedule per person of the master, or None when the bound shows that nothing below `give_up_at` is
        left. When time runs out, the people still free get the column of the largest value.
    """
    most = max(1, len(master.people) // 10)
    blur = float(rng.choice(BLURS))
    while np.any(master.fixed < 0):
        if time.monotonic() >= stop_at:
            return round_off(master, prices)
        master.fix(_choose(master, prices, rng, most, blur))
        if np.all(master.fixed >= 0):
            break
        master.purge(prices, KEPT_COLUMNS)
        center = Center()
        prices = converge(master, center, rounds=rounds, gap=gap, stop_at=stop_at, give_up_at=give_up_at)
        if center.bound >= give_up_at:
            return None
    return master.rows[master.fixed]


def round_off(master: Master, prices: Prices) -> Shorts:
    """Return the fixed people's schedules, and for the others the column of the largest value."""
    value = np.concatenate([prices.value, np.zeros(len(master.owner) - len(prices.value))])
    order = np.argsort(value, kind="stable")
    largest = np.zeros(len(master.people), np.int64)
    largest[master.owner[order]] = order
    return master.rows[np.where(master.fixed >= 0, master.fixed, largest)]


def _choose(master: Master, prices: Prices, rng: np.random.Generator, most: int, blur: float) -> NDArray[np.int64]:
    """Choose columns to fix: those above 0.9, or else the largest of those above 0.6, the values blurred at random."""
    value = np.where(master.fixed[master.owner] < 0, prices.value, -1.0)
    is_high = value > NEARLY_ONE
    few = max(1, int((master.fixed < 0).sum()) // SHARE_AT_ONCE)
    is_likely = value > LIKELY
    value = value + rng.random(len(value)) * blur
    order = np.argsort(-value)
    high = order[is_high[order]]
    if len(high):
        return high[:most]
    likely = order[is_likely[order]][:few]
    return likely if len(likely) else order[:1]
