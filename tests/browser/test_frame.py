"""The frame in a real browser: keys, panes, menus, the bar on a phone, the wall, and a look that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_desk import _sign_in, _sign_in_on_phone, cast, find_faults
from tests.web.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

__all__ = ["cast"]


def _open(page: Page, live_server: LiveServer, address: str = "/") -> None:
    _sign_in(page, live_server)
    page.goto(live_server.url + address)
    page.wait_for_load_state("networkidle")


def test_a_view_opens_by_two_keys_and_the_list_of_keys_by_one(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="快捷键").wait_for()
    assert not find_faults(page)
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="快捷键").wait_for(state="hidden")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/roster/2207")


def test_letters_typed_into_a_field_open_nothing(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server)
    page.keyboard.press("/")
    page.keyboard.type("gr?")
    assert page.locator("#search").input_value() == "gr?"
    assert not page.get_by_role("dialog").count()


def test_keys_of_one_letter_can_be_turned_off(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server)
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_role("button", name="关", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("?")
    assert not page.get_by_role("dialog").count()


def test_a_view_is_found_in_the_search_by_initials(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server, "/areas/C1")
    page.keyboard.press("Control+k")
    page.keyboard.type("zbb")
    page.locator("#found").get_by_role("link", name="值班表").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roster/C1")


@pytest.mark.parametrize(("key", "pane"), [("[", "#tree"), ("]", "#inspector")])
def test_a_pane_shut_by_its_key_stays_shut_on_the_next_page(
    page: Page, live_server: LiveServer, cast: Cast, key: str, pane: str
) -> None:
    _open(page, live_server)
    page.keyboard.press(key)
    page.locator(pane).wait_for(state="hidden")
    page.goto(f"{live_server.url}/gaps/2207")
    assert not page.locator(pane).is_visible()
    page.locator(f"[data-pane={pane[1:]}]").click()
    page.locator(pane).wait_for()


def test_dark_is_chosen_in_the_menu_and_stays(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".top .menu > summary").click()
    page.get_by_role("button", name="深色").click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{live_server.url}/coverage/2207")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_menu_shuts_by_a_click_beside_it_and_by_escape(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server)
    menu = page.locator(".top .menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    menu.get_by_role("button", name="退出").wait_for(state="hidden")
    menu.locator("summary").click()
    page.locator(".posts, .map").first.click(position={"x": 5, "y": 5})
    menu.get_by_role("button", name="退出").wait_for(state="hidden")


def test_on_a_phone_the_views_stand_at_the_bottom_with_room_for_a_thumb(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _sign_in_on_phone(page, live_server)
    for link in page.locator(".views a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] > 790
        assert min(box["height"], box["width"]) >= 48


def test_the_wall_leaves_out_what_is_for_hands(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _open(page, live_server, "/?wall=yes")
    assert not page.get_by_role("navigation", name="辖区").is_visible()
    assert page.locator("svg[data-map]").is_visible()
    assert not find_faults(page)
    page.get_by_role("link", name="退出上墙").click()
    page.get_by_role("navigation", name="辖区").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_parts_has_no_fault_that_axe_can_find(
    page: Page, live_server: LiveServer, cast: Cast, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    _open(page, live_server, "/design")
    assert not find_faults(page)
