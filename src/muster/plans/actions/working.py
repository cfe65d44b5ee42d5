"""What a worker does with an order: takes it on a lease, tells how far it is, and ends it.

Every change is conditional on the lease, in one statement, so that of two workers only the holder's is written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.plans.actions.keeping import keep_plan
from muster.plans.kinds import OrderState
from muster.plans.models import Plan, PlanOrder

LEASE_S = 15
"""How long a worker may be silent before another takes its order."""
TRIES = 3
"""How many workers an order may cost before it is given up."""


class OrderLostError(MusterError):
    """The order was canceled, or another worker has taken it: what was solved is not kept."""


def claim_order(worker: str) -> PlanOrder | None:
    """Take the oldest order that waits, or whose worker has fallen silent; None when there is none.

    Parameters
    ----------
    worker
        A name that no other worker has.
    """
    while True:
        now = clock.real_now()
        claimable = Q(state=OrderState.QUEUED) | Q(state=OrderState.RUNNING, lease_until_at__lt=now)
        found = PlanOrder.objects.filter(claimable).order_by("pk").only("pk", "tries").first()
        if found is None:
            return None
        if _take(found, claimable, worker, now):
            return PlanOrder.objects.select_related("area__level", "emergency__area", "ordered_by").get(pk=found.pk)


def _take(found: PlanOrder, claimable: Q, worker: str, now: datetime) -> bool:
    """Take an order that was just seen, unless another worker was faster or it has cost too many already."""
    # The number of tries has risen if somebody else took it since, even if that one is silent again.
    unchanged = PlanOrder.objects.filter(claimable, pk=found.pk, tries=found.tries)
    if found.tries >= TRIES:
        unchanged.update(
            state=OrderState.FAILED,
            ended_at=now,
            lease_until_at=None,
            failure=f"The planner ended without a word, {found.tries} times.",
            remedy="Plan a smaller area, or tell whoever runs the server.",
        )
        return False
    return bool(
        unchanged.update(
            state=OrderState.RUNNING,
            worker=worker,
            tries=found.tries + 1,
            begun_at=now,
            lease_until_at=_lease(now),
            step="",
            done=0,
            total=0,
        )
    )


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_S)


def renew_lease(order: PlanOrder) -> bool:
    """Renew the lease of an order; False when it is no longer this worker's."""
    return _change(order, lease_until_at=_lease(clock.real_now()))


def tell_step(order: PlanOrder, step: str, done: int, total: int) -> None:
    """Tell which step an order is at and how far, and renew its lease.

    Raises
    ------
    OrderLostError
        If it is no longer this worker's.
    """
    if not _change(order, step=step, done=done, total=total, lease_until_at=_lease(clock.real_now())):
        raise _lost(order)


def keep_ordered(order: PlanOrder, **kept: Any) -> Plan:
    """Keep the plan that was ordered and end its order, in one transaction: one order never makes two plans.

    Parameters
    ----------
    order
        The order, held by this worker.
    kept
        What ``keep_plan`` takes.

    Raises
    ------
    OrderLostError
        If it is no longer this worker's.
    """
    with transaction.atomic():
        plan = keep_plan(**kept)
        _end(order, OrderState.SOLVED, plan=plan)
    return plan


def fail_order(order: PlanOrder, error: MusterError) -> None:
    """End an order with what went wrong and what to do about it.

    Raises
    ------
    OrderLostError
        If it is no longer this worker's.
    """
    _end(order, OrderState.FAILED, failure=error.what, remedy=error.remedy)


def return_order(order: PlanOrder) -> None:
    """Put an order back for another worker, which need not wait until the lease runs out."""
    _change(order, state=OrderState.QUEUED, worker="", lease_until_at=None, tries=order.tries - 1)


def _end(order: PlanOrder, state: OrderState, **fields: Any) -> None:
    if not _change(order, state=state, ended_at=clock.real_now(), lease_until_at=None, **fields):
        raise _lost(order)


def _change(order: PlanOrder, **fields: Any) -> bool:
    held = PlanOrder.objects.filter(pk=order.pk, state=OrderState.RUNNING, worker=order.worker)
    return bool(held.update(**fields))


def _lost(order: PlanOrder) -> OrderLostError:
    return OrderLostError("This order is no longer this worker's.", where=f"order {order.pk}")
