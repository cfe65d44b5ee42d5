"""Cover at the desk: asking for it, seeing who was asked and what they say, entering answers, choosing by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.duty.actions import (
    accept_offer,
    ask_for_cover,
    ask_next,
    decline_offer,
    give_notice,
    set_cover_rules,
    withdraw_cover,
)
from muster.duty.kinds import CoverReason, CoverState, NoticeKind, OfferState
from muster.duty.queries.brief import read_brief
from muster.duty.queries.covering import get_cover_rules, get_request, list_requests, read_places
from muster.duty.queries.swapping import list_swaps
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotFoundError, RuleError
from muster.situation.board import Frame
from muster.situation.board_area import read_area
from muster.situation.board_place import get_duty, get_shift, read_place
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.places import read_number
from muster.web.refusals import say_refusal
from muster.web.words import say_broken

_MARKS = {
    OfferState.OFFERED: "unknown",
    OfferState.ACCEPTED: "covered",
    OfferState.HINDERED: "deputy_only",
}


@screen
@require_safe
def show_requests(request: HttpRequest, code: str) -> HttpResponse:
    """Show what people of an area are asked to cover, what came of it within a day, and the swaps between them."""
    frame = open_frame(request, code)
    view = read_area(frame.emergency, frame.area)
    if frame.emergency is None:
        return show(request, "cover_requests.html", frame, tab="roster", view=view)
    return show(
        request,
        "cover_requests.html",
        frame,
        tab="roster",
        view=view,
        requests=[_sum_up(one) for one in list_requests(frame.emergency, frame.area, frame.now)],
        swaps=list_swaps(frame.emergency, frame.area, frame.now),
        rules=get_cover_rules(frame.emergency),
    )


def _sum_up(one: Any) -> dict[str, Any]:
    """Return a request with what became of those who were asked, in numbers and by name."""
    offers = list(one.offers.all())
    return {
        "request": one,
        "asked": len(offers),
        "waiting": sum(offer.state == OfferState.OFFERED for offer in offers),
        "declined": sum(offer.state == OfferState.DECLINED for offer in offers),
        "taken_by": next((offer for offer in offers if offer.state == OfferState.ACCEPTED), None),
    }


@screen
@require_safe
def show_request(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one request: who was asked and why they, what they say, and whom else one could choose."""
    frame = open_frame(request, code)
    asked = get_request(get_active(frame.area), frame.area, number)
    offers = list(asked.offers.all())
    is_open = asked.state == CoverState.OPEN and asked.until_at > frame.now
    place = read_place(frame.actor, asked.shift, None, frame.now) if is_open else None
    codes = {offer.person.code for offer in offers}
    return show(
        request,
        "cover_request.html",
        frame,
        tab="roster",
        asked=asked,
        lines=[(offer, _MARKS.get(OfferState(offer.state), ""), _read_why(offer.why)) for offer in offers],
        is_open=is_open,
        waiting=sum(offer.state == OfferState.OFFERED for offer in offers),
        others=[one for one in place.ready if one.person_code not in codes] if place else [],
        hindered=place.hindered if place else [],
        standing=_find_standing(asked),
        brief=read_brief(asked.shift, now=frame.now),
    )


def _read_why(why: dict[str, Any]) -> dict[str, Any]:
    """Return why somebody was asked with its moment as one."""
    last_end_at = why.get("last_end_at")
    return {**why, "last_end_at": datetime.fromisoformat(last_end_at) if last_end_at else None}


def _find_standing(asked: Any) -> Any:
    """Return the duty that is still to be replaced, else None."""
    return asked.replaces if asked.replaces is not None and asked.replaces.state == "planned" else None


@screen
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for cover of an empty place, or of one whose holder does not come; the first people are asked at once."""
    area, emergency = _open_place(request, code)
    number = request.POST.get("duty", "")
    duty = get_duty(emergency, area, read_number(number)) if number else None
    shift = duty.shift if duty else get_shift(emergency, area, read_number(request.POST.get("shift", "")))
    reason = _read_reason(request, is_held=duty is not None)
    try:
        made = ask_for_cover(actor=get_actor(request), now=clock.now(), shift=shift, reason=reason, replaces=duty)
    except RuleError as error:
        return _refuse(request, code, error, shift.pk, duty)
    return redirect("cover_request", code, made.pk)


def _read_reason(request: HttpRequest, *, is_held: bool) -> CoverReason:
    reason = request.POST.get("reason", "")
    if reason in CoverReason.values and (is_held or reason == CoverReason.EMPTY):
        return CoverReason(reason)
    return CoverReason.ABSENT if is_held else CoverReason.EMPTY


@screen
@require_POST
def give_notice_for(request: HttpRequest, code: str) -> HttpResponse:
    """Enter what somebody said of their duty: ill, cannot come, or late by so many minutes."""
    frame = open_frame(request, code)
    emergency = get_active(frame.area)
    duty = get_duty(emergency, frame.area, read_number(request.POST.get("duty", "")))
    kind = request.POST.get("kind", "")
    if kind not in NoticeKind.values:
        raise NotFoundError("It is not said what is the matter.")
    minutes = request.POST.get("minutes", "")
    try:
        give_notice(
            actor=frame.actor,
            now=frame.now,
            client_id=uuid4(),
            duty=duty,
            kind=NoticeKind(kind),
            late_min=read_number(minutes) if kind == NoticeKind.LATE else 0,
            is_for_other=True,
        )
    except RuleError as error:
        return _refuse(request, code, error, duty.shift_id, duty)
    if kind == NoticeKind.LATE:
        messages.success(request, _("%(person)s keeps the place, marked as late.") % {"person": duty.person.name})
        return redirect(f"{reverse('roster', args=[code])}?duty={duty.pk}")
    opened = [one for one in read_places(duty.shift).requests if one.replaces_id == duty.pk]
    messages.success(request, _("%(person)s is off this shift; others are being asked.") % {"person": duty.person.name})
    return redirect("cover_request", code, opened[0].pk) if opened else redirect("cover_requests", code)


@screen
@require_POST
def ask_more(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask the next people now, before their moment has come."""
    asked = _open_request(request, code, number)
    if not ask_next(actor=get_actor(request), now=clock.now(), request=asked):
        messages.info(request, _("Nobody else of the pool is fit and rested for it."))
    return redirect("cover_request", code, number)


@screen
@require_POST
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a request back; whoever was asked is told."""
    asked = _open_request(request, code, number)
    try:
        withdraw_cover(actor=get_actor(request), now=clock.now(), request=asked)
    except RuleError as error:
        messages.error(request, say_refusal(error).what)
    return redirect("cover_request", code, number)


@screen
@require_POST
def enter_answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Enter what somebody said by telephone or at the door; it is kept that somebody else entered it."""
    asked = _open_request(request, code, number)
    offers = {offer.pk: offer for offer in asked.offers.all()}
    offer = offers.get(read_number(request.POST.get("offer", "")))
    if offer is None:
        raise NotFoundError("There is no such offer here.")
    answer = accept_offer if request.POST.get("answer") == "yes" else decline_offer
    found = answer(actor=get_actor(request), now=clock.now(), offer=offer, is_for_other=True)
    if found.refusal is not None:
        rule = found.broken
        why = f" {say_broken(rule.rule, rule.found, rule.limit)}" if rule else ""
        messages.error(request, f"{offer.person.name}: {found.refusal.label}{why}")
    return redirect("cover_request", code, number)


@screen
@require_POST
def set_rules(request: HttpRequest, code: str) -> HttpResponse:
    """Set how people are asked in the emergency that holds here."""
    area = access_area(get_actor(request), code, right=Right.PUBLISH)
    try:
        set_cover_rules(
            actor=get_actor(request),
            now=clock.now(),
            emergency=get_active(area),
            wave_people=read_number(request.POST.get("wave_people", "")),
            wave_min=read_number(request.POST.get("wave_min", "")),
            most_people=read_number(request.POST.get("most_people", "")),
            swaps_need_officer=request.POST.get("swaps_need_officer") == "yes",
        )
    except RuleError as error:
        refusal = say_refusal(error)
        messages.error(request, f"{refusal.what} {refusal.remedy}")
    else:
        messages.success(request, _("Kept. It holds for whoever is asked from now on."))
    return redirect("cover_requests", code)


def _open_place(request: HttpRequest, code: str) -> tuple[Any, Any]:
    area = access_area(get_actor(request), code, right=Right.APPOINT)
    return area, get_active(area)


def _open_request(request: HttpRequest, code: str, number: int) -> Any:
    area, emergency = _open_place(request, code)
    return get_request(emergency, area, number)


def _refuse(request: HttpRequest, code: str, error: MusterError, shift: int, duty: Any) -> HttpResponse:
    refusal = say_refusal(error)
    messages.error(request, f"{refusal.what} {refusal.remedy}".strip())
    place = f"duty={duty.pk}" if duty else f"shift={shift}"
    return redirect(f"{reverse('roster', args=[code])}?{place}")


def open_roster(request: HttpRequest, code: str) -> tuple[Frame, Any]:
    """Open the frame on an area where the actor may change the roster, and the emergency that holds there."""
    frame = open_frame(request, code)
    access_area(frame.actor, code, right=Right.APPOINT)
    return frame, get_active(frame.area)
