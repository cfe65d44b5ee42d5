"""First use without a browser: who is led where, what is refused, and what the steps tell."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.access.queries import get_first_code
from muster.emergencies.models import Emergency, WardenRule
from muster.emergencies.rules import propose_code
from muster.intake.founding import found_city
from muster.kernel.errors import NotAllowedError
from muster.situation.first_steps import FirstSteps, read_first_steps
from muster.territory.models import Area
from muster.web.catalogs import compile_catalogs
from tests.coverage.city import NOON
from tests.coverage.test_concurrency import run_together
from tests.web.cast import PASSWORD
from tests.web.conftest import SignIn

DIVISIONS = "level,code,name,parent_code\ncity,9901,演示市,\ncounty,990101,演示区,9901\ncommunity,C9,演示社区,990101\n"


@pytest.fixture
def founder(db: None) -> Client:
    """Give the browser of whoever has just made the first account."""
    compile_catalogs()
    client = Client()
    form = {"code": get_first_code(), "username": "wang", "display_name": "王主任", "password": PASSWORD}
    assert client.post("/first/account", form)["Location"] == "/first/"
    return client


def _file(text: str, name: str = "区划.csv") -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


def test_where_nobody_can_sign_in_everything_leads_to_the_first_account(db: None) -> None:
    client = Client()
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/login/")["Location"] == "/first/account"
    assert client.get("/first/account").status_code == 200


def test_a_wrong_code_is_refused_with_what_was_typed_kept(db: None) -> None:
    form = {"code": "no", "username": "wang", "display_name": "王主任", "password": PASSWORD}
    answer = Client().post("/first/account", form)
    assert answer.status_code == 409
    assert "代码不对" in answer.content.decode()
    assert 'value="wang"' in answer.content.decode()


def test_once_there_is_an_account_the_way_to_the_first_is_shut(founder: Client) -> None:
    assert Client().get("/first/account")["Location"] == "/"
    assert Client().get("/accounts/login/").status_code == 200
    assert founder.get("/")["Location"] == "/first/"


def test_a_list_of_divisions_of_ones_own_founds_the_city_whole(founder: Client) -> None:
    assert founder.get("/imports/templates/divisions.xlsx").status_code == 200
    assert founder.post("/first/city/file", {"file": _file(DIVISIONS)})["Location"] == "/first/city"
    assert founder.get("/first/city")["Location"] == "/first/"
    assert Area.objects.count() == 3
    grant = Grant.objects.get()
    assert (grant.role, grant.area) == (Role.DUTY_OFFICER, Area.objects.get(code="9901"))
    assert "演示市" in founder.get("/first/").content.decode()


def test_the_city_is_taken_back_while_nothing_builds_on_it(founder: Client) -> None:
    founder.post("/first/city/file", {"file": _file(DIVISIONS)})
    assert "重新选择" in founder.get("/first/").content.decode()
    assert founder.post("/first/city/leave")["Location"] == "/first/city"
    assert (Area.objects.count(), Grant.objects.count()) == (0, 0)
    founder.post("/first/city/file", {"file": _file(DIVISIONS)})
    founder.post("/emergencies/open", {"area": "9901", "name": "防汛"})
    assert founder.post("/first/city/leave")["Location"] == "/first/"
    assert Area.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DIVISIONS + "community,C8,无主社区,990199\n", "第 5 行"),
        ("名称\n演示市\n", "找不到表头"),
        ("", "空"),
    ],
)
def test_a_list_with_a_fault_is_told_row_by_row_and_founds_nothing(founder: Client, text: str, told: str) -> None:
    answer = founder.post("/first/city/file", {"file": _file(text)})
    assert answer.status_code == 409
    assert told in answer.content.decode()
    assert not Area.objects.exists()


def test_nobody_founds_a_city_where_there_is_one(sign_in: SignIn) -> None:
    officer = sign_in("officer", "zh-hans")
    assert officer.post("/first/city/file", {"file": _file(DIVISIONS)}).status_code == 403
    assert officer.get("/first/city")["Location"] == "/first/"


def test_the_first_steps_are_for_who_may_import(sign_in: SignIn) -> None:
    assert sign_in("officer", "zh-hans").get("/first/").status_code == 200
    assert sign_in("auditor", "zh-hans").get("/first/").status_code == 403


def test_the_steps_are_told_from_what_there_is(sign_in: SignIn) -> None:
    sign_in("officer", "zh-hans")
    steps = read_first_steps(User.objects.get(username="officer"))
    assert (steps.places, steps.organizations, steps.people, steps.willing, steps.wardens) == (7, 1, 6, 6, 1)
    assert steps.done >= {"city", "places", "organizations", "people", "emergency", "plan"}


def test_steps_that_may_wait_are_passed_once_a_later_one_is_done(founder: Client) -> None:
    assert FirstSteps().next == "city"
    founder.post("/first/city/file", {"file": _file(DIVISIONS)})
    home = Area.objects.get(code="9901")
    assert FirstSteps(home=home).next == "places"
    assert FirstSteps(home=home, places=3).next == "organizations"
    assert FirstSteps(home=home, places=3, people=2).next == "organizations"
    assert FirstSteps(home=home, places=3, people=2, willing=2).next == "posts"
    assert FirstSteps(home=home, places=3, people=2, willing=2, wardens=1).next == "emergency"


def test_an_officer_opens_an_emergency_once(founder: Client) -> None:
    founder.post("/first/city/file", {"file": _file(DIVISIONS)})
    form = {"area": "9901", "name": "防汛", "response_level": "3", "levels": ["compound", "unit"]}
    form |= {"deputy_levels": ["unit"], "sunset_on": "2030-01-31"}
    assert founder.post("/emergencies/open", form)["Location"] == "/areas/9901"
    emergency = Emergency.objects.get()
    assert (emergency.name_zh, emergency.name_en, emergency.response_level) == ("防汛", "防汛", 3)
    assert str(emergency.sunset_on) == "2030-01-31"
    rules = {rule.level.slug: rule.needs_deputy for rule in WardenRule.objects.all()}
    assert rules == {"compound": False, "unit": True}
    again = founder.post("/emergencies/open", form)
    assert again.status_code == 409
    assert "已经启动了应急" in again.content.decode()


def test_an_emergency_is_opened_by_a_duty_officer_alone(sign_in: SignIn) -> None:
    assert sign_in("worker", "zh-hans").post("/emergencies/open", {"area": "C2", "name": "防汛"}).status_code == 403


def test_the_code_of_an_emergency_tells_its_name_and_year() -> None:
    on = date(2026, 3, 1)
    assert propose_code("疫情防控", on, ()) == "yqfk-2026"
    assert propose_code("疫情防控", on, {"yqfk-2026"}) == "yqfk-2026-2"
    assert propose_code("Ice & snow", on, ()) == "ice-snow-2026"
    assert propose_code("!", on, ()) == "emergency-2026"


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_found_at_once_found_one_city(tmp_path: Path) -> None:
    compile_catalogs()
    form = {"code": get_first_code(), "username": "wang", "display_name": "王主任", "password": PASSWORD}
    Client().post("/first/account", form)
    path = tmp_path / "divisions.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    user = User.objects.get()
    outcomes = run_together(*[lambda: found_city(path, actor=user, now=NOON)] * 2)
    assert [type(each) for each in outcomes].count(NotAllowedError) == 1
    assert (Area.objects.count(), Grant.objects.count()) == (3, 1)
