"""Proposing a swap: a duty for another's, or given to a named person; and taking the proposal back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from muster.duty.actions.cover_closing import write_span
from muster.duty.kinds import OPEN_SWAPS, CoverRefusal, DutyState, SwapState
from muster.duty.models import Duty, Swap, SwapStep
from muster.duty.queries.swapping import find_swap_hindrance, has_open_business
from muster.emergencies.actions import lock_active
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.kernel.links import link_to, sign_number
from muster.messages.actions import queue_message
from muster.messages.queries import find_reachable
from muster.people.models import Person

SWAP = "swap"
"""Purpose of the token by which a swap is answered without an account."""


class SwapError(RuleError):
    """A swap that cannot be proposed.

    Parameters
    ----------
    refusal
        Why.
    """

    def __init__(self, refusal: CoverRefusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal.label))


def propose_swap(
    *,
    actor: Actor,
    now: datetime,
    duty: Duty,
    person: Person,
    other_duty: Duty | None = None,
    is_for_other: bool = False,
) -> Swap:
    """Propose to another person that they take a duty, for one of theirs or for nothing.

    The rules are looked at for both as the roster stands now, and again when they agree.

    Parameters
    ----------
    actor, now
        Who proposes it, and when: whoever has the duty, or somebody for them.
    duty, person
        What is given away, and to whom.
    other_duty
        What that person gives in return.
    is_for_other
        Whether somebody else enters it.

    Raises
    ------
    SwapError
        If a duty has begun or was cancelled, one of them is in another swap or to be replaced,
        or a rule keeps one of the two from their new place.
    RuleError
        If the emergency has ended.
    """
    swap = Swap(duty=duty, person=person, other_duty=other_duty, proposed_at=now)
    duties = [duty] if other_duty is None else [duty, other_duty]
    with transaction.atomic():
        lock_active(duty.shift.emergency)
        _check(swap, duties, now)
        swap.save(force_insert=True)
        take_swap_step(actor=actor, now=now, swap=swap, state=SwapState.PROPOSED, is_for_other=is_for_other)
        _tell_proposed(swap)
    return swap


def _check(swap: Swap, duties: list[Duty], now: datetime) -> None:
    is_theirs = swap.other_duty is None or swap.other_duty.person_id == swap.person_id
    are_of_one = len({duty.shift.emergency_id for duty in duties}) == 1
    if swap.duty.person_id == swap.person_id or not is_theirs or not are_of_one:
        raise SwapError(CoverRefusal.NOT_BETWEEN_TWO)
    standing = Duty.objects.filter(pk__in=[duty.pk for duty in duties], state=DutyState.PLANNED, starts_at__gt=now)
    if standing.count() < len(duties):
        raise SwapError(CoverRefusal.OVER)
    if has_open_business(duties):
        raise SwapError(CoverRefusal.BUSY)
    hindrance = find_swap_hindrance(swap)
    if hindrance is not None:
        raise SwapError(hindrance.refusal)


def withdraw_swap(*, actor: Actor, now: datetime, swap: Swap, is_for_other: bool = False) -> Swap:
    """Take a proposal back that nobody has carried out yet.

    Raises
    ------
    RuleError
        If it was answered before.
    """
    with transaction.atomic():
        if not take_swap_step(actor=actor, now=now, swap=swap, state=SwapState.WITHDRAWN, is_for_other=is_for_other):
            raise RuleError("This was answered before.", remedy="Look at what came of it.")
    return swap


def take_swap_step(
    *,
    actor: Actor,
    now: datetime,
    swap: Swap,
    state: SwapState,
    is_for_other: bool = False,
    reason: str = "",
) -> bool:
    """Take a swap that is open a step further, in the caller's transaction; tell whether it was open until now."""
    changed = Swap.objects.filter(pk=swap.pk, state__in=OPEN_SWAPS).update(state=state)
    if not changed:
        return False
    swap.state = state
    SwapStep.objects.create(
        swap=swap, state=state, at=now, by=actor.audit_name, is_for_other=is_for_other, reason=reason
    )
    detail = {"act": state.value, "person": swap.person.code, "for_other": is_for_other, "reason": reason}
    record(actor=actor, now=now, verb=Verb.DUTY_CHANGED, subject_kind="swap", subject_id=swap.pk, detail=detail)
    return True


def write_swap_link(swap: Swap) -> str:
    """Return the address at which a swap is answered without an account."""
    return link_to("answer_swap", sign_number(SWAP, swap.pk))


def _tell_proposed(swap: Swap) -> None:
    if not find_reachable([swap.person_id]):
        return
    words = {"name": swap.duty.person.name, **write_span(swap.duty.shift), "link": write_swap_link(swap)}
    if swap.other_duty is not None:
        other = write_span(swap.other_duty.shift)
        words.update({f"other_{name}": word for name, word in other.items()})
    wording = "swap_proposed" if swap.other_duty is not None else "takeover_proposed"
    queue_message(key=f"swap:{swap.pk}:proposed", to=swap.person, wording=wording, words=words)
