"""From an empty installation to the first plan published, as one person does it with a city's own lists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.access.queries import get_first_code
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.jobs.solving import solve_order
from muster.plans.actions import claim_order
from muster.territory.models import Area
from muster.web.catalogs import compile_catalogs
from tests.browser.test_desk import find_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

PASSWORD = "mei-you-ren-luo-xia"


def _write_places(path: Path) -> None:
    """A town's compounds with how many buildings each has, under a title."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["乾安镇小区底数表"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "所在社区", "小区名称", "楼栋数", "户数"])
    sheet.append([1, "鸣凤社区", "鸣凤家园", 2, 96])
    sheet.append([2, "鸣凤社区", "粮库家属楼", 1, 24])
    book.save(path)


def _write_people(path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["姓名", "联系电话", "小区", "楼栋", "职责"])
    homes = [("鸣凤家园", 1), ("鸣凤家园", 2), ("粮库家属楼", 1)]
    for number in range(9):
        compound, building = homes[number % 3]
        sheet.append([f"{'王李张刘陈杨赵黄周'[number]}志远", 13900000000 + number, compound, building, ""])
    book.save(path)


def _write_organizations(path: Path) -> None:
    path.write_text("单位名称,单位性质,驻地,可派人数\n乾安县医院,医院,鸣凤社区,20\n", encoding="utf-8-sig")


def _write_posts(path: Path) -> None:
    path.write_text("点位名称,岗位类型,所属社区,早班,夜班\n北门卡口,小区卡口,鸣凤社区,2,1\n", encoding="utf-8-sig")


LISTS = (
    ("导入小区、楼栋、单元", "小区底数.xlsx", _write_places),
    ("导入单位", "单位.csv", _write_organizations),
    ("导入人员", "人员.xlsx", _write_people),
    ("导入岗位", "卡口.csv", _write_posts),
)


@pytest.fixture
def empty(transactional_db: None) -> None:
    """Give a database without anybody in it."""
    compile_catalogs()


def test_one_person_comes_from_nothing_to_a_published_plan(
    page: Page, live_server: LiveServer, empty: None, tmp_path: Path
) -> None:
    _make_the_first_account(page, live_server)
    _choose_the_county(page)
    for step, name, write in LISTS:
        write(tmp_path / name)
        _bring(page, live_server, step, tmp_path / name)
    _open_the_emergency(page, live_server)
    _plan_and_publish(page, live_server)
    assert Appointment.objects.filter(role="warden", ends_at=None).count() >= 3
    page.goto(f"{live_server.url}/first/")
    page.get_by_text("第一份方案已经发布").wait_for()
    assert page.locator(".steps > li.is-done").count() == 8
    assert not find_faults(page)


def _make_the_first_account(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_role("heading", level=1, name="第一个账号").wait_for()
    assert not find_faults(page)
    page.get_by_label("启动时显示的代码").fill(get_first_code())
    page.get_by_label("登录名").fill("wang")
    page.get_by_label("您的姓名").fill("王主任")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="建立账号").click()
    page.get_by_role("heading", level=1, name="开始使用").wait_for()
    assert not find_faults(page)
    assert User.objects.get().display_name == "王主任"


def _choose_the_county(page: Page) -> None:
    page.get_by_role("link", name="去选择").click()
    page.get_by_label("名称、拼音、首字母或代码").press_sequentially("qianan")
    page.get_by_role("link", name="乾安县 吉林省 松原市").click()
    page.get_by_text("社区村 179").wait_for()
    assert not find_faults(page)
    page.get_by_role("button", name="选定乾安县").click()
    page.get_by_role("heading", level=1, name="乾安县：开始使用").wait_for()
    assert Area.objects.count() == 199
    grant = Grant.objects.get()
    assert (grant.role, grant.area) == (Role.DUTY_OFFICER, Area.objects.get(code="220723"))


def _bring(page: Page, live_server: LiveServer, step: str, path: Path) -> None:
    page.goto(f"{live_server.url}/first/")
    page.locator(".steps > li[aria-current=step]", has_text=step).get_by_role("link", name="导入名单").click()
    page.get_by_label("的名单文件").set_input_files(path)
    page.locator(".file-name", has_text=path.name).wait_for()
    page.get_by_role("button", name="读取文件").click()
    if step == "导入人员":
        page.get_by_label("名单上的人均已同意登记和联系").fill("2020-02-01")
    page.get_by_role("button", name="没错，检查各行").click()
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_text("撤销整次导入").wait_for()


def _open_the_emergency(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.get_by_text("下一步：启动应急响应").wait_for()
    page.get_by_role("link", name="继续").click()
    page.get_by_role("link", name="去启动").click()
    assert not find_faults(page)
    page.get_by_label("应急名称").fill("疫情防控")
    page.get_by_role("button", name="启动应急响应").click()
    page.get_by_text("应急已启动").wait_for()
    emergency = Emergency.objects.get()
    assert (emergency.area.code, emergency.code[:5]) == ("220723", "yqfk-")


def _plan_and_publish(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/first/")
    page.get_by_role("link", name="去编排").click()
    page.get_by_role("button", name="编排").click()
    page.wait_for_url(re.compile(r"/orders/\d+$"))
    page.goto(f"{live_server.url}/first/")
    page.get_by_role("link", name="查看编排进度").click()
    order = claim_order("worker of the tests")
    assert order is not None
    solve_order(order)
    page.wait_for_url(re.compile(r"/plans/\d+$"))
    page.goto(f"{live_server.url}/first/")
    page.get_by_role("link", name="查看方案并发布").click()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布").first.wait_for()
