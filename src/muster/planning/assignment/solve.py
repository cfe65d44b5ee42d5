"""Solve a pairing problem as well as time allows, with a valid lower bound."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.chains import Ledger, open_ledger, restore, settle, start, wander
from muster.planning.assignment.core import CoreSearch, start_core
from muster.planning.assignment.prices import Floats, open_costs, price_capacity
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.result import Result, Status

SOLVER = "muster-assignment 1"
Int32s = NDArray[np.int32]

_KICKS_AT_ONCE = 50


@dataclass
class _Standing:
    """The best plan so far, and the best proven bound."""

    problem: PairProblem
    agent: Int32s | None = None
    cost: float = math.inf
    bound: float = -math.inf
    kicks: int = 0
    bounds: dict[str, float] = field(default_factory=dict)

    def offer(self, agent: Int32s | None) -> bool:
        """Take a plan if it is better, and tell whether it was."""
        if agent is None or np.any(agent < 0):
            return False
        cost = self.problem.cost_of(agent)
        if cost >= self.cost:
            return False
        self.agent, self.cost = agent.copy(), cost
        return True

    def prove(self, bound: float) -> None:
        """Take a bound; costs are whole, so it is rounded up with care for the last digits of floats."""
        if bound > -math.inf:
            self.bound = max(self.bound, math.ceil(bound - 1e-6 * max(1.0, abs(bound)) ** 0.5))

    @property
    def is_closed(self) -> bool:
        """Tell whether the plan is proven optimal."""
        return self.cost <= self.bound


def solve(problem: PairProblem, *, time_limit_s: float = 60.0, seed: int = 0) -> Result[PairPlan]:
    """Give each job to one agent at the least total cost.

    Parameters
    ----------
    problem
        What is to be solved.
    time_limit_s
        Wall time in seconds after which the best plan so far is returned.
    seed
        Seed of the random choices. Runs that end before the limit give the same plan for the same seed.

    Returns
    -------
    Result
        Optimal; feasible with a bound; infeasible if that is proven; or unknown. The counts are ``agents``,
        ``jobs``, ``skipped`` (with a plan) and ``kicks`` of the local search.
    """
    began = time.perf_counter()
    deadline = began + time_limit_s
    closed = problem.closed()
    standing = _Standing(closed)
    is_infeasible = _is_hopeless(closed)
    if not is_infeasible and closed.n_jobs:
        is_infeasible = _search(closed, standing, deadline, seed)
    elif not is_infeasible:
        standing.offer(np.empty(0, np.int32))
        standing.prove(0.0)
    return _conclude(problem, standing, is_infeasible, time.perf_counter() - began)


def _is_hopeless(problem: PairProblem) -> bool:
    if not problem.n_jobs:
        return False
    if not problem.n_agents or not problem.is_allowed.any(axis=0).all():
        return True
    lightest = np.where(problem.is_allowed, problem.weight, np.iinfo(np.int64).max).min(axis=0)
    return int(lightest.sum()) > int(problem.capacity.sum())


def _search(problem: PairProblem, standing: _Standing, deadline: float, seed: int) -> bool:
    """Search until the deadline or a proof, and tell whether there is proven to be no plan."""
    price, ledger = _open(problem, standing, seed)
    _wander(ledger, standing, min(deadline, time.perf_counter() + 0.1 * (deadline - time.perf_counter())))
    width = 6
    while not standing.is_closed and time.perf_counter() < deadline:
        is_core, outside = _choose_core(problem, price, standing, width)
        core = start_core(
            problem, is_core, incumbent=standing.agent, time_limit_s=deadline - time.perf_counter(), seed=seed
        )
        try:
            _wander_beside(core, ledger, standing, deadline)
        finally:
            core.stop()
        standing.offer(core.agent)
        standing.prove(min(core.bound, outside))
        if core.is_exhausted and math.isinf(outside):
            if standing.agent is None:
                return True
            standing.prove(standing.cost)
        width *= 2
    return False


def _open(problem: PairProblem, standing: _Standing, seed: int) -> tuple[Floats, Ledger]:
    price, bound = price_capacity(problem)
    standing.prove(bound)
    ledger = _settled(problem, price, seed)
    if np.all(ledger.load <= ledger.capacity):
        standing.offer(ledger.agent)
    return price, ledger


def _settled(problem: PairProblem, price: Floats, seed: int) -> Ledger:
    ledger = open_ledger(problem, price)
    start(ledger, seed % 2**31)
    ledger.is_touched[:] = True
    settle(ledger, 2)
    return ledger


def _wander(ledger: Ledger, standing: _Standing, until: float) -> None:
    best = np.empty_like(ledger.agent)
    known = math.inf
    while time.perf_counter() < until and not standing.is_closed:
        known = wander(ledger, _KICKS_AT_ONCE, 0.5, 2, known, best)
        standing.kicks += _KICKS_AT_ONCE
        if math.isfinite(known):
            standing.offer(best)


def _wander_beside(core: CoreSearch, ledger: Ledger, standing: _Standing, deadline: float) -> None:
    while core.is_running and time.perf_counter() < deadline:
        if core.agent is not None and standing.offer(core.agent):
            restore(ledger, core.agent)
        _wander(ledger, standing, min(deadline, time.perf_counter() + 0.2))
        if standing.is_closed:
            break


def _choose_core(
    problem: PairProblem, price: Floats, standing: _Standing, width: int
) -> tuple[NDArray[np.bool_], float]:
    """Choose the pairs of small reduced cost, and bound every plan that uses another."""
    reduced = open_costs(problem) + price[:, None] * problem.weight
    job_price = reduced.min(axis=0)
    bound = float(job_price.sum() - price @ problem.capacity)
    reduced -= job_price
    gap = standing.cost - 1.0 - bound
    rank = np.argsort(np.argsort(reduced, axis=0, kind="stable"), axis=0, kind="stable")
    is_core = (rank < width) & problem.is_allowed
    # A pair whose reduced cost alone exceeds the gap is in no better plan.
    is_useful = (reduced <= gap + 1e-6) & problem.is_allowed
    if standing.agent is not None:
        is_core[standing.agent, np.arange(problem.n_jobs)] = True
    left_out = is_useful & ~is_core
    outside = bound + float(reduced[left_out].min()) if left_out.any() else math.inf
    return is_core & (is_useful | (standing.agent is None)), outside


def _conclude(problem: PairProblem, standing: _Standing, is_infeasible: bool, runtime_s: float) -> Result[PairPlan]:
    counts: dict[str, float] = {"agents": problem.n_agents, "jobs": problem.n_jobs, "kicks": standing.kicks}
    if standing.agent is None:
        status = Status.INFEASIBLE if is_infeasible else Status.UNKNOWN
        bound = standing.bound if math.isfinite(standing.bound) and not is_infeasible else None
        return Result(status, None, None, bound, runtime_s, SOLVER, counts)
    agent = np.where(standing.agent < problem.n_agents, standing.agent, -1).astype(np.int32)
    counts["skipped"] = int(np.count_nonzero(agent < 0))
    status = Status.OPTIMAL if standing.is_closed else Status.FEASIBLE
    bound = min(standing.bound, standing.cost)
    return Result(status, PairPlan(agent), standing.cost, bound, runtime_s, SOLVER, counts)
