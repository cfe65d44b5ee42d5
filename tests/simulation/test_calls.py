"""Calls of a file are laid upon doors of another city, always the same, and what cannot be believed is not guessed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from muster.kernel.errors import MusterError
from muster.needs.kinds import NeedKind
from muster.simulation.calls import COLUMNS, Call, Doors, Nearness, Span, read_calls
from tests.coverage.city import build_city

HEAD = [*COLUMNS, "trapped", "need_water_food", "offer", "names_unit", "names_building"]


def _write(folder: Path, *rows: str) -> Path:
    path = folder / "calls.csv"
    path.write_text("\ufeff" + "\n".join([",".join(HEAD), *rows]) + "\n", encoding="utf-8")
    return path


def _read(folder: Path, *rows: str, span: Span | None = None) -> tuple[list[Call], int]:
    return read_calls(_write(folder, *rows), span or Span())


ROWS = (
    "b,2021-07-21T10:00:00+08:00,河南省郑州市白沙镇,113.87,34.77,1,0,0,1,0",
    "a,2021-07-21T09:00:00+08:00,河南省郑州市,113.63,34.75,0,1,0,0,0",
    "c,2021-07-21T11:00:00+08:00,河南省郑州市建设路街道,116.13,39.90,0,0,0,1,1",
    "d,2021-07-21T11:30:00+08:00,河南省郑州市建设路街道,,,0,0,0,0,1",
    "e,2021-07-21T12:00:00+08:00,河南省郑州市白沙镇,113.87,34.77,0,0,1,0,0",
)


def test_calls_come_in_the_order_of_their_moments_and_offers_are_none(tmp_path: Path) -> None:
    calls, others = _read(tmp_path, *ROWS)
    assert ([call.key for call in calls], others) == (["a", "b", "c", "d"], 1)
    assert [call.kind for call in calls[:2]] == [NeedKind.FOOD, NeedKind.RESCUE]
    assert all(call.words.startswith("〔重放〕") for call in calls)


def test_only_what_lies_within_the_span_is_read(tmp_path: Path) -> None:
    span = Span(datetime.fromisoformat("2021-07-21T10:00+08:00"), datetime.fromisoformat("2021-07-21T11:30+08:00"))
    assert [call.key for call in _read(tmp_path, *ROWS, span=span)[0]] == ["b", "c"]


def test_a_place_that_cannot_be_believed_is_left_for_a_person(tmp_path: Path) -> None:
    found = {call.key: call.nearness for call in _read(tmp_path, *ROWS)[0]}
    assert found == {"a": Nearness.CITY, "b": Nearness.UNIT, "c": Nearness.TOWNSHIP, "d": Nearness.TOWNSHIP}


def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("id,time\n1,now\n")
    with pytest.raises(MusterError, match="not a file of calls"):
        read_calls(path, Span())


@pytest.mark.django_db
def test_a_call_is_laid_upon_one_door_and_its_double_upon_the_same(tmp_path: Path) -> None:
    city = build_city()
    doors = Doors(city.area("2207"))
    whole, near, far, _ = _read(tmp_path, *ROWS)[0]
    assert (doors.find(whole), doors.find(far)) == ("2207", "220702001")
    door = doors.find(near)
    assert door == doors.find(near._replace(key="x")) == Doors(city.area("2207")).find(near)
    assert city.area(door).level.slug in {"unit", "compound", "community"}
