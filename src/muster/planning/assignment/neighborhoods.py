"""Parts of a plan worth dividing anew: the jobs of some agents, chosen by where the plan loses.

At the best prices, what a plan is above the bound is the sum over the agents of what each loses by holding
its jobs instead of the set that it would pick. So agents that lose are opened, together with those that
contend with them for jobs, and all others keep what they have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.knapsack import AHEAD, Auction, value_sets
from muster.planning.assignment.prices import Floats
from muster.planning.assignment.problem import PairProblem

Int32s = NDArray[np.int32]
Bools = NDArray[np.bool_]

#: The share of the mean that agents without loss, or without contention, still have in the choice.
_LEAST_LOSS, _LEAST_TIE = 0.1, 0.02

#: From this mean of picks on, an agent that is not opened may still take an opened job.
_LEAST_MEAN = 0.01


@dataclass(frozen=True, eq=False)
class Part:
    """A smaller auction of some jobs among the agents that may take them.

    Parameters
    ----------
    auction
        The auction, in which ``agents[i]`` is agent ``i`` and ``jobs[j]`` is job ``j``.
    agents, jobs
        Numbers in the whole problem.
    spent
        What the other jobs cost.
    """

    auction: Auction
    agents: Int32s
    jobs: Int32s
    spent: float

    def join(self, agent: Int32s, found: Int32s) -> Int32s:
        """Return a whole plan with this part divided as found."""
        joined = agent.copy()
        joined[self.jobs] = self.agents[found]
        return joined


class Neighborhoods:
    """Chooses parts of plans.

    Parameters
    ----------
    problem
        A closed problem.
    auction
        An auction over it with no job fixed, and a mean of picks.
    price
        The prices of the best bound.

    Attributes
    ----------
    value
        What each agent's best set is worth at the prices.
    """

    def __init__(self, problem: PairProblem, auction: Auction, price: Floats) -> None:
        self._problem = problem
        self._auction = auction
        self._price = price
        self.value = value_sets(auction._replace(price=price, picks=auction.picks.copy()))

    def lose(self, agent: Int32s) -> Floats:
        """Return what each agent loses by holding its jobs instead of its best set."""
        jobs = np.arange(len(agent))
        held = np.bincount(agent, self._price - self._auction.cost[agent, jobs], len(self.value))
        return np.maximum(0.0, self.value - held)

    def choose(self, agent: Int32s, n_jobs: int, random: np.random.Generator) -> Bools:
        """Choose agents that together hold about so many jobs; in a draft, all that are overloaded are among them."""
        ties = self._ties(agent)
        sizes = np.bincount(agent, minlength=len(ties))
        excess = self._excess(agent)
        is_open = excess > 0
        loss = np.maximum(0.0, 1.0 - excess) if is_open.any() else self.lose(agent)
        worth = loss + _LEAST_LOSS * loss.mean() + 1e-9
        while sizes[is_open].sum() < n_jobs and not is_open.all():
            weight = worth * (ties[is_open].sum(axis=0) + _LEAST_TIE) if is_open.any() else worth.copy()
            weight[is_open] = 0.0
            is_open[random.choice(len(weight), p=weight / weight.sum())] = True
        return is_open

    def _ties(self, agent: Int32s) -> Floats:
        """Count, for each two agents, the jobs of one that the other picks."""
        wanted = np.zeros((len(self.value), len(self.value)))
        np.add.at(wanted, agent, self._auction.mean.T)
        np.fill_diagonal(wanted, 0.0)
        return wanted + wanted.T

    def _excess(self, agent: Int32s) -> Floats:
        jobs = np.arange(len(agent))
        load = np.bincount(agent, self._problem.weight[agent, jobs], self._problem.n_agents)
        return np.asarray(load - self._problem.capacity, np.float64)

    def open(self, agent: Int32s, is_open: Bools) -> Part:
        """Open the jobs of some agents; the rest of the plan stays."""
        whole, problem = self._auction, self._problem
        jobs, kept = np.flatnonzero(is_open[agent]), np.flatnonzero(~is_open[agent])
        taken = np.zeros(problem.n_agents, np.int64)
        np.add.at(taken, agent[kept], problem.weight[agent[kept], kept])
        room = problem.capacity - taken
        fits = np.isfinite(whole.cost[:, jobs]) & (problem.weight[:, jobs] <= room[:, None])
        # Others than those opened have little room left: they matter only where they pick one of these jobs.
        agents = np.flatnonzero((fits & (is_open[:, None] | (whole.mean[:, jobs] >= _LEAST_MEAN))).any(axis=1))
        part = np.ix_(agents, jobs)
        price = self._price[jobs]
        auction = Auction(
            cost=whole.cost[part],
            weight=problem.weight[part],
            room=room[agents],
            agent=np.full(len(jobs), -1, np.int32),
            free=np.arange(len(jobs), dtype=np.int32),
            n_free=np.array([len(jobs)]),
            place=np.arange(len(jobs), dtype=np.int32),
            price=price,
            best_price=price.copy(),
            picks=np.zeros((len(agents), len(jobs)), np.bool_),
            n_pickers=np.zeros(len(jobs), np.int32),
            mean=whole.mean[part],
            room_price=whole.room_price[agents],
            gap=np.full(len(agents), np.inf),
            reach=np.full(len(agents), np.inf),
            gauge=np.array([-np.inf, max(0.5, float(whole.gauge[AHEAD])), 0.0]),
            halt=whole.halt,
        )
        return Part(auction, agents.astype(np.int32), jobs.astype(np.int32), float(whole.cost[agent[kept], kept].sum()))
