"""Pairings: which organization is responsible for which community, offers against needs, and planning them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.access.queries import access_area
from muster.clocks.kinds import GapKind
from muster.clocks.queries import Among, list_pressing
from muster.coverage.queries import Flow, Grouping, list_offers, list_pairings, read_flow, read_own_need
from muster.coverage.queries.flow import filter_source
from muster.plans.kinds import PlanKind
from muster.plans.queries import list_open_orders, list_plans
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_gaps import list_gap_lines
from muster.situation.board_map import read_map
from muster.territory.queries import find_area
from muster.web.flow_picture import NARROW, WIDE, draw_flow
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page
from muster.web.pairing_cards import list_duties, read_card
from muster.web.pairing_map import draw_pairing_map
from muster.web.pairing_words import Chosen, PairingWords, name_source, read_chosen, say_grouping

PLANS_SHOWN = 5
WANTING_SHOWN = 50


@screen
@require_safe
def show_pairings(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pairings of an area as a flow and as a list, and whatever of them is chosen."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "pairings.html", frame, tab="pairings", view=view)
    chosen = read_chosen(request)
    flow = read_flow(frame.emergency, frame.area, _read_grouping(request))
    pairings = _filter(frame, flow, chosen)
    page = read_page(request, pairings.count())
    return show(
        request,
        "pairings.html",
        frame,
        tab="pairings",
        view=view,
        chosen=chosen,
        flow=flow,
        **_draw(request, frame, flow, chosen),
        groupings=[(grouping.value, say_grouping(grouping)) for grouping in Grouping],
        pairings=list(pairings[page.offset : page.end]),
        page=page,
        part=_read_part(flow, chosen),
        **_read_chosen(frame, chosen),
        orders=list(list_open_orders(frame.area, PlanKind.PAIRING)),
        plans=list(list_plans(frame.area, PlanKind.PAIRING)[:PLANS_SHOWN]),
    )


def _read_grouping(request: HttpRequest) -> Grouping | None:
    asked = request.GET.get("by", "")
    return Grouping(asked) if asked in list(Grouping) else None


def _draw(request: HttpRequest, frame: Frame, flow: Flow, chosen: Chosen) -> dict[str, Any]:
    """Draw the flow, or the map where that is asked for and something has a position."""
    if not flow.targets:
        return {}
    words = PairingWords(request, flow, chosen)
    is_map = request.GET.get("view") == "map"
    carried = draw_pairing_map(read_map(frame.emergency, frame.area, ()), flow, words) if is_map else None
    pictures = () if carried else [draw_flow(flow, words, layout) for layout in (WIDE, NARROW)]
    return {"carried": carried, "pictures": pictures}


def _filter(frame: Frame, flow: Flow, chosen: Chosen) -> QuerySet[Any]:
    """Return the pairings of the part of the picture that is chosen, or all."""
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    target = find_area(chosen.target) if chosen.target in {node.key for node in flow.targets} else None
    pairings = list_pairings(frame.emergency, target or frame.area)
    if chosen.source:
        pairings = filter_source(pairings, frame.area, flow.grouping, chosen.source)
    return pairings


@dataclass(frozen=True)
class Part:
    """The part of the picture that is chosen: its ends by name, and where it may be opened."""

    source: str
    target: str
    target_code: str
    people: int
    left: int
    wanted: int
    waiting: int


def _read_part(flow: Flow, chosen: Chosen) -> Part | None:
    if not chosen.is_part:
        return None
    source = next((node for node in flow.sources if node.key == chosen.source), None)
    target = next((node for node in flow.targets if node.key == chosen.target), None)
    if source is None and target is None:
        return None
    people = sum(
        ribbon.people
        for ribbon in flow.ribbons
        if (source is None or ribbon.source == source.key) and (target is None or ribbon.target == target.key)
    )
    return Part(
        source=name_source(source, flow.grouping) if source else "",
        target=target.name if target else "",
        target_code=target.key if target else "",
        people=people,
        left=source.rest if source else 0,
        wanted=target.rest if target else 0,
        waiting=target.waiting if target else 0,
    )


def _read_chosen(frame: Frame, chosen: Chosen) -> dict[str, Any]:
    """Read what the inspector shows: one pairing, one community that wants an organization, or all that do."""
    assert frame.emergency is not None  # noqa: S101  # asked by the caller
    if chosen.pairing_id is not None:
        return {"card": read_card(frame.actor, chosen.pairing_id)}
    if chosen.wanting:
        area = access_area(frame.actor, chosen.wanting)
        facts = read_own_need(area)
        return {
            "wanting_area": area,
            "wanting_facts": facts,
            "offers": list_offers(frame.actor, frame.emergency, area),
            "duties": list_duties(facts, ()),
        }
    target = find_area(chosen.target) if chosen.target else None
    within = target if target is not None and target.path.startswith(frame.area.path) else frame.area
    among = Among(GapKind.AREA_WITHOUT_PAIRING)
    return {"wanting": list_gap_lines(list_pressing(frame.emergency, within, among, limit=WANTING_SHOWN))}
