"""Planning coverage: from rows to a kept plan, and a kept plan solved again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import numpy as np

from muster.coverage.planning.base import Base, read_base
from muster.coverage.planning.keeping import (
    open_appoint_problem,
    open_coverage,
    problem_arrays,
    role_ids,
    solution_arrays,
)
from muster.coverage.planning.reasons import Gaps, explain_gaps
from muster.coverage.planning.solving import Choice, Solver, choose
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.errors import RuleError
from muster.planning.distributed import SOLVER_IN_PARTS, ClusterSolver, solve_in_parts
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError, Result
from muster.plans.actions import Keep, PlanArchive, keep_plan
from muster.plans.kinds import PlanKind
from muster.plans.models import Plan
from muster.plans.queries import open_problem
from muster.territory.models import Area

Progress = Callable[[str, int, int], None]
"""Told the name of a step, its number, and of how many."""

_STEPS = ("read", "solve", "explain", "keep")


def plan_coverage(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    area: Area,
    time_limit_s: float = 60,
    seed: int = 1,
    progress: Progress | None = None,
    scheduler: str | None = None,
    keep: Keep = keep_plan,
) -> Plan:
    """Plan who answers for the areas within an area: coverage first, then nearness.

    Nothing of what stands is changed: the plan is kept, to be looked at and published.

    Parameters
    ----------
    actor, now
        Who plans, and when; the local day of ``now`` decides who is absent.
    emergency, area
        What is planned.
    time_limit_s, seed
        Kept with the plan. The solver is exact and needs no chance.
    progress
        Told each step.
    scheduler
        Address of a Dask scheduler whose workers solve the problem in parts; by default it is solved here.
    keep
        Keeps the plan: ``keep_plan``, or what does more in the same transaction.

    Raises
    ------
    RuleError
        If no area there needs a warden, the emergency has ended, or the scheduler does not answer.
    VerificationError
        If the solver's choice breaks a rule.
    """
    require_active(emergency)
    tell = progress or quiet
    tell(_STEPS[0], 0, len(_STEPS))
    base = read_base(emergency, area, now)
    if not len(base.area):
        raise RuleError("No area here needs a warden in this emergency.", where=str(area))
    tell(_STEPS[1], 1, len(_STEPS))
    choice = choose(base, solver=_open_solver(scheduler))
    tell(_STEPS[2], 2, len(_STEPS))
    gaps = explain_gaps(base, choice)
    tell(_STEPS[3], 3, len(_STEPS))
    return keep(
        actor=actor,
        now=now,
        kind=PlanKind.COVERAGE,
        emergency=emergency,
        area=area,
        result=choice.result,
        archive=_archive(base, choice, gaps, seed, time_limit_s),
        counts={"people": len(base.people.ids), "candidates": choice.problem.n_arcs, "gaps": gaps.count_reasons()},
    )


def _open_solver(scheduler: str | None) -> Solver:
    if scheduler is None:
        return solve
    return partial(_solve_over_cluster, scheduler)


def _solve_over_cluster(scheduler: str, problem: AppointProblem) -> Result[AppointPlan]:
    try:
        return solve_in_parts(problem, ClusterSolver(scheduler))
    except ProblemError as error:
        raise RuleError(
            str(error), where=scheduler, remedy="Check the scheduler's address, or plan on this machine alone."
        ) from error


def require_active(emergency: Emergency) -> None:
    """Refuse to plan for an emergency that has ended.

    Raises
    ------
    RuleError
        If it has.
    """
    if emergency.ends_at is not None:
        raise RuleError("The emergency has ended.", where=emergency.code)


def _archive(base: Base, choice: Choice, gaps: Gaps, seed: int, time_limit_s: float) -> PlanArchive:
    return PlanArchive(
        problem=problem_arrays(base, choice),
        solution=solution_arrays(base, choice, gaps),
        fingerprint=base.fingerprint(),
        seed=seed,
        time_limit_s=time_limit_s,
    )


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def resolve_coverage(plan: Plan) -> Result[AppointPlan]:
    """Solve a kept plan of coverage again from its own arrays, and verify it.

    Raises
    ------
    VerificationError
        If the solver's choice breaks a rule.
    """
    problem = open_appoint_problem(open_problem(plan))
    # Of plans that are equally good, parts may find another than the whole.
    result = solve_in_parts(problem) if plan.solver == SOLVER_IN_PARTS else solve(problem)
    if result.plan is not None:
        verify(problem, result.plan)
    return result


def is_same_choice(plan: Plan, result: Result[AppointPlan]) -> bool:
    """Tell whether a plan solved again has the people of the kept one, area by area."""
    if result.plan is None:
        return False
    arrays, kept = open_problem(plan), open_coverage(plan)
    person_ids = np.append(arrays["base_person_ids"], -1)
    again = np.sort(np.stack([person_ids[result.plan.warden], person_ids[result.plan.deputy]]), axis=0)
    return bool((again == np.sort(role_ids(kept), axis=0)).all())
