"""Answering an offer: the first to accept has the place, never two, and never against a rule of rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.clocks.actions import close_gaps
from muster.clocks.kinds import GapKind
from muster.duty.actions.cover_closing import close_request, write_span
from muster.duty.actions.covering import ask_next, count_waiting, hold_request, write_offer_link
from muster.duty.actions.duties import assign, cancel_duty
from muster.duty.kinds import CoverRefusal, CoverState, DutyState, OfferState
from muster.duty.models import CoverOffer, CoverRequest, Duty, Shift
from muster.duty.queries.brief import read_brief, say_notes
from muster.duty.queries.covering import read_places
from muster.duty.queries.fitness import find_rules_broken, find_unfit
from muster.duty.queries.gaps import gap_subject
from muster.duty.rules import BrokenRule
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor, record
from muster.kernel.errors import NotFoundError, RuleError
from muster.kernel.kinds import Verb
from muster.messages.actions import queue_message
from muster.messages.kinds import Urgency
from muster.messages.queries import find_reachable
from muster.people.models import Person

_CLOSED = {CoverState.FILLED: CoverRefusal.TOO_LATE, CoverState.WITHDRAWN: CoverRefusal.NOT_NEEDED}


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    """What came of answering an offer.

    Parameters
    ----------
    offer
        As it stands afterwards.
    refusal
        Why nothing changed, else None.
    broken
        The rule of rest that the duty would have broken, if that was why.
    """

    offer: CoverOffer
    refusal: CoverRefusal | None = None
    broken: BrokenRule | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds the link that was sent to a person, and acts as they without an account."""

    person: Person

    @property
    def audit_id(self) -> int | None:
        """No account: None."""
        return None

    @property
    def audit_name(self) -> str:
        """Name in the audit trail."""
        return self.person.name


def accept_offer(*, actor: Actor, now: datetime, offer: CoverOffer, is_for_other: bool = False) -> CoverAnswer:
    """Accept an offer: the roster changes, the gap closes, and the others hear that it is filled.

    Parameters
    ----------
    actor, now
        Who answers, and when.
    offer
        Which. Somebody who said no may still say yes while the place is open.
    is_for_other
        Whether somebody else enters the answer, on a person's word.

    Returns
    -------
    CoverAnswer
        With the reason where the place is taken, over, or against a rule at this moment. The same answer again
        changes nothing and is no refusal.
    """
    with transaction.atomic():
        request = CoverRequest.objects.select_related("shift__emergency").get(pk=offer.request_id)
        try:
            # The emergency first, as everything that changes the roster does: whoever comes second waits here.
            lock_active(request.shift.emergency)
        except RuleError:
            return CoverAnswer(offer, CoverRefusal.EMERGENCY_ENDED)
        request, offer = hold_request(request), _hold_offer(offer)
        if offer.state == OfferState.ACCEPTED:
            return CoverAnswer(offer)
        refusal, broken = _judge(request, offer, now)
        if refusal is None:
            refusal = _take(actor, now, request, offer, is_for_other)
        if refusal is None:
            return CoverAnswer(offer)
        _note_refused(actor, now, offer, refusal, is_for_other)
        return CoverAnswer(offer, refusal, broken)


def decline_offer(*, actor: Actor, now: datetime, offer: CoverOffer, is_for_other: bool = False) -> CoverAnswer:
    """Decline an offer; no reason is asked for. When nobody is left who has not answered, the next are asked at once.

    Parameters
    ----------
    actor, now, offer, is_for_other
        As in ``accept_offer``.
    """
    with transaction.atomic():
        request = hold_request(offer.request)
        offer = _hold_offer(offer)
        if offer.state == OfferState.ACCEPTED:
            return CoverAnswer(offer, CoverRefusal.ANSWERED)
        if request.state != CoverState.OPEN or offer.state != OfferState.OFFERED:
            return CoverAnswer(offer)
        _answer(actor, now, offer, OfferState.DECLINED, is_for_other)
        _record(actor, now, offer, "declined")
        if request.next_wave_at is not None and not count_waiting(request):
            ask_next(actor=actor, now=now, request=request)
    return CoverAnswer(offer)


def _hold_offer(offer: CoverOffer) -> CoverOffer:
    return CoverOffer.objects.select_for_update(of=("self",)).select_related("person", "request").get(pk=offer.pk)


def _judge(request: CoverRequest, offer: CoverOffer, now: datetime) -> tuple[CoverRefusal | None, BrokenRule | None]:
    """Tell what keeps a person from accepting, and the rule of rest if it is one."""
    shift = request.shift
    if request.state in _CLOSED:
        return _CLOSED[CoverState(request.state)], None
    if request.state == CoverState.EXPIRED or request.until_at <= now:
        return CoverRefusal.OVER, None
    if find_unfit(shift, offer.person) is not None:
        return CoverRefusal.UNFIT, None
    broken = find_rules_broken(shift.emergency, offer.person, shift)
    if broken:
        return CoverRefusal.NEEDS_REST, broken[0]
    if request in read_places(shift).needless:
        return CoverRefusal.TOO_LATE, None
    return None, None


def _take(
    actor: Actor, now: datetime, request: CoverRequest, offer: CoverOffer, is_for_other: bool
) -> CoverRefusal | None:
    """Give the place to whoever accepted: all of it, or nothing and why."""
    replaced = request.replaces
    try:
        with transaction.atomic():
            _answer(actor, now, offer, OfferState.ACCEPTED, is_for_other)
            close_request(actor=actor, now=now, request=request, state=CoverState.FILLED)
            is_replaced = replaced is not None and replaced.state == DutyState.PLANNED
            if replaced is not None and is_replaced:
                cancel_duty(actor=actor, now=now, duty=replaced, reason=request.reason)
            offer.duty = assign(actor=actor, now=now, shift=request.shift, person=offer.person)
            offer.save(update_fields=["duty"])
            _record(actor, now, offer, "accepted")
    except (RuleError, NotFoundError):
        offer.refresh_from_db()
        request.refresh_from_db(fields=["state"])
        return CoverRefusal.CHANGED
    close_unattended(now=now, shift=request.shift)
    _tell_accepted(offer, request.shift, now)
    if replaced is not None and is_replaced:
        _tell_replaced(replaced, request)
    return None


def close_unattended(*, now: datetime, shift: Shift) -> None:
    """Close the gap of a post at which nobody had come: somebody else is on the way, and is waited for anew."""
    subject = gap_subject(shift.post.code, shift.starts_at, shift.ends_at)
    close_gaps(emergency=shift.emergency, now=now, kind=GapKind.POST_UNATTENDED, subjects=[subject])


def _answer(actor: Actor, now: datetime, offer: CoverOffer, state: OfferState, is_for_other: bool) -> None:
    offer.state, offer.answered_at = state, now
    offer.answered_by, offer.is_for_other = actor.audit_name, is_for_other
    offer.save(update_fields=["state", "answered_at", "answered_by", "is_for_other"])


_KEPT_AS = {
    CoverRefusal.TOO_LATE: OfferState.TOO_LATE,
    CoverRefusal.NEEDS_REST: OfferState.HINDERED,
    CoverRefusal.UNFIT: OfferState.HINDERED,
}


def _note_refused(actor: Actor, now: datetime, offer: CoverOffer, refusal: CoverRefusal, is_for_other: bool) -> None:
    state = _KEPT_AS.get(refusal)
    if state is not None:
        _answer(actor, now, offer, state, is_for_other)
        _record(actor, now, offer, refusal.value)


def _tell_accepted(offer: CoverOffer, shift: Shift, now: datetime) -> None:
    if not offer.is_told:
        return
    brief = read_brief(shift, now=now, without=offer.person_id)
    words = {
        **write_span(shift),
        "way": " ".join(brief.way),
        "office": brief.office,
        "notes": say_notes(brief) or "–",
        "link": write_offer_link(offer),
    }
    queue_message(
        key=f"cover:{offer.pk}:accepted",
        to=offer.person,
        wording="cover_accepted",
        words=words,
        urgency=Urgency.URGENT,
    )


def _tell_replaced(duty: Duty, request: CoverRequest) -> None:
    if not find_reachable([duty.person_id]):
        return
    queue_message(
        key=f"cover:{request.pk}:replaced",
        to=duty.person,
        wording="cover_found",
        words=write_span(request.shift),
        urgency=Urgency.URGENT,
    )


def _record(actor: Actor, now: datetime, offer: CoverOffer, act: str) -> None:
    detail = {"act": act, "person": offer.person.code, "request": offer.request_id, "for_other": offer.is_for_other}
    record(actor=actor, now=now, verb=Verb.DUTY_CHANGED, subject_kind="cover_offer", subject_id=offer.pk, detail=detail)
