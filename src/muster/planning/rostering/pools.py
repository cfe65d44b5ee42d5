"""A city is pools: each township's or alliance's roster is a problem of its own, solved side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from muster.planning.cluster import RETRIES, open_cluster
from muster.planning.result import Result
from muster.planning.rostering.problem import RosterPlan, RosterProblem
from muster.planning.rostering.solve import solve

SEED_STEP = 1009


def solve_pools(
    pools: Sequence[RosterProblem],
    *,
    time_limit_s: float,
    seed: int,
    executor: Executor,
    take: Callable[[int, Result[RosterPlan]], None] | None = None,
) -> list[Result[RosterPlan]]:
    """Solve the pools of a city side by side.

    Parameters
    ----------
    pools
        The problems, independent of each other.
    time_limit_s
        Wall time for all of them in seconds; a pool that is begun later has what is left.
    seed
        Same seed, same rosters, wherever they are solved, unless the time limit cut the work short.
    executor
        Where: see ``open_threads`` and ``open_workers``.
    take
        Given the number of each pool and its result as soon as it is solved, in the calling thread, while others
        are being solved.

    Returns
    -------
    list
        One result per pool, in order.
    """
    stop_at = time.time() + time_limit_s
    results: list[Result[RosterPlan] | None] = [None] * len(pools)
    largest_first = sorted(range(len(pools)), key=lambda i: -pools[i].n_people)
    futures = {executor.submit(_solve_until, pools[i], stop_at, seed + SEED_STEP * i): i for i in largest_first}
    for future in as_completed(futures):
        result = results[futures[future]] = future.result()
        if take is not None:
            take(futures[future], result)
    return [result for result in results if result is not None]


def _solve_until(pool: RosterProblem, stop_at: float, seed: int) -> Result[RosterPlan]:
    # By the time of day, which machines of one cluster have in common.
    return solve(pool, time_limit_s=max(0.0, stop_at - time.time()), seed=seed)


@contextmanager
def open_threads(count: int) -> Iterator[Executor]:
    """Open threads of this machine; the kernels run without the interpreter lock."""
    executor = ThreadPoolExecutor(max(1, count))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def open_workers(scheduler: str) -> Iterator[Executor]:
    """Open the workers of a Dask cluster; a pool whose worker dies is solved again elsewhere.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    ProblemError
        If it does not answer or has no worker, or ``distributed`` is not installed.
    """
    # Impure: a pool is never taken for one that was solved before, whatever it looks like.
    with open_cluster(scheduler) as client, client.get_executor(pure=False, retries=RETRIES) as executor:
        yield executor
