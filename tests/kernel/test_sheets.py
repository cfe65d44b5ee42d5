"""Files are known by their content, and lists are found among what offices put around them."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from muster.kernel.cells import CellError, read_day
from muster.kernel.errors import MusterError
from muster.kernel.tables import Table, read_table

COLUMNS = {
    "code": ["代码"],
    "name": ["姓名", "负责人姓名"],
    "phone": ["联系电话"],
    "home": ["小区"],
    "since": ["加入日期"],
}
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _read(book: Workbook, folder: Path, required: tuple[str, ...] = ("code", "name")) -> Table:
    book.save(folder / "list.xlsx")
    return read_table(folder / "list.xlsx", COLUMNS, required)


def _book(*rows: tuple[str | float | date | None, ...]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


@pytest.mark.parametrize("merged", [("A1:D1", "A2:A3", "B2:C2"), ("A1:D1", "B2:C2"), ()])
def test_a_head_of_two_lines_is_one_head_however_it_is_merged(tmp_path: Path, merged: tuple[str, ...]) -> None:
    book = _book(
        ("宁江区名册", None, None, None),
        ("代码", "负责人", None, "居住"),
        (None, "姓名", "联系电话", "小区"),
        ("1", "张三", 13812345679.0, "明珠"),
    )
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    table = _read(book, tmp_path)
    assert table.columns == {"code": ["1"], "name": ["张三"], "phone": ["13812345679"], "home": ["明珠"]}
    assert table.row_numbers == [4]


def test_a_bilingual_head_stays_a_head_of_one_line(tmp_path: Path) -> None:
    table = _read(_book(("代码", "姓名"), ("code", "name"), ("1", "甲")), tmp_path)
    assert table.columns == {"code": ["1"], "name": ["甲"]}


def test_a_merged_cell_speaks_for_all_its_rows(tmp_path: Path) -> None:
    book = _book(("代码", "姓名", "小区"), ("1", "甲", "明珠"), ("2", "乙", None), ("3", "丙", None))
    book.worksheets[0].merge_cells("C2:C4")
    assert _read(book, tmp_path).columns["home"] == ["明珠", "明珠", "明珠"]


def test_sums_notes_and_titles_inside_are_no_rows_and_are_told(tmp_path: Path) -> None:
    book = _book(
        ("代码", "姓名", "小区"),
        ("松林社区", None, None),
        ("1", "甲", "明珠"),
        (None, None, None),
        ("2", "乙", "明珠"),
        ("合  计", "2 人", None),
        ("填表人：王会计    审核人：李主任", None, None),
    )
    book.worksheets[0].merge_cells("A2:C2")
    table = _read(book, tmp_path)
    assert (table.columns["name"], table.row_numbers) == (["甲", "乙"], [3, 5])
    assert [remark.split(":")[0] for remark in table.remarks] == [f"Row {row} was passed over" for row in (2, 6, 7)]


def test_a_hidden_sheet_comes_last(tmp_path: Path) -> None:
    book = _book(("代码", "姓名"), ("0", "旧"))
    book.worksheets[0].sheet_state = "hidden"
    shown = book.create_sheet("名册")
    shown.append(("代码", "姓名"))
    shown.append(("1", "甲"))
    book.active = 1
    assert _read(book, tmp_path).columns["name"] == ["甲"]


@pytest.mark.parametrize("heading", ["姓 名", "姓\n名", "＊姓名", "姓名：", "姓名（必填）", "姓　名*"])
def test_a_heading_is_known_however_it_is_spread_out(tmp_path: Path, heading: str) -> None:
    assert _read(_book(("代码", heading), ("1", "甲")), tmp_path).columns["name"] == ["甲"]


def test_text_under_the_name_of_an_old_workbook_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "list.xls").write_bytes("代码\t姓名\n1\t甲\n".encode("gb18030"))
    assert read_table(tmp_path / "list.xls", COLUMNS, ["code"]).columns["name"] == ["甲"]


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("list.xlsx", OFFICE + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        ("list.xls", OFFICE + "WordDocument".encode("utf-16-le"), "a Word document"),
        ("list.xls", OFFICE, "not a readable Excel file"),
        ("list.xlsx", b"%PDF-1.7 ...", "a PDF"),
        ("list.xls", b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        ("list.xlsx", b"PK\x03\x04 cut off", "not a readable Excel file"),
    ],
)
def test_what_is_no_table_is_called_by_its_true_name(tmp_path: Path, name: str, raw: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(MusterError, match=said):
        read_table(tmp_path / name, COLUMNS, ["code"])


def test_a_text_document_renamed_and_a_bomb_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "doc.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w:document/>")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(96 << 20))
    with pytest.raises(MusterError, match="a Word document"):
        read_table(tmp_path / "doc.xlsx", COLUMNS, ["code"])
    with pytest.raises(MusterError, match="unpacks to 96 MB"):
        read_table(tmp_path / "bomb.xlsx", COLUMNS, ["code"])


@pytest.mark.parametrize(
    "text",
    ["2020-02-05", "2020/2/5", "20200205", "2020年2月5日", "2/5/2020", "2020.2.5", "43866", "２０２０年２月５日"],
)
def test_a_day_is_understood_in_every_form_that_offices_use(text: str) -> None:
    assert read_day(text) == date(2020, 2, 5)


@pytest.mark.parametrize("text", ["2020-02-30", "13/13/2020", "1234", "2月5日", "99999"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a day"):
        read_day(text)


def test_the_day_stands_first_where_the_month_cannot() -> None:
    assert read_day("25/2/2020") == date(2020, 2, 25)


def test_days_of_a_workbook_come_as_days(tmp_path: Path) -> None:
    table = _read(_book(("代码", "姓名", "加入日期"), ("1", "甲", date(2020, 2, 5))), tmp_path)
    assert [read_day(cell) for cell in table.columns["since"]] == [date(2020, 2, 5)]


def test_something_strayed_to_the_end_of_a_sheet_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book = _book(("代码", "姓名"), ("1", "甲"))
    book.worksheets[0]["XFD1048576"] = "x"
    with pytest.raises(MusterError, match="in XFD1048576, and makes the sheet too large"):
        _read(book, tmp_path)


def test_borders_drawn_around_the_whole_sheet_keep_nobody_from_reading_it(tmp_path: Path) -> None:
    book = _book(("代码", "姓名"), ("1", "甲"))
    book.worksheets[0]["XFD1048576"].font = Font(bold=True)
    assert _read(book, tmp_path).columns == {"code": ["1"], "name": ["甲"]}
