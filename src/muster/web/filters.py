"""Filters of lists as they stand in an address: read, written back, and offered on a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from muster.access.queries import Actor, access_organization
from muster.kernel.errors import NotFoundError
from muster.people.rules import is_slug
from muster.situation.lists.kinds import (
    Availability,
    OrganizationSort,
    PairedFilter,
    PeopleSort,
    PhoneFilter,
    PlaceFilter,
    RoleFilter,
)
from muster.situation.lists.organizations import OrganizationFilter
from muster.situation.lists.people_found import PeopleFilter

PEOPLE_FIELDS = ("q", "role", "can", "free", "phone", "place", "organization", "sort")
ORGANIZATION_FIELDS = ("q", "kind", "paired", "sort")
_MOST_CHARS = 80
_Choice = TypeVar("_Choice", bound=TextChoices)


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """A filter of people, and the code of an organization that it names and that is not there for this actor."""

    filter: PeopleFilter
    unknown_organization: str = ""


def read_people_filter(actor: Actor, said: Mapping[str, str]) -> AskedPeople:
    """Read the filter of a list of people; what it does not know asks for nothing."""
    code = said.get("organization", "").strip()[:_MOST_CHARS]
    organization = None
    unknown = ""
    if code:
        try:
            organization = access_organization(actor, code)
        except NotFoundError:
            unknown = code
    ability = said.get("can", "")
    asked = PeopleFilter(
        text=said.get("q", "").strip()[:_MOST_CHARS],
        role=_choose(RoleFilter, said.get("role")),
        organization=organization,
        ability=ability if is_slug(ability) else "",
        availability=_choose(Availability, said.get("free")),
        phone=_choose(PhoneFilter, said.get("phone")),
        place=_choose(PlaceFilter, said.get("place")),
        sort=_choose(PeopleSort, said.get("sort")) or PeopleSort.NAME,
    )
    return AskedPeople(asked, unknown)


def read_organization_filter(said: Mapping[str, str]) -> OrganizationFilter:
    """Read the filter of a list of organizations; what it does not know asks for nothing."""
    return OrganizationFilter(
        text=said.get("q", "").strip()[:_MOST_CHARS],
        kind=said.get("kind", "")[:_MOST_CHARS],
        paired=_choose(PairedFilter, said.get("paired")),
        sort=_choose(OrganizationSort, said.get("sort")) or OrganizationSort.NAME,
    )


def keep_query(said: QueryDict, fields: tuple[str, ...]) -> str:
    """Return what of an address is its filter, in one order and without what says nothing: to be saved under a name."""
    kept = QueryDict(mutable=True)
    for name in fields:
        if value := said.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()


def count_filters(said: QueryDict, fields: tuple[str, ...]) -> int:
    """Return how many of a list's filters are in force, its search and its order aside."""
    return sum(bool(said.get(name, "").strip()) for name in fields if name not in {"q", "sort"})


def tidy(request: HttpRequest, fields: tuple[str, ...], **changed: str) -> HttpResponse:
    """Lead to the same list by the address that says only what is asked: a form sends empty fields along."""
    said = request.GET.copy()
    for name, value in changed.items():
        said[name] = value
    query = keep_query(said, fields)
    return redirect(f"{request.path}?{query}" if query else request.path)


def _choose(kind: type[_Choice], said: str | None) -> _Choice | None:
    return kind(said) if said in kind.values else None
