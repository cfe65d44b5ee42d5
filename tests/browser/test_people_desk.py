"""People on the desk in a real browser: found, saved as a filter, made one, and parted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from muster.people.models import Person
from muster.people.rules import blind_index
from muster.situation.models import SavedFilter
from tests.coverage.city import settle
from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

STANDARDS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
PHONE = blind_index("+8613800000001")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    built = build_cast()
    settle("P9", "王秀兰", "C1-A-1-2", phone="+8613800000001", phone_index=PHONE, pinyin="wangxiulan wxl")
    Person.objects.filter(code="P1").update(phone_index=PHONE, phone="+8613800000001", pinyin="wangxiulan wxl")
    return built


def _sign_in(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("navigation", name="辖区").wait_for()


def find_faults(page: Page) -> list[str]:
    found = Axe().run(page, options=STANDARDS).response["violations"]
    return [f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found for node in fault["nodes"]]


def test_an_officer_finds_people_saves_the_filter_and_takes_the_list_along(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    _sign_in(page, live_server)
    page.get_by_role("link", name="人员", exact=True).first.click()
    page.wait_for_url("**/areas/2207/people")
    assert not find_faults(page)
    page.get_by_label("职责").select_option("负责人")
    page.wait_for_url("**/people?role=warden")
    page.get_by_text("共 1 条").wait_for()
    page.get_by_label("把当前筛选存为").fill("楼门长")
    page.get_by_role("button", name="保存").click()
    page.locator(".saved-filters").get_by_role("link", name="楼门长").wait_for()
    assert SavedFilter.objects.get().query == "role=warden"
    assert not find_faults(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Excel").click()
    assert taken.value.suggested_filename == "people-2207.xlsx"
    page.get_by_role("link", name="显示全部").click()
    page.wait_for_url("**/areas/2207/people")
    page.locator(".saved-filters").get_by_role("link", name="楼门长").click()
    page.wait_for_url("**/people?role=warden")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not find_faults(page)
    assert not page.get_by_label("职责").is_visible()
    page.locator("label.fold-handle").click()
    page.get_by_label("单位（名称或拼音）").fill("档案")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**/people?role=warden&organization=O1")


def test_an_officer_makes_two_records_one_and_parts_them_again(page: Page, live_server: LiveServer, cast: Cast) -> None:
    _sign_in(page, live_server)
    page.goto(f"{live_server.url}/areas/2207/people")
    page.get_by_role("link", name="疑似重复").click()
    page.get_by_text("电话号码相同").wait_for()
    assert not find_faults(page)
    page.get_by_role("link", name="比对").click()
    page.get_by_role("heading", level=1, name="是同一个吗？").wait_for()
    assert not find_faults(page)
    page.get_by_role("radio", name="另一条的").first.check()
    page.get_by_role("button", name="合并").click()
    page.get_by_text("两条记录已合并").wait_for()
    page.wait_for_url("**/people/P1")
    assert not Person.objects.filter(code="P9").exists()
    page.goto(f"{live_server.url}/people/P9")
    page.wait_for_url("**/people/P1")
    assert not find_faults(page)
    page.locator("#inspector").get_by_text("撤销合并").click()
    page.get_by_role("button", name="恢复成两条记录").click()
    page.get_by_text("已恢复成两条记录").wait_for()
    assert Person.objects.filter(code="P9").exists()
