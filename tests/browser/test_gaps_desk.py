"""A gap is chosen, taken in hand and given back without a hand on the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def test_a_gap_is_taken_in_hand_and_given_back_by_keys(page: Page, live_server: LiveServer, cast: Cast) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/gaps/2207")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".gap-rows tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gaps/2207?gap=*")
    inspector = page.locator("#inspector")
    inspector.get_by_role("heading", name="上报路线").wait_for()
    page.locator("h1").first.click()
    page.keyboard.press("s")
    inspector.get_by_text("值班员 12:0").first.wait_for()
    page.keyboard.press("t")
    inspector.get_by_role("button", name="交回").wait_for()
    assert page.locator(".gap-rows tr[aria-current] .in-hand").count() == 1
    page.keyboard.press("t")
    inspector.get_by_role("button", name="接手").wait_for()
