"""How the desk looks is chosen by whoever looks, and stays so."""

from __future__ import annotations

import pytest
from django.test import Client

from muster.web.looks import CHOICES, read_look
from muster.web.tabs import TABS, find_tabs


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CHOICES.items() for value in values])
def test_every_choice_is_kept_by_the_browser_and_told_to_the_page(officer: Client, name: str, value: str) -> None:
    officer.post("/look", {name: value, "next": "/"})
    assert f'data-{name}="{value}"' in officer.get("/").content.decode()


def test_a_choice_leads_back_to_where_it_was_made(officer: Client) -> None:
    assert officer.post("/look", {"ground": "dark", "next": "/gaps/2207?page=2"})["Location"] == "/gaps/2207?page=2"


def test_a_choice_leads_to_no_other_server(officer: Client) -> None:
    assert officer.post("/look", {"ground": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_what_is_no_choice_is_not_kept(officer: Client) -> None:
    assert not officer.post("/look", {"ground": "purple", "who": "x"}).cookies


def test_an_unknown_cookie_counts_as_not_chosen() -> None:
    assert read_look({"look_ground": '"><script>', "look_density": "compact"}).ground == "system"
    assert read_look({"look_density": "compact"}).density == "compact"


def test_dark_colors_are_loaded_for_screens_only_and_never_where_light_was_chosen(officer: Client) -> None:
    assert 'media="screen and (prefers-color-scheme: dark)"' in officer.get("/").content.decode()
    officer.post("/look", {"ground": "light"})
    assert "build/dark.css" not in officer.get("/").content.decode()


def test_whoever_has_not_signed_in_chooses_too(officer: Client, client: Client) -> None:
    assert officer is not client
    client.post("/look", {"ground": "dark", "next": "/accounts/login/"})
    assert 'data-ground="dark"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("typed", ["值班", "zbb", "zhiban", "rost", "Roster"])
def test_a_view_is_found_by_its_words_its_pinyin_and_its_initials(typed: str) -> None:
    assert [tab.slug for tab in find_tabs(typed)] == ["roster"]


def test_the_search_leads_to_views_of_the_area_that_is_open(officer: Client) -> None:
    page = officer.get("/search", {"q": "zbb", "area": "C1"}, headers={"HX-Target": "found"}).content.decode()
    assert 'href="/roster/C1"' in page


def test_a_search_for_a_made_up_area_leads_to_no_view(officer: Client) -> None:
    page = officer.get("/search", {"q": "zbb", "area": "../x"}, headers={"HX-Target": "found"}).content.decode()
    assert "href" not in page


def test_every_tab_is_in_the_bar_has_a_drawing_and_a_key_of_its_own(officer: Client) -> None:
    page = officer.get("/").content.decode()
    assert len({tab.key for tab in TABS}) == len(TABS)
    assert all(f'data-key="{tab.key}"' in page for tab in TABS)


def test_on_the_wall_a_page_without_a_stream_brings_itself_up_to_date(officer: Client) -> None:
    again = 'hx-trigger="every 60s"'
    assert again in officer.get("/coverage/2207?wall=yes").content.decode()
    assert again not in officer.get("/coverage/2207").content.decode()
    assert again not in officer.get("/?wall=yes").content.decode(), "the board is told what changed"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_parts_shows_both_languages_in_either(officer: Client, language: str) -> None:
    officer.post("/i18n/setlang/", {"language": language})
    page = officer.get("/design").content.decode()
    assert "每个门洞都有一个叫得出名字的人负责" in page
    assert "Every doorway has a named person" in page
