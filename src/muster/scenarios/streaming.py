"""Writing a megacity township by township, through the same actions that every other list goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from muster.access.queries import SystemActor
from muster.organizations.actions import write_organizations
from muster.organizations.kinds import OrganizationFacts, OrganizationKind
from muster.people.actions import write_people
from muster.scenarios.crowd import invent_crowd
from muster.scenarios.megacity import Megacity
from muster.scenarios.shape import Shape
from muster.territory.actions import create_areas_in_parts
from muster.territory.kinds import AreaSpec

Count = Callable[[int, int], None]
"""Told how many rows or townships are done, of how many."""

_OFFERED = 20


def write_megacity_territory(city: Megacity, *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write the tree, one township in memory at a time."""
    create_areas_in_parts(_list_parts(city, count), actor=actor, now=now)


def _list_parts(city: Megacity, count: Count) -> Iterator[list[AreaSpec]]:
    yield city.upper
    for done, township in enumerate(city.townships):
        count(done, len(city.townships))
        yield city.invent_areas(township)


def write_offices(city: Megacity, *, actor: SystemActor, now: datetime) -> None:
    """Write the offices of the city and its counties, seated in their first community."""
    first = {township.area.parent_code: township.communities[0] for township in reversed(city.townships)}
    offices = [
        OrganizationFacts(
            code=f"O{area.code}-01",
            name=f"{area.name}人民政府办公室",
            kind=OrganizationKind.AGENCY.value,
            seat=first.get(area.code, next(iter(first.values()))).code,
            people_offered=_OFFERED,
            is_synthetic=True,
        )
        for area in city.upper
        if area.level in {"city", "county"}
    ]
    write_organizations(offices, actor=actor, now=now, source="scenario")


def write_crowd(city: Megacity, shape: Shape, *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write the people, one township in memory at a time."""
    with transaction.atomic():
        for done, township in enumerate(city.townships, start=1):
            write_people(invent_crowd(city, township, shape), actor=actor, now=now, source=township.area.code)
            count(done, len(city.townships))
