"""Which step may follow which, and what a need's steps make of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from muster.needs.kinds import SETTLED, WAITING, NeedState

_ONWARD = frozenset(NeedState) - {NeedState.OPEN}
_FOLLOWING: dict[str, frozenset[str]] = {
    NeedState.OPEN: _ONWARD,
    # Handed on to another, or handed back: whoever had it could not see it through.
    NeedState.GIVEN: _ONWARD | {NeedState.OPEN},
    NeedState.ACCEPTED: (_ONWARD | {NeedState.OPEN}) - {NeedState.ACCEPTED},
    NeedState.UNDER_WAY: (_ONWARD | {NeedState.OPEN}) - {NeedState.ACCEPTED, NeedState.UNDER_WAY},
    **{state: frozenset() for state in SETTLED},
}

Carrier = tuple[Any, ...]
"""Whoever carries a need, as the caller names them: equal where they are the same."""


class StepMark(NamedTuple):
    """A step as it is put in order: by its moment, and among those of one moment by its id.

    Parameters
    ----------
    at, client_id
        Its place in the order.
    state
        What the need becomes; empty where the step changes no state.
    carrier, urgency, place
        Whose it becomes, how pressing it is said to be, where it is put: None says nothing.
    """

    at: datetime
    client_id: UUID
    state: str
    carrier: Carrier | None = None
    urgency: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """What steps make of an open need.

    Parameters
    ----------
    state, carrier
        How far it has come, and in whose hands it is; None in nobody's by name.
    taken_at, settled_at
        When somebody first took it up, and when it was settled.
    urgency, place
        What was last said of it by a person; None where nobody did.
    """

    state: str = NeedState.OPEN
    carrier: Carrier | None = None
    taken_at: datetime | None = None
    settled_at: datetime | None = None
    urgency: int | None = None
    place: int | None = None


def may_follow(state: str, following: str) -> bool:
    """Tell whether a need in one state may go to another."""
    return following in _FOLLOWING[state]


def fold_steps(steps: Iterable[StepMark]) -> Folded:
    """Return what steps make of an open need, whatever order they came in.

    A step that cannot follow what stood at its moment changes no state: two took the need up at once, or a
    phone told late of what others had settled. How pressing a need is and where it belongs is what was said last.
    """
    folded = Folded()
    for step in sorted(steps, key=lambda step: (step.at, step.client_id)):
        folded = _say(folded, step)
        if step.state and may_follow(folded.state, step.state):
            folded = _go_on(folded, step)
    return folded


def _say(folded: Folded, step: StepMark) -> Folded:
    if step.urgency is None and step.place is None:
        return folded
    urgency = folded.urgency if step.urgency is None else step.urgency
    return replace(folded, urgency=urgency, place=folded.place if step.place is None else step.place)


def _go_on(folded: Folded, step: StepMark) -> Folded:
    carrier = folded.carrier if step.carrier is None else step.carrier
    is_taken = step.state not in WAITING and step.state != NeedState.WITHDRAWN
    return replace(
        folded,
        state=step.state,
        carrier=None if step.state == NeedState.OPEN else carrier,
        taken_at=step.at if is_taken and folded.taken_at is None else folded.taken_at,
        settled_at=step.at if step.state in SETTLED else None,
    )
