"""When a message goes: back-off between tries, and quiet hours. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

MOST_TRIES = 8
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 1800.0
DAY_MIN = 1440


class QuietSpan(NamedTuple):
    """Hours of the local day in which what can wait does, in minutes after midnight; the end may be the next day's."""

    starts_min: int
    ends_min: int


def wait_s(tries: int, chance: float) -> float:
    """Return how long to wait after a try that failed.

    Twice as long each time, up to half an hour; and by chance between half and the whole of it, so that what
    failed together does not come back together.

    Parameters
    ----------
    tries
        How many have failed, from 1.
    chance
        From 0 up to 1.
    """
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (tries - 1))
    return longest * (0.5 + 0.5 * chance)


def find_quiet_end(local_now: datetime, spans: Iterable[QuietSpan]) -> datetime | None:
    """Return when the quiet hours of now end, or None where it is not quiet."""
    minute = local_now.hour * 60 + local_now.minute
    midnight = local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [end for span in spans if (end := _find_end(minute, span)) is not None]
    return midnight + timedelta(minutes=max(ends)) if ends else None


def _find_end(minute: int, span: QuietSpan) -> int | None:
    starts, ends = span
    if starts <= ends:
        return ends if starts <= minute < ends else None
    if minute >= starts:
        return ends + DAY_MIN
    return ends if minute < ends else None
