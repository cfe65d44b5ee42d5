"""Solve a pairing problem as well as time allows, with a valid lower bound."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.chains import Ledger, open_ledger, start, unload
from muster.planning.assignment.core import CoreSearch, search_here, start_core
from muster.planning.assignment.divers import Root, dive_on, price_root
from muster.planning.assignment.improve import Improver
from muster.planning.assignment.prices import Floats, open_costs, price_capacity
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.standing import Standing
from muster.planning.result import Result, Status

SOLVER = "muster-assignment 1"
Int32s = NDArray[np.int32]

#: Up to so many pairs, branch and bound over all of them is quicker than anything clever.
_FEW_PAIRS = 150
_FIRST_DIVES = 4
#: Branch and bound on cores gets this share of the time that is left, and begins with so many pairs a job.
_CORE_SHARE = 0.4
_FIRST_WIDTH = 2


def solve(problem: PairProblem, *, time_limit_s: float = 60.0, seed: int = 0) -> Result[PairPlan]:
    """Give each job to one agent at the least total cost.

    Prices of capacity and of jobs give the bound; dives along the prices, ejection chains and branch and
    bound on a core of promising pairs give plans.

    Parameters
    ----------
    problem
        What is to be solved.
    time_limit_s
        Wall time in seconds after which the best plan so far is returned.
    seed
        Seed of the random choices. Small problems get the same plan for the same seed; larger ones where
        the search ends before several threads race.

    Returns
    -------
    Result
        Optimal; feasible with a bound; infeasible if that is proven; or unknown. The counts are ``agents``,
        ``jobs``, ``skipped`` (with a plan), ``dives``, ``beams``, and ``kicks`` of the local search.
    """
    began = time.perf_counter()
    closed = problem.closed()
    standing = Standing(closed, began + time_limit_s)
    is_infeasible = _is_hopeless(closed)
    if not closed.n_jobs:
        standing.offer(np.empty(0, np.int32))
        standing.prove(0.0)
    elif not is_infeasible and not standing.is_over:
        # Compiled code cannot look at a clock, only at what the clock has set.
        alarm = threading.Timer(min(standing.left_s, threading.TIMEOUT_MAX), standing.stop)
        alarm.start()
        try:
            is_infeasible = _search(standing, seed)
        finally:
            alarm.cancel()
    return _conclude(problem, standing, is_infeasible, time.perf_counter() - began)


def _is_hopeless(problem: PairProblem) -> bool:
    if not problem.n_jobs:
        return False
    if not problem.n_agents or not problem.is_allowed.any(axis=0).all():
        return True
    lightest = np.where(problem.is_allowed, problem.weight, np.iinfo(np.int64).max).min(axis=0)
    return int(lightest.sum()) > int(problem.capacity.sum())


def _search(standing: Standing, seed: int) -> bool:
    """Search until the deadline or a proof, and tell whether there is proven to be no plan."""
    if int(standing.problem.is_allowed.sum()) <= _FEW_PAIRS:
        agent, bound, is_exhausted = search_here(standing.problem, time_limit_s=standing.left_s, seed=seed)
        standing.offer(agent)
        standing.prove(bound)
        return is_exhausted and agent is None
    price, bound = price_capacity(standing.problem)
    standing.prove(bound)
    ledger = start_simply(standing, price, seed)
    return not standing.is_over and _race(standing, ledger, price, seed)


def start_simply(standing: Standing, price: Floats, seed: int) -> Ledger:
    """Offer a first plan: jobs in the order of their regrets, then short ejection chains."""
    ledger = open_ledger(standing.problem, price, standing.halt)
    start(ledger, seed % 2**31)
    ledger.is_touched[:] = True
    unload(ledger, 1)
    standing.offer(ledger.agent)
    return ledger


def _race(standing: Standing, ledger: Ledger, price: Floats, seed: int) -> bool:
    """Let dives and an improver race with a core search, which gives way to a second improver."""
    is_infeasible = False
    with ThreadPoolExecutor(max_workers=1) as racer:
        root = racer.submit(price_root, standing, price)
        improving = racer.submit(_dive_and_improve, standing, root, price, seed + 1)
        try:
            ledger.is_touched[:] = True
            unload(ledger, 2)
            standing.offer(ledger.agent)
            is_infeasible = _search_cores(standing, price, seed)
            if not is_infeasible:
                Improver(standing, root.result(), price, seed + 2).run()
        finally:
            standing.stop()
        improving.result()
    return is_infeasible


def _dive_and_improve(standing: Standing, root: Future[Root], price: Floats, seed: int) -> None:
    dive_on(standing, root.result(), price, seed, _FIRST_DIVES)
    Improver(standing, root.result(), price, seed).run()


def _search_cores(standing: Standing, price: Floats, seed: int) -> bool:
    """Search ever larger cores for a share of the time, and tell whether there is proven to be no plan."""
    until = time.perf_counter() + _CORE_SHARE * standing.left_s
    n_pairs = _FIRST_WIDTH * standing.problem.n_jobs
    while not standing.is_over and (time.perf_counter() < until or standing.agent is None):
        is_core, outside = _choose_core(standing, price, n_pairs)
        limit_s = standing.left_s if standing.agent is None else max(0.1, until - time.perf_counter())
        core = start_core(standing.problem, is_core, incumbent=standing.agent, time_limit_s=limit_s, seed=seed)
        _wait_for(core, standing, outside, time.perf_counter() + limit_s)
        if core.is_exhausted and math.isinf(outside):
            standing.prove(math.inf)
            return standing.agent is None
        n_pairs *= 2
    return False


def _wait_for(core: CoreSearch, standing: Standing, outside: float, until: float) -> None:
    try:
        while core.is_running and not standing.is_over and time.perf_counter() < until:
            core.wait(0.1)
            # Near the end of its time a search that is still finding plans may go on.
            if standing.offer(core.agent):
                until = max(until, time.perf_counter() + 0.2 * standing.left_s)
            standing.prove(min(core.bound, outside))
    finally:
        core.stop()
    standing.offer(core.agent)
    if not (core.is_exhausted and math.isinf(outside)):
        standing.prove(min(core.bound, outside))


def _reduced_costs(standing: Standing, price: Floats) -> tuple[Floats, float]:
    reduced = open_costs(standing.problem) + price[:, None] * standing.problem.weight
    job_price = reduced.min(axis=0)
    return reduced - job_price, float(job_price.sum() - price @ standing.problem.capacity)


def _choose_core(standing: Standing, price: Floats, n_pairs: int) -> tuple[NDArray[np.bool_], float]:
    """Choose the pairs of least reduced cost, and bound every plan that uses another."""
    reduced, bound = _reduced_costs(standing, price)
    # A pair whose reduced cost alone exceeds the gap is in no better plan.
    is_useful = (reduced <= standing.cost - 1.0 - bound + 1e-6) & standing.problem.is_allowed
    values = np.sort(reduced[is_useful])
    threshold = values[n_pairs - 1] if len(values) > n_pairs else math.inf
    is_core = is_useful & (reduced <= threshold)
    left_out = is_useful & ~is_core
    outside = bound + float(reduced[left_out].min()) if left_out.any() else math.inf
    if standing.agent is not None:
        is_core[standing.agent, np.arange(standing.problem.n_jobs)] = True
    return is_core, outside


def _conclude(problem: PairProblem, standing: Standing, is_infeasible: bool, runtime_s: float) -> Result[PairPlan]:
    counts: dict[str, float] = {
        "agents": problem.n_agents,
        "jobs": problem.n_jobs,
        "dives": standing.dives,
        "beams": standing.beams,
        "kicks": standing.kicks,
    }
    if standing.agent is None:
        status = Status.INFEASIBLE if is_infeasible else Status.UNKNOWN
        is_bounded = math.isfinite(standing.bound) and not is_infeasible
        return Result(status, None, None, standing.bound if is_bounded else None, runtime_s, SOLVER, counts)
    agent = np.where(standing.agent < problem.n_agents, standing.agent, -1).astype(np.int32)
    counts["skipped"] = int(np.count_nonzero(agent < 0))
    status = Status.OPTIMAL if standing.is_closed else Status.FEASIBLE
    bound = min(standing.bound, standing.cost)
    return Result(status, PairPlan(agent), standing.cost, bound, runtime_s, SOLVER, counts)
