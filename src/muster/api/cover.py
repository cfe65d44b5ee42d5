"""Cover and swaps for whoever is asked: what one is asked for, and the answer. Facts tell that one is ill or late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status
from pydantic import BaseModel, Field

from muster.api.schemas import Code, Number
from muster.api.words import Problem, say
from muster.duty.actions import (
    CoverAnswer,
    SwapAnswer,
    SwapError,
    accept_offer,
    accept_swap,
    decline_offer,
    decline_swap,
    propose_swap,
    withdraw_swap,
)
from muster.duty.kinds import CoverRefusal, OfferState
from muster.duty.queries.brief import read_brief
from muster.duty.queries.covering import find_own_offer, list_own_offers
from muster.duty.queries.swapping import find_colleague, find_own_swap, find_standing_duty, list_own_swaps
from muster.kernel import clock
from muster.kernel.errors import RuleError

router = Router(tags=["cover"])
_ANSWERS = {200: Any, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
_NO_DUTY = _("There is no such duty, or no such colleague.")


class ShiftOut(BaseModel):
    """Where somebody would stand, and when."""

    post: str
    area: str
    kind_en: str
    kind_zh: str
    starts_at: datetime
    ends_at: datetime


class NoteOut(BaseModel):
    """What a shift before left."""

    by: str
    at: datetime
    text: str


class BriefOut(BaseModel):
    """What whoever goes there must know."""

    way: list[str] = Field(description="Areas that lead to the post, the largest first.")
    beside: list[str]
    before: list[str]
    office: str
    warden: str
    notes: list[NoteOut] = Field(description="Of the last three days; only for whoever has accepted.")


class OfferOut(BaseModel):
    """A place that one is asked to cover."""

    id: int
    state: OfferState
    is_open: bool = Field(description="Whether it can be accepted now.")
    until_at: datetime
    duty: int | None = Field(description="Number of the duty that one has by accepting, to report at it.")
    shift: ShiftOut
    brief: BriefOut


class OffersOut(BaseModel):
    """The places that one is asked to cover, and what became of them within a day."""

    offers: list[OfferOut]


class SwapOut(BaseModel):
    """A duty that one person proposes to another."""

    id: int
    state: str
    is_mine: bool = Field(description="Whether one proposed it oneself.")
    proposed_by: str
    person: str = Field(description="Who is asked.")
    shift: ShiftOut
    other_shift: ShiftOut | None = Field(description="What is given in return; null where the duty is taken over.")


class SwapsOut(BaseModel):
    """The swaps that one proposed or is asked for."""

    swaps: list[SwapOut]


class SwapIn(BaseModel):
    """A duty of one's own, given to a colleague: for one of theirs, or for nothing."""

    duty: Number
    person: Code = Field(description="Code of the colleague.")
    other_duty: Number | None = Field(None, description="What they give in return.")


def _responses(answer: type[BaseModel]) -> dict[int, Any]:
    return {**_ANSWERS, 200: answer}


@router.get(
    "/cover/mine", response=_responses(OffersOut), summary="List what one is asked to cover", operation_id="list_cover"
)
def list_mine(request: HttpRequest) -> Any:
    """List the places that one is asked to cover: those that can be accepted first, then what became of others."""
    person, now = _get_person(request), clock.now()
    return OffersOut(offers=[_tell(offer, now) for offer in list_own_offers(person, now)] if person else [])


@router.post("/cover/{number}/accept", response=_responses(OfferOut), summary="Accept", operation_id="accept_cover")
def accept(request: HttpRequest, number: int) -> Any:
    """Accept a place: whoever is first has it. The same answer again is none too many."""
    return _answer(request, number, accept_offer)


@router.post("/cover/{number}/decline", response=_responses(OfferOut), summary="Decline", operation_id="decline_cover")
def decline(request: HttpRequest, number: int) -> Any:
    """Decline a place. Nobody asks why."""
    return _answer(request, number, decline_offer)


@router.get("/swaps/mine", response=_responses(SwapsOut), summary="List one's swaps", operation_id="list_swaps")
def list_my_swaps(request: HttpRequest) -> Any:
    """List the swaps that one proposed or is asked for."""
    person = _get_person(request)
    return SwapsOut(swaps=[_tell_swap(swap, person) for swap in list_own_swaps(person, clock.now())] if person else [])


@router.post("/swaps", response=_responses(SwapOut), summary="Propose a swap", operation_id="propose_swap")
def propose(request: HttpRequest, asked: SwapIn) -> Any:
    """Propose to a colleague of the same pool that they take a duty, for one of theirs or for nothing."""
    person = _get_person(request)
    duty = find_standing_duty(person, asked.duty) if person else None
    colleague = find_colleague(duty, asked.person) if duty else None
    other = find_standing_duty(colleague, asked.other_duty) if colleague and asked.other_duty else None
    if duty is None or colleague is None or (asked.other_duty and other is None):
        return Status(404, say("not_there", _NO_DUTY))
    try:
        swap = propose_swap(actor=_actor(request), now=clock.now(), duty=duty, person=colleague, other_duty=other)
    except SwapError as error:
        return Status(409, _refuse(error.refusal))
    except RuleError:
        return Status(409, _refuse(CoverRefusal.EMERGENCY_ENDED))
    return _tell_swap(swap, person)


@router.post(
    "/swaps/{number}/accept", response=_responses(SwapOut), summary="Agree to a swap", operation_id="accept_swap"
)
def agree(request: HttpRequest, number: int) -> Any:
    """Agree to a swap: the roster changes at once, or waits for the officer where that is the rule."""
    return _answer_swap(request, number, accept_swap)


@router.post(
    "/swaps/{number}/decline", response=_responses(SwapOut), summary="Decline a swap", operation_id="decline_swap"
)
def disagree(request: HttpRequest, number: int) -> Any:
    """Decline a swap. Nobody asks why."""
    return _answer_swap(request, number, decline_swap)


@router.post(
    "/swaps/{number}/withdraw", response=_responses(SwapOut), summary="Take a swap back", operation_id="withdraw_swap"
)
def take_back(request: HttpRequest, number: int) -> Any:
    """Take back a swap that one proposed, while nobody has carried it out."""
    person = _get_person(request)
    swap = find_own_swap(person, number) if person else None
    if swap is None or swap.duty.person != person:
        return Status(404, _refuse(CoverRefusal.NOT_THERE))
    try:
        return _tell_swap(withdraw_swap(actor=_actor(request), now=clock.now(), swap=swap), person)
    except RuleError:
        return Status(409, _refuse(CoverRefusal.ANSWERED))


def _actor(request: HttpRequest) -> Any:
    return getattr(request, "auth")  # noqa: B009  # ninja's own, which the type does not know


def _get_person(request: HttpRequest) -> Any:
    return _actor(request).person


def _answer(request: HttpRequest, number: int, answer: Callable[..., CoverAnswer]) -> Any:
    person, now = _get_person(request), clock.now()
    offer = find_own_offer(person, number) if person else None
    if offer is None:
        return Status(404, _refuse(CoverRefusal.NOT_THERE))
    found = answer(actor=_actor(request), now=now, offer=offer)
    if found.refusal is not None:
        return Status(409, _refuse(found.refusal))
    return _tell(find_own_offer(person, number), now)


def _answer_swap(request: HttpRequest, number: int, answer: Callable[..., SwapAnswer]) -> Any:
    person = _get_person(request)
    swap = find_own_swap(person, number) if person else None
    # Whoever proposed it cannot answer for the other.
    if swap is None or swap.person != person:
        return Status(404, _refuse(CoverRefusal.NOT_THERE))
    found = answer(actor=_actor(request), now=clock.now(), swap=swap)
    if found.refusal is not None:
        return Status(409, _refuse(found.refusal))
    return _tell_swap(found.swap, person)


def _refuse(refusal: CoverRefusal) -> Problem:
    return say(refusal.value, refusal.label)


def _tell(offer: Any, now: datetime) -> OfferOut:
    request = offer.request
    brief = read_brief(request.shift, now=now, without=offer.person_id)
    is_theirs, is_open = offer.is_theirs(now), offer.may_accept(now)
    notes = [NoteOut(by=note.by, at=note.at, text=note.text) for note in brief.notes if is_theirs]
    return OfferOut(
        id=offer.pk,
        state=offer.state,
        is_open=is_open,
        until_at=request.until_at,
        duty=offer.duty_id,
        shift=_tell_shift(request.shift),
        brief=BriefOut(
            way=list(brief.way),
            beside=list(brief.beside) if is_theirs or is_open else [],
            before=list(brief.before) if is_theirs or is_open else [],
            office=brief.office,
            warden=brief.warden,
            notes=notes,
        ),
    )


def _tell_shift(shift: Any) -> ShiftOut:
    return ShiftOut(
        post=shift.post.name,
        area=shift.post.area.code,
        kind_en=shift.post.kind.name_en,
        kind_zh=shift.post.kind.name_zh,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )


def _tell_swap(swap: Any, person: Any) -> SwapOut:
    return SwapOut(
        id=swap.pk,
        state=swap.state,
        is_mine=swap.duty.person_id == person.pk,
        proposed_by=swap.duty.person.name,
        person=swap.person.name,
        shift=_tell_shift(swap.duty.shift),
        other_shift=_tell_shift(swap.other_duty.shift) if swap.other_duty else None,
    )
