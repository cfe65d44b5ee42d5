"""Every screen, in both languages, for whoever may see it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from muster.situation.measures import MEASURES
from tests.web.cast import PASSWORD, Cast
from tests.web.conftest import SignIn

SCREENS = (
    "/",
    "/areas/2207",
    "/areas/C1",
    "/areas/C1-A",
    "/areas/C1-A-1-1",
    "/areas/C2-B",
    "/coverage/2207",
    "/coverage/2207?state=gap&level=unit",
    "/pairings/2207",
    "/roster/2207",
    "/roster/C1?by=posts&from=2020-02-10",
    "/roster/C1?from=0001-01-01",
    "/roster/C1?from=9999-12-31",
    "/gaps/2207",
    "/gaps/2207?kind=area_without_warden",
    "/gaps/2207?age=hours&owner=C1",
    "/changes/2207",
    "/changes/2207?kind=appointed",
    "/figures/2207",
    "/emergencies/open?area=2207",
    "/first/",
    "/imports/?area=2207",
    "/areas/2207/people",
    "/areas/C1/people?sort=nights&role=warden",
    "/areas/2207/organizations",
    "/areas/2207/duplicates/people",
    "/areas/2207/duplicates/organizations",
    "/duplicates/people/P1?other=P2",
    "/people/P1",
    "/organizations/O1",
    "/tree/C1",
    "/search?q=明珠",
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", SCREENS)
def test_a_duty_officer_opens_every_screen_in_both_languages(sign_in: SignIn, address: str, language: str) -> None:
    assert sign_in("officer", language).get(address).status_code == 200


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_figure_opens_its_rows(officer: Client, name: str) -> None:
    assert officer.get(reverse("measure", args=[name]), {"area": "2207"}).status_code == 200


@pytest.mark.parametrize("address", SCREENS)
def test_whoever_has_not_signed_in_is_asked_to(cast: Cast, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_person_signs_in_and_out(cast: Cast) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "officer", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert "值班员" in client.get("/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_a_wrong_password_is_told_plainly(cast: Cast) -> None:
    answer = Client().post("/accounts/login/", {"login": "officer", "password": "wrong"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_the_language_is_chosen_by_a_button_and_stays(officer: Client) -> None:
    officer.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "response level 2" in officer.get("/").content.decode()
    officer.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})
    assert "二级响应" in officer.get("/").content.decode()


def test_a_board_without_an_emergency_says_so(officer: Client, cast: Cast) -> None:
    cast.city.emergency.ends_at = cast.city.emergency.starts_at
    cast.city.emergency.save()
    for address in ("/", "/coverage/2207", "/pairings/2207", "/roster/2207", "/gaps/2207", "/areas/C1-A-1-1"):
        assert "没有启动应急" in officer.get(address).content.decode()


def test_an_account_without_an_area_is_told_what_to_do_first(officer: Client) -> None:
    from muster.access.models import Grant  # noqa: PLC0415

    Grant.objects.all().delete()
    assert "muster import divisions" in officer.get("/").content.decode()


def test_a_page_number_out_of_reach_shows_the_nearest_page(officer: Client) -> None:
    assert "老粮库家属楼" in officer.get("/coverage/2207?page=99").content.decode()


def test_the_pages_forbid_foreign_scripts_and_inline_styles(officer: Client) -> None:
    answer = officer.get("/")
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_search_finds_places_people_and_organizations(officer: Client) -> None:
    assert "明珠小区" in officer.get("/search?q=明珠").content.decode()
    assert "王秀兰" in officer.get("/search?q=王秀").content.decode()
    assert "市档案馆" in officer.get("/search?q=档案").content.decode()
    assert "没有找到" in officer.get("/search?q=不存在").content.decode()
