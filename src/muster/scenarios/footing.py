"""Putting an invented city on its footing: activation, then coverage, pairings and roster planned and published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from muster.access.queries import SystemActor
from muster.coverage import planning as coverage
from muster.coverage.actions import accept_pairing
from muster.coverage.queries import list_pairings
from muster.coverage.queries.needs import read_needs
from muster.coverage.rules import NEED_THRESHOLD, score_need
from muster.duty import planning as duty
from muster.emergencies.actions import activate, call_up_organization
from muster.emergencies.models import Emergency
from muster.organizations.models import Organization
from muster.scenarios.shape import Shape
from muster.territory.models import Area

Count = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

_TIME_LIMIT_S = 900.0
"""Far beyond what the plans take: cut by time, the same seed would give another plan."""

_PAIRING_TIME_LIMIT_S = 40.0
"""Several times what the proof takes; the solver spends a tenth of it on a first search."""

_SILENT_EVERY = 9
"""Every so many organizations have not answered yet."""


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


def plan_wardens(emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor, count: Count) -> None:
    """Plan a warden and a deputy for every area, and publish the plan, six days after the activation."""
    now = shape.moment(shape.activated_on + timedelta(days=6), 18)
    plan = coverage.plan_coverage(
        actor=actor,
        now=now,
        emergency=emergency,
        area=emergency.area,
        time_limit_s=_TIME_LIMIT_S,
        seed=seed,
        progress=_without_step(count),
    )
    coverage.publish(actor=actor, now=now, plan=plan)


def plan_pairings(emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor, count: Count) -> None:
    """Plan which organizations answer for which communities, and publish the plan; none where none is needed."""
    if not any(score_need(need.facts) >= NEED_THRESHOLD for need in read_needs(emergency.area)):
        return
    now = shape.moment(shape.activated_on + timedelta(days=8), 10)
    plan = coverage.plan_pairing(
        actor=actor,
        now=now,
        emergency=emergency,
        area=emergency.area,
        time_limit_s=_PAIRING_TIME_LIMIT_S,
        seed=seed,
        progress=_without_step(count),
    )
    coverage.publish(actor=actor, now=now, plan=plan)
    _answer_pairings(emergency, now)


def _answer_pairings(emergency: Emergency, published_at: datetime) -> None:
    """Let the organizations answer on the same day, each through its own liaison; a few have not answered yet."""
    for number, pairing in enumerate(list_pairings(emergency, emergency.area), start=1):
        if number % _SILENT_EVERY:
            liaison = SystemActor(f"{pairing.organization.name}联络员")
            accept_pairing(actor=liaison, now=published_at + timedelta(minutes=20 + number), pairing=pairing)


def plan_duties(emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor, count: Count) -> None:
    """Plan the roster of all its days, and publish it, on the evening before the first."""
    now = shape.moment(shape.roster_starts_on - timedelta(days=1), 20)
    plan = duty.plan_roster(
        actor=actor,
        now=now,
        emergency=emergency,
        area=emergency.area,
        starts_on=shape.roster_starts_on,
        days=shape.roster_days,
        time_limit_s=_TIME_LIMIT_S,
        seed=seed,
        progress=_without_step(count),
    )
    duty.publish(actor=actor, now=now, plan=plan)


def _without_step(count: Count) -> Callable[[str, int, int], None]:
    """Return a progress of named steps that tells the numbers alone."""

    def tell(step: str, done: int, total: int) -> None:
        count(done, total)

    return tell
