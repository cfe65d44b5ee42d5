"""Numbers that are never kept, and numbers that are none."""

from __future__ import annotations

import pytest

from muster.intake.rules import hide_identities, read_number


@pytest.mark.parametrize(
    "said", ["220702198001011234", "22070219800101123X", "220702 19800101 1234", "220702800101123", "2.20702198001E+17"]
)
def test_no_number_of_an_identity_card_is_left_in_a_column_of_them(said: str) -> None:
    rows = [(1, ["姓名", "身份证号码（必填）", "电话"]), (2, ["王五", said, "13812345601"])]
    assert hide_identities(rows)[1] == (2, ["王五", "", "13812345601"])


def test_a_number_written_into_another_cell_is_taken_out_of_it() -> None:
    rows = [(1, ["姓名", "证件类型", "备注"]), (2, ["王五", "身份证", "证号220702198001011234，住二楼"])]
    assert hide_identities(rows)[1] == (2, ["王五", "身份证", "证号，住二楼"])


@pytest.mark.parametrize(("said", "number"), [("012", "12"), ("十二", "12"), ("9" * 5000, "9" * 5000), ("፩", "፩")])
def test_what_is_no_number_of_a_door_stays_as_it_is(said: str, number: str) -> None:
    assert read_number(said) == number
