"""Kept plans: listed, fetched for an actor, and their archives opened."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area
from muster.kernel.errors import NotFoundError
from muster.plans.kinds import OrderState, PlanKind
from muster.plans.models import Plan, PlanOrder
from muster.plans.rules import Arrays, unpack_arrays
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

OPEN_STATES = (OrderState.QUEUED, OrderState.RUNNING)
_Row = TypeVar("_Row", Plan, PlanOrder)


def list_plans(area: Area, kind: PlanKind | None = None) -> QuerySet[Plan]:
    """List the plans of an area and of those beneath it, newest first, without their archives."""
    plans = Plan.objects.filter(beneath_filter(area, "area__path"))
    if kind is not None:
        plans = plans.filter(kind=kind)
    return (
        plans.defer("problem", "plan").select_related("area", "emergency", "created_by").order_by("-created_at", "-pk")
    )


def access_plan(actor: Actor, plan_id: int, *, right: Right = Right.SEE_AREA) -> Plan:
    """Fetch a plan for an actor.

    Parameters
    ----------
    actor, right
        Who asks, and for which right over the plan's area.
    plan_id
        Number of the plan.

    Raises
    ------
    NotFoundError
        If there is none, or it is not for this actor to see: the two look the same.
    NotAllowedError
        If the actor sees it but lacks the right.
    """
    plan = Plan.objects.select_related("area__level", "emergency__area", "created_by").filter(pk=plan_id).first()
    return _accessed(actor, plan, right, NotFoundError("There is no such plan.", where=str(plan_id)))


def access_order(actor: Actor, order_id: int, *, right: Right = Right.SEE_AREA) -> PlanOrder:
    """Fetch the order of a plan for an actor.

    Parameters
    ----------
    actor, right
        Who asks, and for which right over the area that is planned.
    order_id
        Number of the order.

    Raises
    ------
    NotFoundError
        If there is none, or it is not for this actor to see: the two look the same.
    NotAllowedError
        If the actor sees it but lacks the right.
    """
    order = PlanOrder.objects.select_related("area__level", "emergency", "ordered_by").filter(pk=order_id).first()
    return _accessed(actor, order, right, NotFoundError("There is no such order of a plan.", where=str(order_id)))


def _accessed(actor: Actor, row: _Row | None, right: Right, missing: NotFoundError) -> _Row:
    if row is None:
        raise missing
    try:
        access_area(actor, row.area.code, right=right)
    except NotFoundError as error:
        raise missing from error
    return row


def list_open_orders(area: Area, kind: PlanKind) -> QuerySet[PlanOrder]:
    """List the orders of an area and of those beneath it that wait or are being solved, newest first."""
    return (
        PlanOrder.objects.filter(beneath_filter(area, "area__path"), kind=kind, state__in=OPEN_STATES)
        .select_related("area", "ordered_by")
        .order_by("-pk")
    )


def count_orders_ahead(order: PlanOrder) -> int:
    """Count the open orders that a worker takes before this one."""
    return PlanOrder.objects.filter(pk__lt=order.pk, state__in=OPEN_STATES).count()


def open_problem(plan: Plan) -> Arrays:
    """Open the arrays of the problem that was solved."""
    return unpack_arrays(_bytes(plan.problem))


def open_solution(plan: Plan) -> Arrays:
    """Open the arrays of the solution."""
    return unpack_arrays(_bytes(plan.plan))


def _bytes(value: Any) -> bytes:
    """Return a binary column as bytes: PostgreSQL gives a view of memory."""
    return bytes(value)
