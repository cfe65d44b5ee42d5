"""Each kind of list: its columns, how its rows become those of the room it is for, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from muster.intake.drafts import Draft, SourceRow
from muster.intake.kinds import Column, ListKind
from muster.intake.lists import areas, organizations, people, posts, wardens
from muster.kernel import audit
from muster.kernel.tables import ImportReport, Table
from muster.kernel.tables.headings import name_headings
from muster.kernel.trail import RowChange, Watched
from muster.people.actions import Progress


class Importer(Protocol):
    """What every room's import of a list looks like."""

    def __call__(
        self, source: Table, *, actor: audit.Actor, now: datetime, dry_run: bool = ..., progress: Progress | None = ...
    ) -> ImportReport:
        """Import a table."""


@dataclass(frozen=True, slots=True)
class ListType:
    """What there is to know about a kind of list.

    Parameters
    ----------
    list_columns
        The columns that it may have.
    table_columns
        The columns that the room reads.
    needed
        Columns, one of which at least must be there.
    telling
        Columns by which it is told from other lists.
    prepare
        Makes the room's rows from those of the list.
    take
        The room's own import.
    watched
        Rows that it may make or change.
    before_undo, after_undo
        What the room does around putting rows back.
    example
        A row that shows how to fill it in.
    """

    list_columns: Callable[[], Sequence[Column]]
    table_columns: Callable[[], Sequence[str]]
    needed: tuple[str, ...]
    telling: frozenset[str]
    prepare: Callable[[Sequence[SourceRow], Draft], None]
    take: Importer
    watched: tuple[Watched, ...]
    example: dict[str, str]
    before_undo: Callable[[Sequence[RowChange]], None] = field(default=lambda changes: None)
    after_undo: Callable[[datetime], None] = field(default=lambda now: None)

    def vocabulary(self) -> dict[str, str]:
        """Return the meaning of each folded heading."""
        return name_headings({column.name: (column.english, *column.headings) for column in self.list_columns()})


TYPES: dict[str, ListType] = {
    ListKind.DIVISIONS: ListType(
        areas.list_columns,
        areas.list_table_columns,
        ("name",),
        frozenset({"level", "parent_code", "code"}),
        areas.prepare,
        areas.take_divisions,
        areas.WATCHED,
        areas.DIVISION_EXAMPLE,
        areas.move_back,
        areas.follow_undo,
    ),
    ListKind.PLACES: ListType(
        areas.list_place_columns,
        areas.list_table_columns,
        ("name", "in_compound", "in_building", "in_unit"),
        frozenset({"in_compound", "in_building", "in_unit", "households", "managed", "buildings", "units"}),
        areas.prepare,
        areas.take_places,
        areas.WATCHED,
        areas.PLACE_EXAMPLE,
        areas.move_back,
        areas.follow_undo,
    ),
    ListKind.PEOPLE: ListType(
        people.list_columns,
        people.list_table_columns,
        ("name",),
        frozenset({"name", "phone", "abilities", "restrictions"}),
        people.prepare,
        people.take,
        people.WATCHED,
        people.EXAMPLE,
    ),
    ListKind.ORGANIZATIONS: ListType(
        organizations.list_columns,
        organizations.list_table_columns,
        ("name",),
        frozenset({"name", "people_offered", "seat", "alliance"}),
        organizations.prepare,
        organizations.take,
        organizations.WATCHED,
        organizations.EXAMPLE,
    ),
    ListKind.POSTS: ListType(
        posts.list_columns,
        posts.list_table_columns,
        ("name",),
        frozenset({"demand", "kind", "pool"}),
        posts.prepare,
        posts.take,
        posts.WATCHED,
        posts.EXAMPLE,
    ),
    ListKind.WARDENS: ListType(
        wardens.list_columns,
        wardens.list_table_columns,
        ("name",),
        frozenset({"phone", "warden_role"}),
        wardens.prepare,
        wardens.take,
        wardens.WATCHED,
        wardens.EXAMPLE,
        after_undo=wardens.follow_undo,
    ),
}


def read_vocabularies() -> dict[str, dict[str, str]]:
    """Return, for each kind, the meaning of each folded heading."""
    return {kind: each.vocabulary() for kind, each in TYPES.items()}
