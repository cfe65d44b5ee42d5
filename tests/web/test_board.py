"""The board's own parts: the plan of a compound, gaps by age, what changed, figures by day."""

from __future__ import annotations

import gzip
from datetime import date, timedelta

import pytest
from django.test import Client

from muster.clocks.models import Gap
from muster.kernel import clock
from muster.situation.board_doors import read_matrix
from muster.situation.models import DayFigure
from muster.territory.models import Area
from muster.web.map_compound import DOOR, ROOF, CompoundPlan, draw_compound
from muster.web.sparks import HEIGHT, draw_spark
from tests.coverage.city import NOON
from tests.web.cast import Cast
from tests.web.conftest import SignIn

METER = 1 / 111_320
"""Degrees of latitude."""


def _draw(cast: Cast) -> CompoundPlan:
    plan = draw_compound(read_matrix(cast.city.emergency, cast.city.area("C1-A")))
    assert plan is not None
    return plan


def _stand(code: str, north_m: float, east_m: float) -> None:
    Area.objects.filter(code=code).update(lat=45 + north_m * METER, lon=124 + east_m * METER / 0.7071)


def test_a_building_further_north_stands_higher_on_the_plan(cast: Cast) -> None:
    _stand("C1-A-1", 0, 0)
    _stand("C1-A-2", 40, 5)
    south, north = _draw(cast).blocks
    assert south.y - north.y >= ROOF + DOOR
    assert _draw(cast).scale is not None


def test_no_block_lies_on_another_however_near_they_stand(cast: Cast) -> None:
    _stand("C1-A-1", 0, 0)
    _stand("C1-A-2", 0, 12)
    west, east = _draw(cast).blocks
    assert west.x + west.width <= east.x


def test_buildings_without_positions_stand_in_their_order_and_say_so(officer: Client, cast: Cast) -> None:
    plan = _draw(cast)
    assert plan.scale is None
    assert [mark.area_code for mark in plan.blocks] == ["C1-A-1", "C1-A-2"]
    assert plan.blocks[0].x + plan.blocks[0].width <= plan.blocks[1].x
    assert "示意图" in officer.get("/areas/C1-A").content.decode()


def test_each_unit_is_a_door_of_its_block(officer: Client, cast: Cast) -> None:
    first = _draw(cast).blocks[0]
    assert [mark.door.state for mark in first.doors] == ["covered", "gap"]
    assert all(0 <= mark.x <= first.width - DOOR for mark in first.doors)
    assert 'aria-label="1号楼 2单元, 缺口"' in officer.get("/areas/C1-A").content.decode()


@pytest.mark.parametrize(("age", "is_listed"), [("old", False), ("days", True), ("day", False), ("hours", False)])
def test_gaps_are_found_by_their_age(officer: Client, age: str, is_listed: bool) -> None:
    Gap.objects.update(since_at=NOON - timedelta(days=2))
    page = officer.get("/gaps/2207", {"age": age, "kind": "area_without_warden"}).content.decode()
    assert ("1号楼 2单元" in page.split('id="inspector"')[0]) is is_listed


def test_gaps_are_found_by_whose_they_are_to_close(officer: Client) -> None:
    page = officer.get("/gaps/2207", {"owner": "C2"}).content.decode().split('id="inspector"')[0]
    assert "老粮库家属楼" in page
    assert "1号楼 2单元" not in page


def test_an_office_out_of_sight_is_not_a_filter(sign_in: SignIn) -> None:
    assert sign_in("worker").get("/gaps/C2", {"owner": "C1"}).status_code == 404


def test_a_filter_that_nobody_knows_asks_for_nothing(officer: Client) -> None:
    assert officer.get("/gaps/2207", {"age": "ancient", "kind": "x"}).status_code == 200


def test_what_changed_is_told_until_it_is_marked_as_seen(officer: Client) -> None:
    before = officer.get("/changes/2207").content.decode()
    assert "新任命 1" in before
    assert officer.post("/changes/2207/seen", {"until": NOON.isoformat()}).status_code == 302
    assert "没有变动" in officer.get("/changes/2207").content.decode()


def test_what_changed_after_the_list_was_drawn_stays_to_be_seen(officer: Client) -> None:
    officer.post("/changes/2207/seen", {"until": (NOON - timedelta(hours=1)).isoformat()})
    assert "新任命 1" in officer.get("/changes/2207").content.decode()


def test_nobody_marks_the_future_as_seen(officer: Client) -> None:
    officer.post("/changes/2207/seen", {"until": (NOON + timedelta(days=900)).isoformat()})
    Gap.objects.filter(area__code="C2-B").update(since_at=clock.now() + timedelta(minutes=1))
    clock.set_exercise(NOON + timedelta(hours=1))
    assert "新缺口" in officer.get("/changes/2207").content.decode()


def test_a_gap_that_opened_since_the_look_is_marked(officer: Client) -> None:
    officer.post("/changes/2207/seen", {"until": (NOON - timedelta(minutes=1)).isoformat()})
    assert "is-new" in officer.get("/gaps/2207").content.decode()
    officer.post("/changes/2207/seen", {"until": NOON.isoformat()})
    assert "is-new" not in officer.get("/gaps/2207").content.decode()


def test_names_stay_closed_to_who_may_not_see_them_in_what_changed(sign_in: SignIn) -> None:
    assert "王秀兰" in sign_in("officer").get("/changes/2207").content.decode()
    assert "王秀兰" not in sign_in("auditor").get("/changes/2207").content.decode()


def test_a_figure_shows_its_last_days(officer: Client) -> None:
    officer.get("/figures/2207")
    gaps = DayFigure.objects.get(measure="gaps_open", area__code="2207")
    DayFigure.objects.create(
        emergency=gaps.emergency,
        area=gaps.area,
        measure="gaps_open",
        on_day=gaps.on_day - timedelta(days=1),
        value=gaps.value - 1,
        taken_at=NOON - timedelta(days=1),
    )
    assert "spark is-worse" in officer.get("/figures/2207").content.decode()
    assert "2月9日" in officer.get("/measures/gaps_open", {"area": "2207"}).content.decode()


def test_a_spark_rises_with_its_figure_and_is_worse_only_where_that_can_be_said() -> None:
    days = {date(2020, 2, 8): 1.0, date(2020, 2, 10): 3.0}
    spark = draw_spark("gaps_open", days, str)
    assert spark is not None
    first, last = (float(point.split(",")[1]) for point in spark.points.split())
    assert last < first
    assert spark.is_worse
    people = draw_spark("people", days, str)
    assert people is not None
    assert not people.is_worse


def test_a_figure_that_stays_lies_in_the_middle_and_one_day_is_no_history() -> None:
    spark = draw_spark("people", {date(2020, 2, 8): 4.0, date(2020, 2, 9): 4.0}, str)
    assert spark is not None
    assert spark.end_y == HEIGHT / 2
    assert draw_spark("people", {date(2020, 2, 8): 4.0}, str) is None


def test_levels_are_said_by_name_among_the_rows_of_a_figure(officer: Client) -> None:
    page = officer.get("/measures/areas", {"area": "C1"}).content.decode()
    assert "单元" in page
    assert ">unit<" not in page


def test_pages_are_packed_for_whoever_takes_packed_ones(officer: Client) -> None:
    answer = officer.get("/areas/2207", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "松原市" in gzip.decompress(answer.content).decode()
