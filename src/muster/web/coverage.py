"""The ledger of coverage, and planning it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.coverage.kinds import CoverageState
from muster.coverage.queries import count_ledger, list_ledger
from muster.plans.kinds import PlanKind
from muster.plans.queries import list_open_orders, list_plans
from muster.situation.board_area import read_area
from muster.situation.board_gaps import read_row_places
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page
from muster.web.together import take_report

PLANS_SHOWN = 5


@screen
@require_safe
def show_coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Show how every area stands, with its people; filtered by state and level."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "coverage.html", frame, tab="coverage", view=view)
    asked = request.GET.get("state", "")
    state = CoverageState(asked) if asked in CoverageState.values else None
    level = request.GET.get("level") or None
    page = read_page(request, count_ledger(frame.emergency, frame.area, state, level))
    rows = list_ledger(frame.emergency, frame.area, state, level=level, offset=page.offset, limit=page.rows)
    return show(
        request,
        "coverage.html",
        frame,
        tab="coverage",
        view=view,
        lines=read_row_places(rows, frame.area),
        page=page,
        state_asked=asked,
        level_asked=level or "",
        states=CoverageState.choices,
        orders=list(list_open_orders(frame.area, PlanKind.COVERAGE)),
        plans=list(list_plans(frame.area, PlanKind.COVERAGE)[:PLANS_SHOWN]),
        plan_kind=PlanKind.COVERAGE,
        report=take_report(request),
    )
