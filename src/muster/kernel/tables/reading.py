"""Reading tables as offices have them: CSV or workbooks, with title rows above the head and notes beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from muster.kernel.errors import MusterError
from muster.kernel.tables.decoding import DAMAGED
from muster.kernel.tables.headings import (
    HEAD_WITHIN_ROWS,
    Head,
    find_head,
    find_name,
    is_beside_list,
    name_headings,
    repeats_head,
)
from muster.kernel.tables.sheets import NumberedRow, read_sheets


@dataclass(frozen=True, slots=True)
class Table:
    """A table in memory, by column.

    Parameters
    ----------
    source
        Name of the file, as a person knows it.
    sheet
        Name of the sheet, or empty for CSV.
    columns
        Cells by canonical column name, stripped; an empty cell is the empty string. Columns that the
        reader does not know stand under their own heading.
    row_numbers
        For each row, its number in the file: the first line of the file is 1.
    headings
        For each canonical column, its heading in the file.
    broken_rows
        For rows that cannot be taken as they stand (more cells than headings, damaged characters), by place in
        the table, what is wrong and what to do.
    remarks
        What was passed over, such as sums and notes beneath the list.
    """

    source: str
    sheet: str
    columns: dict[str, list[str]]
    row_numbers: list[int]
    headings: dict[str, str] = field(default_factory=dict)
    broken_rows: dict[int, tuple[str, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def column(self, name: str) -> list[str]:
        """Return the cells of a column, empty ones when the file does not have it."""
        return self.columns.get(name) or [""] * len(self)

    def place_of(self, index: int, column: str = "") -> str:
        """Return file, sheet, row and column of a cell, as a person looks for it."""
        sheet = f" [{self.sheet}]" if self.sheet else ""
        cell = f", column {self.headings.get(column, column)}" if column else ""
        return f"{self.source}{sheet}, row {self.row_numbers[index]}{cell}"


def read_table(path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> Table:
    """Read a CSV or Excel file whose headings are known by several names.

    Parameters
    ----------
    path
        The file.
    columns
        Canonical column names, each with the other headings it goes by.
    required
        Canonical columns without which the file makes no sense.

    Returns
    -------
    Table
        All rows that are not wholly empty.

    Raises
    ------
    MusterError
        If the file cannot be read, decoded or parsed, or has no head with the required columns.
    """
    names = name_headings(columns)
    lacking = list(required)
    for sheet in read_sheets(path, names):
        head, missing = find_head(sheet.rows, names, required)
        if head is not None:
            return _build_table(path.name, sheet.name, sheet.rows, head, names)
        lacking = min(lacking, missing, key=len)
    accepted = "; ".join(" / ".join((name, *columns.get(name, ()))) for name in lacking)
    raise MusterError(
        f"None of the first {HEAD_WITHIN_ROWS} rows is a head with the columns that are needed; "
        f"missing: {', '.join(lacking)}.",
        where=path.name,
        remedy=f"Name the columns so: {accepted}.",
    )


def as_table(source: Path | Table, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> Table:
    """Return the table that an import is given, or read it from its file as :func:`read_table` does."""
    return source if isinstance(source, Table) else read_table(source, columns, required)


def _build_table(source: str, sheet: str, rows: Sequence[NumberedRow], head: Head, names: Mapping[str, str]) -> Table:
    titles = _canonical_titles(source, rows[head.position][0], head.titles, names)
    columns: dict[str, list[str]] = {title: [] for title in titles if title}
    targets = [columns.get(title) for title in titles]
    table = Table(source, sheet, columns, [], headings=dict(zip(titles, head.titles, strict=True)))
    for number, cells in rows[head.ends_at :]:
        if not any(cells) or repeats_head(cells, titles, names):
            continue
        if is_beside_list(cells):
            table.remarks.append(f"Row {number} was passed over: {next(filter(None, cells))[:40]}.")
            continue
        flaw = _find_flaw(cells, titles)
        if flaw is not None:
            table.broken_rows[len(table.row_numbers)] = flaw
        table.row_numbers.append(number)
        for place, target in enumerate(targets):
            if target is not None:
                target.append(cells[place] if place < len(cells) else "")
    return table


def _find_flaw(cells: Sequence[str], titles: Sequence[str]) -> tuple[str, str] | None:
    if len(cells) > len(titles) and any(cells[len(titles) :]):
        what = f"The row has {len(cells)} cells, the head only {len(titles)}."
        return what, "Put text that holds a comma into quotation marks."
    for cell, title in zip(cells, titles, strict=False):
        if DAMAGED in cell:
            return f"A character is damaged in column {title}: {cell[:40]}.", "Type it again; save as CSV UTF-8."
    return None


def _canonical_titles(source: str, row_number: int, cells: Sequence[str], names: Mapping[str, str]) -> list[str]:
    titles: list[str] = []
    known = set(names.values())
    for cell in cells:
        title = find_name(cell, names) or cell
        if title in known and title in titles:
            raise MusterError(
                f"Two columns mean the same: {title}.",
                where=f"{source}, row {row_number}",
                remedy="Delete or rename one of them.",
            )
        # Columns that nobody reads may share a heading; they are kept apart for the file of rejected rows.
        titles.append(f"{title} ({len(titles) + 1})" if title and title in titles else title)
    return titles
