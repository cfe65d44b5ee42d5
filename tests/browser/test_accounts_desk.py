"""On a phone: a colleague gets an account, sets the password by its link, and an emergency is ended by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from muster.access.models import User
from muster.emergencies.queries import find_active
from tests.browser.test_people_desk import find_faults
from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize
    from pytest_django.live_server_helper import LiveServer

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def _sign_in(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="人员", exact=True).wait_for()


def _make_account(page: Page) -> str:
    page.get_by_role("link", name="人员", exact=True).click()
    page.get_by_role("link", name="账号", exact=True).click()
    page.get_by_role("link", name="开账号").click()
    page.get_by_label("姓名（显示").fill("韩梅")
    page.get_by_label("登录名").fill("hanmei")
    page.get_by_label("辖区（含下级）").fill("江畔")
    assert not find_faults(page)
    page.get_by_role("button", name="建立账号").click()
    return page.get_by_label("链接", exact=True).input_value()


def test_an_officer_makes_an_account_on_a_phone_and_ends_the_emergency_by_its_name(
    page: Page, browser: Browser, live_server: LiveServer, cast: Cast
) -> None:
    page.set_viewport_size(PHONE)
    _sign_in(page, live_server)
    link = _make_account(page)
    colleague = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    colleague.goto(link)
    assert not find_faults(colleague)
    colleague.get_by_label("密码").fill(PASSWORD)
    colleague.get_by_role("button", name="设好并登录").click()
    colleague.get_by_text("江畔社区").first.wait_for()
    colleague.context.close()
    assert User.objects.get(username="hanmei").check_password(PASSWORD)
    page.locator("details.menu > summary").first.click()
    page.get_by_role("link", name="结束应急响应").click()
    page.get_by_label("确认结束").fill(cast.city.emergency.name_zh)
    assert not find_faults(page)
    page.get_by_role("button", name="结束应急响应").click()
    page.get_by_text("应急已经结束").wait_for()
    assert find_active() is None
