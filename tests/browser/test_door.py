"""A resident at their door with a small telephone: asks without script, follows, and hears back from the desk."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from muster.needs.actions import give_door_addresses
from muster.needs.models import Need
from muster.needs.rules import say_code
from tests.browser.test_desk import find_faults
from tests.web.cast import PASSWORD, Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def door(transactional_db: None) -> str:
    """Give the address of a unit's door, whose warden is 王秀兰."""
    built: Cast = build_cast()
    [code] = give_door_addresses([built.city.area("C1-A-1-1")]).values()
    return f"/d/{code}"


def test_a_resident_asks_at_the_door_and_hears_how_it_went(
    page: Page, browser: Browser, live_server: LiveServer, door: str
) -> None:
    follow = _ask_without_script(browser, live_server.url + door)
    need = Need.objects.get()
    _take_up_on_the_desk(page, live_server, need)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    for address in (live_server.url + door, f"{live_server.url}{door}/ask?kind=food", follow):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert not find_faults(phone), address
    phone.get_by_role("heading", level=1, name="松林社区已接手").or_(
        phone.get_by_role("heading", level=1, name="已接手")
    ).first.wait_for()
    phone.get_by_label("想对帮忙的人说的话").fill("药到了，谢谢")
    phone.get_by_role("button", name="已经解决了").click()
    phone.get_by_role("heading", level=1, name="已经解决").wait_for()
    phone.get_by_text("药到了，谢谢").wait_for()
    phone.context.close()


def _ask_without_script(browser: Browser, address: str) -> str:
    """Ask for medicine with a picture, as a telephone does that runs no script; return where to follow it."""
    plain = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False)
    phone = plain.new_page()
    phone.goto(address)
    phone.get_by_role("heading", level=1, name="明珠小区 1号楼 1单元").wait_for()
    phone.get_by_text("王秀兰").first.wait_for()
    phone.get_by_role("link", name="药品").click()
    assert phone.get_by_role("radio", name="药品").is_checked()
    phone.get_by_label("用您自己的话说").fill("降压药没了，三天的量")
    phone.get_by_label("楼层或门牌号").fill("3楼 302")
    phone.get_by_label("怎么联系您").fill("13900001234")
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(file, "JPEG")
    phone.get_by_label("照片").set_input_files(
        {"name": "药盒.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    phone.get_by_role("button", name="发出求助").click()
    phone.get_by_text("您的求助已记下").wait_for()
    phone.get_by_role("heading", level=1, name="还没有人接手").wait_for()
    phone.get_by_text(say_code(Need.objects.get().code)).first.wait_for()
    reached = phone.url.split("?")[0]
    plain.close()
    return reached


def _take_up_on_the_desk(page: Page, live_server: LiveServer, need: Need) -> None:
    """Find the request on the queue, take it up, and only then see how its asker is reached."""
    page.goto(f"{live_server.url}/accounts/login/?next=/needs/C1")
    page.get_by_label("用户名").fill("officer")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{live_server.url}/needs/C1?need={need.code}")
    asker = page.locator("#asker")
    asker.get_by_text("3楼 302").wait_for()
    asker.get_by_text("接手后才能看联系方式").wait_for()
    page.locator("button[name=state][value=accepted]").click()
    asker.get_by_role("button", name="查看联系方式").click()
    asker.get_by_text("13900001234").wait_for()
    page.goto(f"{live_server.url}/areas/C1-A-1-1/ask")
    page.get_by_role("heading", level=1, name="代人登记求助").wait_for()
    assert not find_faults(page)
