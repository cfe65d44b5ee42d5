"""The roster's desk: windows of rows, moves, and what is taken along."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from openpyxl import load_workbook

from muster.duty.actions import assign
from muster.duty.models import Duty, Shift
from muster.kernel import clock
from muster.kernel.clock import CITY_ZONE
from muster.kernel.models import AuditEntry
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, Cast
from tests.web.conftest import SignIn
from tests.web.test_queries import _asked_while_drawing

TODAY = date(2020, 2, 10)
ADDRESSES = (
    "/roster/C1",
    "/roster/C1?by=posts&days=30",
    "/roster/C1?find=zz",
    "/roster/C1?pool=yes&order=name&days=7",
    "/roster/C1?carry=nights-0",
    "/roster/C1?by=posts&lacking=any",
    "/roster/C1/paper",
    "/roster/C1/paper?by=posts&paper=a3",
    "/people/P1/duties",
    "/posts/C1-EAST",
)


@pytest.fixture
def duty(cast: Cast) -> Duty:
    """Put Wang Xiulan on the morning of the next day but one at the eastern gate."""
    return assign(actor=ADMINISTRATOR, now=NOON, shift=_shift(2), person=cast.people["P1"])


def _shift(day: int) -> Shift:
    shifts = Shift.objects.select_related("emergency").filter(post__code="C1-EAST").order_by("starts_at")
    return next(
        shift for shift in shifts if shift.starts_at.astimezone(CITY_ZONE).date() == TODAY + timedelta(days=day)
    )


def _move(client: Client, duty: Duty, **fields: Any) -> Any:
    reach = client.get(f"/roster/C1/reach?duty={duty.pk}").json()
    terms = {"duty": duty.pk, "shift": duty.shift_id, "seen": reach["seen"], "rows": "", **fields}
    return client.post("/roster/C1/move", terms)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_view_of_the_roster_is_read_before_it_is_drawn(
    sign_in: SignIn, duty: Duty, address: str, language: str
) -> None:
    client = sign_in("officer", language)
    with _asked_while_drawing() as asked:
        assert client.get(address).status_code == 200
    assert not asked


@pytest.mark.parametrize("address", ["/people/P1/duties", "/posts/C1-EAST"])
def test_duties_that_are_over_are_shown_under_the_clock_of_now(officer: Client, duty: Duty, address: str) -> None:
    clock.set_exercise(duty.ends_at + timedelta(hours=1))
    page = officer.get(address).content.decode()
    assert "clock is-past" not in page
    assert "2月12日" in page


def test_rows_come_by_their_keys_and_only_those_of_this_roster(officer: Client, duty: Duty, cast: Cast) -> None:
    asked = f"{duty.person_id},{cast.people['P4'].pk}"
    assert list(officer.get(f"/roster/C1/rows?rows={asked}").json()["rows"]) == [str(duty.person_id)]
    with_pool = officer.get(f"/roster/C1/rows?pool=yes&rows={asked}").json()["rows"]
    assert "孙海涛" in with_pool[str(cast.people["P4"].pk)]
    assert officer.get("/roster/C1/rows?rows=x").status_code == 404


def test_whoever_may_not_see_people_sees_that_somebody_is_there_and_takes_nothing(sign_in: SignIn, duty: Duty) -> None:
    auditor = sign_in("auditor")
    assert auditor.get(f"/roster/C1/reach?duty={duty.pk}").status_code in {403, 404}
    worker = sign_in("worker")
    for address in ("/roster/C1/rows?rows=1", "/roster/C1/paper", "/roster/C1/sheet.xlsx", "/posts/C1-EAST"):
        assert worker.get(address).status_code == 404


def test_reach_tells_who_may_take_a_duty_and_why_the_others_may_not(officer: Client, duty: Duty, cast: Cast) -> None:
    neighbor = assign(actor=ADMINISTRATOR, now=NOON, shift=_shift(3), person=cast.people["P2"])
    reach = officer.get(f"/roster/C1/reach?duty={duty.pk}").json()
    assert reach["open"][0] == [2, duty.shift_id]
    own = reach["rows"][str(duty.person_id)]
    assert reach["words"][own[0]] == "现在就在这一班"
    assert reach["rows"].get(str(neighbor.person_id), [-1])[0] == -1
    by_posts = officer.get(f"/roster/C1/reach?by=posts&duty={duty.pk}").json()
    (row,) = by_posts["cells"].values()
    assert str(3) not in row
    assert officer.get("/roster/C1/reach?duty=999").json()["words"].startswith("值班表上已没有")


def test_a_duty_is_moved_drawn_anew_and_moved_back(officer: Client, duty: Duty, cast: Cast) -> None:
    other = cast.people["P2"]
    answer = _move(officer, duty, person=other.pk, rows=f"{duty.person_id},{other.pk}")
    told = answer.json()
    assert answer.status_code == 200
    assert told["words"] == "王秀兰 2月12日 早班 → 李建国"
    assert f'data-duty="{told["duty"]}"' in told["rows"][str(other.pk)]
    back = officer.post("/roster/C1/move", {**told["undo"], "rows": str(duty.person_id)})
    assert back.status_code == 200
    assert Duty.objects.get(pk=back.json()["duty"]).person_id == duty.person_id


def test_a_move_that_comes_too_late_is_refused_in_words(officer: Client, duty: Duty, cast: Cast) -> None:
    answer = _move(officer, duty, person=cast.people["P2"].pk, seen=(NOON - timedelta(days=1)).isoformat())
    assert answer.status_code == 409
    assert answer.json()["words"].startswith("值班表刚有变动")
    assert _move(officer, duty, person=cast.people["P2"].pk, seen="yesterday").status_code == 404


def test_a_move_to_an_empty_day_tells_the_new_number_of_empty_places(officer: Client, duty: Duty) -> None:
    told = _move(officer, duty, shift=_shift(4).pk).json()
    assert told["words"] == "王秀兰 2月12日 早班 → 2月14日"
    assert (told["missing"][2], told["missing"][4]) == (1, 0)


def test_the_workbook_has_people_by_days_and_posts_by_days(officer: Client, duty: Duty) -> None:
    answer = officer.get("/roster/C1/sheet.xlsx?days=7")
    book = load_workbook(BytesIO(answer.content))
    people, posts = book.worksheets
    assert (people.title, posts.title) == ("按人", "按岗")
    assert people["A1"].value.endswith("松林社区值班表")
    assert "A1:K1" in people.merged_cells
    assert people.freeze_panes == posts.freeze_panes == "C5"
    assert [cell.value for cell in people[5]][:5] == ["王秀兰", "", None, None, "早"]
    assert posts["E5"].value == "王秀兰"
    assert posts["F5"].value == "空 1"
    assert people.page_setup.orientation == "landscape"
    assert AuditEntry.objects.filter(verb="exported", subject_kind="roster", subject_id="C1").count() == 1


def test_a_person_takes_their_duties_into_a_calendar_that_keeps_its_events(officer: Client, duty: Duty) -> None:
    first = Calendar.from_ical(officer.get("/people/P1/duties.ics").content)
    (event,) = first.walk("VEVENT")
    assert event.decoded("dtstart") == duty.starts_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert len(first.walk("VTIMEZONE")) == 1
    assert event["status"] == "CONFIRMED"
    officer.post("/roster/C1/clear", {"duty": duty.pk, "reason": "rest"})
    (later,) = Calendar.from_ical(officer.get("/people/P1/duties.ics").content).walk("VEVENT")
    assert (later["uid"], later["status"]) == (event["uid"], "CANCELLED")


def test_a_post_takes_its_shifts_into_a_calendar_with_who_stands_there(officer: Client, duty: Duty) -> None:
    shifts = Calendar.from_ical(officer.get("/posts/C1-EAST/shifts.ics").content).walk("VEVENT")
    summaries = [str(event["summary"]) for event in shifts]
    assert "早班 东门卡口：王秀兰" in summaries
    assert "早班 东门卡口：缺 1 人" in summaries
    assert len({str(event["uid"]) for event in shifts}) == len(shifts)


def test_the_details_of_a_place_come_without_the_grid(officer: Client, duty: Duty) -> None:
    answer = officer.get(f"/roster/C1?duty={duty.pk}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="inspector")
    assert answer["HX-Push-Url"] == f"/roster/C1?duty={duty.pk}"
    assert "王秀兰" in answer.content.decode()
    assert "data-roster" not in answer.content.decode()
