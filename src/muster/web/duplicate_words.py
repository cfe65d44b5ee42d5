"""How the desk says two records side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from muster.duplicates.queries import FacetLine
from muster.duplicates.rules import BOTH, KEPT, OTHER
from muster.situation.lists.names import name_area_ids, name_organization_ids
from muster.web.record_words import name_facts, say_value
from muster.web.words import say_organization

PERSON_FIELDS = {"home": "home_area", "work": "work_area", "max_week": "max_week_min", "consent": "consented_at"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that two records say, in words, with what can be chosen."""

    name: str
    words: str
    kept: str
    other: str
    differs: bool
    choices: Sequence[tuple[str, str]]
    suggested: str


def say_lines(kind: str, lines: Sequence[FacetLine]) -> list[Line]:
    """Say what two records say about each thing."""
    numbers = [value for line in lines for value in (line.kept, line.other) if isinstance(value, int)]
    areas, organizations = name_area_ids(numbers), name_organization_ids(numbers)
    return [_say_line(kind, line, areas, organizations) for line in lines]


def say_moving(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Say what refers to a record, and would come over."""
    words = {
        "coverage.Appointment": _("appointments"),
        "coverage.Pairing": _("pairings"),
        "duty.Duty": _("duties"),
        "membership.Membership": _("memberships"),
        "people.Absence": _("absences"),
        "access.User": _("accounts"),
        "access.Grant": _("grants of accounts"),
        "organizations.Organization": _("organizations beneath it"),
        "organizations.AllianceSeat": _("seats in alliances"),
    }
    told = [(words[label], count) for label, count in counts.items() if label in words]
    rest = sum(count for label, count in counts.items() if label not in words)
    return [*told, *([(_("other rows"), rest)] if rest else [])]


def _say_line(kind: str, line: FacetLine, areas: Mapping[int, str], organizations: Mapping[int, str]) -> Line:
    name = line.facet.name
    say = _say_person if kind == "people" else _say_organization
    choice_words = {KEPT: _("this one"), OTHER: _("the other"), BOTH: _("both")}
    return Line(
        name=name,
        words=_name_facets(kind)[name],
        kept=say(name, line.kept, areas, organizations),
        other=say(name, line.other, areas, organizations),
        differs=line.differs,
        choices=[(choice, choice_words[choice]) for choice in line.facet.choices],
        suggested=line.suggested,
    )


def _name_facets(kind: str) -> dict[str, str]:
    if kind == "people":
        words = name_facts()
        words.update({facet: words[field] for facet, field in PERSON_FIELDS.items()})
        return words
    return {
        "name": _("Name"),
        "kind": _("Kind"),
        "seat": _("Seated in"),
        "parent": _("Stands beneath"),
        "offer": _("People offered at a time"),
    }


def _say_person(name: str, value: Any, areas: Mapping[int, str], _organizations: Mapping[int, str]) -> str:
    if name in {"home", "work"}:
        return areas.get(value, "–")
    return say_value(PERSON_FIELDS.get(name, name), value, {})


def _say_organization(name: str, value: Any, areas: Mapping[int, str], organizations: Mapping[int, str]) -> str:
    if name == "seat":
        return areas.get(value, "–")
    if name == "parent":
        return organizations.get(value, "–")
    return say_organization(value) if name == "kind" else str(value)
