"""Answering a swap: what two agree on changes the roster in one transaction, once, under the rules of that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from muster.access.queries import SystemActor
from muster.duty.actions.cover_closing import write_span
from muster.duty.actions.duties import swap_duties
from muster.duty.actions.handing import hand_over
from muster.duty.actions.swapping import take_swap_step
from muster.duty.kinds import OPEN_SWAPS, CoverRefusal, DutyState, SwapState
from muster.duty.models import Duty, Swap
from muster.duty.queries.covering import get_cover_rules
from muster.duty.queries.swapping import find_swap, find_swap_hindrance, list_places
from muster.duty.rules import BrokenRule
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.audit import Actor
from muster.kernel.errors import NotFoundError, RuleError
from muster.messages.actions import queue_message
from muster.messages.queries import find_reachable
from muster.people.models import Person

_CLOCK = SystemActor("clock")


@dataclass(frozen=True, slots=True)
class SwapAnswer:
    """What came of answering a swap.

    Parameters
    ----------
    swap
        As it stands afterwards.
    refusal
        Why nothing changed, else None.
    person, broken
        Whom a rule keeps from it, and which rule of rest, if that was why.
    """

    swap: Swap
    refusal: CoverRefusal | None = None
    person: Person | None = None
    broken: BrokenRule | None = None


def accept_swap(*, actor: Actor, now: datetime, swap: Swap, is_for_other: bool = False) -> SwapAnswer:
    """Agree to a swap: the roster changes at once, or once an officer has approved, where that is the rule.

    Parameters
    ----------
    actor, now
        Who answers, and when.
    swap
        Which. The same answer again changes nothing and is no refusal.
    is_for_other
        Whether somebody else enters it, on the person's word.
    """
    return _settle(actor, now, swap, (SwapState.PROPOSED,), is_for_other=is_for_other)


def approve_swap(*, actor: Actor, now: datetime, swap: Swap) -> SwapAnswer:
    """Approve, as an officer, what two people agreed on: the roster changes.

    Parameters
    ----------
    actor, now, swap
        Who approves what, and when.
    """
    return _settle(actor, now, swap, (SwapState.AGREED,), is_approved=True)


def decline_swap(*, actor: Actor, now: datetime, swap: Swap, is_for_other: bool = False) -> SwapAnswer:
    """Decline a swap; no reason is asked for, and whoever proposed it hears that they keep the duty.

    Parameters
    ----------
    actor, now, swap, is_for_other
        As in ``accept_swap``.
    """
    return _refuse(actor, now, swap, SwapState.DECLINED, is_for_other=is_for_other)


def refuse_swap(*, actor: Actor, now: datetime, swap: Swap, reason: str) -> SwapAnswer:
    """Refuse, as an officer, what two people agreed on.

    Parameters
    ----------
    actor, now, swap
        Who refuses what, and when.
    reason
        Why, in a few words.
    """
    return _refuse(actor, now, swap, SwapState.REFUSED, reason=reason)


def close_past_swaps(*, emergency: Emergency, now: datetime, are_all: bool = False) -> int:
    """Close the open swaps of duties that have begun or do not stand any more, or all; return how many there were."""
    past = Q() if are_all else _lapsed("duty", now) | (Q(other_duty__isnull=False) & _lapsed("other_duty", now))
    swaps = Swap.objects.filter(past, duty__shift__emergency=emergency, state__in=OPEN_SWAPS).select_related("person")
    with transaction.atomic():
        return sum(take_swap_step(actor=_CLOCK, now=now, swap=swap, state=SwapState.EXPIRED) for swap in swaps)


def _lapsed(side: str, now: datetime) -> Q:
    return Q(**{f"{side}__starts_at__lte": now}) | Q(**{f"{side}__state": DutyState.CANCELLED})


def _settle(
    actor: Actor,
    now: datetime,
    swap: Swap,
    states: tuple[SwapState, ...],
    *,
    is_for_other: bool = False,
    is_approved: bool = False,
) -> SwapAnswer:
    with transaction.atomic():
        try:
            lock_active(swap.duty.shift.emergency)
        except RuleError:
            return SwapAnswer(swap, CoverRefusal.EMERGENCY_ENDED)
        swap = find_swap(swap.pk) or swap
        refusal = _judge(swap, states, now)
        if refusal is not None or swap.state not in states:
            return SwapAnswer(swap, refusal)
        hindrance = find_swap_hindrance(swap)
        if hindrance is not None:
            return SwapAnswer(swap, hindrance.refusal, hindrance.person, hindrance.broken)
        if not is_approved and get_cover_rules(swap.duty.shift.emergency).swaps_need_officer:
            take_swap_step(actor=actor, now=now, swap=swap, state=SwapState.AGREED, is_for_other=is_for_other)
            return SwapAnswer(swap)
        return SwapAnswer(swap, _exchange(actor, now, swap, is_for_other))


def _judge(swap: Swap, states: tuple[SwapState, ...], now: datetime) -> CoverRefusal | None:
    """Tell why a swap is not carried out; None as well where it was, or waits for somebody else."""
    if swap.state in {SwapState.DECLINED, SwapState.REFUSED, SwapState.WITHDRAWN}:
        return CoverRefusal.ANSWERED
    if swap.state == SwapState.EXPIRED:
        return CoverRefusal.OVER
    if swap.state not in states:
        return None
    duties = [duty for duty in (swap.duty, swap.other_duty) if duty is not None]
    if any(duty.starts_at <= now for duty in duties):
        return CoverRefusal.OVER
    return CoverRefusal.CHANGED if any(duty.state != DutyState.PLANNED for duty in duties) else None


def _exchange(actor: Actor, now: datetime, swap: Swap, is_for_other: bool) -> CoverRefusal | None:
    places = list_places(swap)
    try:
        with transaction.atomic():
            take_swap_step(actor=actor, now=now, swap=swap, state=SwapState.DONE, is_for_other=is_for_other)
            _change_roster(actor, now, swap.duty, swap.other_duty, swap.person)
    except (RuleError, NotFoundError):
        swap.refresh_from_db(fields=["state"])
        return CoverRefusal.CHANGED
    _tell_done(swap, places)
    return None


def _change_roster(actor: Actor, now: datetime, duty: Duty, other: Duty | None, person: Person) -> None:
    if other is not None:
        swap_duties(actor=actor, now=now, first=duty, second=other)
    else:
        hand_over(actor=actor, now=now, duty=duty, person=person, reason="swap")


def _refuse(
    actor: Actor, now: datetime, swap: Swap, state: SwapState, *, is_for_other: bool = False, reason: str = ""
) -> SwapAnswer:
    with transaction.atomic():
        is_open = take_swap_step(actor=actor, now=now, swap=swap, state=state, is_for_other=is_for_other, reason=reason)
        if not is_open:
            swap.refresh_from_db(fields=["state"])
            return SwapAnswer(swap, None if swap.state == state else CoverRefusal.ANSWERED)
        words = {"name": swap.person.name, **write_span(swap.duty.shift)}
        _tell(swap, swap.duty.person, "swap_declined", words, "declined")
    return SwapAnswer(swap)


def _tell_done(swap: Swap, places: list[tuple[Person, Duty, Duty | None]]) -> None:
    both = (swap.person, swap.duty.person)
    for person, duty, _ in places:
        for reader in both:
            words = {"name": person.name, **write_span(duty.shift)}
            _tell(swap, reader, "swap_done", words, f"done:{duty.pk}:{reader.pk}")


def _tell(swap: Swap, person: Person, wording: str, words: dict[str, str], about: str) -> None:
    if find_reachable([person.pk]):
        queue_message(key=f"swap:{swap.pk}:{about}", to=person, wording=wording, words=words)
