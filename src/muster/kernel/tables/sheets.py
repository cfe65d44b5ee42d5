"""Reading files into sheets of plain text: workbooks of every office program, and text with separators."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from muster.kernel.errors import MusterError
from muster.kernel.tables.decoding import read_text
from muster.kernel.tables.headings import HEAD_WITHIN_ROWS, clean, fold

# Beyond this a spreadsheet keeps no whole number exactly.
_MOST_EXACT = 1e15
# One cell may be long, and is then refused with its row; the reader's own limit would refuse the whole file.
csv.field_size_limit(2**31 - 1)
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".ods"}
_MOST_UNPACKED_BYTES = 2 << 30
_MOST_TIMES_LARGER = 200
_SMALL_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 20
_TAG_BYTES = 256
# The reader keeps room for every cell from the first to the last: one strayed to the end of a sheet takes it all.
_MOST_CELLS = 30_000_000
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^>/])?>""")
_AS_WORKBOOK = "Copy its table into Excel and save it as .xlsx."

NumberedRow = tuple[int, list[str]]
"""A row with its number in the file: the first line is 1."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or the whole of a text file.

    Parameters
    ----------
    name
        Name of the sheet, or empty for text.
    rows
        Cells as a person sees them, stripped; cells that were merged all say what the whole says.
    is_hidden
        Whether the office program hides it.
    """

    name: str
    rows: list[NumberedRow]
    is_hidden: bool = False


def read_sheets(path: Path, headings: Collection[str] = ()) -> Iterator[Sheet]:
    """Read the sheets of a file one after another; what it is tells its content, not its name.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, XLSM, XLSB, XLS or ODS.
    headings
        Folded headings that may stand in it, by which the separator of text is found.

    Raises
    ------
    MusterError
        If it is no such file, is locked by a password, or unpacks to more than it may.
    """
    if path.is_dir() or not path.exists():
        what = "This is a folder." if path.is_dir() else "There is no such file."
        raise MusterError(what, where=str(path), remedy="Check the name and the folder.")
    if _is_workbook(path):
        yield from _read_workbook(path)
    else:
        yield Sheet("", _read_csv(path, headings))


def _is_workbook(path: Path) -> bool:
    """Tell a workbook from text, and refuse what is neither by its true name."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        _check_package(path)
        return True
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        _check_compound_file(path)
        return True
    if start.startswith(b"%PDF"):
        raise _no_table(path, "This is a PDF, not a table.", "Ask for the list as Excel file or CSV.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise _no_table(path, "This is a web page, not a table.", "Open it in Excel and save it again as .xlsx.")
    # Many systems export text under the name of a workbook of old; under a newer name it is a damaged workbook.
    return path.suffix.lower() in _WORKBOOK_SUFFIXES


def _no_table(path: Path, what: str, remedy: str) -> MusterError:
    return MusterError(what, where=path.name, remedy=remedy)


def _check_compound_file(path: Path) -> None:
    raw = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise _no_table(path, "The file is locked by a password.", "Open it, take the password off, and save it again.")
    if "WordDocument".encode("utf-16-le") in raw:
        raise _no_table(path, "This is a Word document, not a table.", _AS_WORKBOOK)


def _check_package(path: Path) -> None:
    """Refuse packages that hold no workbook, are damaged, or would fill the memory when unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            size = sum(member.file_size for member in members)
            is_bomb = size > max(_SMALL_BYTES, path.stat().st_size * _MOST_TIMES_LARGER)
            if is_bomb or size > _MOST_UNPACKED_BYTES:
                what = f"The file unpacks to {size >> 20} MB, which no list of an office needs."
                raise _no_table(path, what, "Copy the list into a new workbook and save that.")
            _check_members(path, package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise _unreadable(path, error) from error


def _check_members(path: Path, package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    if "word/document.xml" in names:
        raise _no_table(path, "This is a Word document, not a table.", _AS_WORKBOOK)
    for name in names:
        # A member that is longer than it says fails here, before anybody unpacks it without a limit.
        with package.open(name) as member:
            column, row = _find_last_cell(member)
        width = sum(26**power * (letter - 64) for power, letter in enumerate(reversed(column)))
        if width * row > _MOST_CELLS:
            what = f"Something stands far away from the list, in {column.decode()}{row}, and makes the sheet too large."
            raise _no_table(path, what, "Delete the rows and columns around the list, and save it again.")


def _find_last_cell(member: IO[bytes]) -> tuple[bytes, int]:
    """Read a part of a workbook to its end, and return the last column and the last row that hold anything."""
    columns = {b""}
    row = 0
    text = b""
    while chunk := member.read(_CHUNK_BYTES):
        text = text[-_TAG_BYTES:] + chunk
        for letters, number in _FILLED_CELL.findall(text):
            columns.add(letters)
            row = max(row, int(number))
    return max(columns, key=lambda letters: (len(letters), letters)), row


def _unreadable(path: Path, error: Exception) -> MusterError:
    return MusterError(
        f"This is not a readable Excel file ({error}).",
        where=path.name,
        remedy="Open it in Excel and save it again as .xlsx or CSV UTF-8.",
    )


def _read_workbook(path: Path) -> Iterator[Sheet]:
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            # Hidden sheets come last: they hold what choices are made from, or what somebody put away.
            for about in sorted(book.sheets_metadata, key=lambda about: about.visible != SheetVisibleEnum.Visible):
                sheet = book.get_sheet_by_name(about.name)
                yield Sheet(about.name, _read_rows(sheet), about.visible != SheetVisibleEnum.Visible)
    except (CalamineError, OSError) as error:
        if "assword" in str(error):
            raise _no_table(
                path, "The file is locked by a password.", "Open it, take the password off, and save it again."
            ) from error
        raise _unreadable(path, error) from error


def _read_rows(sheet: CalamineSheet) -> list[NumberedRow]:
    grid = [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill(grid, top, left, bottom, right)
    return list(enumerate(grid, 1))


def _fill(grid: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """Let every cell of a merged range say what the range says; only the first one does in the file."""
    said = grid[top][left] if top < len(grid) and left < len(grid[top]) else ""
    if said:
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [said] * len(row[left : right + 1])


def _as_text(cell: object) -> str:
    """Return a cell as a person sees it: calamine gives whole numbers as floats."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MOST_EXACT:
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return clean(str(cell))


def _read_csv(path: Path, headings: Collection[str]) -> list[NumberedRow]:
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text, headings), strict=True)
    rows: list[NumberedRow] = []
    begins_at = 1
    try:
        for cells in reader:
            rows.append((begins_at, [clean(cell) for cell in cells]))
            begins_at = reader.line_num + 1
    except csv.Error as error:
        raise MusterError(
            f"The quotation marks or line ends cannot be understood ({error}).",
            where=f"{path.name}, row {begins_at}",
            remedy="Close every quotation mark, or save the file again as CSV UTF-8.",
        ) from error
    return rows


def _find_delimiter(text: str, headings: Collection[str]) -> str:
    """Return the separator under which most headings are known: offices export all three."""
    head = text.split("\n", HEAD_WITHIN_ROWS)[:HEAD_WITHIN_ROWS]

    def count_known(line: Sequence[str]) -> int:
        return sum(fold(cell.strip('"')) in headings for cell in line)

    return max((",", "\t", ";"), key=lambda delimiter: max(count_known(line.split(delimiter)) for line in head))
