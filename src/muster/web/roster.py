"""The roster of an area: people or posts by days, shared fairly, and planning it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from muster.duty.queries import PostKey, RosterOutline, RosterSpan, get_fairness, get_rest_limits
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
from muster.web.paging import Page, read_page
from muster.web.places import read_number
from muster.web.roster_asking import SPANS_DAYS, Asked, read_asked, read_people, read_posts
from muster.web.roster_fairness import draw_fairness
from muster.web.roster_grid import Line, draw_days, draw_outline
from muster.web.roster_lines import read_lines
from muster.web.words import list_end_reasons

PLANS_SHOWN = 4
ABSENT_DAYS = 7
"""How long somebody who falls ill is offered to be away."""


@screen
@require_safe
def show_roster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the roster of an area for some days, by people or by posts; or only the details of one place of it."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "roster.html", frame, tab="roster", view=view)
    today = frame.now.astimezone(CITY_ZONE).date()
    asked = read_asked(request, code, frame.now)
    # The grid stays as it is when only what lies beside it is asked for.
    place = _read_place(request, frame)
    is_inspector = request.headers.get("HX-Target") == "inspector"
    answer = show(
        request,
        "roster.html",
        frame,
        tab="roster",
        view=view,
        asked=asked,
        spans=SPANS_DAYS,
        by=asked.by,
        starts_on=asked.starts_on,
        today=today,
        tomorrow=today + timedelta(days=1),
        rest=get_rest_limits(get_active(frame.area)),
        orders=list(list_open_orders(frame.area, PlanKind.ROSTER)),
        plans=list(list_plans(frame.area, PlanKind.ROSTER)[:PLANS_SHOWN]),
        place=place,
        back_on=today + timedelta(days=ABSENT_DAYS),
        end_reasons=list_end_reasons(),
        **({} if is_inspector and place else _read_body(request, frame, asked, place)),
    )
    if is_inspector:
        answer["HX-Push-Url"] = request.get_full_path()
    return answer


@screen
@require_safe
def list_rows(request: HttpRequest, code: str) -> HttpResponse:
    """List rows of the grid that come into sight, each drawn, by its key."""
    frame = open_frame(request, code)
    asked = read_asked(request, code, frame.now)
    span = asked.span(frame)
    keys = read_posts(request) if asked.by == "posts" else read_people(request)
    lines = read_lines(frame, asked, span, keys)
    return JsonResponse({"rows": {line.key: write_line(line, asked) for line in lines}})


def write_line(line: Line, asked: Asked) -> str:
    """Write a row as the page does."""
    return get_template("parts/roster_line.html").render({"line": line, "asked": asked})


def _read_body(request: HttpRequest, frame: Frame, asked: Asked, place: PlaceView | None) -> dict[str, Any]:
    span = asked.span(frame)
    if count_shifts(span.emergency, span.area, span.starts_on, span.ends_on) > WHOLE_SHIFTS_LIMIT:
        return {"parts": list_area_rosters(span.emergency, span.area, span.starts_on, span.ends_on)}
    outline = asked.read_outline(frame, span)
    page = _find_page(request, asked, outline, place)
    fairness = get_fairness(span.emergency, span.area, span.starts_on, span.ends_on)
    return {
        "roster": outline,
        "page": page,
        "grid": draw_outline(
            outline,
            _read_page(frame, asked, span, outline, page),
            draw_days(outline.days, frame.now.astimezone(CITY_ZONE).date(), outline.missing),
            by=asked.by,
            first=page.offset,
        ),
        "selected": _name_place(request),
        "kept": [(name, value) for name, value in QueryDict(asked.kept).items() if name != "find"],
        "fairness": fairness,
        "plots": draw_fairness(fairness),
    }


def _read_page(frame: Frame, asked: Asked, span: RosterSpan, outline: RosterOutline, page: Page) -> list[Line]:
    rows = outline.posts if asked.by == "posts" else outline.people
    return read_lines(frame, asked, span, rows[page.offset : page.end])


def _find_page(request: HttpRequest, asked: Asked, outline: RosterOutline, place: PlaceView | None) -> Page:
    """Find the page that the address names, or else the one with the row of the place that it names."""
    rows: Sequence[PostKey] | Sequence[int] = outline.posts if asked.by == "posts" else outline.people
    page = read_page(request, len(rows))
    if place is None or "page" in request.GET:
        return page
    duty, shift = place.duty, place.shift
    key = PostKey(shift.post_id, shift.pattern_id) if asked.by == "posts" else duty.person_id if duty else None
    return Page(list(rows).index(key) // page.rows + 1, page.total) if key in rows else page


def _name_place(request: HttpRequest) -> str:
    """Return the place that the address names as the grid's links name it."""
    return next((f"{kind}={request.GET[kind]}" for kind in ("duty", "shift") if request.GET.get(kind)), "")


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
