"""Planning who answers for which area: rows become a problem, and a verified plan becomes rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from muster.coverage.planning.changes import Change, ChangeKind, Named, PlanDifference, PlannedGap, PublishReport
from muster.coverage.planning.coverage import Progress, is_same_choice, plan_coverage, resolve_coverage
from muster.coverage.planning.difference import coverage_difference
from muster.coverage.planning.pairing import plan_pairing, resolve_pairing
from muster.coverage.planning.pairing_publishing import pairing_difference, publish_pairing
from muster.coverage.planning.publishing import publish_coverage
from muster.kernel.audit import Actor
from muster.kernel.errors import RuleError
from muster.planning.result import Result
from muster.plans.kinds import PlanKind
from muster.plans.models import Plan

__all__ = [
    "Change",
    "ChangeKind",
    "Named",
    "PlanDifference",
    "PlannedGap",
    "Progress",
    "PublishReport",
    "difference",
    "is_same_choice",
    "plan_coverage",
    "plan_pairing",
    "publish",
    "resolve",
]


def difference(plan: Plan, *, limit: int | None = 500) -> PlanDifference:
    """Compare a plan of coverage or pairings with what stands now.

    Parameters
    ----------
    plan
        A kept plan of one of the two kinds.
    limit
        How many changes of each kind, and gaps, to list with names; None for all. The counts are exact.

    Raises
    ------
    RuleError
        If the solver found no plan.
    """
    _require_solution(plan)
    compare = pairing_difference if plan.kind == PlanKind.PAIRING else coverage_difference
    return compare(plan, limit=limit)


def publish(*, actor: Actor, now: datetime, plan: Plan) -> PublishReport:
    """Publish a plan of coverage or pairings in one transaction.

    Raises
    ------
    StaleBaseError
        If what it was planned from has changed; the message names what.
    RuleError
        If there is no plan, it was published or put aside before, or the emergency has ended.
    """
    _require_solution(plan)
    write = publish_pairing if plan.kind == PlanKind.PAIRING else publish_coverage
    return write(actor=actor, now=now, plan=plan)


def _require_solution(plan: Plan) -> None:
    if not plan.plan:
        raise RuleError(
            f"The solver found no plan ({plan.status}).",
            where=f"plan {plan.pk}",
            remedy="Plan again with a longer time limit.",
        )


def resolve(plan: Plan) -> Result[Any]:
    """Solve a kept plan of coverage or pairings again from its own problem, and verify it."""
    return resolve_pairing(plan) if plan.kind == PlanKind.PAIRING else resolve_coverage(plan)
