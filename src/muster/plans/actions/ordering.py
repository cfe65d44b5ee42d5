"""Ordering a plan from the desk, and calling an order off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from muster.emergencies.models import Emergency
from muster.kernel import clock
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.plans.kinds import OrderState, PlanKind
from muster.plans.models import PlanOrder
from muster.plans.queries import OPEN_STATES
from muster.territory.models import Area


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is to be solved with.

    Parameters
    ----------
    time_limit_s, seed
        What the solver is given.
    starts_on, days
        First local day of a roster, and how many; None for any other kind.
    """

    time_limit_s: float
    seed: int
    starts_on: date | None = None
    days: int | None = None


def order_plan(
    *, actor: Actor, now: datetime, kind: PlanKind, emergency: Emergency, area: Area, terms: Terms
) -> PlanOrder:
    """Order a plan: a worker takes it, oldest first, and makes it as of ``now``."""
    with transaction.atomic():
        order = PlanOrder.objects.create(
            kind=kind,
            emergency=emergency,
            area=area,
            starts_on=terms.starts_on,
            days=terms.days,
            seed=terms.seed,
            time_limit_s=terms.time_limit_s,
            ordered_by_id=actor.audit_id,
            ordered_at=now,
            queued_at=clock.real_now(),
        )
        _record(actor, now, Verb.PLAN_ORDERED, order)
    return order


def cancel_order(*, actor: Actor, now: datetime, order: PlanOrder) -> None:
    """Call an order off; a worker that solves it stops within seconds and keeps nothing.

    Raises
    ------
    RuleError
        If it has ended meanwhile.
    """
    with transaction.atomic():
        open_now = PlanOrder.objects.filter(pk=order.pk, state__in=OPEN_STATES)
        if not open_now.update(state=OrderState.CANCELED, ended_at=clock.real_now(), lease_until_at=None):
            raise RuleError("This planning has ended already.", remedy="Look at what came of it.")
        _record(actor, now, Verb.PLAN_CANCELED, order)


def _record(actor: Actor, now: datetime, verb: Verb, order: PlanOrder) -> None:
    detail = {"kind": order.kind, "area": order.area.code}
    record(actor=actor, now=now, verb=verb, subject_kind="plan_order", subject_id=order.pk, detail=detail)
