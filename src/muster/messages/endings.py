"""Rooms above that act in the same transaction when a message has reached somebody, or nobody.

What reached nobody is a gap, which lives in a higher room; it registers here when it loads.
"""

from __future__ import annotations

from collections.abc import Callable

from muster.messages.models import Message

Follow = Callable[[Message], None]
"""Told of a message as it ended: sent, or undelivered for a failure."""

_followers: dict[str, Follow] = {}


def follow_endings(room: str, follow: Follow) -> None:
    """Register what a room does; registering again replaces it."""
    _followers[room] = follow


def tell_ending(message: Message) -> None:
    """Tell all rooms that a message has come to its end, within the transaction that writes it."""
    for follow in _followers.values():
        follow(message)
