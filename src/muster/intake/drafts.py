"""What a list says, in the words of the room that it is for: each row with the row it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from muster.intake.kinds import LEVEL_COLUMNS, LEVELS_SAID
from muster.intake.places import Place, PlaceFinder, Said
from muster.kernel.cells import find_reference, split_words
from muster.kernel.tables import Table


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the list, as it was brought and mended.

    Parameters
    ----------
    index
        Its place among the rows beneath the head.
    number
        Its number in the file.
    cells
        What it says, by the meaning of the column.
    """

    index: int
    number: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """Return a cell, empty where the list does not have it."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a row from being taken, in which of its cells, and what to do."""

    index: int
    column: str
    what: str
    remedy: str


@dataclass(slots=True)
class Draft:
    """The table that the room's import is given.

    Parameters
    ----------
    source
        Name of the file.
    columns
        Its columns.
    places
        Finds places.
    consented_on
        When all the people agreed, if they did.
    """

    source: str
    columns: Sequence[str]
    places: PlaceFinder
    consented_on: date | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    coarse: Counter[str] = field(default_factory=Counter)

    def add(self, row: SourceRow, cells: dict[str, str]) -> None:
        """Add a row made from a row of the list."""
        # The room reads codes in their plain form: what is looked up by code beforehand must find the same rows.
        cells["code"] = find_reference(cells.get("code", "")) or cells.get("code", "")
        self.rows.append(cells)
        self.origins.append(row.index)
        self.numbers.append(row.number)

    def refuse(self, row: SourceRow, column: str, what: str, remedy: str) -> None:
        """Say why a row cannot be taken."""
        self.flaws.append(Flaw(row.index, column, what, remedy))

    def find_place(self, row: SourceRow, *columns: str) -> str:
        """Find the area that a row names: by level, or in the first of some columns that says anything.

        Returns the code, or the empty string; what cannot be found is refused in its cell.
        """
        said, shown = list_said(row, columns)
        if not said:
            return ""
        place = self.places.find(*said)
        if place.node is not None and not place.candidates:
            self._note_coarse(place, shown[-1])
            return place.node.code
        column, text = self._find_astray(said, shown)
        if place.candidates:
            self.refuse(row, column, f"Several places could be {text}.", "Choose one of them.")
        else:
            self.refuse(row, column, f"There is no place {text} in {self.places.within.name}.", "Choose or correct it.")
        return ""

    def _find_astray(self, said: Sequence[Said], shown: Sequence[str]) -> tuple[str, str]:
        """Find the first cell that leads nowhere, and what it says."""
        for length, column in enumerate(shown, 1):
            place = self.places.find(*said[:length])
            if place.node is None or place.candidates:
                return column, said[length - 1][1]
        return shown[-1], said[-1][1]

    def _note_coarse(self, place: Place, column: str) -> None:
        if place.rest and column in LEVELS_SAID and place.node is not None:
            self.coarse[place.node.level] += 1

    def list_notes(self) -> list[str]:
        """List remarks on what was understood only in part."""
        return [
            f"{count} rows name a building or unit that is not known; their {level} is taken."
            for level, count in sorted(self.coarse.items())
        ]

    def list_codes(self, column: str) -> set[str]:
        """List the codes that the rows name in a column."""
        return {code for cells in self.rows for code in name_codes(cells.get(column, ""))}

    def table(self, indices: Iterable[int]) -> Table:
        """Return the table of some of the rows."""
        kept = list(indices)
        columns = {name: [self.rows[index].get(name, "") for index in kept] for name in self.columns}
        used = {name: cells for name, cells in columns.items() if any(cells)}
        return Table(self.source, "", used, [self.numbers[index] for index in kept])


def name_codes(text: str) -> set[str]:
    """Return the codes that a cell may name: all of it, for a code may hold a comma, and each of its words."""
    return {text, *split_words(text)} - {""}


def list_said(row: SourceRow, columns: Sequence[str]) -> tuple[list[Said], list[str]]:
    """List what a row says about where, the uppermost first, and the columns that say it."""
    free = next((name for name in columns if row.get(name)), "")
    levels = [column.name for column in LEVEL_COLUMNS if row.get(column.name)]
    if free and (not levels or free != "address"):
        return [("", row.get(free))], [free]
    return [(LEVELS_SAID[name], row.get(name)) for name in levels], levels
