"""Tables as offices have them are read right, or refused with the place named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from muster.kernel.errors import MusterError
from muster.kernel.tables import Rejection, read_table, write_rejects, write_table

COLUMNS = {"code": ["代码", "统计用区划代码"], "name": ["名称"], "why": []}
REQUIRED = ["code", "name"]


def _file(folder: Path, raw: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_that_offices_use_is_read(tmp_path: Path, encoding: str) -> None:
    path = _file(tmp_path, "代码,名称\n220702,宁江区\n".encode(encoding))
    assert read_table(path, COLUMNS, REQUIRED).columns == {"code": ["220702"], "name": ["宁江区"]}


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_separator_is_found_by_the_headings(tmp_path: Path, delimiter: str) -> None:
    path = _file(tmp_path, f"code{delimiter}name\n1{delimiter}a, b; c\n".replace("a, b; c", '"a, b; c"').encode())
    assert read_table(path, COLUMNS, REQUIRED).columns["name"] == ["a, b; c"]


def test_title_rows_and_empty_rows_are_passed_over_and_row_numbers_stay_those_of_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, "松原市名册,\n,\n代码,名称\n1,甲\n,\n 2\u3000, 乙 \n".encode())
    table = read_table(path, COLUMNS, REQUIRED)
    assert table.columns == {"code": ["1", "2"], "name": ["甲", "乙"]}
    assert table.row_numbers == [4, 6]
    assert table.place_of(1, "name") == "list.csv, row 6, column 名称"


def test_excel_numbers_come_back_as_codes_and_the_right_sheet_is_found(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("名册")
    sheet.append(["代码", "名称", "备注"])
    sheet.append([220702001001, "团结社区", None])
    book.save(tmp_path / "list.xlsx")
    table = read_table(tmp_path / "list.xlsx", COLUMNS, REQUIRED)
    assert (table.sheet, table.columns["code"], table.columns["备注"]) == ("名册", ["220702001001"], [""])


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"code,title\n1,a\n", "missing: name"),
        (b"", "missing: code, name"),
        (b"code,name,code\n1,a,2\n", "Two columns mean the same: code"),
        (b'code,name\n1,"a\n2,b\n', "row 2"),
        (b"code,name\n1,\xff\xff\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_place(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(MusterError, match=said):
        read_table(_file(tmp_path, raw), COLUMNS, REQUIRED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_half_a_file_gives_its_whole_rows_and_marks_the_one_that_is_cut(tmp_path: Path, encoding: str) -> None:
    raw = "code,name\n1,宁江区文苑社区\n2,团结街道\n3,长岭县".encode(encoding)
    table = read_table(_file(tmp_path, raw[:-1]), COLUMNS, REQUIRED)
    assert table.columns["name"][:2] == ["宁江区文苑社区", "团结街道"]
    assert list(table.broken_rows) == [2]
    assert "damaged in column name" in table.broken_rows[2][0]


def test_a_rejected_row_with_a_damaged_character_is_read_again_and_still_marked(tmp_path: Path) -> None:
    table = read_table(_file(tmp_path, "code,name\n1,长岭县\n2,宁江区".encode()[:-1]), COLUMNS, REQUIRED)
    rejects = tmp_path / "rejects.csv"
    write_rejects(rejects, table, [Rejection(1, "", *table.broken_rows[1])])
    assert list(read_table(rejects, COLUMNS, REQUIRED).broken_rows) == [0]


def test_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    with pytest.raises(MusterError, match="neither UTF-8 nor GB18030"):
        read_table(_file(tmp_path, "code,name\n1,Île-de-France\n2,Évry\n".encode("latin-1")), COLUMNS, REQUIRED)


def test_a_head_that_comes_again_is_no_row(tmp_path: Path) -> None:
    path = _file(tmp_path, "code,name\n代码,名称\n1,甲\ncode,name\n2,名称\n".encode())
    assert read_table(path, COLUMNS, REQUIRED).columns == {"code": ["1", "2"], "name": ["甲", "名称"]}


def test_columns_that_nobody_reads_may_share_a_heading(tmp_path: Path) -> None:
    table = read_table(_file(tmp_path, "code,name,备注,备注\n1,甲,x,y\n".encode()), COLUMNS, REQUIRED)
    assert (table.columns["备注"], table.columns["备注 (4)"]) == (["x"], ["y"])


def test_a_number_too_long_for_a_spreadsheet_is_not_made_up(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("list", 0)
    sheet.append(["code", "name"])
    sheet.append([220702001001123456789, "甲"])
    book.save(tmp_path / "list.xlsx")
    assert "e+" in read_table(tmp_path / "list.xlsx", COLUMNS, REQUIRED).columns["code"][0]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MusterError, match="This is a folder"):
        read_table(tmp_path, COLUMNS, REQUIRED)


def test_a_missing_file_and_a_false_excel_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MusterError, match="no such file"):
        read_table(tmp_path / "none.csv", COLUMNS, REQUIRED)
    with pytest.raises(MusterError, match="not a readable Excel file"):
        read_table(_file(tmp_path, b"not a workbook", "list.xlsx"), COLUMNS, REQUIRED)


def test_a_row_with_more_cells_than_headings_is_marked(tmp_path: Path) -> None:
    table = read_table(_file(tmp_path, b"code,name\n1,a,b\n2,c\n"), COLUMNS, REQUIRED)
    assert list(table.broken_rows) == [0]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_rejected_rows_can_be_mended_and_read_again(tmp_path: Path, suffix: str) -> None:
    table = read_table(_file(tmp_path, b"code,name,extra\n1,a,x\n2,=b,y\n"), COLUMNS, REQUIRED)
    path = tmp_path / f"rejects.{suffix}"
    assert write_rejects(path, table, [Rejection(1, "name", "It is odd.", "Mend it.")]) == 1
    again = read_table(path, COLUMNS, REQUIRED)
    assert again.columns == {"code": ["2"], "name": ["=b"], "extra": ["y"], "why": ["name: It is odd. Mend it."]}


_CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf"]), max_size=12).filter(
    lambda text: not text.startswith("'")
)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@given(cells=st.lists(st.tuples(_CELLS, _CELLS).filter(any), max_size=8))
def test_what_is_written_is_read_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, cells: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("tables") / f"list.{suffix}"
    write_table(path, ["code", "name"], cells, file_format="xlsx" if suffix == "xlsx" else "csv")
    table = read_table(path, COLUMNS, REQUIRED)
    assert list(zip(table.columns["code"], table.columns["name"], strict=True)) == cells


def test_two_columns_of_one_name_are_both_written(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_table(path, ["姓名", "备注", "备注"], [["甲", "一", "二"]], file_format="xlsx")
    rows = list(load_workbook(path).worksheets[0].values)
    assert rows == [("姓名", "备注", "备注 (3)"), ("甲", "一", "二")]
