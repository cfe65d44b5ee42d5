"""Keeping a solved plan whole, and putting one aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from numpy.typing import NDArray

from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.planning.result import Result
from muster.plans.kinds import PlanKind, PlanState
from muster.plans.models import Plan
from muster.plans.rules import fingerprint, pack_arrays, unpack_arrays
from muster.territory.models import Area

__all__ = [
    "Keep",
    "PlanArchive",
    "check_undecided",
    "fingerprint",
    "keep_plan",
    "mark_published",
    "pack_arrays",
    "set_aside",
    "unpack_arrays",
]

Named = Mapping[str, NDArray[Any]]
Keep = Callable[..., Plan]
"""Keeps a solved plan: takes what ``keep_plan`` takes."""


@dataclass(frozen=True, slots=True)
class PlanArchive:
    """What is needed to solve a plan again and to tell whether its base still stands.

    Parameters
    ----------
    problem, solution
        Named arrays of the problem and of what was found (empty without a plan).
    fingerprint
        Digest of the rows that the problem was built from, see ``rules.fingerprint``.
    seed, time_limit_s
        What the solver was given.
    """

    problem: Named
    solution: Named
    fingerprint: str
    seed: int
    time_limit_s: float


def keep_plan(
    *,
    actor: Actor,
    now: datetime,
    kind: PlanKind,
    emergency: Emergency,
    area: Area,
    result: Result[Any],
    archive: PlanArchive,
    counts: Mapping[str, Any] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Plan:
    """Keep a solved plan with its problem, seed and solver version.

    Parameters
    ----------
    actor, now, kind, emergency, area, starts_on, ends_on
        Who had what solved, and when: ``ends_on`` is the day after a roster's last.
    result
        What the solver returned, its plan already verified.
    archive
        Arrays and digest.
    counts
        Further figures for the reader, beside the result's own.
    """
    with transaction.atomic():
        plan = Plan.objects.create(
            kind=kind,
            emergency=emergency,
            area=area,
            starts_on=starts_on,
            ends_on=ends_on,
            status=result.status.value,
            seed=archive.seed,
            time_limit_s=archive.time_limit_s,
            solver=result.solver,
            objective=result.objective,
            bound=result.bound,
            runtime_s=result.runtime_s,
            counts={**result.counts, **(counts or {})},
            problem=pack_arrays(archive.problem),
            plan=pack_arrays(archive.solution) if archive.solution else b"",
            fingerprint=archive.fingerprint,
            created_by_id=actor.audit_id,
            created_at=now,
        )
        _record(actor, now, Verb.PLAN_SOLVED, plan, {"kind": kind.value, "area": area.code, "status": plan.status})
    return plan


def check_undecided(plan: Plan) -> None:
    """Check that a plan was neither published nor put aside since it was read.

    Raises
    ------
    RuleError
        If it was.
    """
    if not Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVED).exists():
        raise _decided(plan)


def _decided(plan: Plan) -> RuleError:
    return RuleError(f"Plan {plan.pk} was already published or put aside.", remedy="Solve a new one.")


def mark_published(*, actor: Actor, now: datetime, plan: Plan, detail: dict[str, Any]) -> None:
    """Mark a plan as published, inside the transaction that writes its rows.

    Raises
    ------
    RuleError
        If it was published or put aside before.
    """
    _leave_solved(plan, PlanState.PUBLISHED)
    plan.published_at = now
    plan.save(update_fields=["published_at"])
    _record(actor, now, Verb.PLAN_PUBLISHED, plan, {"kind": plan.kind, "area": plan.area.code, **detail})


def set_aside(*, actor: Actor, now: datetime, plan: Plan) -> Plan:
    """Put a solved plan aside: it is kept, and can no longer be published.

    Raises
    ------
    RuleError
        If it was published or put aside before.
    """
    with transaction.atomic():
        _leave_solved(plan, PlanState.SET_ASIDE)
        _record(actor, now, Verb.PLAN_SET_ASIDE, plan, {"kind": plan.kind, "area": plan.area.code})
    return plan


def _leave_solved(plan: Plan, state: PlanState) -> None:
    # Conditional, so that of two officers who decide at once only one does.
    changed = Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVED).update(state=state)
    if not changed:
        raise _decided(plan)
    plan.state = state


def _record(actor: Actor, now: datetime, verb: Verb, plan: Plan, detail: dict[str, Any]) -> None:
    record(actor=actor, now=now, verb=verb, subject_kind="plan", subject_id=plan.pk, detail=detail)
