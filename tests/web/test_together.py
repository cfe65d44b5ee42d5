"""Many wardens at once on the desk: looked over, done, told one by one, taken back."""

from __future__ import annotations

import re

from django.test import Client

from muster.coverage.models import Appointment
from tests.web.cast import Cast
from tests.web.conftest import SignIn

CELLS = {"cell": ["C1-A-1-1:warden", "C1-A-1-2:warden", "C1-A-2-1:warden", "C2-B:warden"]}


def wardens() -> dict[str, str]:
    return dict(Appointment.objects.filter(ends_at=None, role="warden").values_list("area__code", "person__code"))


def test_every_cell_of_the_ledger_can_be_chosen_by_who_may_appoint(officer: Client, sign_in: SignIn) -> None:
    assert 'value="C1-A-1-2:deputy"' in officer.get("/coverage/C1").content.decode()
    assert 'value="C1-A-1-2:warden"' in officer.get("/areas/C1-A-1").content.decode()
    assert 'class="choose"' not in sign_in("auditor").get("/coverage/C1").content.decode()


def test_what_is_about_to_be_done_is_shown_with_who_could_do_it(officer: Client, cast: Cast) -> None:
    page = officer.get("/coverage/2207/together", {"act": "replace", **CELLS}).content.decode()
    assert "已选 4 处" in page
    assert "周芳" in page
    page = officer.get("/coverage/2207/together", {"act": "replace", "person": "P5", **CELLS}).content.decode()
    assert "按上限只能再任 3 处" in page
    assert "李建国" in officer.get("/coverage/2207/together", {"act": "appoint", "q": "P2", **CELLS}).content.decode()


def test_one_person_takes_what_the_limit_allows_and_it_is_taken_back(officer: Client, cast: Cast) -> None:
    answer = officer.post("/coverage/2207/together/do", {"act": "replace", "person": "P5", **CELLS}, follow=True)
    page = answer.content.decode()
    assert "已改 3 处" in page
    assert "1 处没有改" in page
    assert "周芳 (P5)已任满允许的处数" in page or "老粮库家属楼" in page
    assert wardens() == {"C1-A-1-1": "P5", "C1-A-1-2": "P5", "C1-A-2-1": "P5"}
    changes = re.findall(r'name="change" value="([^"]+)"', page)
    assert "C1-A-1-1|warden|P1|P5" in changes
    assert (
        "已恢复 3 处"
        in officer.post(
            "/coverage/2207/together/undo", {"change": changes, "back": "/coverage/C1"}, follow=True
        ).content.decode()
    )
    assert wardens() == {"C1-A-1-1": "P1"}


def test_many_are_relieved_with_a_reason(officer: Client, cast: Cast) -> None:
    officer.post("/coverage/2207/together/do", {"act": "end", "reason": "rest", **CELLS})
    assert not wardens()
    assert Appointment.objects.get(person__code="P1").end_reason == "rest"
    officer.post("/coverage/2207/together/do", {"act": "stand_in", **CELLS})
    assert "没有副手" in officer.get("/coverage/2207").content.decode()


def test_cells_out_of_sight_are_left_out(sign_in: SignIn, cast: Cast) -> None:
    worker = sign_in("worker")
    assert "老粮库家属楼" in (page := worker.get("/coverage/C2/together", {"act": "end", **CELLS}).content.decode())
    assert "已选 1 处" in page
    assert worker.get("/coverage/C1/together", {"act": "end", **CELLS}).status_code == 404
    assert sign_in("auditor").post("/coverage/2207/together/do", {"act": "end", **CELLS}).status_code == 403


def test_a_person_hands_everything_over(officer: Client, cast: Cast) -> None:
    page = officer.get("/people/P1").content.decode()
    address = re.search(r'href="(/coverage/2207/together[^"]+)"', page)
    assert address is not None
    assert "已选 1 处" in officer.get(address[1].replace("&amp;", "&")).content.decode()
