"""The desk in a real browser: signing in, drilling down, appointing, planning, reading with a keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from muster.coverage.models import Appointment
from muster.jobs.solving import solve_order
from muster.plans.actions import claim_order, tell_step
from muster.plans.models import PlanOrder
from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

SCREENS = (
    "/",
    "/areas/C1-A-1-2",
    "/coverage/2207",
    "/pairings/2207",
    "/roster/C1",
    "/gaps/2207",
    "/clocks/2207",
    "/figures/2207",
    "/changes/2207",
    "/first/",
    "/emergencies/open?area=2207",
)
STANDARDS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def _sign_in(page: Page, live_server: LiveServer, username: str = "officer") -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("navigation", name="辖区").wait_for()


def _claim() -> PlanOrder:
    order = claim_order("worker of the tests")
    assert order is not None
    return order


def test_an_officer_signs_in_and_drills_down_to_one_unit(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    tree = page.get_by_role("navigation", name="辖区")
    tree.get_by_role("link", name="宁江区").click()
    page.wait_for_url("**/areas/220702")
    tree.get_by_role("link", name="团结街道").click()
    tree.get_by_role("link", name="松林社区").click()
    tree.get_by_role("link", name="明珠小区").click()
    page.wait_for_url("**/areas/C1-A")
    page.locator(".door").filter(has_text="2单元").click()
    page.wait_for_url("**/areas/C1-A-1-2")
    page.get_by_role("heading", level=1, name="2单元").wait_for()
    page.go_back()
    page.wait_for_url("**/areas/C1-A")


def test_a_branch_of_the_tree_opens_without_leaving_the_page(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    address = page.url
    tree = page.get_by_role("navigation", name="辖区")
    tree.get_by_role("button", name="宁江区").click()
    tree.get_by_role("link", name="团结街道").wait_for()
    tree.get_by_role("button", name="宁江区").click()
    tree.get_by_role("link", name="团结街道").wait_for(state="hidden")
    assert page.url == address


def test_an_officer_appoints_from_the_list_of_neighbors(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/areas/C1-A-1-2")
    page.get_by_text("没有负责人").first.wait_for()
    page.get_by_role("button", name="任命 李建国").click()
    page.locator(".door.selected.covered").wait_for()
    assert Appointment.objects.get(area__code="C1-A-1-2").person.name == "李建国"


def test_an_officer_plans_looks_at_the_difference_and_publishes(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.get_by_role("link", name="楼门长", exact=True).click()
    page.get_by_role("button", name="编排").click()
    page.wait_for_url(re.compile(r"/orders/\d+$"))
    page.get_by_text("等待编排程序").wait_for()
    order = _claim()
    tell_step(order, "solve", 3, 12)
    page.get_by_text("3 / 12").wait_for()
    assert page.get_by_role("progressbar").get_attribute("value") == "3"
    solve_order(order)
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    page.get_by_text("这是草案").wait_for()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布").first.wait_for()
    page.wait_for_url("**/coverage/2207")
    assert Appointment.objects.filter(role="warden", ends_at=None).count() > 4


def test_a_roster_is_planned_and_published_from_its_screen(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1")
    page.locator("summary", has_text="排值班表").click()
    page.get_by_role("spinbutton", name="天数").fill("3")
    page.get_by_role("button", name="排值班表").click()
    page.wait_for_url(re.compile(r"/orders/\d+$"))
    solve_order(_claim())
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布").first.wait_for()
    assert page.locator(".roster-grid .duty").count() >= 3


def test_a_plan_is_called_off_while_one_watches(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/coverage/2207")
    page.get_by_role("button", name="编排").click()
    page.get_by_text("等待编排程序").wait_for()
    page.get_by_role("button", name="取消").click()
    page.get_by_text("编排已取消").wait_for()
    page.wait_for_url("**/coverage/2207")
    assert claim_order("worker of the tests") is None


def test_search_answers_as_one_types_and_leads_there_by_keyboard(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.keyboard.press("Control+k")
    page.keyboard.type("明珠")
    page.locator("#found a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/C1-A")


def test_the_figures_of_the_board_open_the_rows_they_were_counted_from(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.locator("#figures table").wait_for()
    page.locator("#figures tr", has_text="需要负责人的区域").get_by_role("link").click()
    page.wait_for_url("**/measures/areas_required**")
    assert page.locator(".ledger tbody tr").count() == 7


def test_doors_are_walked_with_arrow_keys(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/areas/C1-A")
    page.locator(".door").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/areas/C1-A-1-2"


def test_the_map_comes_closer_by_button(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/areas/220702001")
    svg = page.locator("svg[data-map]")
    whole = svg.get_attribute("viewBox")
    page.get_by_role("button", name="放大").click()
    assert svg.get_attribute("viewBox") != whole
    page.get_by_role("button", name="全图").click()
    assert svg.get_attribute("viewBox") == whole


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_have_no_fault_that_axe_can_find(
    page: Page, live_server: LiveServer, cast: Cast, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{live_server.url}/accounts/login/")
    faults = {"/accounts/login/": find_faults(page)}
    _sign_in(page, live_server)
    for screen in SCREENS:
        page.goto(live_server.url + screen)
        page.wait_for_load_state("networkidle")
        faults[screen] = find_faults(page)
    assert not {screen: found for screen, found in faults.items() if found}


def find_faults(page: Page) -> list[str]:
    found = Axe().run(page, options=STANDARDS).response["violations"]
    return [f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found for node in fault["nodes"]]


def test_nothing_overflows_on_a_phone(context: BrowserContext, page: Page, live_server: LiveServer, cast: Cast) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _sign_in_on_phone(page, live_server)
    for screen in SCREENS:
        page.goto(live_server.url + screen)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, screen


def _sign_in_on_phone(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("选择区域").click()
    page.get_by_role("link", name="宁江区").first.wait_for()


def test_the_desk_works_without_script(context: BrowserContext, live_server: LiveServer, cast: Cast) -> None:
    plain = context.browser.new_context(java_script_enabled=False, locale="zh-CN") if context.browser else context
    page = plain.new_page()
    _sign_in(page, live_server)
    page.get_by_role("link", name="宁江区").first.click()
    page.goto(f"{live_server.url}/areas/C1-A-1-2")
    page.get_by_role("button", name="任命 李建国").click()
    page.locator(".door.selected.covered").wait_for()
    plain.close()


def test_an_officer_fills_an_empty_place_from_the_inspector(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/roster/C1?by=posts")
    page.locator(".duty.is-empty").last.click()
    page.get_by_role("heading", level=1, name="空岗").wait_for()
    assert not find_faults(page)
    page.get_by_role("button", name="排上").first.click()
    page.get_by_text("已排入值班表").wait_for()
    page.locator(".duty.selected:not(.is-empty)").wait_for()
