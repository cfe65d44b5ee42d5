"""What paired organizations can carry: a panel a community, suggestions in it, one press to give them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.kernel import clock
from muster.kernel.errors import NotAllowedError
from muster.needs.actions.carrying import give_needs
from muster.needs.kinds import NeedKind
from muster.needs.queries import filter_needs, find_needs, list_carry_panels, read_carrier, read_counts
from muster.situation.board_needs import list_need_lines
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.needs.acts import TOGETHER_LIMIT, go_back
from muster.web.needs.queue import URGENCY_CHOICES, may_read, read_card

PANELS_LIMIT = 30


@screen
@require_safe
def show_carrying(request: HttpRequest, code: str) -> HttpResponse:
    """Show the communities in which needs wait, and which organization could carry which."""
    frame = open_frame(request, code)
    if not may_read(frame):
        raise NotAllowedError("Your role does not allow this (report).", remedy="Ask the duty officer.")
    panels = list_carry_panels(frame.emergency, frame.area) if frame.emergency else []
    shown = panels[:PANELS_LIMIT]
    lines = list_need_lines([each.need for panel in shown for each in panel.suggestions], frame.area)
    return show(
        request,
        "needs/carry.html",
        frame,
        tab="needs",
        part="carry",
        panels=shown,
        panels_count=len(panels),
        places={line.need.pk: line.place for line in lines},
        kinds=list(NeedKind),
        counts=read_counts(frame.emergency, frame.area) if frame.emergency else None,
        card=read_card(request, frame),
        may_read=True,
        urgency_choices=URGENCY_CHOICES,
    )


@screen
@require_POST
def give_suggested(request: HttpRequest, code: str) -> HttpResponse:
    """Give needs to the organizations that were suggested for them."""
    actor, now = get_actor(request), clock.now()
    access_area(actor, code, right=Right.REPORT)
    wanted = dict(each.split("|", 1) for each in request.POST.getlist("gift")[:TOGETHER_LIMIT] if "|" in each)
    needs = filter_needs(actor, find_needs(list(wanted)))
    named = [(need, read_carrier(wanted[need.code])) for need in needs]
    report = give_needs(actor=actor, now=now, gifts=[(need, carrier) for need, carrier in named if carrier is not None])
    count = len(report.given)
    said = ngettext(
        "%(count)d need is given. They are being told.", "%(count)d needs are given. They are being told.", count
    )
    messages.success(request, said % {"count": count})
    return go_back(request, reverse("needs_carry", args=[code]))
