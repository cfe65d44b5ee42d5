"""The roster's grid in a real browser: a window on its rows, walked, its duties dragged and moved by keys."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from muster.duty.actions import OFFER, assign
from muster.duty.kinds import DutyState
from muster.duty.models import CoverOffer, Duty, Shift
from muster.kernel.links import sign_number
from muster.people.models import Person
from tests.browser.test_desk import _sign_in, find_faults
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page
    from pytest_django.live_server_helper import LiveServer

CROWD = 400


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


@pytest.fixture
def duty(cast: Cast) -> Duty:
    """Put Wang Xiulan on the second morning to come at the eastern gate."""
    shift = (
        Shift.objects.select_related("emergency").filter(starts_at__gt=NOON + timedelta(days=1)).earliest("starts_at")
    )
    return assign(actor=ADMINISTRATOR, now=NOON, shift=shift, person=cast.people["P1"])


@pytest.fixture
def crowd(cast: Cast) -> None:
    """Let four hundred more people live beside the gate, none of them with a duty."""
    home = cast.people["P1"].home_area
    people = [
        Person(code=f"X{number:03d}", name=f"居民{number:03d}", home_area=home, consented_at=NOON, is_synthetic=True)
        for number in range(CROWD)
    ]
    Person.objects.bulk_create(people)


def _holder() -> str:
    return Duty.objects.get(state=DutyState.PLANNED).person.name


def _row(page: Page, name: str) -> Locator:
    return page.locator(".roster-grid .line").filter(has_text=name)


def test_a_duty_is_dragged_to_somebody_rested_and_back_by_undo(page: Page, live_server: LiveServer, duty: Duty) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?pool=yes")
    held = page.locator(f"[data-duty='{duty.pk}']")
    at = held.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 5, at["y"] + 5)
    page.mouse.down()
    page.mouse.move(at["x"] + 5, at["y"] + 50, steps=4)
    page.locator(".cell.is-open").first.wait_for()
    assert not find_faults(page)
    other_day = _row(page, "李建国").locator(".cell").first.bounding_box()
    to = _row(page, "李建国").locator(".cell.is-open").first.bounding_box()
    assert other_day is not None
    assert to is not None
    page.mouse.move(other_day["x"] + 9, other_day["y"] + 9, steps=4)
    page.locator(".held-duty.is-refused").wait_for()
    page.mouse.move(to["x"] + 9, to["y"] + 9, steps=4)
    page.locator(".held-duty:not(.is-refused)").wait_for()
    page.mouse.up()
    page.get_by_role("button", name="撤销").wait_for()
    assert _holder() == "李建国"
    page.get_by_role("button", name="撤销").click()
    _row(page, "王秀兰").locator("[data-duty]").wait_for()
    assert _holder() == "王秀兰"


def test_a_duty_is_moved_by_keys_alone_and_let_go_by_escape(page: Page, live_server: LiveServer, duty: Duty) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?pool=yes")
    page.locator(".roster-grid.is-windowed").wait_for()
    page.locator(f"[data-duty='{duty.pk}']").focus()
    page.keyboard.press("m")
    page.locator(".cell.is-open").first.wait_for()
    page.keyboard.press("ArrowRight")
    assert "已拿起" not in page.get_by_role("status").last.inner_text()
    page.keyboard.press("Escape")
    page.locator(".is-holding").wait_for(state="detached")
    page.locator(f"[data-duty='{duty.pk}']").focus()
    page.keyboard.press("m")
    page.locator(".cell.is-open").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.get_by_text("可以排在这里").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="撤销").wait_for()
    assert _holder() != "王秀兰"
    page.keyboard.press("Control+z")
    _row(page, "王秀兰").locator("[data-duty]").wait_for()


def test_of_hundreds_of_rows_those_in_sight_are_in_the_page(
    page: Page, live_server: LiveServer, duty: Duty, crowd: None
) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?pool=yes&order=name")
    grid = page.get_by_role("grid")
    page.locator(".roster-grid.is-windowed").wait_for()
    assert int(grid.get_attribute("aria-rowcount") or 0) > CROWD
    page.locator(".roster-grid .who a").first.focus()
    page.keyboard.press("Control+End")
    last = page.locator(f".line[aria-rowindex='{grid.get_attribute('aria-rowcount')}']:not(.is-waiting)")
    last.wait_for()
    assert page.locator(".roster-grid .line").count() < 80
    assert page.evaluate("document.activeElement.closest('.line').getAttribute('aria-rowindex')") == str(
        grid.get_attribute("aria-rowcount")
    )
    page.keyboard.press("Control+Home")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => !document.querySelector('.line.is-waiting')")
    assert not find_faults(page)


def test_a_duty_opens_beside_the_grid_which_stays_where_it_is(
    page: Page, live_server: LiveServer, duty: Duty, crowd: None
) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?pool=yes")
    page.locator(f"[data-duty='{duty.pk}']").click()
    page.get_by_role("heading", level=1, name="王秀兰").wait_for()
    page.wait_for_url(f"**duty={duty.pk}")
    page.locator(".duty.selected[aria-current]").wait_for()
    page.reload()
    page.get_by_role("heading", level=1, name="王秀兰").wait_for()
    page.locator(".duty.selected").wait_for()


def test_a_sheet_for_the_wall_fits_its_paper(page: Page, live_server: LiveServer, duty: Duty) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1/paper?paper=a3")
    page.get_by_role("heading", level=1, name="值班表").wait_for()
    assert not find_faults(page)
    (width, height), *_ = re.findall(rb"/MediaBox \[0 0 (\d+)\S* (\d+)", page.pdf(prefer_css_page_size=True))
    assert (int(width) // 10, int(height) // 10) == (119, 84)


def test_cover_is_asked_at_the_desk_and_a_yes_from_a_phone_without_script_is_seen_there(
    page: Page, browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    shift = Shift.objects.filter(starts_at__gt=NOON + timedelta(days=1), needed=1).earliest("starts_at")
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?shift={shift.pk}")
    page.get_by_role("button", name="问谁能来").click()
    page.locator("#cover-offers tbody tr").first.wait_for()
    assert not find_faults(page)
    offer = CoverOffer.objects.order_by("rank")[0]
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="zh-CN")
    phone = context.new_page()
    phone.goto(f"{live_server.url}/cover/{sign_number(OFFER, offer.pk)}")
    phone.get_by_role("button", name="我来").click()
    phone.get_by_text("由您顶班").wait_for()
    context.close()
    # Nobody touches the desk: it looks by itself.
    page.locator("#cover-offers .state-covered").wait_for(timeout=20_000)
    assert _holder() == offer.person.name
