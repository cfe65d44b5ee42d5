"""The board played back: any moment since the emergency began, as it stood then, with what happened around it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from muster.emergencies.queries import get_active
from muster.kernel.clock import CITY_ZONE
from muster.situation.board import Frame
from muster.situation.playback import look_back
from muster.situation.playback_events import BIN_MIN, Around, count_days, read_around
from muster.web.board_canvas import CANVAS, read_past_canvas
from muster.web.frame import show
from muster.web.words import say_day

PAST_PARTS = frozenset({"map", "posts", "tree", "facts", "top", "past", "days"})
_HEIGHT = 24.0
_LEAST = 1.5


@dataclass(frozen=True)
class Column:
    """How much happened in a span of time, as a column of a plot: place and size in its own units."""

    left: float
    top: float
    height: float
    tip: str
    address: str = ""
    at: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Past:
    """The bar of the playback.

    Parameters
    ----------
    at, minute
        The moment, and its minute of the local day.
    day
        Its local day.
    last_minute
        The last minute of the day that is past.
    bins, days
        What happened in each half hour of the day, and on each day; no days where they were not asked for.
    previous_at, next_at
        Moments of the changes before and after, as they stand in an address; empty where there is none.
    address
        Where the board is as it is now.
    first_day, last_day
        Of the emergency, up to now.
    is_unread
        Whether so many areas need a warden that it is not read who answered for each.
    """

    at: datetime
    day: date
    minute: int
    last_minute: int
    bins: list[Column]
    days: list[Column]
    previous_at: str
    next_at: str
    address: str
    first_day: date
    last_day: date
    is_unread: bool

    @property
    def at_text(self) -> str:
        """Return the moment as it stands in an address."""
        return write_moment(self.at)

    @property
    def time_text(self) -> str:
        """Return the time of day."""
        return self.at.astimezone(CITY_ZONE).strftime("%H:%M")


def write_moment(at: datetime) -> str:
    """Return a moment as it stands in an address: local, to the second where it is not on the minute."""
    local = at.astimezone(CITY_ZONE).replace(tzinfo=None, microsecond=0)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def find_moment(request: HttpRequest, frame: Frame) -> datetime | None:
    """Find the moment that an address asks for, kept between the beginning of the emergency and the present."""
    asked = _read_moment(request)
    if asked is None or frame.emergency is None:
        return None
    return min(max(asked, frame.emergency.starts_at), frame.now)


def _read_moment(request: HttpRequest) -> datetime | None:
    text, day, minute = (request.GET.get(name, "") for name in ("at", "day", "minute"))
    try:
        if day and minute:
            start = datetime.combine(date.fromisoformat(day), time(), CITY_ZONE)
            return (start + timedelta(minutes=float(minute))).astimezone(UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=CITY_ZONE)).astimezone(UTC)


def show_past(request: HttpRequest, frame: Frame, at: datetime) -> HttpResponse:
    """Show the board as it stood at a moment."""
    past, context = read_past(frame, at, PAST_PARTS)
    return show(request, "playback.html", past, **context)


def read_past(frame: Frame, at: datetime, parts: Collection[str]) -> tuple[Frame, dict[str, Any]]:
    """Read what the parts of a page show that are asked for, as they stood at a moment."""
    past, view, shares = look_back(frame, at)
    context: dict[str, Any] = {"view": view, "played": _draw(frame, at, parts, is_unread=shares.tallies is None)}
    return past, context | read_past_canvas(past, view, shares, CANVAS & set(parts))


def _draw(frame: Frame, at: datetime, parts: Collection[str], *, is_unread: bool) -> Past:
    emergency = get_active(frame.area)
    local = at.astimezone(CITY_ZONE)
    around = read_around(emergency, frame.area, at, frame.now)
    days = count_days(emergency, frame.area, frame.now) if "days" in parts else []
    now = frame.now.astimezone(CITY_ZONE)
    address = reverse("area", args=[frame.area.code])
    return Past(
        at=at,
        day=local.date(),
        minute=local.hour * 60 + local.minute,
        last_minute=now.hour * 60 + now.minute if now.date() == local.date() else 24 * 60 - 1,
        bins=_draw_bins(around),
        days=_draw_days(days, local, address),
        previous_at=write_moment(around.previous_at) if around.previous_at else "",
        next_at=write_moment(around.next_at) if around.next_at else "",
        address=address,
        first_day=emergency.starts_at.astimezone(CITY_ZONE).date(),
        last_day=now.date(),
        is_unread=is_unread,
    )


def _draw_bins(around: Around) -> list[Column]:
    most = max(around.bins)
    return [
        _column(number, amount, most, _say_amount(f"{start // 60:02d}:{start % 60:02d}", amount))
        for number, amount in enumerate(around.bins)
        for start in [number * BIN_MIN]
    ]


def _draw_days(days: list[tuple[date, int]], local: datetime, address: str) -> list[Column]:
    # The day of the activation is a hundred others: roots let all be seen.
    most = max((amount**0.5 for _day, amount in days), default=0)
    columns = []
    for number, (day, amount) in enumerate(days):
        at = datetime.combine(day, local.time().replace(second=0, microsecond=0)).isoformat(timespec="minutes")
        column = _column(number, amount**0.5, most, _say_amount(say_day(day), amount))
        columns.append(
            Column(column.left, column.top, column.height, column.tip, f"{address}?at={at}", at, day == local.date())
        )
    return columns


def _column(number: int, amount: float, most: float, tip: str) -> Column:
    height = max(_LEAST, amount / most * _HEIGHT) if amount else 0.0
    return Column(number, round(_HEIGHT - height, 1), round(height, 1), tip)


def _say_amount(when: str, amount: int) -> str:
    return _("%(when)s: %(amount)d changes") % {"when": when, "amount": amount}
