"""Whose clock is right: plain moments in, plain moments out."""

from __future__ import annotations

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=2)
"""Less than this between two clocks is the way through the network, and no fault."""


def read_offset(sent_at: datetime | None, now: datetime) -> timedelta:
    """Return by how much a client's clock must be put right, zero where it is right or says nothing.

    Parameters
    ----------
    sent_at
        What that clock read when the facts were sent.
    now
        What the server's read when they came.
    """
    if sent_at is None:
        return timedelta()
    offset = now - sent_at
    return timedelta() if abs(offset) <= TOLERANCE else offset


def put_right(at: datetime, offset: timedelta, now: datetime, *, may_clamp: bool) -> tuple[datetime, int]:
    """Return when something happened, and by how many seconds what the client said was put right for it.

    Parameters
    ----------
    at
        What the client said.
    offset
        As from ``read_offset``.
    now
        The server's moment. Nothing has happened after it.
    may_clamp
        Whether a moment that lies ahead even so is taken for now: a clock that is set between two facts tells
        no other tale.
    """
    right = at + offset
    if may_clamp and right > now:
        right = now
    return right, round((right - at).total_seconds())
