"""The needs of an area, and steps that wait for theirs."""

from __future__ import annotations

from django.db.models import QuerySet

from muster.emergencies.models import Emergency
from muster.needs.kinds import SETTLED
from muster.needs.models import Need, NeedStep
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


def list_needs(emergency: Emergency, area: Area) -> QuerySet[Need]:
    """List the needs of an area and all beneath it, oldest first."""
    found = Need.objects.select_related("area").filter(beneath_filter(area, "area__path"), emergency=emergency)
    return found.order_by("at", "pk")


def list_open_needs(emergency: Emergency, area: Area) -> QuerySet[Need]:
    """List the needs that wait for an answer, oldest first."""
    return list_needs(emergency, area).exclude(state__in=SETTLED)


def list_waiting_steps() -> QuerySet[NeedStep]:
    """List the steps whose need has not come yet, oldest first."""
    return NeedStep.objects.filter(need=None).order_by("recorded_at", "pk")
