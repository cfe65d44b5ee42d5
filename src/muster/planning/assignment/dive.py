"""Dives: fix what the running mean of picks agrees on, price anew, and search the end exactly.

As in branch and price, but without a linear program: prices move by the same subgradient steps at every
node, which costs milliseconds. After Posta, Ferland and Michelon, "An exact method with variable fixing for
solving the generalized assignment problem", Computational Optimization and Applications 52 (2012).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.knapsack import AHEAD, BEST, STALE, Auction, fix, raise_prices, unfix
from muster.planning.compiled import compiled

Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]


class Manner(NamedTuple):
    """How to dive.

    Parameters
    ----------
    rounds, end_rounds
        Price rounds after each fixing on the way down, and at each node of the end.
    batch
        The share of the free jobs that is fixed at once, as long as picks agree on them.
    least
        How many jobs are fixed at once even where they do not.
    noise
        How much chance is added to the means when choosing what to fix.
    end_jobs
        From how few free jobs on the end is searched with backtracking.
    end_nodes
        How many nodes of the end are looked at.
    """

    rounds: int
    end_rounds: int
    batch: float
    least: int
    noise: float
    end_jobs: int
    end_nodes: int


@compiled
def set_seed(seed: int) -> None:
    """Seed the random choices of compiled code."""
    np.random.seed(seed)


@compiled
def choose_pair(au: Auction, noise: float) -> tuple[int, int, float]:
    """Choose the free pair on which picks agree most, give or take some noise; -1 if there is none."""
    top, agent, job = -1.0, -1, -1
    for i in range(len(au.room)):
        for k in range(au.n_free[0]):
            j = au.free[k]
            if au.weight[i, j] > au.room[i] or au.cost[i, j] == np.inf:
                continue
            score = au.mean[i, j] + noise * np.random.random()
            if score > top:
                top, agent, job = score, i, j
    return agent, job, top


@compiled
def take_picks(au: Auction, agents: Int32s) -> None:
    """Complete what is fixed by the picks, and by the cheapest pair where nobody picks."""
    agents[:] = au.agent
    for k in range(au.n_free[0]):
        j = au.free[k]
        best = np.inf
        for i in range(len(au.room)):
            value = au.cost[i, j] + au.room_price[i] * au.weight[i, j]
            if au.picks[i, j]:
                value -= 1e12
            if value < best:
                best = value
                agents[j] = i


@compiled
def look(au: Auction, rounds: int) -> tuple[float, bool]:
    """Price the free jobs anew from the prices at hand."""
    au.gauge[BEST] = -np.inf
    au.gauge[STALE] = 0.0
    au.gauge[AHEAD] = max(au.gauge[AHEAD], 0.5)
    return raise_prices(au, rounds, 0.1, 0.1)


@compiled
def dive(au: Auction, manner: Manner, limit: float, best_agent: Int32s) -> float:
    """Dive once.

    Parameters
    ----------
    au
        An auction at good prices with a mean of picks; used up.
    manner
        How to dive.
    limit
        Plans that cost more are not looked for.
    best_agent
        Overwritten with the best plan found; without one, with a draft that may overload agents.

    Returns
    -------
    float
        The cost of the plan, or infinity.
    """
    spent = 0.0
    for j in range(len(au.agent)):
        if au.agent[j] >= 0:
            spent += au.cost[au.agent[j], j]
    while au.n_free[0] > manner.end_jobs:
        bound, is_plan = look(au, manner.rounds)
        take_picks(au, best_agent)
        if is_plan or spent + bound > limit + 1e-6:
            return spent + bound if is_plan else np.inf
        for n in range(max(manner.least, int(manner.batch * au.n_free[0]))):
            i, j, score = choose_pair(au, manner.noise)
            if j < 0:
                return np.inf
            if n >= manner.least and score < 0.9:
                break
            spent += au.cost[i, j]
            fix(au, i, j)
    return _search_end(au, manner, spent, limit, best_agent)


@compiled
def _search_end(au: Auction, manner: Manner, spent: float, limit: float, best_agent: Int32s) -> float:
    """Search the rest depth first: fix, and later forbid what was fixed; stop after so many nodes."""
    depth, most = 0, 40 * manner.end_jobs + 40
    agents, jobs = np.empty(most, np.int32), np.empty(most, np.int32)
    costs, is_forbidden = np.empty(most), np.zeros(most, np.bool_)
    prices = np.empty((most, len(au.price)))
    best = np.inf
    for _ in range(manner.end_nodes):
        bound, is_plan = (0.0, True) if au.n_free[0] == 0 else look(au, manner.end_rounds)
        i, j = -1, -1
        if depth == 0 and not is_forbidden[0]:
            take_picks(au, best_agent)
        if spent + bound <= limit + 1e-6 and is_plan:
            take_picks(au, best_agent)
            best = spent + bound
            limit = best - 1.0
        elif spent + bound <= limit + 1e-6 and depth < most:
            i, j, _ = choose_pair(au, manner.noise)
        if j >= 0:
            agents[depth], jobs[depth], costs[depth] = i, j, au.cost[i, j]
            is_forbidden[depth] = False
            prices[depth] = au.price
            spent += au.cost[i, j]
            fix(au, i, j)
            depth += 1
            continue
        while depth > 0 and is_forbidden[depth - 1]:
            depth -= 1
            au.cost[agents[depth], jobs[depth]] = costs[depth]
        if depth == 0:
            break
        i, j = agents[depth - 1], jobs[depth - 1]
        unfix(au, j)
        spent -= costs[depth - 1]
        au.cost[i, j] = np.inf
        au.mean[i, j] = 0.0
        au.price[:] = prices[depth - 1]
        is_forbidden[depth - 1] = True
    return best
