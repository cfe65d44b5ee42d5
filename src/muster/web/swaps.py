"""Swaps at the desk: proposing one for somebody, entering the answer, approving or refusing what two agreed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area
from muster.duty.actions import (
    accept_swap,
    approve_swap,
    decline_swap,
    propose_swap,
    refuse_swap,
    withdraw_swap,
)
from muster.duty.kinds import CoverRefusal
from muster.duty.queries.swapping import find_colleague, find_standing_duty, get_swap, list_swap_choices
from muster.kernel.errors import NotFoundError, RuleError
from muster.situation.board_place import get_duty, read_place
from muster.web.cover import open_roster
from muster.web.frame import screen, show
from muster.web.places import read_number
from muster.web.refusals import say_refusal


@screen
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Show for whom and for which duty somebody could give theirs, and propose it in their name."""
    frame, emergency = open_roster(request, code)
    number = request.POST.get("duty", "") or request.GET.get("duty", "")
    duty = get_duty(emergency, frame.area, read_number(number))
    if request.method != "POST":
        place = read_place(frame.actor, duty.shift, duty, frame.now)
        choices = list_swap_choices(duty, frame.now)
        return show(request, "swap_choices.html", frame, tab="roster", duty=duty, choices=choices, ready=place.ready)
    colleague = find_colleague(duty, request.POST.get("person", ""))
    other = request.POST.get("other", "")
    other_duty = find_standing_duty(colleague, read_number(other)) if colleague and other else None
    if colleague is None or (other and other_duty is None):
        raise NotFoundError("There is no such colleague.")
    try:
        propose_swap(
            actor=frame.actor, now=frame.now, duty=duty, person=colleague, other_duty=other_duty, is_for_other=True
        )
    except RuleError as error:
        messages.error(request, say_refusal(error).what)
        return redirect(f"{reverse('propose_swap', args=[code])}?duty={duty.pk}")
    messages.success(request, _("%(person)s is being asked.") % {"person": colleague.name})
    return redirect("cover_requests", code)


@screen
@require_POST
def settle(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Enter the answer of whoever is asked, take a proposal back, or approve or refuse as an officer."""
    frame, emergency = open_roster(request, code)
    swap = get_swap(emergency, frame.area, number)
    act = request.POST.get("act", "")
    if act in {"approve", "refuse"}:
        access_area(frame.actor, code, right=Right.PUBLISH)
    try:
        refusal = _settle(act, frame.actor, frame.now, swap, request.POST.get("reason", "")[:120])
    except RuleError as error:
        messages.error(request, say_refusal(error).what)
    else:
        if refusal is not None:
            messages.error(request, str(refusal.label))
    return redirect("cover_requests", code)


def _settle(act: str, actor: Actor, now: datetime, swap: Any, reason: str) -> CoverRefusal | None:
    """Take the step that was chosen, and return why nothing changed, if so."""
    if act == "accept":
        return accept_swap(actor=actor, now=now, swap=swap, is_for_other=True).refusal
    if act == "decline":
        return decline_swap(actor=actor, now=now, swap=swap, is_for_other=True).refusal
    if act == "approve":
        return approve_swap(actor=actor, now=now, swap=swap).refusal
    if act == "refuse":
        return refuse_swap(actor=actor, now=now, swap=swap, reason=reason).refusal
    if act != "withdraw":
        raise NotFoundError("It is not said what is to be done.")
    withdraw_swap(actor=actor, now=now, swap=swap, is_for_other=True)
    return None
