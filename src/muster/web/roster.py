"""The roster of an area: people or posts by days, shared fairly, and planning it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.duty.queries import PersonRow, get_fairness, get_rest_limits, list_roster
from muster.emergencies.queries import get_active
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.plans.kinds import PlanKind
from muster.plans.queries import list_plans
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_place import PlaceView, get_duty, get_shift, read_place
from muster.situation.board_roster import WHOLE_SHIFTS_LIMIT, count_shifts, list_area_rosters
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page
from muster.web.places import read_number
from muster.web.roster_grid import draw_bars, draw_grid
from muster.web.words import list_end_reasons

SPAN_DAYS = 14
PLANS_SHOWN = 4
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@screen
@require_safe
def show_roster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the roster of an area for a fortnight, by people or by posts."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "roster.html", frame, tab="roster", view=view)
    today = frame.now.astimezone(CITY_ZONE).date()
    starts_on = read_day(request, "from", today)
    ends_on = starts_on + timedelta(days=SPAN_DAYS)
    return show(
        request,
        "roster.html",
        frame,
        tab="roster",
        view=view,
        starts_on=starts_on,
        last_on=ends_on - timedelta(days=1),
        earlier_on=starts_on - timedelta(days=SPAN_DAYS),
        later_on=ends_on,
        today=today,
        tomorrow=today + timedelta(days=1),
        by=request.GET.get("by", "people"),
        rest=get_rest_limits(get_active(frame.area)),
        plans=list(list_plans(frame.area, PlanKind.ROSTER)[:PLANS_SHOWN]),
        **_read_body(request, frame, starts_on, ends_on, today),
    )


def read_day(request: HttpRequest, name: str, default: date) -> date:
    """Return the day that an address or form names, or another where it names none within reach."""
    try:
        day = date.fromisoformat(request.GET.get(name) or request.POST.get(name) or "")
    except ValueError:
        return default
    # Spans are counted forwards and backwards from it, so the calendar's very ends are out of reach.
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else default


def _read_body(request: HttpRequest, frame: Frame, starts_on: date, ends_on: date, today: date) -> dict[str, Any]:
    emergency = get_active(frame.area)
    if count_shifts(emergency, frame.area, starts_on, ends_on) > WHOLE_SHIFTS_LIMIT:
        return {"parts": list_area_rosters(emergency, frame.area, starts_on, ends_on)}
    roster = list_roster(emergency, frame.area, starts_on, ends_on)
    page = read_page(request, len(roster.people))
    fairness = get_fairness(emergency, frame.area, starts_on, ends_on)
    return {
        "roster": roster,
        "page": page,
        "grid": draw_grid(roster, today, sorted(roster.people, key=_by_load)[page.offset : page.end]),
        "fairness": fairness,
        "bars": draw_bars(fairness.nights),
        "place": _read_place(request, frame),
        "end_reasons": list_end_reasons(),
    }


def _by_load(row: PersonRow) -> tuple[int, str, str]:
    """Return where a person stands in the grid: who carries most comes first, where it is looked for."""
    return -row.minutes, row.name, row.code


def _read_place(request: HttpRequest, frame: Frame) -> PlaceView | None:
    """Read the place that the address names: a duty, or an empty place of a shift."""
    emergency = get_active(frame.area)
    number, empty = request.GET.get("duty", ""), request.GET.get("shift", "")
    if not number and not empty:
        return None
    try:
        duty = get_duty(emergency, frame.area, read_number(number)) if number else None
        shift = duty.shift if duty else get_shift(emergency, frame.area, read_number(empty))
    except NotFoundError:
        # Somebody has taken it away meanwhile: the roster itself still answers.
        return None
    return read_place(frame.actor, shift, duty, frame.now)
