"""Invented people: neighbors who answer for a doorway, and those who also stand at posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

import numpy as np

from muster.people.kinds import Ability, Restriction
from muster.scenarios.chance import is_chance, open_stream, pick, spread_whole
from muster.scenarios.divisions import URBAN_KINDS
from muster.scenarios.names import invent_person, invent_phone
from muster.scenarios.rows import OrganizationRow, PersonRow, PostRow
from muster.scenarios.shape import Shape
from muster.territory.kinds import AreaSpec

Amount = TypeVar("Amount", int, int | None)

_DUTY_PEOPLE_PER_PLACE = 2.05
_DUTY_PEOPLE_AT_LEAST = 5
_MEMBERS_SHARE = 0.74
_NEIGHBORS_PER_UNIT = 1.26
_NEIGHBORS_PER_BUILDING = 0.55
_NEIGHBORS_PER_HAMLET = 3.1
_MAY_NOT_SERVE_SHARE = 0.03
_NO_CONSENT_SHARE = 0.01
_SCARCE_NIGHTS_SHARE = 0.10
_NO_NIGHTS_WHERE_SCARCE = 0.70
_DOORWAY_BESIDE_DUTY_SHARE = 0.45
_APPOINTMENTS = ((1, 0.25), (2, 0.40), (3, 0.35))
_WEEK_HOURS = ((None, 0.60), (40, 0.25), (24, 0.15))
_ABILITIES = (
    (Ability.DRIVER, 0.36),
    (Ability.FIRST_AID, 0.08),
    (Ability.DATA_ENTRY, 0.12),
    (Ability.DISINFECTION, 0.06),
    (Ability.SECURITY, 0.05),
)
_RESTRICTIONS = (
    (Restriction.NIGHTS, 0.12),
    (Restriction.LIFTING, 0.07),
    (Restriction.OUTDOORS, 0.05),
    (Restriction.STANDING, 0.03),
)


@dataclass(frozen=True)
class _Township:
    """A township as its people see it."""

    area: AreaSpec
    ordinal: int
    duty_people: int
    homes: list[str]
    communities: list[AreaSpec]
    organizations: list[OrganizationRow]
    has_scarce_nights: bool


def invent_people(
    *,
    divisions: list[AreaSpec],
    places: list[AreaSpec],
    organizations: list[OrganizationRow],
    posts: list[PostRow],
    shape: Shape,
    seed: int,
) -> list[PersonRow]:
    """Invent the people of every township: for its posts, and for its doorways.

    Those for the posts are members of organizations seated there, and some neighbors; those for the doorways
    take no shifts (``max_week_h`` is 0), so that nobody is burdened twice.
    """
    children: dict[str, list[AreaSpec]] = {}
    for area in chain(divisions, places):
        children.setdefault(area.parent_code, []).append(area)
    people: list[PersonRow] = []
    for township in _list_townships(divisions, children, organizations, posts, seed):
        rng = open_stream(seed, "people", township.area.code)
        drafts = chain(_invent_duty_people(township, shape, rng), _invent_neighbors(township, children, shape, rng))
        for number, draft in enumerate(drafts, start=1):
            phone = invent_phone(rng, township.ordinal * 10_000 + number)
            people.append(draft._replace(code=f"P{township.area.code}-{number:04d}", phone=phone))
    return people


def _list_townships(
    divisions: list[AreaSpec],
    children: dict[str, list[AreaSpec]],
    organizations: list[OrganizationRow],
    posts: list[PostRow],
    seed: int,
) -> Iterator[_Township]:
    township_of = {area.code: area.parent_code for area in divisions if area.level == "community"}
    seated: dict[str, list[OrganizationRow]] = {}
    for organization in organizations:
        seated.setdefault(township_of[organization.seat_code], []).append(organization)
    places_per_day: dict[str, int] = {}
    for post in posts:
        places_per_day[post.pool_code] = places_per_day.get(post.pool_code, 0) + sum(post.demand.values())
    townships = [area for area in divisions if area.level == "township"]
    for ordinal, area in enumerate(townships):
        wanted = round(_DUTY_PEOPLE_PER_PLACE * places_per_day.get(area.code, 0) + 0.5)
        communities = children[area.code]
        yield _Township(
            area=area,
            ordinal=ordinal,
            duty_people=max(_DUTY_PEOPLE_AT_LEAST, wanted),
            homes=[home for community in communities for home in _list_homes(community, children)],
            communities=communities,
            organizations=seated.get(area.code, []),
            has_scarce_nights=is_chance(open_stream(seed, "nights", area.code), _SCARCE_NIGHTS_SHARE),
        )


def _list_homes(community: AreaSpec, children: dict[str, list[AreaSpec]]) -> list[str]:
    """List where people live in a community: units of compounds, or hamlets."""
    compounds = children[community.code]
    if community.kind not in URBAN_KINDS:
        return [compound.code for compound in compounds]
    buildings = [building for compound in compounds for building in children[compound.code]]
    return [unit.code for building in buildings for unit in children[building.code]]


def _invent_duty_people(township: _Township, shape: Shape, rng: np.random.Generator) -> Iterator[PersonRow]:
    members = round(township.duty_people * _MEMBERS_SHARE) if township.organizations else 0
    per_organization = spread_whole(members, [float(row.people_offered) for row in township.organizations])
    for organization, number in zip(township.organizations, per_organization, strict=True):
        for ordinal in range(number):
            yield _invent_member(organization, pick(rng, township.homes), township, shape, rng)._replace(
                role="secretary" if ordinal == 0 else "member"
            )
    for _ in range(township.duty_people - members):
        yield _invent_duty_person(pick(rng, township.homes), township, shape, rng)._replace(
            max_week_h=int(pick(rng, (16, 24, 32)))
        )


def _invent_member(
    organization: OrganizationRow, home: str, township: _Township, shape: Shape, rng: np.random.Generator
) -> PersonRow:
    person = _invent_duty_person(home, township, shape, rng)
    abilities = person.abilities
    if organization.kind == "hospital":
        abilities = (Ability.MEDICAL.value, *abilities)
    since = date(int(rng.integers(1996, 2020)), int(rng.integers(1, 13)), 1)
    return person._replace(
        work_code=organization.seat_code, abilities=abilities, organization_code=organization.code, since_on=since
    )


def _invent_duty_person(home: str, township: _Township, shape: Shape, rng: np.random.Generator) -> PersonRow:
    restrictions = _draw_slugs(_RESTRICTIONS, rng)
    if township.has_scarce_nights and is_chance(rng, _NO_NIGHTS_WHERE_SCARCE):
        restrictions = tuple(dict.fromkeys((Restriction.NIGHTS.value, *restrictions)))
    absent_from = absent_until = None
    if is_chance(rng, 0.07):
        first = int(rng.integers(0, shape.roster_days))
        absent_from = shape.roster_starts_on + timedelta(days=first)
        absent_until = absent_from + timedelta(days=int(rng.integers(3, 9)))
    return _draft(home, shape, rng)._replace(
        abilities=_draw_slugs(_ABILITIES, rng),
        restrictions=restrictions,
        max_appointments=int(is_chance(rng, _DOORWAY_BESIDE_DUTY_SHARE)),
        max_week_h=_choose(_WEEK_HOURS, rng),
        absent_from=absent_from,
        absent_until=absent_until,
    )


def _invent_neighbors(
    township: _Township, children: dict[str, list[AreaSpec]], shape: Shape, rng: np.random.Generator
) -> Iterator[PersonRow]:
    for community in township.communities:
        work = "" if community.kind in URBAN_KINDS else community.code
        for compound in children[community.code]:
            if compound.kind == "hamlet":
                for _ in range(_draw_count(_NEIGHBORS_PER_HAMLET, rng)):
                    yield _invent_neighbor(compound.code, work, shape, rng)
                continue
            for building in children[compound.code]:
                units = [unit.code for unit in children[building.code]]
                number = _draw_count(_NEIGHBORS_PER_UNIT * len(units) + _NEIGHBORS_PER_BUILDING, rng)
                for ordinal in range(number):
                    works_here = community.code if is_chance(rng, 0.06) else ""
                    yield _invent_neighbor(units[ordinal % len(units)], works_here, shape, rng)


def _invent_neighbor(home: str, work: str, shape: Shape, rng: np.random.Generator) -> PersonRow:
    may_serve = not is_chance(rng, _MAY_NOT_SERVE_SHARE)
    absent_from = absent_until = None
    if is_chance(rng, 0.015):
        absent_from = shape.activated_on - timedelta(days=int(rng.integers(0, 6)))
        absent_until = absent_from + timedelta(days=int(rng.integers(14, 40)))
    return _draft(home, shape, rng)._replace(
        work_code=work,
        may_serve=may_serve,
        max_appointments=_choose(_APPOINTMENTS, rng) if may_serve else 1,
        abilities=_draw_slugs(_ABILITIES[1:3], rng),
        absent_from=absent_from,
        absent_until=absent_until,
    )


def _draft(home: str, shape: Shape, rng: np.random.Generator) -> PersonRow:
    """Invent whoever lives somewhere: a neighbor who takes one doorway and no shifts."""
    consented_on = None
    if not is_chance(rng, _NO_CONSENT_SHARE):
        consented_on = shape.activated_on + timedelta(days=int(rng.integers(0, 5)))
    return PersonRow(
        code="",
        name=invent_person(rng),
        home_code=home,
        work_code="",
        phone="",
        abilities=(),
        restrictions=(),
        may_serve=True,
        max_appointments=1,
        max_week_h=0,
        consented_on=consented_on,
    )


def _draw_count(mean: float, rng: np.random.Generator) -> int:
    """Draw a whole number whose mean is given, as close to it as whole numbers come."""
    whole = int(mean)
    return whole + int(is_chance(rng, mean - whole))


def _draw_slugs(
    shares: tuple[tuple[Ability, float], ...] | tuple[tuple[Restriction, float], ...], rng: np.random.Generator
) -> tuple[str, ...]:
    return tuple(slug.value for slug, share in shares if is_chance(rng, share))


def _choose(shares: tuple[tuple[Amount, float], ...], rng: np.random.Generator) -> Amount:
    drawn = rng.random()
    for value, share in shares:
        drawn -= share
        if drawn < 0:
            return value
    return shares[-1][0]
