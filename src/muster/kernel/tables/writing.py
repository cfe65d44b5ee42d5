"""Writing tables that Excel opens as they are meant: CSV with a byte order mark, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal

from rustpy_xlsxwriter import FastExcel

TableFormat = Literal["csv", "xlsx"]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(
    target: Path | BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    file_format: TableFormat = "csv",
) -> int:
    """Write a table row by row, so that a million rows need no memory of their own.

    Text that a spreadsheet would take for a formula is written after an apostrophe in CSV, and
    ``read_table`` takes the apostrophe off again; XLSX cells are text and need none.

    Parameters
    ----------
    target
        A file to make, or a binary stream to write into.
    columns
        Names of the columns.
    rows
        Values in the order of ``columns``; None is an empty cell.
    file_format
        ``csv`` (UTF-8 with byte order mark) or ``xlsx``.

    Returns
    -------
    int
        How many rows were written.
    """
    if isinstance(target, Path):
        with target.open("wb") as file:
            return write_table(file, columns, rows, file_format=file_format)
    if file_format == "xlsx":
        return _write_xlsx(target, columns, rows)
    return _write_csv(target, columns, rows)


def write_form(
    target: BinaryIO,
    form: tuple[str, Sequence[str], Sequence[str]],
    notes: tuple[str, Sequence[str], Sequence[Sequence[str]]],
) -> None:
    """Write a form to fill in: a sheet with a head in two languages, and one that tells about its columns.

    Parameters
    ----------
    target
        A binary stream to write XLSX into.
    form
        Name of the sheet, and its head in one language and in the other.
    notes
        Name of the sheet, its columns, and its rows.
    """
    name, heads, again = form
    about, columns, rows = notes
    book = FastExcel(target, autofit=True).format(bold_headers=True)
    book.sheet(name, [dict(zip(heads, again, strict=True))]).freeze(row=1, col=0)
    book.sheet(about, [dict(zip(columns, row, strict=True)) for row in rows])
    book.save()


def _write_csv(target: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        count = 0
        for row in rows:
            writer.writerow([_as_csv_cell(value) for value in row])
            count += 1
        text.flush()
        return count
    finally:
        text.detach()


def _as_csv_cell(value: object) -> object:
    if isinstance(value, str) and (value.startswith(_FORMULA_STARTS) or _seems_guarded(value)):
        return f"'{value}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _write_xlsx(target: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    count = 0
    columns = _tell_apart(columns)

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield dict(zip(columns, (_as_xlsx_cell(value) for value in row), strict=True))

    first = next(iterator := counted(), None)
    records = [dict.fromkeys(columns)] if first is None else _chain(first, iterator)
    FastExcel(target).sheet("muster", records).freeze(row=1, col=0).save()
    return count


def _tell_apart(columns: Sequence[str]) -> list[str]:
    """Return names of columns, each once: of two of one name, the writer would keep the last alone."""
    told: list[str] = []
    for place, name in enumerate(columns, 1):
        told.append(f"{name} ({place})" if name in told else name)
    return told


def _chain(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _as_xlsx_cell(value: object) -> object:
    if isinstance(value, str) and _seems_guarded(value):
        return f"'{value}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _seems_guarded(text: str) -> bool:
    """Tell whether a reader would take an apostrophe off that is the text's own."""
    return text.startswith("'") and text.lstrip("'").startswith(_FORMULA_STARTS)
