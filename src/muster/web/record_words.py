"""How the desk says what a record keeps and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from muster.kernel.clock import CITY_ZONE
from muster.situation.records import KeptFact
from muster.web.words import say_ability, say_full_day


@dataclass(frozen=True, slots=True)
class Fact:
    """A kept fact in words: what it is called, what it says, and why it is kept."""

    name: str
    words: str
    value: str
    why: str


def list_facts(kept: Sequence[KeptFact], places: Mapping[str, str]) -> list[Fact]:
    """Say what is kept about a person.

    Parameters
    ----------
    kept
        What is kept.
    places
        Where the person lives and works, said in full, by code of the area.
    """
    labels = name_facts()
    return [
        Fact(fact.name, labels[fact.name], say_value(fact.name, fact.value, places), str(fact.why)) for fact in kept
    ]


def name_facts() -> dict[str, str]:
    """Return what each fact is called, by the name of its field."""
    return {
        "name": _("Full name"),
        "code": _("Code"),
        "phone": _("Telephone"),
        "home_area": _("Lives in"),
        "work_area": _("Works in"),
        "abilities": _("Can do"),
        "restrictions": _("Is spared"),
        "may_serve": _("Agreed to serve"),
        "max_appointments": _("May answer for"),
        "max_week_min": _("Hours a week at most"),
        "consented_at": _("Consented on"),
        "is_synthetic": _("Invented"),
    }


def say_value(name: str, value: Any, places: Mapping[str, str]) -> str:
    """Say what one fact says; a dash where it says nothing."""
    if value is None or value in ("", []):
        return "–"
    say = _SAYERS.get(name)
    if name in {"home_area", "work_area"}:
        return places.get(value.code, str(value.name))
    return say(value) if say else str(value)


def _say_slugs(slugs: Sequence[str]) -> str:
    return pgettext("list", ", ").join(map(say_ability, slugs))


def _say_yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


_SAYERS: dict[str, Callable[[Any], str]] = {
    "phone": lambda value: _("on record") if value else "–",
    "abilities": _say_slugs,
    "restrictions": _say_slugs,
    "may_serve": _say_yes_no,
    "is_synthetic": _say_yes_no,
    "max_week_min": lambda minutes: f"{minutes / 60:g}",
    "consented_at": lambda moment: say_full_day(moment.astimezone(CITY_ZONE).date()),
}
