"""Pairings: which organization is responsible for which community, and planning them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.clocks.kinds import GapKind
from muster.clocks.queries import Among, list_pressing
from muster.coverage.queries import list_pairings
from muster.plans.kinds import PlanKind
from muster.plans.queries import list_open_orders, list_plans
from muster.situation.board_area import read_area
from muster.situation.board_gaps import list_gap_lines
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page

PLANS_SHOWN = 5
GAPS_SHOWN = 20


@screen
@require_safe
def show_pairings(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pairings of an area, and the communities that want one."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "pairings.html", frame, tab="pairings", view=view)
    pairings = list_pairings(frame.emergency, frame.area)
    page = read_page(request, pairings.count())
    wanting = list_pressing(frame.emergency, frame.area, Among(GapKind.AREA_WITHOUT_PAIRING), limit=GAPS_SHOWN)
    return show(
        request,
        "pairings.html",
        frame,
        tab="pairings",
        view=view,
        pairings=list(pairings[page.offset : page.end]),
        page=page,
        wanting=list_gap_lines(wanting),
        orders=list(list_open_orders(frame.area, PlanKind.PAIRING)),
        plans=list(list_plans(frame.area, PlanKind.PAIRING)[:PLANS_SHOWN]),
    )
