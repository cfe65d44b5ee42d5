"""A list is imported in a real browser as a person does it, from the file that is dropped to the import undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from muster.intake.models import Import
from muster.people.models import Person
from muster.web.imports import running
from tests.browser.test_desk import STANDARDS
from tests.intake.offices import write_with_faults
from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def _open_imports(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("navigation", name="辖区").wait_for()
    page.locator("details.menu > summary").click()
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_role("heading", name="导入名单").wait_for()


def _bring(page: Page, path: Path) -> None:
    page.get_by_label("名单文件").set_input_files(path)
    page.get_by_role("button", name="读取文件").click()


def _list_faults(page: Page) -> list[str]:
    results = Axe().run(page, options=STANDARDS).response
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in results["violations"]]


def test_an_officer_imports_a_faulty_list_mends_it_on_the_spot_and_undoes_it(
    page: Page, live_server: LiveServer, cast: Cast, tmp_path: Path
) -> None:
    write_with_faults(tmp_path / "有错的名单.xlsx")
    _open_imports(page, live_server)
    assert not _list_faults(page)
    _bring(page, tmp_path / "有错的名单.xlsx")
    page.get_by_label("“小区”的含义").wait_for()
    assert page.get_by_label("“电话”的含义").input_value() == "phone"
    assert not _list_faults(page)
    page.get_by_role("button", name="没错，检查各行").click()
    page.get_by_text("松原市没有“明朱小区”").wait_for()
    assert not _list_faults(page)
    page.get_by_label("第 3 行，小区：可能是").select_option("C1-A")
    page.get_by_label("第 4 行，电话").fill("13812345633")
    page.get_by_label("第 5 行不导入").check()
    page.get_by_label("第 6 行，单位：可能是").select_option("市档案馆")
    page.get_by_role("button", name="重新检查").click()
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_text("撤销整次导入").click()
    assert Person.objects.filter(name__startswith="孙", code__startswith="P-").count() == 4
    assert not _list_faults(page)
    page.get_by_role("button", name="撤销：新增 4").click()
    page.get_by_text("已撤销，一切恢复原样").wait_for()
    assert not Person.objects.filter(name__startswith="孙", code__startswith="P-").exists()


def test_a_long_list_shows_how_far_it_is_and_goes_on_without_its_page(
    page: Page, live_server: LiveServer, cast: Cast, tmp_path: Path
) -> None:
    rows = running.LONG_ROWS + 1_000
    lines = [f"王{number},{13800000000 + number},C1-A-1-1" for number in range(rows)]
    (tmp_path / "long.csv").write_text("\n".join(["姓名,电话,居住地", *lines]), encoding="utf-8")
    _open_imports(page, live_server)
    _bring(page, tmp_path / "long.csv")
    page.get_by_role("button", name="没错，检查各行").click()
    page.get_by_role("progressbar", name="进度").wait_for()
    page.get_by_role("button", name="导入", exact=True).click(timeout=120_000)
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="long.csv").click()
    page.get_by_text("撤销整次导入").wait_for(timeout=120_000)
    assert (
        Import.objects.get().created,
        Person.objects.filter(name__startswith="王", code__startswith="P-").count(),
    ) == (
        rows,
        rows,
    )
