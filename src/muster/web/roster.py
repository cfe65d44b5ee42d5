"""The roster of an area: people or posts by days, shared fairly, and planning it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.duty.queries import PersonRow, get_fairness, get_rest_limits, list_roster
from muster.emergencies.queries import get_active
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.plans.kinds import PlanKind
from muster.plans.queries import list_open_orders, list_plans
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_place import PlaceView, get_duty, get_shift, read_place
from muster.situation.board_roster import WHOLE_SHIFTS_LIMIT, count_shifts, list_area_rosters
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page
from muster.web.places import read_day, read_number
from muster.web.roster_grid import draw_change, draw_grid
from muster.web.words import list_end_reasons

SPAN_DAYS = 14
PLANS_SHOWN = 4
ABSENT_DAYS = 7
"""How long somebody who falls ill is offered to be away."""


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
        orders=list(list_open_orders(frame.area, PlanKind.ROSTER)),
        plans=list(list_plans(frame.area, PlanKind.ROSTER)[:PLANS_SHOWN]),
        **_read_body(request, frame, starts_on, ends_on, today),
    )


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
        "plots": [
            (_("Nights"), draw_change(fairness.nights)),
            (_("Weekends"), draw_change(fairness.weekends)),
            (_("Hours"), draw_change(fairness.hours)),
        ],
        "place": _read_place(request, frame),
        "back_on": frame.now.astimezone(CITY_ZONE).date() + timedelta(days=ABSENT_DAYS),
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
