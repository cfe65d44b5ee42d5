"""Which step may follow which."""

from __future__ import annotations

from muster.needs.kinds import SETTLED, NeedState

_FOLLOWING: dict[str, frozenset[str]] = {
    NeedState.OPEN: frozenset({NeedState.UNDER_WAY, NeedState.ANSWERED, NeedState.WITHDRAWN}),
    # Handed back: whoever took it up could not see it through.
    NeedState.UNDER_WAY: frozenset({NeedState.OPEN, NeedState.ANSWERED, NeedState.WITHDRAWN}),
    **{state: frozenset() for state in SETTLED},
}


def may_follow(state: str, following: str) -> bool:
    """Tell whether a need in one state may go to another."""
    return following in _FOLLOWING[state]
