"""Search over areas, people and organizations, each only as far as the actor may see."""

from __future__ import annotations

from dataclasses import dataclass

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_organizations, filter_people, list_scopes
from muster.organizations.models import Organization
from muster.organizations.queries import list_organizations, search_organizations
from muster.people.models import Person
from muster.people.queries import list_people, search_people
from muster.territory.models import Area
from muster.territory.queries import search_areas

FOUND_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, at most ``FOUND_LIMIT`` of each."""

    areas: tuple[Area, ...] = ()
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()

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
    return Found(
        areas=tuple(find_areas_named(actor, text, limit=limit)),
        people=tuple(find_people_named(actor, text, limit=limit)),
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
