"""The needs in an organization's hands, for whoever answers for it: taken further, handed on or back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.access.queries import access_organization
from muster.needs.queries import QueueFilters, list_carried
from muster.situation.board_needs import list_need_lines
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.needs.queue import URGENCY_CHOICES, read_card

LISTED_LIMIT = 200


@screen
@require_safe
def show_handed(request: HttpRequest, code: str) -> HttpResponse:
    """Show the unsettled needs that an organization carries, most pressing first."""
    organization = access_organization(get_actor(request), code, Right.ANSWER)
    frame = open_frame(request, organization.seat_area.code)
    needs = list_carried(organization, limit=LISTED_LIMIT)
    return show(
        request,
        "needs/handed.html",
        frame,
        tab="",
        organization=organization,
        lines=list_need_lines(needs, frame.home),
        filters=QueueFilters(),
        card=read_card(request, frame),
        reads_words=True,
        urgency_choices=URGENCY_CHOICES,
    )
