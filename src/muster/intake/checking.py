"""Checking a list without writing: its rows drafted for their room, every fault brought back to its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.access.queries import Actor
from muster.intake.drafts import Draft, Flaw, SourceRow
from muster.intake.kinds import LEVEL_COLUMNS
from muster.intake.lists import TYPES
from muster.intake.models import Import
from muster.intake.places import PlaceFinder
from muster.intake.reach import find_out_of_reach
from muster.intake.rules import find_head_at, seal, unseal
from muster.kernel.errors import RuleError
from muster.kernel.tables import ImportReport, Rejection
from muster.kernel.tables.decoding import DAMAGED
from muster.kernel.tables.headings import is_beside_list, repeats_head
from muster.people.actions import Progress

_FAILED = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_REPEATED = re.compile(r".*stands in row (\d+) already\.")
_PLACE_COLUMNS = (
    "home",
    "seat",
    "area",
    "parent_code",
    "address",
    *reversed([column.name for column in LEVEL_COLUMNS]),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was chosen, as it was brought and mended.

    Parameters
    ----------
    names
        Names of all the sheets.
    titles
        Heading of each column.
    rows
        Number in the file and cells of each row beneath the head.
    mended
        Cells that somebody mended, by row and column.
    left_out
        Rows that somebody left out.
    passed_over
        Remarks on rows that are none of the list.
    """

    names: list[str]
    titles: list[str]
    rows: list[tuple[int, list[str]]]
    mended: dict[tuple[int, int], str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    passed_over: tuple[str, ...] = ()

    def cell(self, index: int, place: int) -> str:
        """Return a cell as it stands now."""
        said = self.mended.get((index, place))
        cells = self.rows[index][1]
        return said if said is not None else cells[place] if place < len(cells) else ""


@dataclass(frozen=True, slots=True)
class Check:
    """What taking a list would do.

    Parameters
    ----------
    created, updated, unchanged
        Numbers of rows of the room.
    flaws
        What keeps rows from being taken.
    notes
        Plain remarks.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """Return how many rows cannot be taken."""
        return len({flaw.index for flaw in self.flaws})

    @property
    def may_be_taken(self) -> bool:
        """Tell whether there is anything to take."""
        return bool(self.created + self.updated + self.unchanged)

    def seal(self) -> str:
        """Return it as text, to be kept."""
        flaws = [[flaw.index, flaw.column, flaw.what, flaw.remedy] for flaw in self.flaws]
        return seal([self.created, self.updated, self.unchanged, flaws, list(self.notes)])


def read_check(brought: Import) -> Check | None:
    """Read what the last check found, or None before the first."""
    if not brought.checked:
        return None
    created, updated, unchanged, flaws, notes = unseal(brought.checked)
    return Check(created, updated, unchanged, tuple(Flaw(*flaw) for flaw in flaws), tuple(notes))


def read_sheet(brought: Import) -> Sheet:
    """Read the sheet that was chosen, with what was mended in it.

    Raises
    ------
    RuleError
        If the rows of this import are no longer kept.
    """
    if not brought.content:
        raise RuleError("The rows of this import are no longer kept.", remedy="Bring the file again.")
    sheets: list[dict[str, Any]] = unseal(brought.content)["sheets"]
    chosen = next((sheet for sheet in sheets if sheet["name"] == brought.sheet), sheets[0])
    names = TYPES[brought.kind].vocabulary()
    head = find_head_at(chosen["rows"], brought.head_at, names)
    titles, begins_at = (head.titles, head.ends_at) if head else ([], 0)
    rows: list[tuple[int, list[str]]] = []
    passed_over = []
    for number, cells in chosen["rows"][begins_at:]:
        if is_beside_list(cells):
            passed_over += [f"Row {number} was passed over: {next(filter(None, cells))[:40]}."] if any(cells) else []
        elif not repeats_head(cells, titles, names):
            rows.append((number, cells))
    mended = unseal(brought.mended) if brought.mended else {"cells": [], "left_out": []}
    return Sheet(
        [sheet["name"] for sheet in sheets],
        titles,
        rows,
        {(index, place): text for index, place, text in mended["cells"]},
        frozenset(mended["left_out"]),
        tuple(passed_over),
    )


def draft_list(brought: Import, sheet: Sheet) -> Draft:
    """Make the room's rows from those of the list."""
    kind = TYPES[brought.kind]
    if brought.area is None:
        raise RuleError("The area of this list is no longer there.", remedy="Bring the file again.")
    places = {int(place): name for place, name in brought.columns.items() if name}
    rows = [
        SourceRow(index, number, {name: sheet.cell(index, place) for place, name in places.items()})
        for index, (number, _) in enumerate(sheet.rows)
        if index not in sheet.left_out
    ]
    finder = PlaceFinder(brought.area)
    draft = Draft(brought.file_name, kind.table_columns(), finder, brought.consented_on)
    _refuse_damaged(rows, draft)
    kind.prepare(rows, draft)
    return draft


def _refuse_damaged(rows: Sequence[SourceRow], draft: Draft) -> None:
    for row in rows:
        for name, text in row.cells.items():
            if DAMAGED in text:
                draft.refuse(row, name, "A character is damaged.", "Type the cell again.")
            elif text in _FAILED:
                draft.refuse(row, name, f"The formula of this cell has failed ({text}).", "Type what it should say.")


def run_import(
    brought: Import,
    sheet: Sheet,
    draft: Draft,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool,
    progress: Progress | None,
) -> Check:
    """Let the room check, or take, all rows that nothing speaks against; and bring what it says back to the cells."""
    shown = _list_shown(brought)
    flaws = list(draft.flaws)
    foreign = find_out_of_reach(actor, brought.kind, draft)
    what, remedy = "This lies outside of what you may import.", "Leave the row out, or ask whoever may."
    flaws += [Flaw(draft.origins[index], shown(column), what, remedy) for index, column in foreign.items()]
    refused = {flaw.index for flaw in flaws}
    kept = [index for index, origin in enumerate(draft.origins) if origin not in refused]
    report: ImportReport = TYPES[brought.kind].take(
        draft.table(kept), actor=actor, now=now, dry_run=dry_run, progress=progress
    )
    flaws += [_as_flaw(rejection, draft.origins[kept[rejection.index]], shown) for rejection in report.rejections]
    return Check(
        report.created,
        report.updated,
        report.unchanged,
        tuple(sorted(set(flaws), key=lambda flaw: (flaw.index, flaw.column))),
        (*sheet.passed_over, *draft.list_notes(), *report.notes),
    )


def _as_flaw(rejection: Rejection, origin: int, shown: Any) -> Flaw:
    repeated = _REPEATED.fullmatch(rejection.what)
    what = f"The same stands in row {repeated[1]} already." if repeated else rejection.what
    return Flaw(origin, shown(rejection.column), what, rejection.remedy)


def _list_shown(brought: Import) -> Any:
    """Return the column of the list in which to show what is wrong with a column of the room."""
    there = set(brought.columns.values())

    def shown(column: str) -> str:
        if column in there:
            return column
        if column in {"code", "kind", "level"}:
            return "name" if "name" in there else next((name for name in _PLACE_COLUMNS if name in there), "")
        if column in {"home", "answers_for", "seat", "area", "parent_code"}:
            return next((name for name in _PLACE_COLUMNS if name in there), "")
        return ""

    return shown


def name_places(columns: Mapping[str, str]) -> dict[str, int]:
    """Return the place of each meaning among the columns."""
    return {name: int(place) for place, name in columns.items() if name}
