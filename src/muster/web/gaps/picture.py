"""A gap's clock as it is drawn: a short line from stop to stop, and in words what comes next."""

from __future__ import annotations

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from muster.clocks.queries import GapClock, Stop
from muster.kernel.ages import say_age
from muster.web import words

STEP_PX = 24
START_PX = 3
HEIGHT_PX = 16
_MIDDLE_PX = HEIGHT_PX // 2


def draw_way(clock: GapClock, since_at: datetime, now: datetime) -> SafeString:
    """Draw how far a gap's clock has come; the words must stand beside it.

    A tick where the place became empty, then one round for each stop: full where it has been, open where it goes
    next, a dot where it would go after that. What has run of the way is drawn stronger; where somebody has the gap in
    hand, the way is barred.
    """
    width = START_PX * 2 + STEP_PX * len(clock.stops) + 2
    run = _run_px(clock, since_at, now)
    stops = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
        (
            (_name_stop(clock, stop), START_PX + STEP_PX * place, _MIDDLE_PX, 2.5 if _is_later(clock, stop) else 4)
            for place, stop in enumerate(clock.stops, 1)
        ),
    )
    bars = (
        format_html('<path class="hold" d="M{0} 3v10M{1} 3v10"/>', f"{run + 4:.1f}", f"{run + 8:.1f}")
        if clock.holder
        else SafeString("")
    )
    return format_html(
        '<svg class="way" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">'
        '<path class="whole" d="M{2} {3}H{4}"/><path class="run" d="M{2} 4v8M{2} {3}H{5}"/>{6}{7}</svg>',
        width,
        HEIGHT_PX,
        START_PX,
        _MIDDLE_PX,
        START_PX + STEP_PX * len(clock.stops),
        f"{run:.1f}",
        stops,
        bars,
    )


def _is_later(clock: GapClock, stop: Stop) -> bool:
    return stop.reached_at is None and stop is not clock.following


def _name_stop(clock: GapClock, stop: Stop) -> str:
    if stop.reached_at is not None:
        return "been"
    return "later" if _is_later(clock, stop) else "next"


def _run_px(clock: GapClock, since_at: datetime, now: datetime) -> float:
    """Return how far the stronger line goes: to the last stop, and a part of the way to the next."""
    been = sum(stop.reached_at is not None for stop in clock.stops)
    following = clock.following
    part = 0.0
    if following is not None and following.due_at is not None:
        since = clock.last.reached_at if clock.last is not None and clock.last.reached_at else since_at
        whole = (following.due_at - since).total_seconds()
        part = min(max((now - since).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0
    return START_PX + STEP_PX * (been + part)


def say_stop(stop: Stop) -> str:
    """Say what a stop is called: its level, or the warden."""
    return words.say_name(stop.level) if stop.level is not None else _("warden")


def say_following(clock: GapClock, now: datetime) -> str:
    """Say what comes next of a gap's clock."""
    following = clock.following
    if clock.holder is not None:
        return _("clock stands still")
    if following is None or following.due_at is None:
        return _("goes no further")
    named = {"stop": say_stop(following)}
    if following.due_at <= now:
        return _("%(stop)s now") % named
    if clock.is_quiet:
        return _("%(stop)s at %(moment)s") % {**named, "moment": words.say_moment(following.due_at, now)}
    return _("%(stop)s in %(age)s") % {**named, "age": say_age(following.due_at - now)}
