"""What is done with needs at the desk: steps, giving, saying how pressing they are, and placing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.needs.actions.carrying import give_need, give_needs
from muster.needs.actions.steps import take_step
from muster.needs.actions.triage import place_need, set_urgency
from muster.needs.kinds import CarrierKind, NeedState, NeedUrgency
from muster.needs.queries import (
    CarrierName,
    access_need,
    filter_needs,
    find_needs,
    list_carriers,
    read_carrier,
    stand_of,
)
from muster.web.frame import get_actor, screen
from muster.web.refusals import say_refusal

TOGETHER_LIMIT = 200
_URGENCIES = {urgency.slug: urgency for urgency in NeedUrgency}


@screen
@require_POST
def take_a_step(request: HttpRequest, code: str) -> HttpResponse:
    """Accept a need, say that it is under way or answered, hand it back, or withdraw it."""
    actor = get_actor(request)
    need = access_need(actor, code)
    state = _read_state(request)
    note = request.POST.get("note", "").strip()[:200]
    return _act(
        request,
        need,
        lambda: take_step(actor=actor, now=clock.now(), need=need, state=state, note=note),
        lambda: _("%(code)s: %(state)s.") % {"code": need.code, "state": state.label},
    )


@screen
@require_POST
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Give a need to somebody, or hand it on with a reason."""
    actor = get_actor(request)
    need = access_need(actor, code)
    carrier = _read_carrier(request)
    note = request.POST.get("note", "")[:200]
    return _act(
        request,
        need,
        lambda: give_need(actor=actor, now=clock.now(), need=need, carrier=carrier, note=note),
        lambda: _("%(code)s is given. They are being told.") % {"code": need.code},
    )


@screen
@require_POST
def say_urgency(request: HttpRequest, code: str) -> HttpResponse:
    """Say how pressing a need is."""
    actor = get_actor(request)
    need = access_need(actor, code)
    urgency = _read_urgency(request)
    return _act(
        request,
        need,
        lambda: set_urgency(actor=actor, now=clock.now(), needs=[need], urgency=urgency),
        lambda: _("%(code)s: %(state)s.") % {"code": need.code, "state": urgency.label},
    )


@screen
@require_POST
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Put a need where it belongs."""
    actor = get_actor(request)
    need = access_need(actor, code)
    area = access_area(actor, request.POST.get("place", "").strip(), right=Right.REPORT)
    return _act(
        request,
        need,
        lambda: place_need(actor=actor, now=clock.now(), need=need, area=area),
        lambda: _("%(code)s belongs to %(place)s now.") % {"code": need.code, "place": area.name},
    )


@screen
@require_POST
def change_together(request: HttpRequest, code: str) -> HttpResponse:
    """Give many needs at once, or say of all how pressing they are."""
    actor, now = get_actor(request), clock.now()
    access_area(actor, code, right=Right.REPORT)
    codes = [each.partition(":")[0] for each in request.POST.getlist("cell")[:TOGETHER_LIMIT]]
    needs = filter_needs(actor, find_needs(codes))
    try:
        if request.POST.get("urgency"):
            set_urgency(actor=actor, now=now, needs=needs, urgency=_read_urgency(request))
            messages.success(request, _say_count(len(needs)))
        else:
            to = request.POST.get("to", "")
            report = give_needs(actor=actor, now=now, gifts=[(need, _choose(actor, now, need, to)) for need in needs])
            messages.success(request, _say_count(len(report.given)))
            if report.refused:
                left = ngettext(
                    "%(count)d stays: somebody has it, or nobody of that kind is there.",
                    "%(count)d stay: somebody has them, or nobody of that kind is there.",
                    len(report.refused),
                )
                messages.error(request, left % {"count": len(report.refused)})
    except RuleError as error:
        _refuse(request, error)
    return go_back(request, reverse("needs", args=[code]))


def _say_count(count: int) -> str:
    return ngettext("%(count)d need is done so.", "%(count)d needs are done so.", count) % {"count": count}


def _choose(actor: Any, now: Any, need: Any, to: str) -> CarrierName:
    """Return the nearest carrier of a kind; of organizations the one that is paired nearest."""
    if to != CarrierKind.ORGANIZATION:
        return CarrierName(to if to in CarrierKind.values else CarrierKind.OFFICE)
    found = list_carriers(actor, now, stand_of(need).spot)
    named = (choice.name for choice in found if choice.name.kind == CarrierKind.ORGANIZATION)
    return next(named, CarrierName(CarrierKind.ORGANIZATION))


def _read_state(request: HttpRequest) -> NeedState:
    asked = request.POST.get("state", "")
    if asked not in NeedState.values:
        raise RuleError("There is no such step.", remedy="Choose one of those shown.")
    return NeedState(asked)


def _read_urgency(request: HttpRequest) -> NeedUrgency:
    urgency = _URGENCIES.get(request.POST.get("urgency", ""))
    if urgency is None:
        raise RuleError("There is no such step.", remedy="Choose one of those shown.")
    return urgency


def _read_carrier(request: HttpRequest) -> CarrierName:
    carrier = read_carrier(request.POST.get("carrier", ""))
    if carrier is None:
        raise RuleError("There is no such step.", remedy="Choose one of those shown.")
    return carrier


def _act(request: HttpRequest, need: Any, act: Callable[[], None], say: Callable[[], str]) -> HttpResponse:
    try:
        act()
    except RuleError as error:
        _refuse(request, error)
    else:
        messages.success(request, say())
    return go_back(request, f"{reverse('needs', args=[need.area.code])}?need={need.code}")


def _refuse(request: HttpRequest, error: RuleError) -> None:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())


def go_back(request: HttpRequest, default: str) -> HttpResponse:
    """Return to the screen that the form was on."""
    back = request.POST.get("back", "")
    is_own = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_own else default)
