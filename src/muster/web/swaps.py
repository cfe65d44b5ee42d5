"""Swaps at the desk: proposing one for somebody, entering the answer, approving or refusing what two agreed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.duty.actions import (
    accept_swap,
    approve_swap,
    decline_swap,
    propose_swap,
    refuse_swap,
    withdraw_swap,
)
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
    same = {"actor": frame.actor, "now": frame.now, "swap": swap}
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: accept_swap(**same, is_for_other=True),
        "decline": lambda: decline_swap(**same, is_for_other=True),
        "approve": lambda: approve_swap(**same),
        "refuse": lambda: refuse_swap(**same, reason=request.POST.get("reason", "")[:120]),
        "withdraw": lambda: withdraw_swap(**same, is_for_other=True),
    }
    if act not in acts:
        raise NotFoundError("It is not said what is to be done.")
    try:
        found = acts[act]()
    except RuleError as error:
        messages.error(request, say_refusal(error).what)
    else:
        refusal = getattr(found, "refusal", None)
        if refusal is not None:
            messages.error(request, str(refusal.label))
    return redirect("cover_requests", code)
