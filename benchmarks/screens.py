"""What every screen weighs, how soon it is painted and what axe finds in it; and, asked for, a picture of each.

``MUSTER_DATA=FOLDER muster bench screens --pictures screenshots``, or ``make screenshots`` for the demonstration.
What FOLDER holds is looked at as its first duty officer sees it, and nothing in it is changed but a session, which
ends with the run.
"""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django
from measuring import Row, format_table, write_results

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
# Playwright's synchronous interface runs an event loop in this thread, so that Django believes to be async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()
sys.path.insert(0, str(Path(__file__).parents[1]))

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from muster.access.kinds import Role  # noqa: E402  # models load after Django
from muster.access.models import Grant, User  # noqa: E402
from muster.clocks.models import Gap  # noqa: E402
from muster.coverage.models import Appointment, Pairing  # noqa: E402
from muster.duty.actions import OFFER, SWAP  # noqa: E402
from muster.duty.models import CoverOffer, Duty, Swap  # noqa: E402
from muster.emergencies.models import Emergency  # noqa: E402
from muster.kernel.clock import CITY_ZONE  # noqa: E402
from muster.kernel.errors import MusterError  # noqa: E402
from muster.kernel.links import sign_number  # noqa: E402
from muster.needs.models import Asker, DoorAddress, Need, WatchCheck  # noqa: E402
from muster.plans.models import Plan  # noqa: E402
from muster.territory.models import Area  # noqa: E402
from muster.territory.rules import ancestor_paths  # noqa: E402
from tests.browser.chromium import find_chromium, find_node_for_playwright  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize

LANGUAGES = ("zh-hans", "en")
WIDTHS: dict[str, ViewportSize] = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
GROUNDS = ("light", "dark")
MOST_KIB = 300
MOST_PAINT_MS = 1_000
_LOADS = 3
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--font-render-hinting=none"]
_STARTS_WITHIN_S = 60
_OF_AN_AREA = ("coverage", "pairings", "gaps", "needs", "clocks", "figures", "changes")
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its name in file names, and its address."""

    name: str
    address: str
    is_signed_in: bool = True


def list_screens(home: Area) -> list[Screen]:
    """List the screens that the data can fill, from the top of an area down to one door.

    Parameters
    ----------
    home
        The area that the account looks after.
    """
    code = home.code
    screens = [
        Screen("sign-in", "/accounts/login/", is_signed_in=False),
        Screen("board", "/"),
        Screen("wall", "/?wall=yes"),
        Screen("playback", f"/areas/{code}?at=2020-02-19T18:00"),
        *(Screen(name, f"/{name}/{code}") for name in _OF_AN_AREA),
        *(Screen(name, f"/areas/{code}/{name}") for name in ("people", "organizations", "accounts")),
        Screen("new-account", f"/areas/{code}/accounts/new"),
        Screen("dead-link", "/start/1.old", is_signed_in=False),
        Screen("duplicates", f"/areas/{code}/duplicates/people"),
        Screen("roster-parts", f"/roster/{code}"),
        Screen("cover", f"/roster/{code}/asked"),
        Screen("needs-carry", f"/needs/{code}/carry"),
        Screen("needs-alike", f"/needs/{code}/alike"),
        Screen("search", "/search?q=zb"),
        Screen("imports", f"/imports/?area={code}"),
        Screen("first-steps", "/first/"),
        Screen("open-emergency", f"/emergencies/open?area={code}"),
        Screen("measure", f"/measures/warden_coverage?area={code}"),
        Screen("absent", "/areas/NOWHERE"),
        Screen("design", "/design"),
    ]
    beneath = Area.objects.filter(path__startswith=home.path).order_by("path")
    for level in ("county", "township", "community", "compound", "unit"):
        area = beneath.filter(level__slug=level).first()
        screens += [Screen(level, f"/areas/{area.code}")] if area else []
    return [*screens, *_list_records(), *_list_grave()]


def _list_grave() -> Iterator[Screen]:
    """Give the screens of what only somebody with every right over an area does."""
    for emergency in Emergency.objects.filter(ends_at=None)[:1]:
        yield Screen("end-emergency", f"/emergencies/{emergency.code}/end")
    for account in User.objects.order_by("username")[:1]:
        yield Screen("account", f"/account/{account.username}")


def _list_records() -> Iterator[Screen]:
    """Give a screen of each kind of record that there is one of."""
    for each in (_list_coverage, _list_duties, _list_needs, _list_doors, _list_watch, _list_asked):
        yield from each()
    for plan in Plan.objects.order_by("-pk")[:1]:
        yield Screen("plan", f"/plans/{plan.pk}")


def _list_coverage() -> Iterator[Screen]:
    for gap in Gap.objects.filter(closed_at=None, area__level__slug="unit").select_related("area")[:1]:
        yield Screen("gap", f"/areas/{gap.area.code}")
    for warden in Appointment.objects.filter(ends_at=None).select_related("person", "area")[:1]:
        yield Screen("person", f"/people/{warden.person.code}")
        yield Screen("together", f"/coverage/{warden.area.code}/together?act=replace&cell={warden.area.code}:warden")
    for pairing in Pairing.objects.filter(ends_at=None).select_related("organization", "area__parent")[:1]:
        yield Screen("organization", f"/organizations/{pairing.organization.code}")
        yield Screen("pairing", f"/pairings/{pairing.area.parent.code}?pairing={pairing.pk}")


def _list_duties() -> Iterator[Screen]:
    for duty in Duty.objects.select_related("shift__post__area", "person")[:1]:
        where = f"/roster/{duty.shift.post.area.code}"
        yield Screen("roster", where)
        yield Screen("roster-posts", f"{where}?by=posts")
        yield Screen("roster-paper", f"{where}/paper")
        yield Screen("person-duties", f"/people/{duty.person.code}/duties")
        yield Screen("post", f"/posts/{duty.shift.post.code}")
        yield Screen("place", f"{where}?duty={duty.pk}")


def _list_needs() -> Iterator[Screen]:
    for need in Need.objects.filter(settled_at=None).select_related("area").order_by("urgency", "pk")[:1]:
        yield Screen("need", f"/needs/{need.area.code}?need={need.code}")
    carried = Need.objects.filter(carrier_organization__isnull=False).select_related("carrier_organization")
    for need in carried.order_by("pk")[:1]:
        yield Screen("organization-needs", f"/organizations/{need.carrier_organization.code}/needs")


def _list_doors() -> Iterator[Screen]:
    for door in DoorAddress.objects.select_related("area").order_by("area__path")[:1]:
        yield Screen("door", f"/d/{door.code}", is_signed_in=False)
        yield Screen("door-ask", f"/d/{door.code}/ask?kind=food", is_signed_in=False)
        yield Screen("enter-need", f"/areas/{door.area.code}/ask")
    for asker in Asker.objects.select_related("need", "door__door_address")[:1]:
        address = f"/d/{asker.door.door_address.code}/need/{asker.need.code}"
        yield Screen("door-need", address, is_signed_in=False)


def _list_watch() -> Iterator[Screen]:
    """Give the screens of watch duties in a community where one found something, and of door cards."""
    check = WatchCheck.objects.filter(is_well=False, door="").select_related("area", "watch").order_by("-at").first()
    if check is None:
        return
    above = Area.objects.filter(path__in=ancestor_paths(check.area.path), level__slug="community").get()
    rounds = check.watch.rounds.filter(opens_at__lte=check.at, closes_at__gt=check.at)
    for one in rounds:
        day = one.starts_at.astimezone(CITY_ZONE).date()
        yield Screen("watch", f"/watch/{above.code}?day={day}&round={one.pk}&place={check.area.code}")
        yield Screen("watch-paper", f"/watch/{above.code}/paper/{one.pk}")
    yield Screen("watch-city", f"/watch/{check.watch.area.code}")
    yield Screen("watch-today", f"/watch/{above.code}")
    yield Screen("watch-duty", f"/watch/{above.code}/duties/{check.watch.slug}")
    yield Screen("door-cards", f"/areas/{above.code}/door-cards")


def _list_asked() -> Iterator[Screen]:
    """Give the screens of a request for cover and of a swap, where somebody was asked."""
    offer = CoverOffer.objects.select_related("request__shift__post__area").order_by("request__closed_at", "pk").last()
    swap = Swap.objects.select_related("duty__shift__post__area").order_by("pk").last()
    if offer:
        where = f"/roster/{offer.request.shift.post.area.code}/asked/{offer.request_id}"
        yield Screen("cover-request", where)
        yield Screen("cover-answer", f"/cover/{sign_number(OFFER, offer.pk)}", is_signed_in=False)
    if swap:
        yield Screen("swap-answer", f"/swap/{sign_number(SWAP, swap.pk)}", is_signed_in=False)
        yield Screen("swap", f"/roster/{swap.duty.shift.post.area.code}/swaps?duty={swap.duty_id}")


def run(out: Path, *, pictures: Path | None = None, only: str = "") -> list[Row]:
    """Measure every screen, and draw it in both languages, at two widths, light and dark, into a folder.

    Parameters
    ----------
    out
        Folder of the results.
    pictures
        Folder of the pictures and of the sheet that shows them all; none are made without it.
    only
        Names of screens with commas between them; all without it.

    Raises
    ------
    MusterError
        If there is nobody to look at the desk as, or no browser to look with.
    """
    from playwright.sync_api import sync_playwright  # only this benchmark needs it

    user, home = _find_officer()
    chosen = [screen for screen in list_screens(home) if not only or screen.name in only.split(",")]
    chromium = find_chromium()
    if chromium is None:
        raise MusterError("No Chromium was found.", remedy="make browser finds or installs one.")
    node = find_node_for_playwright()
    if node:
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node
    environment: dict[str, str | float | bool] = {**os.environ, **chromium.environment}
    with _serve() as base, _session(user) as key, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path, args=_ARGUMENTS, env=environment)
        rows = _measure_all(browser, base, key, chosen)
        if pictures:
            _draw_all(browser, base, key, chosen, pictures)
        browser.close()
    print(format_table(rows))
    heavy = [row["screen"] for row in rows if row["compressed_kib"] > MOST_KIB]
    slow = [row["screen"] for row in rows if row["first_paint_ms"] > MOST_PAINT_MS]
    limits = {"most_kib": MOST_KIB, "too_heavy": heavy, "most_paint_ms": MOST_PAINT_MS, "too_slow": slow}
    write_results(out, "screens", rows, browser=chromium.version, loads=_LOADS, **limits)
    return rows


def _find_officer() -> tuple[User, Area]:
    grants = Grant.objects.filter(role=Role.DUTY_OFFICER, until_at=None).exclude(area=None)
    found = grants.select_related("user", "area__level").order_by("area__path", "pk").first()
    if found is None or found.area is None:
        raise MusterError("Nobody looks after an area here.", remedy="Build the demonstration: muster demo --no-serve.")
    return found.user, found.area


@contextmanager
def _session(user: User) -> Iterator[str]:
    """Give the key of a session that is signed in, and end it afterwards."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    try:
        yield str(session.session_key)
    finally:
        session.delete()


@contextmanager
def _serve() -> Iterator[str]:
    """Serve the data folder on a free port for as long as it is needed."""
    command = [str(Path(sys.executable).parent / "muster"), "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield _read_address(server)
        finally:
            server.terminate()


def _read_address(server: subprocess.Popen[str]) -> str:
    until = time.monotonic() + _STARTS_WITHIN_S
    while server.stdout and time.monotonic() < until:
        words = server.stdout.readline().replace("：", " ").split()
        address = next((word for word in words if word.startswith("http")), "")
        if address:
            base = address.split("（", maxsplit=1)[0].rstrip("/")
            _await_answer(base, until)
            return base
    raise MusterError("The desk did not start.", remedy="Try muster serve by hand.")


def _await_answer(base: str, until: float) -> None:
    """Wait until somebody listens at an address, which is told a little before."""
    place = urlsplit(base)
    while time.monotonic() < until:
        try:
            socket.create_connection((place.hostname or "", place.port or 80), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return


@contextmanager
def _context(browser: Browser, base: str, key: str, *, width: str, **options: Any) -> Iterator[BrowserContext]:
    language = options.pop("language", LANGUAGES[0])
    context = browser.new_context(
        viewport=WIDTHS[width], timezone_id="Asia/Shanghai", reduced_motion="reduce", locale="zh-CN", **options
    )
    context.add_cookies(
        [
            {"name": "django_language", "value": language, "url": base},
            {"name": "sessionid", "value": key, "url": base},
        ]
    )
    yield context
    context.close()


def _open(page: Page, base: str, screen: Screen) -> None:
    if not screen.is_signed_in:
        page.context.clear_cookies(name="sessionid")
    page.goto(base + screen.address, timeout=120_000)
    page.wait_for_load_state("networkidle", timeout=120_000)


def _measure_all(browser: Browser, base: str, key: str, screens: list[Screen]) -> list[Row]:
    rows = []
    for screen in screens:
        with _context(browser, base, key, width="wide") as context:
            row = _measure(context, base, screen)
        paints = [row["first_paint_ms"], *(_time_paint(browser, base, key, screen) for _ in range(_LOADS - 1))]
        # The machine has other things to do as well: the least is what the page itself needs.
        rows.append(row | {"first_paint_ms": min(paints), "slowest_paint_ms": max(paints)})
    return rows


def _time_paint(browser: Browser, base: str, key: str, screen: Screen) -> int:
    """Return after how many milliseconds a browser that has never been here paints something."""
    with _context(browser, base, key, width="wide") as context:
        page = context.new_page()
        _open(page, base, screen)
        return round(page.evaluate(_PAINTED) or 0)


def _measure(context: BrowserContext, base: str, screen: Screen) -> Row:
    """Measure one screen as a browser meets it that has never been here."""
    from axe_playwright_python.sync_playwright import Axe  # only this benchmark needs it

    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # it marks what it is given
    _open(page, base, screen)
    bodies = [answer.body() for answer in answers if answer.status != 302 and not _is_stream(answer)]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    return {
        "screen": screen.name,
        "requests": len(bodies),
        "sent_kib": round(sum(map(len, bodies)) / 1024, 1),
        "compressed_kib": round(sum(len(gzip.compress(body, 6)) for body in bodies) / 1024, 1),
        "first_paint_ms": round(page.evaluate(_PAINTED) or 0),
        "elements": page.evaluate("() => document.getElementsByTagName('*').length"),
        "axe": len(found),
        "axe_rules": " ".join(sorted(fault["id"] for fault in found)),
    }


def _is_stream(answer: Response) -> bool:
    """Tell whether an answer goes on for as long as the page is open."""
    return answer.headers.get("content-type", "").startswith("text/event-stream")


def _draw_all(browser: Browser, base: str, key: str, screens: list[Screen], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for ground in GROUNDS:
            for language in LANGUAGES:
                options: dict[str, Any] = {"language": language, "color_scheme": ground}
                # The sign-in screen drops the session of its profile, so that it comes last.
                ordered = sorted(screens, key=lambda screen: not screen.is_signed_in)
                with _context(browser, base, key, width=width, **options) as context:
                    page = context.new_page()
                    for screen in ordered:
                        _open(page, base, screen)
                        page.screenshot(path=folder / f"{screen.name}-{width}-{language}-{ground}.png")
    (folder / "index.html").write_text(_write_sheet(screens), encoding="utf-8")


def _write_sheet(screens: list[Screen]) -> str:
    """Write the page that shows every picture beside its siblings."""
    kinds = [f"{width}-{language}-{ground}" for width in WIDTHS for ground in GROUNDS for language in LANGUAGES]
    rows = [
        f'<h2 id="{name}">{name}</h2><div>'
        + "".join(f'<a href="{name}-{kind}.png"><img src="{name}-{kind}.png" alt="{kind}"></a>' for kind in kinds)
        + "</div>"
        for name in (escape(screen.name) for screen in screens)
    ]
    style = "body{font:14px sans-serif}div{display:flex;gap:8px;overflow:auto}img{height:300px;border:1px solid #ccc}"
    head = f'<!DOCTYPE html><meta charset="utf-8"><title>Muster</title><style>{style}</style>'
    return head + "\n".join(rows)
