"""What time does to requests for cover and to swaps by itself: the next are asked, and what is over closes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.access.queries import SystemActor
from muster.duty.actions.cover_closing import close_request
from muster.duty.actions.covering import ask_next, hold_request
from muster.duty.actions.swap_answers import close_past_swaps
from muster.duty.kinds import CoverState
from muster.duty.models import CoverRequest
from muster.duty.queries.covering import has_come_after_all, list_unfinished, read_places
from muster.emergencies.models import Emergency

CLOCK = SystemActor("clock")


def pass_cover_time(*, emergency: Emergency, now: datetime) -> int:
    """Ask the next people where their moment has come, and close what is over, filled otherwise or needless.

    Several workers may do so at once, and again: each thing happens once.

    Parameters
    ----------
    emergency, now
        Whose requests and swaps, and the present moment.

    Returns
    -------
    int
        How many people were asked.
    """
    close_past_swaps(emergency=emergency, now=now)
    return sum(_pass_one(request, now) for request in list_unfinished(emergency))


def _pass_one(request: CoverRequest, now: datetime) -> int:
    with transaction.atomic():
        held = hold_request(request)
        if held.state != CoverState.OPEN:
            return 0
        if held.until_at <= now:
            close_request(actor=CLOCK, now=now, request=held, state=CoverState.EXPIRED)
        elif has_come_after_all(held):
            close_request(actor=CLOCK, now=now, request=held, state=CoverState.WITHDRAWN)
        elif held in read_places(held.shift).needless:
            close_request(actor=CLOCK, now=now, request=held, state=CoverState.FILLED)
        elif held.next_wave_at is not None and held.next_wave_at <= now:
            return ask_next(actor=CLOCK, now=now, request=held)
    return 0


def end_cover(emergency: Emergency, now: datetime) -> None:
    """Close every request and every swap of an emergency that ends; nobody is disturbed any more."""
    for request in list_unfinished(emergency):
        close_request(actor=CLOCK, now=now, request=request, state=CoverState.EXPIRED)
    close_past_swaps(emergency=emergency, now=now, are_all=True)
