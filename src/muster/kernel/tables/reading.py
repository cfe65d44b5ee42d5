"""Reading tables as offices have them: CSV in UTF-8 or GB18030, or XLSX, with title rows above the head."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from muster.kernel.errors import MusterError
from muster.kernel.tables.decoding import DAMAGED, read_text

_STRAY = " \t\r\n\u00a0\u3000\x00"
# Marks without width that come along when text is copied; the joiners U+200C and U+200D belong to some scripts.
_WITHOUT_WIDTH = str.maketrans("", "", "\u200b\u2060\ufeff\u00ad")
# Beyond this a spreadsheet keeps no whole number exactly.
_MOST_EXACT = 1e15
# One cell may be long, and is then refused with its row; the reader's own limit would refuse the whole file.
csv.field_size_limit(2**31 - 1)
_HEAD_WITHIN_ROWS = 20
_EXCEL_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_NumberedRow = tuple[int, list[str]]


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
    """

    source: str
    sheet: str
    columns: dict[str, list[str]]
    row_numbers: list[int]
    headings: dict[str, str] = field(default_factory=dict)
    broken_rows: dict[int, tuple[str, str]] = field(default_factory=dict)

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
    names = _heading_names(columns)
    lacking = list(required)
    for sheet, rows in _read_sheets(path, names):
        head, missing = _find_head(rows, names, required)
        if head is not None:
            return _build_table(path.name, sheet, rows, head, names)
        lacking = min(lacking, missing, key=len)
    accepted = "; ".join(" / ".join((name, *columns.get(name, ()))) for name in lacking)
    raise MusterError(
        f"None of the first {_HEAD_WITHIN_ROWS} rows is a head with the columns that are needed; "
        f"missing: {', '.join(lacking)}.",
        where=path.name,
        remedy=f"Name the columns so: {accepted}.",
    )


def _heading_names(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {_fold(alias): name for name, aliases in columns.items() for alias in (name, *aliases)}


def _fold(heading: str) -> str:
    return unicodedata.normalize("NFKC", _clean(heading)).casefold().replace(" ", "_").replace("\n", "")


def _read_sheets(path: Path, names: Mapping[str, str]) -> Iterator[tuple[str, list[_NumberedRow]]]:
    if path.is_dir() or not path.exists():
        what = "This is a folder." if path.is_dir() else "There is no such file."
        raise MusterError(what, where=str(path), remedy="Check the name and the folder.")
    if path.suffix.lower() in _EXCEL_SUFFIXES:
        yield from _read_excel(path)
    else:
        yield "", _read_csv(path, names)


def _read_excel(path: Path) -> Iterator[tuple[str, list[_NumberedRow]]]:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for sheet in book.sheet_names:
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                yield sheet, [(number, [_as_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    except (CalamineError, OSError) as error:
        raise MusterError(
            f"This is not a readable Excel file ({error}).",
            where=path.name,
            remedy="Open it in Excel and save it again as .xlsx or CSV UTF-8.",
        ) from error


def _as_text(cell: object) -> str:
    """Return a cell as a person sees it: calamine gives whole numbers as floats."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MOST_EXACT:
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return _clean(str(cell))


def _read_csv(path: Path, names: Mapping[str, str]) -> list[_NumberedRow]:
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text, names), strict=True)
    rows: list[_NumberedRow] = []
    begins_at = 1
    try:
        for cells in reader:
            rows.append((begins_at, [_clean(cell) for cell in cells]))
            begins_at = reader.line_num + 1
    except csv.Error as error:
        raise MusterError(
            f"The quotation marks or line ends cannot be understood ({error}).",
            where=f"{path.name}, row {begins_at}",
            remedy="Close every quotation mark, or save the file again as CSV UTF-8.",
        ) from error
    return rows


def _clean(cell: str) -> str:
    if not cell.isascii():
        cell = cell.translate(_WITHOUT_WIDTH)
    cell = cell.strip(_STRAY)
    # The guard that ``write_table`` puts before a formula; a CSV saved as Excel file carries it along.
    if cell.startswith("'") and cell.lstrip("'").startswith(("=", "+", "-", "@")):
        return cell[1:]
    return cell


def _find_delimiter(text: str, names: Mapping[str, str]) -> str:
    """Return the separator under which most headings are known: offices export all three."""
    head = text.split("\n", _HEAD_WITHIN_ROWS)[:_HEAD_WITHIN_ROWS]

    def known(delimiter: str) -> int:
        return max(sum(_fold(cell.strip('"')) in names for cell in line.split(delimiter)) for line in head)

    return max((",", "\t", ";"), key=known)


@dataclass(frozen=True, slots=True)
class _Head:
    position: int
    cells: list[str]


def _find_head(
    rows: Sequence[_NumberedRow], names: Mapping[str, str], required: Sequence[str]
) -> tuple[_Head | None, list[str]]:
    """Return the first row that names every required column, or what the nearest row lacks."""
    lacking = list(required)
    for position, (_, cells) in enumerate(rows[:_HEAD_WITHIN_ROWS]):
        present = {names.get(_fold(cell)) for cell in cells}
        missing = [name for name in required if name not in present]
        if not missing:
            return _Head(position, cells), []
        lacking = min(lacking, missing, key=len)
    return None, lacking


def _build_table(source: str, sheet: str, rows: Sequence[_NumberedRow], head: _Head, names: Mapping[str, str]) -> Table:
    titles = _canonical_titles(source, rows[head.position][0], head.cells, names)
    columns: dict[str, list[str]] = {title: [] for title in titles if title}
    targets = [columns.get(title) for title in titles]
    table = Table(source, sheet, columns, [], headings=dict(zip(titles, head.cells, strict=True)))
    for number, cells in rows[head.position + 1 :]:
        if not any(cells) or _repeats_head(cells, titles, names):
            continue
        flaw = _find_flaw(cells, titles)
        if flaw is not None:
            table.broken_rows[len(table.row_numbers)] = flaw
        table.row_numbers.append(number)
        for place, target in enumerate(targets):
            if target is not None:
                target.append(cells[place] if place < len(cells) else "")
    return table


def _repeats_head(cells: Sequence[str], titles: Sequence[str], names: Mapping[str, str]) -> bool:
    """Tell whether a row is the head again: in a second language, or on top of each printed page."""
    filled = [(cell, title) for cell, title in zip(cells, titles, strict=False) if cell]
    return len(filled) > 1 and all(names.get(_fold(cell), cell) == title for cell, title in filled)


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
        title = names.get(_fold(cell), cell)
        if title in known and title in titles:
            raise MusterError(
                f"Two columns mean the same: {title}.",
                where=f"{source}, row {row_number}",
                remedy="Delete or rename one of them.",
            )
        # Columns that nobody reads may share a heading; they are kept apart for the file of rejected rows.
        titles.append(f"{title} ({len(titles) + 1})" if title and title in titles else title)
    return titles
