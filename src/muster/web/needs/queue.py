"""The queue of an area: filtered by what the address says, on the map beside the list, one need in the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.needs.kinds import NeedKind, NeedState, NeedUrgency
from muster.needs.queries import (
    NOBODY_YET,
    CarrierChoice,
    CarrierName,
    QueueCounts,
    QueueFilters,
    QueueState,
    access_need,
    count_queue,
    list_alike_to,
    list_carriers,
    list_history,
    list_in_hand,
    list_joins,
    list_queue,
    read_carrier,
    read_counts,
    stand_of,
)
from muster.needs.rules import find_danger, may_follow
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_map import read_map
from muster.situation.board_needs import MAPPED_LIMIT, NeedLine, list_need_lines, list_need_rings
from muster.web.frame import open_frame, screen, show
from muster.web.map_picture import Picture, draw_map
from muster.web.needs.words import list_step_lines, say_choice, say_likeness
from muster.web.paging import read_page

URGENCY_CHOICES = [(urgency.slug, urgency.label) for urgency in NeedUrgency]


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need as the inspector shows it, and what may be done with it."""

    line: NeedLine
    steps: Sequence[Any]
    carriers: Sequence[tuple[str, str]]
    alike: Sequence[Any]
    nexts: Sequence[str]
    danger: str


def may_read(frame: Frame) -> bool:
    """Tell whether the actor may read what was asked here, and take it further."""
    return Right.REPORT in frame.rights


@screen
@require_safe
def show_needs(request: HttpRequest, code: str) -> HttpResponse:
    """Show the needs of an area, most pressing first."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "needs/queue.html", frame, tab="needs", view=view)
    filters = read_filters(request)
    counts = read_counts(frame.emergency, frame.area)
    page = read_page(request, count_queue(frame.emergency, frame.area, filters))
    needs = list_queue(frame.emergency, frame.area, filters, offset=page.offset, limit=page.rows)
    return show(
        request,
        "needs/queue.html",
        frame,
        tab="needs",
        part="queue",
        view=view,
        filters=filters,
        page=page,
        lines=list_need_lines(needs, frame.area),
        counts=counts,
        picture=_draw(frame, filters),
        card=read_card(request, frame),
        may_read=may_read(frame),
        urgency_choices=URGENCY_CHOICES,
        carriers_in_hand=list_in_hand(frame.emergency, frame.area),
        **_list_choices(counts),
    )


def read_filters(request: HttpRequest) -> QueueFilters:
    """Read the filters of an address; what it does not know asks for nothing."""
    asked = request.GET
    urgencies = {urgency.slug: urgency for urgency in NeedUrgency}
    carrier = asked.get("carrier", "")
    return QueueFilters(
        state=QueueState(asked["state"]) if asked.get("state") in list(QueueState) else QueueState.UNSETTLED,
        kind=NeedKind(asked["kind"]) if asked.get("kind") in NeedKind.values else None,
        urgency=urgencies.get(asked.get("urgency", "")),
        carrier=CarrierName(NOBODY_YET) if carrier == NOBODY_YET else read_carrier(carrier),
        is_unplaced=bool(asked.get("unplaced")),
    )


def _list_choices(counts: QueueCounts) -> dict[str, Any]:
    states = {
        QueueState.UNSETTLED: _("Open"),
        QueueState.WAITING: _("Waiting for somebody"),
        QueueState.IN_HAND: _("In hand"),
        QueueState.SETTLED: _("Settled"),
    }
    return {
        "states": [(state.value, words, counts.by_state[state]) for state, words in states.items()],
        "kinds": [(kind.value, kind.label, counts.by_kind[kind]) for kind in NeedKind if kind in counts.by_kind],
        "urgencies": [(each.slug, each.label, counts.by_urgency.get(each, 0)) for each in NeedUrgency],
    }


def _draw(frame: Frame, filters: QueueFilters) -> Picture:
    emergency = frame.emergency
    if emergency is None:
        return Picture()
    shown = list_queue(emergency, frame.area, filters, limit=MAPPED_LIMIT)
    rings = list_need_rings(shown, reverse("needs", args=[frame.area.code]))
    return draw_map(replace(read_map(emergency, frame.area, ()), rings=tuple(rings)))


def read_card(request: HttpRequest, frame: Frame) -> NeedCard | None:
    """Read the need that an address names, for whoever may take it further; None where it names none.

    Raises
    ------
    NotFoundError
        If it is not there, or not for this actor to see.
    """
    asked = request.GET.get("need", "")
    if not asked:
        return None
    need = access_need(frame.actor, asked)
    lead = need.joined_to or need
    [line] = list_need_lines([need], frame.area)
    nexts = [state for state in _SHOWN_STATES if may_follow(need.state, state) and lead is need]
    choices = list_carriers(frame.actor, frame.now, stand_of(need).spot) if nexts else []
    alike = [
        (pair.newer if pair.older.pk == need.pk else pair.older, [say_likeness(each) for each in pair.likenesses])
        for pair in list_alike_to(need)
    ]
    return NeedCard(
        line=line,
        steps=list_step_lines(list_history(need), list_joins(need), need, may_see_people=frame.may_see_people),
        carriers=[(choice.value, say_choice(choice)) for choice in choices if not _is_carrier(need, choice)],
        alike=alike,
        nexts=nexts,
        danger="" if need.is_triaged else find_danger(need.words),
    )


def _is_carrier(need: Any, choice: CarrierChoice) -> bool:
    """Tell whether a choice is whoever carries the need already, as far as their names tell."""
    carrier = need.carrier_organization or need.carrier_office or need.carrier_person
    return need.carrier_kind == choice.name.kind and carrier.name in {choice.title, choice.person}


_SHOWN_STATES = (NeedState.ACCEPTED, NeedState.UNDER_WAY, NeedState.ANSWERED, NeedState.OPEN, NeedState.WITHDRAWN)
