"""Which step may follow which, and what a need's steps make of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from muster.needs.kinds import SETTLED, NeedState

_FOLLOWING: dict[str, frozenset[str]] = {
    NeedState.OPEN: frozenset({NeedState.UNDER_WAY, NeedState.ANSWERED, NeedState.WITHDRAWN}),
    # Handed back: whoever took it up could not see it through.
    NeedState.UNDER_WAY: frozenset({NeedState.OPEN, NeedState.ANSWERED, NeedState.WITHDRAWN}),
    **{state: frozenset() for state in SETTLED},
}


class StepMark(NamedTuple):
    """A step as it is put in order: by its moment, and among those of one moment by its id."""

    at: datetime
    client_id: UUID
    state: str


def may_follow(state: str, following: str) -> bool:
    """Tell whether a need in one state may go to another."""
    return following in _FOLLOWING[state]


def fold_steps(steps: Iterable[StepMark]) -> str:
    """Return the state that steps make of an open need, whatever order they came in.

    A step that cannot follow what stood at its moment changes nothing: two took the need up at once, or a
    phone told late of what others had settled.
    """
    state: str = NeedState.OPEN
    for step in sorted(steps):
        if may_follow(state, step.state):
            state = step.state
    return state
