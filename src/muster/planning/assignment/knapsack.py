"""Prices of jobs by exact knapsacks: the Lagrangian that relaxes "each job once".

Its bound is at least that of the linear program, and usually most of what is missing. Every agent picks
its best set of jobs at the prices; sets that overlap or leave jobs out tell where prices should move.
Knapsacks are cut to a core around the break item first, which rarely has more than a few dozen jobs
(Pisinger, "A minimal algorithm for the 0-1 knapsack problem", Operations Research 45, 1997, in spirit).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.prices import Floats, open_costs
from muster.planning.assignment.problem import PairProblem
from muster.planning.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Cells of the largest table of one knapsack; beyond it its linear relaxation stands in for it.
_MOST_CELLS = 4_000_000

#: Where `Auction.gauge` keeps the best bound, how far ahead the level is, and rounds without progress.
BEST, AHEAD, STALE = 0, 1, 2


class Auction(NamedTuple):
    """Prices of jobs on their way up, the sets that agents pick at them, and what has been fixed.

    Parameters
    ----------
    cost
        Shape ``(n_agents, n_jobs)``; infinite where a pair is not allowed, or forbidden for now.
    weight
        Same shape.
    room
        What is left of each agent's capacity after its fixed jobs.
    agent
        The agent that each job is fixed to, or -1.
    free, n_free, place
        The jobs that are not fixed are ``free[:n_free[0]]``; job ``j`` stands at ``place[j]``.
    price, best_price
        The prices of jobs, and those of the best bound.
    picks, n_pickers
        Whether an agent picks a job; how many do.
    mean
        A running mean of the picks, which nears the solution of the linear program over all sets.
    room_price, gap, reach
        The price of room in each knapsack as last seen, by how much its best choice was about below the linear
        relaxation, and how far below the price a job is still looked at.
    gauge
        See `BEST`, `AHEAD`, `STALE`.
    halt
        One entry, shared with whoever keeps the time: once it is true, prices move no more.
    """

    cost: Floats
    weight: Int64s
    room: Int64s
    agent: Int32s
    free: Int32s
    n_free: Int64s
    place: Int32s
    price: Floats
    best_price: Floats
    picks: Bools
    n_pickers: Int32s
    mean: Floats
    room_price: Floats
    gap: Floats
    reach: Floats
    gauge: Floats
    halt: Bools


def open_auction(problem: PairProblem, capacity_price: Floats, halt: Bools) -> Auction:
    """Open an auction at the prices that the linear program implies, halted when told."""
    cost = open_costs(problem)
    price = (cost + capacity_price[:, None] * problem.weight).min(axis=0)
    n_agents, n_jobs = cost.shape
    return Auction(
        cost=cost,
        weight=problem.weight.copy(),
        room=problem.capacity.copy(),
        agent=np.full(n_jobs, -1, np.int32),
        free=np.arange(n_jobs, dtype=np.int32),
        n_free=np.array([n_jobs]),
        place=np.arange(n_jobs, dtype=np.int32),
        price=price,
        best_price=price.copy(),
        picks=np.zeros(cost.shape, np.bool_),
        n_pickers=np.zeros(n_jobs, np.int32),
        mean=np.zeros(cost.shape),
        room_price=capacity_price.copy(),
        gap=np.full(n_agents, np.inf),
        reach=np.full(n_agents, np.inf),
        gauge=np.array([-np.inf, 1e-3 * float(np.abs(price).sum()) + 1.0, 0.0]),
        halt=halt,
    )


@compiled
def _fill_exactly(items: Int32s, gain: Floats, weight: Int64s, room: int, is_picked: Bools) -> float:
    """Fill a knapsack by dynamic programming over its core; return the gain."""
    best = np.zeros(room + 1)
    is_taken = np.zeros((len(items), room + 1), np.bool_)
    for k in range(len(items)):
        w, g = weight[items[k]], gain[items[k]]
        for r in range(room, w - 1, -1):
            if best[r - w] + g > best[r]:
                best[r] = best[r - w] + g
                is_taken[k, r] = True
    value = best[room]
    for k in range(len(items) - 1, -1, -1):
        is_picked[items[k]] = is_taken[k, room]
        if is_taken[k, room]:
            room -= weight[items[k]]
    return float(value)


@compiled
def _fill_greedily(
    order: Int64s, gain: Floats, weight: Int64s, room: int, is_picked: Bools
) -> tuple[float, float, float]:
    """Fill a knapsack by falling efficiency; return its value, the relaxed value, and the price of room."""
    value, relaxed, price, is_broken = 0.0, 0.0, 0.0, False
    for k in order:
        if weight[k] <= room:
            room -= weight[k]
            value += gain[k]
            is_picked[k] = True
        if not is_broken and not is_picked[k]:
            is_broken = True
            price = gain[k] / weight[k]
            relaxed = value + price * room
    return value, (relaxed if is_broken else value), price


@compiled
def _fill_core(
    order: Int64s, gain: Floats, weight: Int64s, room: int, price: float, margin: float, is_picked: Bools
) -> float:
    """Fill a knapsack exactly among the items within a margin of the price of room; infinite if too large."""
    core, n_core, kept = np.empty(len(gain), np.int32), 0, 0.0
    for k in order:
        worth = gain[k] - price * weight[k]
        is_picked[k] = worth > margin
        if worth > margin:
            room -= weight[k]
            kept += gain[k]
        elif worth >= -margin:
            core[n_core] = k
            n_core += 1
    if n_core * (room + 1) > _MOST_CELLS:
        return np.inf
    return kept + _fill_exactly(core[:n_core], gain, weight, room, is_picked)


@compiled
def pick_best(
    gain: Floats, weight: Int64s, capacity: int, guess: float, is_picked: Bools
) -> tuple[float, float, float]:
    """Pick the items of greatest total gain that fit.

    Parameters
    ----------
    gain, weight
        One entry an item; gains are above zero and weights at most the capacity.
    capacity
        What the weights may add up to.
    guess
        By how much the best choice is perhaps below the linear relaxation: a good guess saves work.
    is_picked
        False throughout; overwritten with the choice.

    Returns
    -------
    total, price, gap
        The total gain, or an upper bound on it where the table would be too large; the price of room; and
        by how much the total is below the linear relaxation.
    """
    order = np.argsort(-gain / (weight + 1e-9))
    value, relaxed, price = _fill_greedily(order, gain, weight, capacity, is_picked)
    gap = relaxed - value
    if gap <= 1e-9:
        return value, price, 0.0
    margin = min(gap, guess) + 1e-9
    while True:
        # An item farther from the price of room than the gap cannot be in a better choice, or out of one.
        total = _fill_core(order, gain, weight, capacity, price, margin, is_picked)
        if total == np.inf:
            return relaxed, price, gap
        gap = min(gap, relaxed - total)
        if gap <= margin:
            return total, price, gap
        margin = gap + 1e-9


@compiled
def _bid_within(au: Auction, i: int, reach: float) -> tuple[float, float, float, int]:
    """Let an agent pick among the jobs that are worth their room, or nearly so."""
    jobs, n = np.empty(au.n_free[0], np.int32), 0
    gain, weight = np.empty(len(jobs)), np.empty(len(jobs), np.int64)
    heaviest = 0
    for k in range(au.n_free[0]):
        j = au.free[k]
        au.picks[i, j] = False
        value = au.price[j] - au.cost[i, j]
        heaviest = max(heaviest, au.weight[i, j])
        if value > 0.0 and value - au.room_price[i] * au.weight[i, j] > -reach and au.weight[i, j] <= au.room[i]:
            jobs[n], gain[n], weight[n] = j, value, au.weight[i, j]
            n += 1
    is_picked = np.zeros(n, np.bool_)
    total, price, gap = pick_best(gain[:n], weight[:n], au.room[i], au.gap[i], is_picked)
    for k in range(n):
        au.picks[i, jobs[k]] = is_picked[k]
    return total, price, gap, heaviest


@compiled
def bid(au: Auction) -> float:
    """Let every agent pick at the prices; return the lower bound on the free jobs' cost that they prove."""
    bound = 0.0
    for k in range(au.n_free[0]):
        bound += au.price[au.free[k]]
    for i in range(len(au.room)):
        total, price, gap, heaviest = _bid_within(au, i, au.reach[i])
        # Jobs left out were surely useless only if the price of room has not moved too far.
        needed = gap + max(0.0, au.room_price[i] - price) * heaviest + 1e-9
        if needed > au.reach[i]:
            total, price, gap, heaviest = _bid_within(au, i, np.inf)
            needed = gap + 1e-9
        au.room_price[i] = price
        au.gap[i] = 1.2 * gap
        au.reach[i] = 2.0 * needed + 1e-3 * price * heaviest
        bound -= total
    return bound


@compiled
def value_sets(au: Auction) -> Floats:
    """Return what each agent's best set of free jobs is worth at the prices."""
    value = np.empty(len(au.room))
    for i in range(len(value)):
        value[i] = _bid_within(au, i, np.inf)[0]
    return value


@compiled
def _count_pickers(au: Auction, share: float) -> float:
    """Count pickers of each free job, keep the running mean, and return the length of the slope, squared."""
    norm = 0.0
    for k in range(au.n_free[0]):
        au.n_pickers[au.free[k]] = 0
    for i in range(len(au.room)):
        for k in range(au.n_free[0]):
            j = au.free[k]
            au.mean[i, j] *= 1.0 - share
            if au.picks[i, j]:
                au.mean[i, j] += share
                au.n_pickers[j] += 1
    for k in range(au.n_free[0]):
        norm += (1.0 - au.n_pickers[au.free[k]]) ** 2
    return norm


@compiled
def raise_prices(au: Auction, n_rounds: int, share: float, least_ahead: float) -> tuple[float, bool]:
    """Move prices for some rounds, towards a level somewhat above the best bound.

    Parameters
    ----------
    au
        The auction. Its best prices and their bound are kept; reset ``gauge[BEST]`` where they no longer hold.
    n_rounds
        Number of rounds at most.
    share
        The share of each round in the running mean of picks.
    least_ahead
        The level stays at least so far ahead, which keeps picks moving.

    Returns
    -------
    bound, is_plan
        The best bound of these rounds, and whether the last picks take every job exactly once.
    """
    gauge, best = au.gauge, -np.inf
    for _ in range(n_rounds):
        if au.halt[0]:
            break
        value = bid(au)
        norm = _count_pickers(au, share)
        best = max(best, value)
        gauge[STALE] += 1.0
        if value > gauge[BEST] + 0.02 * gauge[AHEAD]:
            gauge[STALE] = 0.0
        if value > gauge[BEST]:
            gauge[BEST] = value
            au.best_price[:] = au.price
        if norm == 0.0:
            return best, True
        if gauge[STALE] > 12.0:
            gauge[AHEAD] = max(least_ahead, 0.6 * gauge[AHEAD])
            gauge[STALE] = 0.0
        step = (gauge[BEST] + gauge[AHEAD] - value) / norm
        for k in range(au.n_free[0]):
            j = au.free[k]
            au.price[j] += step * (1.0 - au.n_pickers[j])
    return best, False


@compiled
def fix(au: Auction, i: int, j: int) -> None:
    """Fix a free job to an agent."""
    last = au.n_free[0] - 1
    other = au.free[last]
    au.free[au.place[j]], au.free[last] = other, j
    au.place[other], au.place[j] = au.place[j], last
    au.n_free[0] = last
    au.agent[j] = i
    au.room[i] -= au.weight[i, j]


@compiled
def unfix(au: Auction, j: int) -> None:
    """Free the job that was fixed last."""
    au.room[au.agent[j]] += au.weight[au.agent[j], j]
    au.agent[j] = -1
    au.n_free[0] += 1
