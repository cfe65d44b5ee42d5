"""The needs desk in a real browser: from the call to the answer, by keyboard, and two calls made one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe

from muster.access.queries import SystemActor
from muster.needs.actions import NeedFact, raise_need
from muster.needs.kinds import NeedKind
from muster.needs.models import Need
from tests.browser.test_desk import STANDARDS, _sign_in
from tests.coverage.city import NOON
from tests.web.cast import Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = build_cast()
    for minutes, area, kind, words in (
        (0, "C1-A-1-1", NeedKind.MEDICAL, "爸爸胸痛，喘不上气"),
        (2, "C1-A-1-1", NeedKind.MEDICAL, "爸爸胸痛，喘不上气，还没人来"),
        (3, "C2-B", NeedKind.FOOD, "没菜了"),
    ):
        at = NOON + timedelta(minutes=minutes)
        fact = NeedFact(area, kind, words, client_id=uuid4(), at=at)
        raise_need(actor=SystemActor("Xu Jing"), now=at, fact=fact)
    return cast


def test_a_call_is_found_made_one_with_its_double_given_and_answered(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.locator("[data-need]").first.wait_for()
    assert not Axe().run(page, options=STANDARDS).response["violations"]
    page.locator("[data-need]").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("系统按“胸痛”建议").wait_for()
    page.locator(".segments button", has_text="有生命危险").click()
    page.get_by_text("：有生命危险。").wait_for()
    page.get_by_role("button", name="是一件", exact=True).click()
    page.get_by_text("两件并为一件了").wait_for()
    assert not Axe().run(page, options=STANDARDS).response["violations"]
    page.get_by_role("button", name="转交", exact=True).click()
    page.get_by_text("已转交，正在通知对方").wait_for()
    page.locator("#need-note").fill("已送医院")
    page.get_by_role("button", name="办好了").click()
    page.get_by_text("已送医院").first.wait_for()
    assert dict(Need.objects.filter(kind="medical").values_list("carrier_kind", "state")) == {"warden": "answered"}
    page.goto(f"{live_server.url}/needs/2207")
    page.locator("input.choose").focus()
    page.keyboard.press(" ")
    page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="各自的包保单位").click()
    page.get_by_text("1 件求助已处理").wait_for()
    assert Need.objects.get(kind="food").carrier_organization is not None
