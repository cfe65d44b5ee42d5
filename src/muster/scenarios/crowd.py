"""The people of a megacity: neighbors who answer for a doorway, invented for one township at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import numpy as np

from muster.people.kinds import Ability, PersonFacts
from muster.scenarios.chance import open_stream
from muster.scenarios.megacity import Megacity, Township, list_units
from muster.scenarios.shape import Shape
from muster.scenarios.words import read_words
from muster.territory.kinds import AreaSpec

_PEOPLE_PER_AREA: Final = 1.3
_PHONES_PER_TOWNSHIP: Final = 50_000
_APPOINTMENTS: Final = ((1, 2, 3), (0.25, 0.40, 0.35))
_MAY_SERVE_SHARE: Final = 0.97
_CONSENTED_SHARE: Final = 0.99
_WORKS_HERE_SHARE: Final = 0.06
_ABSENT_SHARE: Final = 0.015
_ABLE_SHARE: Final = 0.08
_TAKES_SHIFTS_SHARE: Final = 0.30
"""The others answer for a doorway and stand at no post."""


def invent_crowd(city: Megacity, township: Township, shape: Shape) -> list[PersonFacts]:
    """Invent the people of a township, in the order of where they live; the same each time it is asked.

    Parameters
    ----------
    city, township
        Where they live: 1.3 people for every area that needs a warden.
    shape
        When they consented, and when some are away.
    """
    areas = city.invent_areas(township)
    wanted = {code: 0 for code, _ in list_units(areas)}
    for area in areas:
        if area.level in _NEEDY:
            wanted[_community_of(area)] += 1
    people: list[PersonFacts] = []
    for community, units in list_units(areas):
        rng = open_stream(city.seed, "people", community)
        number = round(wanted[community] * _PEOPLE_PER_AREA)
        people.extend(_invent_neighbors(community, units, number, shape, rng))
    first = township.ordinal * _PHONES_PER_TOWNSHIP
    for ordinal, person in enumerate(people, start=1):
        person["code"] = f"P{township.area.code}-{ordinal:05d}"
        # Numbers that begin with 154 are not given out in China, so that none of these rings anywhere.
        person["phone"] = f"+861540{first + ordinal:07d}"
    return people


_NEEDY: Final = frozenset({"compound", "building", "unit"})


def _community_of(area: AreaSpec) -> str:
    return area.code.split("-", 1)[0]


def _invent_neighbors(
    community: str, units: list[str], number: int, shape: Shape, rng: np.random.Generator
) -> Iterator[PersonFacts]:
    words = read_words("names")
    given = [*words["female"], *words["male"]]
    limits, shares = _APPOINTMENTS
    columns = (
        np.sort(rng.integers(len(units), size=number)).tolist(),
        rng.integers(len(words["surnames"]), size=number).tolist(),
        rng.integers(len(given), size=number).tolist(),
        rng.choice(limits, size=number, p=shares).tolist(),
        rng.integers(5, size=number).tolist(),
        *((rng.random(number) < share).tolist() for share in _SHARES),
    )
    for home, surname, name, limit, day, serves, consented, works, is_away, is_able, stands in zip(
        *columns, strict=True
    ):
        facts = PersonFacts(
            code="",
            name=words["surnames"][surname] + given[name],
            home=units[home],
            abilities=[Ability.FIRST_AID.value] if is_able else [],
            may_serve=serves,
            max_appointments=limit,
            is_synthetic=True,
        )
        if not stands:
            facts["max_week_min"] = 0
        if works:
            facts["work"] = community
        if consented:
            facts["consented_on"] = shape.activated_on + timedelta(days=day)
        if is_away:
            facts["absence"] = (shape.activated_on, shape.activated_on + timedelta(days=14 + day))
        yield facts


_SHARES: Final = (
    _MAY_SERVE_SHARE,
    _CONSENTED_SHARE,
    _WORKS_HERE_SHARE,
    _ABSENT_SHARE,
    _ABLE_SHARE,
    _TAKES_SHIFTS_SHARE,
)
