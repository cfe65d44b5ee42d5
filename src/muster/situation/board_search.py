"""Search over areas, people and organizations, each only as far as the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_organizations, filter_people, list_scopes
from muster.organizations.models import Organization
from muster.organizations.queries import list_organizations, search_organizations
from muster.people.models import Person
from muster.people.queries import list_people, search_people
from muster.situation.board_names import name_areas
from muster.territory.models import Area
from muster.territory.queries import search_areas

FOUND_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, at most ``FOUND_LIMIT`` of each; and where each person is, by the code of the area."""

    areas: tuple[Area, ...] = ()
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def placed_people(self) -> list[tuple[Person, str]]:
        """The people, each with where they are: many of one name live at doors of one number."""
        seats = [(person, person.home_area or person.work_area) for person in self.people]
        return [(person, self.places.get(seat.code, seat.name) if seat else "") for person, seat in seats]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.areas or self.people or self.organizations)


def search(actor: Actor, text: str, *, limit: int = FOUND_LIMIT) -> Found:
    """Search by name, code, pinyin or initials.

    Parameters
    ----------
    actor
        Who searches; what they may not see is not found.
    text
        What was typed.
    limit
        How many of each kind to return at most.
    """
    people = tuple(find_people_named(actor, text, limit=limit))
    seats = [person.home_area or person.work_area for person in people]
    return Found(
        areas=tuple(find_areas_named(actor, text, limit=limit)),
        people=people,
        places=name_areas(seat.code for seat in seats if seat),
        organizations=tuple(find_organizations_named(actor, text, limit=limit)),
    )


def find_areas_named(actor: Actor, text: str, *, limit: int = FOUND_LIMIT) -> list[Area]:
    """Find areas that the actor may see by name, code, pinyin or initials."""
    return search_areas(text, within=list_scopes(actor, Right.SEE_AREA), limit=limit)


def find_people_named(actor: Actor, text: str, *, limit: int = FOUND_LIMIT) -> list[Person]:
    """Find people whom the actor may see by name, code, pinyin or initials."""
    return search_people(text, filter_people(actor, list_people()), limit=limit)


def find_organizations_named(actor: Actor, text: str, *, limit: int = FOUND_LIMIT) -> list[Organization]:
    """Find organizations that the actor may see by name, code, pinyin or initials."""
    return search_organizations(text, filter_organizations(actor, list_organizations()), limit=limit)
