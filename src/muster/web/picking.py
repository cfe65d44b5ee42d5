"""Fields that name an organization, an area or a person: what somebody typed, be it name, pinyin, initials or code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from muster.access.queries import Actor
from muster.situation.board_search import find_areas_named, find_organizations_named, find_people_named
from muster.web.frame import get_actor, screen

_MOST_CHARS = 80
_CODE_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Choice:
    """One that a field may mean.

    Parameters
    ----------
    code, name
        What it is known by.
    place
        Where it lies, so that two of one name are told apart.
    """

    code: str
    name: str
    place: str

    @property
    def words(self) -> str:
        """Name, place and code in one line, which the field takes as it stands."""
        return f"{self.name} {self.place}（{self.code}）" if self.place else f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class Picked:
    """What a field means.

    Parameters
    ----------
    typed
        What somebody typed.
    chosen
        The one that it means, if that is plain.
    several
        Those that it may mean, if it is not.
    """

    typed: str = ""
    chosen: Choice | None = None
    several: tuple[Choice, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Tell whether something was typed that means nothing, or more than one."""
        return bool(self.typed) and self.chosen is None


def pick(actor: Actor, kind: str, typed: str, kept: str = "") -> Picked:
    """Tell which organization, area or person somebody means, among those that the actor may see.

    Parameters
    ----------
    actor
        Who asks.
    kind
        ``organizations``, ``areas`` or ``people``.
    typed
        What was typed or taken from the suggestions.
    kept
        Code of the one that the field stood at; it stays while its name does.
    """
    typed = typed.strip()[:_MOST_CHARS]
    if not typed:
        return Picked()
    bracketed = _CODE_IN_BRACKETS.search(typed)
    named = bracketed[1].strip() if bracketed else typed
    stood = [choice for choice in list_choices(actor, kind, kept) if choice.code == kept] if kept else []
    found = list_choices(actor, kind, named)
    meant = (
        [choice for choice in stood if choice.name == typed]
        or [choice for choice in found if choice.code == named]
        or [choice for choice in found if choice.name == typed]
        or found
    )
    several = tuple(dict.fromkeys(meant))
    return Picked(typed, several[0] if len(several) == 1 else None, several if len(several) > 1 else ())


def list_choices(actor: Actor, kind: str, text: str) -> list[Choice]:
    """List the first few that a text may mean."""
    if kind == "areas":
        areas = find_areas_named(actor, text)
        return [Choice(area.code, area.name, area.parent.name if area.parent else "") for area in areas]
    if kind == "people":
        people = find_people_named(actor, text)
        return [Choice(each.code, each.name, each.home_area.name if each.home_area else "") for each in people]
    return [Choice(each.code, each.name, each.seat_area.name) for each in find_organizations_named(actor, text)]


@screen
@require_safe
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """Suggest what the beginning of a name may mean, as the options of a field."""
    field = next((name for name in request.GET if name.startswith("of_")), "")
    text = request.GET.get(field, "").strip()[:_MOST_CHARS]
    choices = list_choices(get_actor(request), kind, text) if text else []
    return render(request, "parts/suggestions.html", {"choices": choices})
