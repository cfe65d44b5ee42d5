"""Asking for cover: the request, those asked first, those asked next, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from muster.duty.actions.cover_closing import close_request, write_span
from muster.duty.kinds import CoverReason, CoverState, OfferState
from muster.duty.models import CoverOffer, CoverRequest, CoverRules, Duty, Shift
from muster.duty.queries.cover import CoverCandidate
from muster.duty.queries.covering import get_cover_rules, list_next, read_places, write_why
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor, record
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.kernel.links import link_to, sign_number
from muster.messages.actions import queue_message
from muster.messages.kinds import Urgency
from muster.messages.queries import find_reachable
from muster.people.models import Person

SOON = timedelta(hours=12)
"""Whoever is needed within this time is asked in quiet hours as well."""
OFFER = "cover"
"""Purpose of the token by which an offer is answered without an account."""
MOST_AT_ONCE, LONGEST_WAIT_MIN, MOST_ASKED = 50, 24 * 60, 500


def set_cover_rules(
    *,
    actor: Actor,
    now: datetime,
    emergency: Emergency,
    wave_people: int,
    wave_min: int,
    most_people: int,
    swaps_need_officer: bool,
) -> CoverRules:
    """Set how people are asked in an emergency from now on.

    Parameters
    ----------
    actor, now
        Who sets it, and when.
    emergency
        In which.
    wave_people, wave_min, most_people
        How many are asked at once, after how many minutes the next, and how many for one place at most.
    swaps_need_officer
        Whether what two people agree on waits for an officer.

    Raises
    ------
    RuleError
        If nobody would ever be asked, or too many at once.
    """
    if not (
        1 <= wave_people <= MOST_AT_ONCE
        and 1 <= wave_min <= LONGEST_WAIT_MIN
        and wave_people <= most_people <= MOST_ASKED
    ):
        raise RuleError(
            "These are no numbers to ask people by.",
            where=emergency.code,
            remedy="Ask 1 to 50 at once, the next after 1 minute to a day, and at most 500.",
        )
    values = {
        "wave_people": wave_people,
        "wave_min": wave_min,
        "most_people": most_people,
        "swaps_need_officer": swaps_need_officer,
    }
    with transaction.atomic():
        rules, _ = CoverRules.objects.update_or_create(emergency=emergency, defaults=values)
        record(
            actor=actor,
            now=now,
            verb=Verb.DUTY_CHANGED,
            subject_kind="cover_rules",
            subject_id=emergency.code,
            detail=values,
        )
    return rules


def ask_for_cover(
    *, actor: Actor, now: datetime, shift: Shift, reason: CoverReason, replaces: Duty | None = None
) -> CoverRequest:
    """Ask for somebody to stand on a shift: an empty place, or one whose holder does not come.

    The first people are asked in the same transaction. Whoever is replaced keeps the place until another accepts.

    Parameters
    ----------
    actor, now
        Who asks, and when.
    shift, reason
        Where, and why.
    replaces
        Whose place it is, standing or just given up; None where it was empty.

    Raises
    ------
    RuleError
        If the emergency or the shift is over, no place is free, or somebody is asked for each already.
    """
    with transaction.atomic():
        lock_active(shift.emergency)
        shift = Shift.objects.select_related("post__kind", "post__pool_area", "pattern", "emergency").get(pk=shift.pk)
        _check_place(shift, now, replaces)
        request = CoverRequest.objects.create(
            shift=shift,
            replaces=replaces,
            reason=reason,
            asked_by=actor.audit_name,
            asked_at=now,
            until_at=shift.ends_at,
            next_wave_at=now,
        )
        detail = {"act": "asked", "post": shift.post.code, "reason": reason.value}
        if replaces is not None:
            detail["replaces"] = replaces.person.code
        _record(actor, now, request, detail)
        ask_next(actor=actor, now=now, request=request)
    return request


def _check_place(shift: Shift, now: datetime, replaces: Duty | None) -> None:
    where = f"{shift.post.name}, {shift.starts_at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"
    if shift.ends_at <= now:
        raise RuleError("The shift is over.", where=where, remedy="Choose a later one.")
    if replaces is not None and replaces.shift_id != shift.pk:
        raise RuleError("The roster changed meanwhile.", where=where, remedy="Look at the list again.")
    places = read_places(shift, replaced=replaces)
    if not places.free:
        raise RuleError("Nobody is missing on this shift.", where=where, remedy="Look at the roster again.")
    is_asked = replaces is not None and any(one.replaces_id == replaces.pk for one in places.requests)
    if is_asked or not places.unasked:
        raise RuleError(
            "Cover is asked for already.", where=where, remedy="Look who was asked, or ask the next at once."
        )


def ask_next(*, actor: Actor, now: datetime, request: CoverRequest) -> int:
    """Ask the next people of a request that is open.

    Parameters
    ----------
    actor, now
        Who has them asked, and when.
    request
        Which. Where nobody is left to ask it stays open, and says so by having no next moment.

    Returns
    -------
    int
        How many were asked.
    """
    with transaction.atomic():
        held = hold_request(request)
        if held.state != CoverState.OPEN or held.until_at <= now:
            return 0
        rules = get_cover_rules(held.shift.emergency)
        asked = held.offers.count()
        wanted = min(rules.wave_people, rules.most_people - asked)
        found = list_next(held, now=now, limit=wanted) if wanted > 0 else []
        offers = _make_offers(held, now, found, first=asked + 1)
        may_follow = len(found) == wanted and asked + wanted < rules.most_people
        held.next_wave_at = now + timedelta(minutes=rules.wave_min) if may_follow else None
        held.wave += 1
        held.save(update_fields=["next_wave_at", "wave"])
        for offer in offers:
            _tell_offered(offer, held.shift, now)
        _record(actor, now, held, {"act": "wave", "wave": held.wave, "asked": len(offers)})
    request.wave, request.next_wave_at = held.wave, held.next_wave_at
    return len(offers)


def hold_request(request: CoverRequest) -> CoverRequest:
    """Hold a request until the transaction ends, and return it as it is now."""
    related = ("shift__post__kind", "shift__post__pool_area", "shift__pattern", "shift__emergency", "replaces__person")
    rows = CoverRequest.objects.select_for_update(of=("self",)).select_related(*related)
    return rows.get(pk=request.pk)


def _make_offers(
    request: CoverRequest, now: datetime, found: Sequence[tuple[int, CoverCandidate]], *, first: int
) -> list[CoverOffer]:
    people = Person.objects.in_bulk([number for number, _ in found])
    reachable = find_reachable(people)
    offers = [
        CoverOffer(
            request=request,
            person=people[number],
            rank=rank,
            wave=request.wave + 1,
            why=write_why(one),
            is_told=number in reachable,
            offered_at=now,
        )
        for rank, (number, one) in enumerate(found, first)
    ]
    return CoverOffer.objects.bulk_create(offers)


def _tell_offered(offer: CoverOffer, shift: Shift, now: datetime) -> None:
    if offer.is_told:
        queue_message(
            key=f"cover:{offer.pk}:offered",
            to=offer.person,
            wording="cover_offered",
            words={**write_span(shift), "link": write_offer_link(offer)},
            urgency=Urgency.URGENT if shift.starts_at <= now + SOON else Urgency.CAN_WAIT,
        )


def write_offer_link(offer: CoverOffer) -> str:
    """Return the address at which an offer is answered without an account."""
    return link_to("answer_cover", sign_number(OFFER, offer.pk))


def withdraw_cover(*, actor: Actor, now: datetime, request: CoverRequest) -> CoverRequest:
    """Take a request back; whoever was asked is told that nobody is needed any more.

    Raises
    ------
    RuleError
        If it was closed before.
    """
    with transaction.atomic():
        held = hold_request(request)
        if not close_request(actor=actor, now=now, request=held, state=CoverState.WITHDRAWN):
            raise RuleError("This request was closed before.", remedy="Look at what came of it.")
    return held


def count_waiting(request: CoverRequest) -> int:
    """Count those who were asked and have not answered."""
    return request.offers.filter(state=OfferState.OFFERED).count()


def _record(actor: Actor, now: datetime, request: CoverRequest, detail: Mapping[str, object]) -> None:
    record(
        actor=actor,
        now=now,
        verb=Verb.DUTY_CHANGED,
        subject_kind="cover_request",
        subject_id=request.pk,
        detail=dict(detail),
    )
