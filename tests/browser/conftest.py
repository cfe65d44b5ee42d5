"""A real Chromium, and pages in it that fail the test when the screen complains."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import BrowserMissingError, Chromium, find_chromium, find_node_for_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Playwright's synchronous interface runs an event loop in this thread, so Django believes that it is async here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--enable-unsafe-swiftshader",
    "--font-render-hinting=none",
]


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """Return a Chromium that starts; without one the tests fail, they are not skipped."""
    found = find_chromium()
    if found is None:
        raise BrowserMissingError("No Chromium for the browser tests. `make browser` finds or installs one.")
    return found


@pytest.fixture(scope="session")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """Start the browser once for all tests of this process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to collect

    node = find_node_for_playwright()
    if node:
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.path, args=ARGUMENTS, env={**os.environ, **chromium.environment}
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a fresh profile: no cookies, Chinese, a wide screen, no motion."""
    opened = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give a page; an uncaught error or an error on its console fails the test at its end."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield opened
    assert not complaints, complaints
