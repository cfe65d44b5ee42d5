"""Putting an invented city on its footing: activation, then coverage, pairings and roster planned and published."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from muster.access.queries import SystemActor
from muster.emergencies.actions import activate, call_up_organization
from muster.emergencies.models import Emergency
from muster.organizations.models import Organization
from muster.scenarios.shape import Shape
from muster.territory.models import Area

Count = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def activate_emergency(shape: Shape, *, actor: SystemActor, count: Count) -> Emergency:
    """Activate the scenario's emergency on its area, and call up every organization."""
    now = shape.moment(shape.activated_on, 12)
    level = "township" if shape.townships else "city"
    with transaction.atomic():
        emergency = activate(
            actor=actor,
            now=now,
            code=shape.code,
            name_zh=shape.name_zh,
            name_en=shape.name_en,
            response_level=shape.response_level,
            area=Area.objects.get(level__slug=level),
            is_exercise=True,
        )
        organizations = list(Organization.objects.order_by("code"))
        for done, organization in enumerate(organizations, start=1):
            call_up_organization(actor=actor, now=now, emergency=emergency, organization=organization)
            count(done, len(organizations))
    return emergency
