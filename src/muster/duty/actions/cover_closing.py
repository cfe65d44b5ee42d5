"""Closing requests for cover: whoever was asked and has not answered is told that nobody is needed any more."""

from __future__ import annotations

from datetime import datetime

from muster.duty.kinds import CoverState, OfferState
from muster.duty.models import CoverOffer, CoverRequest, Shift
from muster.duty.queries.covering import read_places
from muster.kernel.audit import Actor, record
from muster.kernel.clock import CITY_ZONE
from muster.kernel.kinds import Verb
from muster.messages.actions import queue_message
from muster.messages.kinds import Urgency


def close_request(*, actor: Actor, now: datetime, request: CoverRequest, state: CoverState) -> bool:
    """Close a request whose row the caller holds; tell whether it was open until now.

    Parameters
    ----------
    actor, now
        By whose act it closes, and when.
    request, state
        Which, and what became of it. Whoever was asked and did not answer is told that the place is filled or that
        nobody is needed any more; when it expired they need not be disturbed.
    """
    closed = CoverRequest.objects.filter(pk=request.pk, state=CoverState.OPEN).update(
        state=state, next_wave_at=None, closed_at=now, closed_by=actor.audit_name
    )
    if not closed:
        return False
    waiting = list(CoverOffer.objects.filter(request=request, state=OfferState.OFFERED).select_related("person"))
    left = OfferState.EXPIRED if state == CoverState.EXPIRED else OfferState.WITHDRAWN
    CoverOffer.objects.filter(pk__in=[offer.pk for offer in waiting]).update(state=left)
    if state != CoverState.EXPIRED:
        for offer in waiting:
            _tell_filled(offer, request.shift)
    detail = {"act": state.value, "post": request.shift.post.code, "asked": len(waiting)}
    record(
        actor=actor,
        now=now,
        verb=Verb.DUTY_CHANGED,
        subject_kind="cover_request",
        subject_id=request.pk,
        detail=detail,
    )
    request.refresh_from_db(fields=["state", "next_wave_at", "closed_at", "closed_by"])
    return True


def close_needless(*, actor: Actor, now: datetime, shift: Shift) -> int:
    """Close the requests for a shift that has people on all its places; return how many there were."""
    needless = read_places(shift).needless
    for request in needless:
        close_request(actor=actor, now=now, request=request, state=CoverState.FILLED)
    return len(needless)


def write_span(shift: Shift) -> dict[str, str]:
    """Return the words of a message that say which shift is meant."""
    begins, ends = (at.astimezone(CITY_ZONE) for at in (shift.starts_at, shift.ends_at))
    return {"post": shift.post.name, "begins": f"{begins:%m-%d %H:%M}", "ends": f"{ends:%H:%M}"}


def _tell_filled(offer: CoverOffer, shift: Shift) -> None:
    if not offer.is_told:
        return
    words = {name: word for name, word in write_span(shift).items() if name != "ends"}
    queue_message(
        key=f"cover:{offer.pk}:filled", to=offer.person, wording="cover_filled", words=words, urgency=Urgency.URGENT
    )
