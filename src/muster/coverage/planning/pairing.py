"""Planning pairings: which organization answers for which community, and what it takes over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.kinds import GapReason
from muster.coverage.planning.coverage import Progress, quiet, require_active
from muster.coverage.planning.pairing_base import PairingBase, read_pairing_base
from muster.coverage.rules import PAIRING_REACH_M
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.errors import RuleError
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.verify import verify
from muster.planning.result import Result
from muster.plans.actions import Keep, PlanArchive, keep_plan
from muster.plans.kinds import PlanKind
from muster.plans.models import Plan
from muster.plans.queries import open_problem
from muster.territory.models import Area

PAIRING_REASONS = (GapReason.NO_CANDIDATE, GapReason.NO_CAPACITY, GapReason.ALL_FULL)
_PROBLEM_ARRAYS = ("cost", "weight", "capacity", "is_allowed", "skip_penalty")
_STEPS = ("read", "solve", "keep")


def plan_pairing(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    area: Area,
    time_limit_s: float = 60,
    seed: int = 1,
    progress: Progress | None = None,
    keep: Keep = keep_plan,
) -> Plan:
    """Plan which organizations answer for the communities within an area that need it.

    Parameters
    ----------
    actor, now
        Who plans, and when.
    emergency, area
        What is planned.
    time_limit_s, seed
        Given to the solver and kept with the plan.
    progress
        Told each step.
    keep
        Keeps the plan: ``keep_plan``, or what does more in the same transaction.

    Raises
    ------
    RuleError
        If no community there needs a pairing, or the emergency has ended.
    VerificationError
        If the solver's plan breaks a rule.
    """
    require_active(emergency)
    tell = progress or quiet
    tell(_STEPS[0], 0, len(_STEPS))
    base = read_pairing_base(emergency, area)
    if not base.needs:
        raise RuleError("No community here needs a pairing.", where=str(area))
    tell(_STEPS[1], 1, len(_STEPS))
    problem = base.build_problem()
    result = solve_verified(problem, time_limit_s=time_limit_s, seed=seed)
    solution = _solution_arrays(base, problem, result.plan)
    tell(_STEPS[2], 2, len(_STEPS))
    return keep(
        actor=actor,
        now=now,
        kind=PlanKind.PAIRING,
        emergency=emergency,
        area=area,
        result=result,
        archive=PlanArchive(_problem_arrays(base, problem), solution, base.fingerprint(), seed, time_limit_s),
        counts=_counts(base, result.plan),
    )


def solve_verified(problem: PairProblem, *, time_limit_s: float, seed: int) -> Result[PairPlan]:
    """Solve a problem and verify the plan.

    Raises
    ------
    VerificationError
        If the plan breaks a rule.
    """
    from muster.planning.assignment.solve import solve  # noqa: PLC0415  # HiGHS is slow to load, and rarely needed

    result = solve(problem, time_limit_s=time_limit_s, seed=seed)
    if result.plan is not None:
        verify(problem, result.plan)
    return result


def resolve_pairing(plan: Plan) -> Result[PairPlan]:
    """Solve a kept plan of pairings again from its own arrays, with its own seed and limit."""
    arrays = open_problem(plan)
    problem = PairProblem(**{name: arrays[name] for name in _PROBLEM_ARRAYS})
    return solve_verified(problem, time_limit_s=plan.time_limit_s, seed=plan.seed)


def _problem_arrays(base: PairingBase, problem: PairProblem) -> dict[str, NDArray[Any]]:
    parts = base.parts()
    kept = ("area_ids", "needs", "organization_ids", "capacity", "standing")
    return {name: getattr(problem, name) for name in _PROBLEM_ARRAYS} | {f"base_{name}": parts[name] for name in kept}


def _solution_arrays(base: PairingBase, problem: PairProblem, plan: PairPlan | None) -> dict[str, NDArray[Any]]:
    if plan is None:
        return {}
    agent = plan.agent.astype(np.int64)
    # One more row, of nobody, for communities that are left out.
    weight = np.vstack([problem.weight, np.zeros((1, problem.n_jobs), np.int64)])
    people = weight[agent, np.arange(len(agent))]
    return {
        "organization_ids": base.organizations(agent),
        "people": people,
        "reason": _find_reasons(base, agent),
        "nearest": _nearest(base),
    }


def _find_reasons(base: PairingBase, agent: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return for each community the place of its reason in ``PAIRING_REASONS``, -1 where it is paired."""
    is_near = base.way_m <= PAIRING_REACH_M
    has_people = is_near & (base.capacity[:, None] > 0)
    conditions = [agent >= 0, ~is_near.any(axis=0), ~has_people.any(axis=0)]
    return np.select(conditions, [-1, 0, 1], default=2).astype(np.int8)


def _nearest(base: PairingBase) -> NDArray[np.int64]:
    """Return the numbers of the three organizations nearest to each community; -1 fills up."""
    order = np.argsort(base.way_m, axis=0, kind="stable")[:3].T
    nearest = np.full((len(base.needs), 3), -1, np.int64)
    nearest[:, : order.shape[1]] = base.organization_ids[order]
    return nearest


def _counts(base: PairingBase, plan: PairPlan | None) -> dict[str, int]:
    paired = int((plan.agent >= 0).sum()) if plan else 0
    return {"communities": len(base.needs), "organizations": len(base.organization_ids), "paired": paired}
