"""Writing an invented city into the rooms, through the same actions that every other list goes through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from muster.access.queries import SystemActor
from muster.duty.actions import PostSpec, write_posts
from muster.membership.actions import write_memberships
from muster.membership.kinds import Belonging
from muster.organizations.actions import found_alliances, write_organizations
from muster.organizations.kinds import OrganizationFacts
from muster.people.actions import write_people
from muster.people.kinds import PersonFacts
from muster.scenarios.rows import City, OrganizationRow, PersonRow, PostRow
from muster.territory.actions import create_areas, set_boundaries

Count = Callable[[int, int], None]
"""Told how many rows are done, of how many."""

_ALLIANCE_LEVELS = ("township", "community")


def write_territory(city: City, *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write the tree and the county boundaries."""
    with transaction.atomic():
        create_areas(city.areas, actor=actor, now=now, progress=count)
        set_boundaries(city.boundaries, actor=actor, now=now)


def write_all_organizations(city: City, *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write the organizations, and the alliances of those seated in one township or community."""
    with transaction.atomic():
        facts = [_as_organization(row) for row in city.organizations]
        write_organizations(facts, actor=actor, now=now, source="scenario", progress=count)
        for level in _ALLIANCE_LEVELS:
            found_alliances(actor=actor, now=now, areas_level=level, is_synthetic=True)


def write_all_people(city: City, *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write the people, and who belongs to which organization."""
    with transaction.atomic():
        facts = [_as_person(row) for row in city.people]
        write_people(facts, actor=actor, now=now, source="scenario", progress=count)
        members = [
            Belonging(row.code, row.organization_code, row.role, row.since_on)
            for row in city.people
            if row.organization_code
        ]
        write_memberships(members, actor=actor, now=now, source="scenario")


def write_all_posts(posts: Sequence[PostRow], *, actor: SystemActor, now: datetime, count: Count) -> None:
    """Write posts and what they need."""
    write_posts(actor=actor, now=now, specs=[_as_post(row) for row in posts])
    count(len(posts), len(posts))


def _as_organization(row: OrganizationRow) -> OrganizationFacts:
    return OrganizationFacts(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent=row.parent_code,
        seat=row.seat_code,
        people_offered=row.people_offered,
        is_synthetic=True,
    )


def _as_person(row: PersonRow) -> PersonFacts:
    facts = PersonFacts(
        code=row.code,
        name=row.name,
        home=row.home_code,
        phone=row.phone,
        abilities=sorted(row.abilities),
        restrictions=sorted(row.restrictions),
        may_serve=row.may_serve,
        max_appointments=row.max_appointments,
        is_synthetic=True,
    )
    if row.work_code:
        facts["work"] = row.work_code
    if row.max_week_h is not None:
        facts["max_week_min"] = row.max_week_h * 60
    if row.consented_on is not None:
        facts["consented_on"] = row.consented_on
    if row.absent_from is not None and row.absent_until is not None:
        facts["absence"] = (row.absent_from, row.absent_until)
    return facts


def _as_post(row: PostRow) -> PostSpec:
    return PostSpec(
        code=row.code,
        name=row.name,
        kind=row.kind,
        area=row.area_code,
        pool=row.pool_code,
        demand=row.demand,
        lon=row.lon,
        lat=row.lat,
        is_synthetic=True,
    )
