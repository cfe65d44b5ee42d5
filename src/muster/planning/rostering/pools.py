"""A city is pools: each township's or alliance's roster is a problem of its own, solved side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from muster.planning.result import Result
from muster.planning.rostering.problem import RosterPlan, RosterProblem
from muster.planning.rostering.solve import solve

SEED_STEP = 1009


def solve_pools(
    pools: Sequence[RosterProblem],
    *,
    time_limit_s: float,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    workers: int = 2,
) -> list[Result[RosterPlan]]:
    """Solve the pools of a city side by side.

    Parameters
    ----------
    pools
        The problems, independent of each other.
    time_limit_s
        Wall time for all of them in seconds; each pool that starts gets its share of what is left, by people.
    seed
        Same seed, same rosters, whatever the number of workers, unless the time limit cut the work short.
    progress
        Called with (pools done, pools in all) from the calling thread.
    workers
        Threads; the kernels run without the interpreter lock.

    Returns
    -------
    list
        One result per pool, in order.
    """
    stop_at = time.monotonic() + time_limit_s
    results: list[Result[RosterPlan] | None] = [None] * len(pools)
    largest_first = sorted(range(len(pools)), key=lambda i: -pools[i].n_people)

    def run(i: int) -> Result[RosterPlan]:
        left_s = max(0.0, stop_at - time.monotonic())
        return solve(pools[i], time_limit_s=left_s, seed=seed + SEED_STEP * i)

    with ThreadPoolExecutor(max(1, workers)) as executor:
        futures = {executor.submit(run, i): i for i in largest_first}
        for done, future in enumerate(as_completed(futures), start=1):
            results[futures[future]] = future.result()
            if progress is not None:
                progress(done, len(pools))
    return [result for result in results if result is not None]
