"""The pages of a person and of an organization."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.access.kinds import Right
from muster.access.queries import access_organization, access_person, may_over
from muster.coverage.actions import change_offer
from muster.kernel import clock
from muster.kernel.errors import NotFoundError, RuleError
from muster.people.actions import look_up_phone
from muster.situation.board import Frame
from muster.situation.board_people import read_organization, read_person, seat_of
from muster.web.duplicates import list_merge_lines
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.pairing_cards import read_card
from muster.web.pairing_words import read_chosen
from muster.web.record_words import list_facts
from muster.web.refusals import Refusal, say_refusal


@screen
@require_safe
def show_person(request: HttpRequest, code: str) -> HttpResponse:
    """Show a person: what they answer for, when they are on duty, what is kept of them and why."""
    person = access_person(get_actor(request), code)
    if person.code != code:
        return redirect("person", person.code)
    return _show_person(request, person)


@screen
@require_POST
def show_phone(request: HttpRequest, code: str) -> HttpResponse:
    """Show a person's telephone number, once it is written down who looked."""
    actor = get_actor(request)
    person = access_person(actor, code, Right.SEE_PHONES)
    response = _show_person(request, person, phone=look_up_phone(actor=actor, now=clock.now(), person=person))
    response["Cache-Control"] = "no-store"
    return response


def _show_person(request: HttpRequest, person: Any, *, phone: str = "") -> HttpResponse:
    area = seat_of(person)
    frame = _open_near(request, area.code if area else None)
    view = read_person(frame.emergency, person, frame.now)
    return show(
        request,
        "person.html",
        frame,
        tab="people",
        view=view,
        facts=list_facts(view.kept, view.places),
        phone=phone,
        may_see_phones=Right.SEE_PHONES in frame.rights,
        merges=list_merge_lines("people", [person.code, *view.former_codes], frame.now),
    )


@screen
@require_safe
def show_organization(request: HttpRequest, code: str) -> HttpResponse:
    """Show an organization: who belongs to it, and what it is responsible for."""
    organization = access_organization(get_actor(request), code)
    if organization.code != code:
        return redirect("organization", organization.code)
    return _show_organization(request, organization)


@screen
@require_POST
def offer_people(request: HttpRequest, code: str) -> HttpResponse:
    """Change how many people an organization can send, said by whoever answers for it."""
    actor = get_actor(request)
    organization = access_organization(actor, code, Right.ANSWER)
    said = request.POST.get("people", "")
    try:
        people = int(said) if said.isdecimal() else -1
        change_offer(actor=actor, now=clock.now(), organization=organization, people=people)
    except RuleError as error:
        return _show_organization(request, organization, refusal=say_refusal(error))
    messages.success(request, _("The offer is changed."))
    return redirect("organization", organization.code)


def _show_organization(request: HttpRequest, organization: Any, *, refusal: Refusal | None = None) -> HttpResponse:
    frame = _open_near(request, organization.seat_area.code)
    view = read_organization(frame.emergency, organization)
    chosen = read_chosen(request)
    card = read_card(frame.actor, chosen.pairing_id) if chosen.pairing_id else None
    merges = list_merge_lines("organizations", [organization.code, *view.former_codes], frame.now)
    return show(
        request,
        "organization.html",
        frame,
        tab="pairings",
        status=409 if refusal else 200,
        view=view,
        chosen=chosen,
        card=card,
        merges=merges,
        refusal=refusal,
        sent=sum(pairing.people for pairing in view.pairings),
        may_answer=may_over(frame.actor, Right.ANSWER, organization),
    )


def _open_near(request: HttpRequest, code: str | None) -> Frame:
    """Open the frame on an area, or on the actor's own where that one is out of their sight."""
    try:
        return open_frame(request, code)
    except NotFoundError:
        return open_frame(request)
