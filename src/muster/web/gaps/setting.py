"""The clocks of an emergency: after how long each kind of gap reaches whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from muster.access.kinds import Right
from muster.access.queries import access_area, may
from muster.clocks.actions import set_clock
from muster.clocks.kinds import GapKind
from muster.clocks.queries import WARDEN, ClockSetting, find_last_pass, list_clock_settings, list_office_levels
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.messages.actions import set_quiet_hours
from muster.messages.channels import has_channel_to_people
from muster.messages.queries import find_own_quiet_span
from muster.messages.rules import QuietSpan
from muster.situation.board import Frame
from muster.web.frame import open_frame, screen, show
from muster.web.gaps.minutes import read_minutes, say_minutes
from muster.web.refusals import Refusal, say_refusal
from muster.web.words import say_name

_STALE = timedelta(minutes=3)


@dataclass(frozen=True)
class Cell:
    """A field of the form: its name, what it is for, alone and in full, and what it says."""

    name: str
    label: str
    words: str
    value: str
    is_wrong: bool = False


@dataclass(frozen=True)
class Line:
    """The clock of one kind, as the form shows it."""

    kind: GapKind
    opens: Cell
    stops: Sequence[Cell]
    hold: Cell
    may_wait: bool


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def show_clocks(request: HttpRequest, code: str) -> HttpResponse:
    """Show the clocks of the emergency that holds in an area; whoever may activate one there sets them."""
    frame = open_frame(request, code)
    if frame.emergency is None:
        return show(request, "gaps/clocks.html", frame, tab="gaps")
    may_set = may(frame.actor, Right.ACTIVATE, frame.emergency.area)
    said: dict[str, str] = {}
    refusal = None
    if request.method == "POST":
        access_area(frame.actor, frame.emergency.area.code, right=Right.ACTIVATE)
        said = {name: str(value) for name, value in request.POST.items()}
        refusal = _take(frame, said)
        if refusal is None:
            messages.success(request, _("The clocks are set. Gaps that stand open go by them from now on."))
            return redirect(request.get_full_path())
    return show(
        request,
        "gaps/clocks.html",
        frame,
        tab="gaps",
        status=409 if refusal else 200,
        may_set=may_set,
        refusal=refusal,
        heads=[what for _slug, _name, what in _list_stops(frame)],
        lines=_list_lines(frame, said),
        quiet=_read_quiet(frame, said),
        stands_since=find_stale(frame),
        may_reach_people=has_channel_to_people(),
    )


def find_stale(frame: Frame) -> Any:
    """Find since when no worker has let the clocks of an emergency run, where that is too long."""
    passed_at = find_last_pass(frame.emergency) if frame.emergency else None
    return passed_at if passed_at is not None and clock.real_now() - passed_at > _STALE else None


def _list_stops(frame: Frame) -> list[tuple[str, str, str]]:
    """List the stops of a clock: their slugs, their names in the form, and what they are called."""
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    offices = [(level.slug, level.slug, say_name(level)) for level in list_office_levels(frame.emergency)]
    return [(WARDEN, "warden", _("warden")), *offices]


def _list_lines(frame: Frame, said: dict[str, str]) -> list[Line]:
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    stops = _list_stops(frame)

    def cell(kind: GapKind, name: str, number: int | None, what: str) -> Cell:
        field = f"{kind}-{name}"
        value = said.get(field, say_minutes(number) if number is not None else "")
        return Cell(field, what, f"{kind.label}: {what}", value, not _is_span(value))

    return [
        Line(
            kind=setting.kind,
            opens=cell(setting.kind, "opens", setting.opens_after_min, _("a gap after")),
            stops=[cell(setting.kind, name, setting.minutes.get(slug), what) for slug, name, what in stops],
            hold=cell(setting.kind, "hold", setting.hold_min, _("in hand at most")),
            may_wait=f"{setting.kind}-waits" in said if said else setting.may_wait,
        )
        for setting in list_clock_settings(frame.emergency)
    ]


def _is_span(text: str) -> bool:
    try:
        read_minutes(text)
    except ValueError:
        return False
    return True


def _take(frame: Frame, said: dict[str, str]) -> Refusal | None:
    """Set all clocks as the form says, or none; return why not."""
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    now = clock.now()
    try:
        with transaction.atomic():
            for before in list_clock_settings(frame.emergency):
                setting = _read_setting(frame, before.kind, said)
                set_clock(actor=frame.actor, now=now, emergency=frame.emergency, setting=setting)
            span = _read_span(said)
            if span != find_own_quiet_span(frame.emergency.area):
                set_quiet_hours(actor=frame.actor, now=now, of=frame.emergency.area, span=span)
    except RuleError as error:
        return say_refusal(error)
    except ValueError:
        remedy = _("Write 15, 90 min, 8 h or 3 d; leave a stop empty to pass it by.")
        return Refusal(_("This is no span of time."), remedy)
    return None


def _read_setting(frame: Frame, kind: GapKind, said: dict[str, str]) -> ClockSetting:
    minutes = {slug: read_minutes(said.get(f"{kind}-{name}", "")) for slug, name, _what in _list_stops(frame)}
    return ClockSetting(
        kind=kind,
        opens_after_min=read_minutes(said.get(f"{kind}-opens", "")) or 0,
        may_wait=f"{kind}-waits" in said,
        hold_min=read_minutes(said.get(f"{kind}-hold", "")) or 0,
        minutes={slug: number for slug, number in minutes.items() if number is not None},
    )


def _read_quiet(frame: Frame, said: dict[str, str]) -> tuple[str, str]:
    """Return the quiet hours as the form shows them: two times of the day, empty where there are none."""
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    span = find_own_quiet_span(frame.emergency.area)
    if said or span is None:
        return said.get("quiet-from", ""), said.get("quiet-until", "")
    return f"{span.starts_min // 60:02}:{span.starts_min % 60:02}", f"{span.ends_min // 60:02}:{span.ends_min % 60:02}"


def _read_span(said: dict[str, str]) -> QuietSpan | None:
    times = [said.get(name, "").strip() for name in ("quiet-from", "quiet-until")]
    if not any(times):
        return None
    hours = [time.split(":") for time in times]
    starts, ends = (int(hour) * 60 + int(minute) for hour, minute in hours)
    return QuietSpan(starts, ends)
