"""Search over areas, people and organizations, each only as far as the actor may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_organizations, filter_people, list_scopes
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.people.queries import list_people
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
    typed = text.strip().lower()
    if not typed:
        return Found()
    named = Q(name__icontains=typed) | Q(pinyin__contains=typed) | Q(code__istartswith=typed)
    organizations = Organization.objects.select_related("seat_area").filter(named).order_by("code")
    people = list_people().filter(named)
    return Found(
        areas=tuple(search_areas(typed, within=list_scopes(actor, Right.SEE_AREA), limit=limit)),
        people=tuple(filter_people(actor, people)[:limit]),
        organizations=tuple(filter_organizations(actor, organizations)[:limit]),
    )
