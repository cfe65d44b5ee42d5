"""Pairings and many wardens at once in a real browser, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from muster.coverage.models import Appointment, Pairing
from tests.browser.test_desk import STANDARDS, _sign_in
from tests.web.cast import Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def test_doors_are_chosen_by_keyboard_given_to_one_person_and_taken_back(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/areas/C1-A")
    page.locator(".door").first.focus()
    page.keyboard.press(" ")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="已选 2 处").wait_for()
    assert not Axe().run(page, options=STANDARDS).response["violations"]
    page.get_by_role("link", name="选定 周芳").click()
    page.locator(".together-confirm button").click()
    page.get_by_text("已改 2 处").wait_for()
    assert Appointment.objects.filter(person__code="P5", ends_at=None).count() == 2
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已恢复 2 处").wait_for()
    assert Appointment.objects.get(ends_at=None).person.code == "P1"


def test_a_ribbon_opens_its_pairing_which_is_accepted_then_recalled(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/pairings/2207")
    page.locator(".flow.wide a").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="接受", exact=True).click()
    page.get_by_text("已同意包保").wait_for()
    assert not Axe().run(page, options=STANDARDS).response["violations"]
    page.locator("summary", has_text="撤回这个单位").click()
    page.locator("#recall-reason").fill("另有任务")
    page.get_by_role("button", name="撤回", exact=True).click()
    page.get_by_text("已撤回市档案馆").wait_for()
    assert Pairing.objects.get().state == "recalled"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/pairings/2207")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
