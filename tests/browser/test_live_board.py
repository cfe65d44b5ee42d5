"""An open board on the real server: what somebody reports at a post is on it within two seconds, then played back."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from muster.access.models import User
from muster.access.queries import COMMAND_LINE
from muster.access.tokens import give_token
from muster.duty.models import Duty, Shift
from muster.kernel import clock
from muster.people.models import Person
from tests.serving import serve, tell_database
from tests.web.cast import Cast, build_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

WITHIN_MS = 2000


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


def _place_somebody() -> Duty:
    """Put somebody on the first shift to come, and let it begin."""
    shift = Shift.objects.filter(starts_at__gte=clock.now()).order_by("starts_at", "pk").first()
    assert shift is not None
    clock.set_exercise(shift.starts_at + timedelta(minutes=10))
    span = {"starts_at": shift.starts_at, "ends_at": shift.ends_at, "changed_at": shift.starts_at}
    return Duty.objects.create(shift=shift, person=Person.objects.get(code="P2"), **span)


def _check_in(base: str, token: str, duty: Duty) -> None:
    fact = {"kind": "check_in", "id": str(uuid4()), "at": clock.now().isoformat(), "duty": duty.pk}
    body = json.dumps({"facts": [fact]}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = json.load(urlopen(Request(f"{base}/api/v1/facts", body, headers)))  # noqa: S310  # our own server
    assert answer["answers"][0]["state"] == "taken"


def test_a_check_in_is_on_the_open_board_within_two_seconds(page: Page, cast: Cast, tmp_path: Path) -> None:
    duty = _place_somebody()
    user = User.objects.create(username="li", person=duty.person)
    token = give_token(actor=COMMAND_LINE, now=clock.now(), user=user)
    desk = Client()
    desk.force_login(User.objects.get(username="officer"))
    environment = tell_database(tmp_path)
    connections.close_all()
    with serve(environment) as (port, _server):
        base = f"http://127.0.0.1:{port}"
        page.context.add_cookies([{"name": "sessionid", "value": desk.cookies["sessionid"].value, "url": base}])
        page.goto(base)
        page.locator('[data-state="live"]').wait_for()
        posts = page.locator("#live-posts header p").first
        posts.get_by_text("已到 0 / 应到 1").wait_for()
        link = page.locator("#live-posts a").first
        link.focus()

        _check_in(base, token, duty)
        reported_s = time.monotonic()
        posts.get_by_text("已到 1 / 应到 1").wait_for(timeout=10_000)
        assert 1000 * (time.monotonic() - reported_s) < WITHIN_MS
        assert link.evaluate("link => link === document.activeElement")
        connections.close_all()

        page.get_by_role("link", name="回放").click()
        page.get_by_role("heading", name="的情况").wait_for()
        page.get_by_label("时刻").press("Home")
        page.get_by_role("heading", name="00:00").or_(page.get_by_role("heading", name="12:00")).wait_for()
        page.get_by_role("link", name="回到现在").click()
        page.locator('[data-state="live"]').wait_for()
