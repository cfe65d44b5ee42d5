"""What screens ask about imports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from django.db.models import Q, QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, filter_organizations, list_scopes, refuse
from muster.intake.checking import Check, Sheet, name_places, read_check, read_sheet
from muster.intake.drafts import Flaw, SourceRow, list_said
from muster.intake.kinds import LEVEL_COLUMNS, Column, ImportState
from muster.intake.lists import TYPES
from muster.intake.models import Import, KnownHead
from muster.intake.places import Node, PlaceFinder
from muster.intake.rules import sign_head, unseal
from muster.kernel.errors import NotFoundError
from muster.kernel.pinyin import spell
from muster.kernel.trail import Obstacle, RowChange, find_obstacles
from muster.organizations.models import Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter, list_ancestors, list_children

__all__ = [
    "DERIVED",
    "Choice",
    "ColumnLine",
    "Import",
    "access_import",
    "access_import_scope",
    "find_known_head",
    "list_choices",
    "list_column_lines",
    "list_columns",
    "list_imports",
    "list_obstacles",
    "list_rejects",
    "list_scope_choices",
    "read_check",
    "read_found",
    "read_sheet",
]

DERIVED = frozenset(
    {"territory.AreaTally", "coverage.CoverageTally", "clocks.Gap", "intake.Import", "situation.DayFigure"}
)
"""Rows that follow from others: they go and come with them."""

_SAMPLES = 3
_MOST_CHOICES = 8
_MOST_COMPARED = 2_000
_MOST_BENEATH = 200
_LONGEST_NAME = 120
_PLACE_COLUMNS = frozenset({"home", "work", "seat", "area", "pool", "parent_code", "address", "alliance"}) | {
    column.name for column in LEVEL_COLUMNS
}
_DEEP_COLUMNS = frozenset({"in_building", "in_unit"})


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the list as it is shown to be confirmed: heading, some of what stands beneath, and the meaning."""

    place: int
    title: str
    samples: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may have been meant, with the text to write instead."""

    text: str
    words: str


def access_import_scope(actor: Actor, code: str = "") -> Area:
    """Fetch the area that an actor may import into: the one that is named, or the first of all.

    Raises
    ------
    NotAllowedError
        If the actor may import nowhere, or not there.
    """
    scopes = list_scopes(actor, Right.IMPORT)
    if not scopes:
        raise refuse(Right.IMPORT)
    if not code:
        return scopes[0]
    area = Area.objects.select_related("level").filter(beneath_any_filter(scopes), code=code).first()
    if area is None:
        raise refuse(Right.IMPORT, where=code)
    return area


def list_scope_choices(actor: Actor, area: Area) -> list[Area]:
    """List the areas that a list may be about instead: those around one area that an actor may import into."""
    tops = list_scopes(actor, Right.IMPORT)
    around = [*list_ancestors(area), area, *list_children(area)[:_MOST_BENEATH]]
    return [each for each in around if any(each.path.startswith(top.path) for top in tops)]


def list_imports(actor: Actor) -> QuerySet[Import]:
    """List the imports into what an actor may import into, newest first."""
    light = Import.objects.select_related("area").defer("content", "mended", "checked", "changes")
    if isinstance(actor, SystemActor):
        return light
    own = Q(area=None, actor_id=actor.audit_id)
    return light.filter(beneath_any_filter(list_scopes(actor, Right.IMPORT), "area__path") | own)


def access_import(actor: Actor, number: int) -> Import:
    """Fetch an import into what an actor may import into.

    Raises
    ------
    NotFoundError
        If there is none, or not for this actor.
    """
    access_import_scope(actor)
    found = list_imports(actor).filter(pk=number).first()
    if found is None:
        raise NotFoundError(f"There is no import {number}.", remedy="Look for it in the history.")
    return Import.objects.select_related("area__level").get(pk=found.pk)


def list_columns(kind: str) -> list[Column]:
    """List the columns that a kind of list may have, each once."""
    return list({column.name: column for column in TYPES[kind].list_columns()}.values())


def list_column_lines(brought: Import, sheet: Sheet) -> list[ColumnLine]:
    """List the columns of a list with what they mean, and some of what stands in them."""
    lines = []
    for place, title in enumerate(sheet.titles):
        said = [sheet.cell(index, place) for index in range(min(len(sheet.rows), 50))]
        samples = tuple(dict.fromkeys(text for text in said if text))[:_SAMPLES]
        if title or samples:
            lines.append(ColumnLine(place, title, samples, brought.columns.get(str(place), "")))
    return lines


def find_known_head(sheet: Sheet) -> KnownHead | None:
    """Find who confirmed this head before."""
    return KnownHead.objects.filter(signature=sign_head(sheet.titles)).first()


def list_choices(
    actor: Actor, brought: Import, sheet: Sheet, flaws: Iterable[Flaw]
) -> dict[tuple[int, str], list[Choice]]:
    """List what may have been meant in the cells of some flaws: places and organizations of nearly that name.

    Organizations are named only to who may see them.
    """
    if brought.area is None:
        return {}
    places = name_places(brought.columns)
    finder = PlaceFinder(brought.area)
    choices: dict[tuple[int, str], list[Choice]] = {}
    for flaw in flaws:
        row = SourceRow(flaw.index, 0, {name: sheet.cell(flaw.index, place) for name, place in places.items()})
        if flaw.column in _PLACE_COLUMNS:
            choices[flaw.index, flaw.column] = _near_places(row, flaw.column, finder)
        elif flaw.column in {"organization", "parent"}:
            choices[flaw.index, flaw.column] = _near_organizations(actor, row.get(flaw.column)[:_LONGEST_NAME])
    return choices


def _near_places(row: SourceRow, column: str, finder: PlaceFinder) -> list[Choice]:
    said, shown = list_said(row, [column])
    until = said[: shown.index(column) + 1] if column in shown else said
    nodes: list[Node] = list(finder.find(*until).candidates) if until else []
    nodes += finder.list_near(row.get(column))
    unique = list(dict.fromkeys(nodes))[:_MOST_CHOICES]
    return [Choice(node.code, finder.say_path(node)) for node in unique]


def _near_organizations(actor: Actor, text: str) -> list[Choice]:
    """List organizations whose names sound alike, or share two characters that stand together."""
    sound = spell(text).split(" ")[0]
    alike = Q(pinyin__startswith=sound) if sound else Q(pk__in=[])
    for first, second in pairwise(text):
        alike |= Q(name__contains=first + second)
    seen = filter_organizations(actor, Organization.objects.filter(alike))
    names = list(seen.values_list("name", flat=True)[:_MOST_COMPARED])
    names.sort(key=lambda name: -SequenceMatcher(None, text, name).ratio())
    return [Choice(name, name) for name in dict.fromkeys(names)][:_MOST_CHOICES]


def list_obstacles(brought: Import) -> list[Obstacle]:
    """List what keeps an import from being undone."""
    if brought.state != ImportState.TAKEN or not brought.changes:
        return []
    return find_obstacles([RowChange(*change) for change in unseal(brought.changes)], derived=DERIVED)


def list_rejects(brought: Import) -> tuple[list[str], list[list[str]]]:
    """List the rows that were kept aside, with their headings; the last column says why.

    Raises
    ------
    NotFoundError
        If none is kept.
    """
    if brought.state != ImportState.TAKEN or not brought.content:
        raise NotFoundError("No rows of this import are kept aside.")
    kept = unseal(brought.content)
    return kept["titles"], [[*cells, *reasons] for _, cells, reasons in kept["rejects"]]


def read_found(brought: Import) -> Check:
    """Read what the last check found, nothing before the first."""
    return read_check(brought) or Check()
