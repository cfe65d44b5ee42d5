"""Text that a spreadsheet would run as a formula is written harmless, and reads back as it was."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.tables import TableFormat, read_table, write_table

COLUMNS = ("code", "name")
nasty = st.text(alphabet="'=+-@1a", min_size=1, max_size=6)


def read_back(path: Path) -> list[str]:
    return read_table(path, dict.fromkeys(COLUMNS, ()), COLUMNS).columns["name"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(nasty, min_size=1, max_size=8), file_format=st.sampled_from(["csv", "xlsx"]))
def test_any_text_reads_back_as_it_was(names: list[str], file_format: TableFormat, tmp_path: Path) -> None:
    path = tmp_path / f"names.{file_format}"
    write_table(path, COLUMNS, ((f"P{place}", name) for place, name in enumerate(names)), file_format=file_format)
    assert read_back(path) == names


@given(nasty)
def test_no_cell_of_a_csv_begins_like_a_formula(name: str) -> None:
    target = io.BytesIO()
    write_table(target, COLUMNS, [("P", name)])
    cell = target.getvalue().decode("utf-8-sig").splitlines()[1].removeprefix("P,").removeprefix('"')
    assert cell[0] not in "=+-@"


@pytest.mark.parametrize("name", ["=1+1", "-2", "@a"])
def test_a_csv_that_excel_saved_as_its_own_file_reads_as_it_was(name: str, tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    write_table(path, COLUMNS, [("P", f"'{name}")], file_format="xlsx")
    assert read_back(path) == [f"'{name}"]
    from_csv = tmp_path / "saved-by-excel.xlsx"
    write_as_excel_does(from_csv, f"'{name}")
    assert read_back(from_csv) == [name]


def write_as_excel_does(path: Path, text: str) -> None:
    """Save what Excel shows of a CSV cell: the apostrophe has become part of the text."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (COLUMNS, ("P", text)):
        book.active.append(row)
    book.save(path)
