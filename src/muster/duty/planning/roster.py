"""Planning a roster: rows become problems, the solved pools become duties, verified twice, kept as a plan."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from muster.duty.actions.shifts import ensure_shifts
from muster.duty.planning.archive import pack_problems, unpack_problems
from muster.duty.planning.base import Base
from muster.duty.planning.checking import check_joined
from muster.duty.planning.explaining import Shortage, explain_shortages, spans_of_places
from muster.duty.planning.keeping import KeptRoster, pack_roster
from muster.duty.planning.mending import mend
from muster.duty.planning.placing import place_people
from muster.duty.planning.pools import share_out_people
from muster.duty.planning.problems import DISTURBANCE_WEIGHT, Pool, build_pools
from muster.duty.planning.reading import read_base
from muster.duty.planning.stance import Stance, take_stance
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.errors import RuleError
from muster.planning.result import ProblemError, Result, Status
from muster.planning.rostering.pools import open_threads, open_workers, solve_pools
from muster.planning.rostering.problem import RosterPlan, RosterProblem
from muster.planning.rostering.verify import verify
from muster.plans.actions import Keep, PlanArchive, keep_plan
from muster.plans.kinds import PlanKind
from muster.plans.models import Plan
from muster.plans.queries import open_problem
from muster.territory.models import Area

Progress = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and of how much."""
THREADS = os.cpu_count() or 2


def plan_roster(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    area: Area,
    starts_on: date,
    days: int,
    time_limit_s: float = 60,
    seed: int = 1,
    disturbance_weight: float = DISTURBANCE_WEIGHT,
    progress: Progress | None = None,
    keep: Keep = keep_plan,
    scheduler: str | None = None,
) -> Plan:
    """Lay out shifts that lack, and plan who stands where, in an area and beneath it; kept, it changes nothing.

    Parameters
    ----------
    actor, now, emergency, area
        Who plans what, and when; a shift that has begun by then is left as it is.
    starts_on, days, time_limit_s, seed
        The first local day, and how many; wall time to solve in, in seconds. Same seed, same plan, unless time ran out.
    disturbance_weight
        Cost of each person's day that changes; an empty place costs a thousand.
    progress
        Told each step, and each pool solved.
    keep
        Keeps the plan: ``keep_plan``, or what does more in the same transaction.
    scheduler
        Address of a Dask scheduler whose workers solve the pools; by default threads of this machine do.

    Raises
    ------
    RuleError
        If no post there needs anybody in these days, the emergency has ended, or the scheduler does not answer.
    VerificationError
        If the solver's rosters, or the duties made of them, break a rule.
    """
    tell = progress or _quiet
    ends_on = starts_on + timedelta(days=days)
    tell("read", 0, 1)
    ensure_shifts(actor=actor, now=now, emergency=emergency, area=area, starts_on=starts_on, ends_on=ends_on)
    base = read_base(emergency, area, starts_on, ends_on, now)
    _refuse_empty(base, area)
    with _open_executor(scheduler) as executor:
        solved = _solve(base, build_pools(base, disturbance_weight), executor, time_limit_s, seed, tell)
    return keep(
        actor=actor,
        now=now,
        kind=PlanKind.ROSTER,
        emergency=emergency,
        area=area,
        result=_joined(solved.results, solved.runtime_s),
        archive=_archive(solved, time_limit_s, seed),
        counts=_counts(solved),
        starts_on=starts_on,
        ends_on=ends_on,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """A base, its pools, what the solver made of each, how long that took, and the duties; None without a plan."""

    base: Base
    pools: Sequence[Pool]
    results: Sequence[Result[RosterPlan]]
    runtime_s: float
    roster: KeptRoster | None


@contextmanager
def _open_executor(scheduler: str | None) -> Iterator[Executor]:
    with ExitStack() as stack:
        try:
            executor = stack.enter_context(open_workers(scheduler) if scheduler else open_threads(THREADS))
        except ProblemError as error:
            raise RuleError(
                str(error),
                where=scheduler or "",
                remedy="Check the scheduler's address, or plan on this machine alone.",
            ) from error
        yield executor


def _solve(
    base: Base, pools: Sequence[Pool], executor: Executor, time_limit_s: float, seed: int, tell: Progress
) -> _Solved:
    """Solve the pools, and place the people of each while others are being solved."""
    stance = take_stance(base, share_out_people(base))
    placed: dict[int, _Placed] = {}

    def take(at: int, result: Result[RosterPlan]) -> None:
        if result.plan is not None:
            placed[at] = _place_pool(base, pools[at], result, stance)
        tell("solve", len(placed), len(pools))

    problems, begun_at = [pool.problem for pool in pools], time.monotonic()
    results = solve_all(problems, time_limit_s=time_limit_s, seed=seed, executor=executor, take=take)
    tell("place", 0, 1)
    roster = _join(base, pools, stance, placed) if len(placed) == len(pools) else None
    tell("keep", 0, 1)
    return _Solved(base, pools, results, time.monotonic() - begun_at, roster)


def _archive(solved: _Solved, time_limit_s: float, seed: int) -> PlanArchive:
    solution = {} if solved.roster is None else pack_roster(solved.pools, solved.results, solved.roster)
    problem = pack_problems(solved.pools, solved.base.parts)
    return PlanArchive(problem, solution, solved.base.fingerprint, seed, time_limit_s)


def _refuse_empty(base: Base, area: Area) -> None:
    if not len(base.shifts):
        raise RuleError(
            f"No post here needs anybody from {base.starts_on} to {base.ends_on}.",
            where=str(area),
            remedy="Import posts with what they need, or choose later days.",
        )


def resolve_roster(plan: Plan) -> list[Result[RosterPlan]]:
    """Solve a kept roster again from its own arrays, pool by pool, and verify it.

    Raises
    ------
    VerificationError
        If a roster breaks a rule of its problem.
    """
    problems = unpack_problems(open_problem(plan))
    with open_threads(THREADS) as executor:
        results = solve_all(problems, time_limit_s=plan.time_limit_s, seed=plan.seed, executor=executor)
    for problem, result in zip(problems, results, strict=True):
        if result.plan is not None:
            verify(problem, result.plan)
    return results


def solve_all(
    problems: Sequence[RosterProblem],
    *,
    time_limit_s: float,
    seed: int,
    executor: Executor,
    take: Callable[[int, Result[RosterPlan]], None] | None = None,
) -> list[Result[RosterPlan]]:
    """Solve the pools side by side, in their order, see ``solve_pools``; one without people has nothing to solve."""
    staffed = [at for at, problem in enumerate(problems) if problem.n_people]
    results = {at: _nobody(problem) for at, problem in enumerate(problems) if not problem.n_people}
    take = take or _leave
    for at, result in results.items():
        take(at, result)
    solved = solve_pools(
        [problems[at] for at in staffed],
        time_limit_s=time_limit_s,
        seed=seed,
        executor=executor,
        take=lambda nth, result: take(staffed[nth], result),
    )
    results.update(zip(staffed, solved, strict=True))
    return [results[at] for at in range(len(problems))]


def _leave(at: int, result: Result[RosterPlan]) -> None:
    """Take nothing."""


def _nobody(problem: RosterProblem) -> Result[RosterPlan]:
    cost = float((problem.under_weight * problem.demand).sum())
    return Result(
        status=Status.OPTIMAL,
        plan=RosterPlan(np.empty((0, problem.n_days), np.int16)),
        objective=cost,
        bound=cost,
        runtime_s=0.0,
        solver="nobody to roster",
        counts={
            "people": 0,
            "duties": 0,
            "places_unfilled": int(problem.demand.sum()),
            "places_unfillable": int(problem.demand.sum()),
        },
    )


def _quiet(step: str, done: int, total: int) -> None:
    """Tell nobody."""


class _Placed(NamedTuple):
    """The duties of a pool, as places in the base and numbers of people, and what it lacks."""

    duties: list[tuple[int, int]]
    shortages: list[Shortage]


def _place_pool(base: Base, pool: Pool, result: Result[RosterPlan], stance: Stance) -> _Placed:
    """Turn a pool's roster, once verified, into duties at posts."""
    if result.plan is None:
        raise ValueError("a pool without a plan cannot be placed")
    verify(pool.problem, result.plan)
    placed = mend(base, pool, stance, place_people(base, pool, result.plan.shift, stance))
    unfillable = int(result.counts.get("places_unfillable", 0))
    shortages = explain_shortages(base, pool, stance, placed, unfillable)
    return _Placed([(place, pool.people[row].number) for place, row in placed], shortages)


def _join(base: Base, pools: Sequence[Pool], stance: Stance, placed: Mapping[int, _Placed]) -> KeptRoster:
    """Join the duties of all pools, and check these against everything that stands."""
    in_order = [placed[at] for at in range(len(pools))]
    duties = [duty for pool in in_order for duty in pool.duties]
    _check(base, stance, duties)
    shortages = [shortage for pool in in_order for shortage in pool.shortages]
    return KeptRoster.from_places(base, duties, shortages, sorted(stance.kept))


def _check(base: Base, stance: Stance, duties: Sequence[tuple[int, int]]) -> None:
    table = np.array(duties, np.int64).reshape(-1, 2)
    own = {person.number: person.max_week_min for person in base.people if person.max_week_min is not None}
    check_joined(spans_of_places(base, table[:, 1], table[:, 0]), stance.beside, base.limits, own)


def _joined(results: Sequence[Result[RosterPlan]], runtime_s: float) -> Result[RosterPlan]:
    """Return the results of all pools, solved side by side, as one: as good as the worst of them."""
    by_worst = (Status.INFEASIBLE, Status.UNKNOWN, Status.FEASIBLE, Status.OPTIMAL)
    status = min((result.status for result in results), key=by_worst.index)
    has_plan = status in {Status.FEASIBLE, Status.OPTIMAL}
    bounds = [result.bound for result in results]
    counts: Counter[str] = Counter()
    for result in results:
        counts.update(result.counts)
    return Result(
        status=status,
        plan=RosterPlan(np.empty((0, 0), np.int16)) if has_plan else None,
        objective=sum(result.objective or 0.0 for result in results) if has_plan else None,
        bound=sum(bound for bound in bounds if bound is not None) if has_plan and None not in bounds else None,
        runtime_s=runtime_s,
        solver=", ".join(sorted({result.solver for result in results})),
        counts={name: float(count) for name, count in counts.items()},
    )


def _counts(solved: _Solved) -> dict[str, object]:
    shifts, roster = solved.base.shifts, solved.roster
    counts: dict[str, object] = {
        "pools": len(solved.pools),
        "people": sum(len(pool.people) for pool in solved.pools),
        "shifts": len(shifts),
        "places": int(shifts.needed.sum()),
    }
    if roster is None:
        return counts
    reasons: Counter[str] = Counter()
    for why, missing in zip(roster.why.tolist(), roster.missing.tolist(), strict=True):
        reasons[why] += missing
    return {
        **counts,
        "duties": len(roster.shift),
        "places_unfilled": int(roster.missing.sum()),
        "places_unfillable": int(roster.missing[roster.proven].sum()),
        "shifts_unfilled": len(roster.missing),
        "gaps": dict(reasons),
    }
