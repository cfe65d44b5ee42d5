"""When a watch duty is due, whose it is by then, and what its checks make of it: plain values, no database.

A round of a watch duty begins at a time of the local day. Whatever was reported from a little before it until a
little before the next one belongs to it, so that a report that comes late, twice or out of order ends in the same
place. Until it is done it is the warden's, then the deputy's as well, and at last the community's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_MIN = 1440
WEEK = "1234567"
MOST_TIMES = 24
_DAY = timedelta(days=1)
_TIME = re.compile(r"(\d{1,2})[:：.](\d{2})|(\d{1,2})\s*(?:时|点|h)?")
_BETWEEN = re.compile(r"[\s,，、;；]+")


class WatchState(StrEnum):
    """How one round stands at one place."""

    TO_COME = "to_come"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    WELL = "well"
    FOUND = "found"


DONE = frozenset({WatchState.WELL, WatchState.FOUND})
"""States in which somebody has looked."""


class Hand(StrEnum):
    """Whose a round is by now."""

    WARDEN = "warden"
    DEPUTY = "deputy"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a watch duty is due.

    Parameters
    ----------
    times_min
        Minutes after local midnight, ascending, each once.
    weekdays
        ISO days of the week as digits: 1 is Monday.
    starts_on, ends_on
        The first day, and the first day on which it is no longer due, None where that is open.
    early_min
        How long before its time a check counts for a round.
    deputy_after_min, community_after_min
        How long after its time a round falls to the deputy, and to the community.
    """

    times_min: tuple[int, ...]
    weekdays: str
    starts_on: date
    ends_on: date | None
    early_min: int
    deputy_after_min: int
    community_after_min: int


class RoundSpan(NamedTuple):
    """One round: since when a check counts for it, when it is due, when it falls to whom, until when it counts."""

    opens_at: datetime
    starts_at: datetime
    deputy_at: datetime
    community_at: datetime
    closes_at: datetime


def list_rounds(schedule: Schedule, zone: ZoneInfo, from_on: date, until_on: date) -> list[RoundSpan]:
    """List the rounds that begin on some local days, in their order; no two of them share a moment.

    Parameters
    ----------
    schedule
        How often.
    zone
        Of the local days. A time of day that a change of clocks leaves out is taken as the zone's rules say.
    from_on, until_on
        The half-open span of days.
    """
    # Two days around: the next round may open within a day of one, and begin after it.
    starts = list(_list_starts(schedule, zone, from_on - 2 * _DAY, until_on + 2 * _DAY))
    first, last = (datetime.combine(day, time(), tzinfo=zone) for day in (from_on, until_on))
    return [
        _span(schedule, before, start, after)
        for before, start, after in zip([None, *starts], starts, [*starts[1:], None], strict=False)
        if first <= start < last
    ]


def _list_starts(schedule: Schedule, zone: ZoneInfo, from_on: date, until_on: date) -> Iterator[datetime]:
    day = max(from_on, schedule.starts_on)
    while day < until_on and (schedule.ends_on is None or day < schedule.ends_on):
        if str(day.isoweekday()) in schedule.weekdays:
            for minute in schedule.times_min:
                yield datetime.combine(day, time(*divmod(minute, 60)), tzinfo=zone)
        day += _DAY


def _span(schedule: Schedule, before: datetime | None, start: datetime, after: datetime | None) -> RoundSpan:
    closes = start + _DAY if after is None else min(start + _DAY, _opens(schedule, start, after))
    return RoundSpan(
        opens_at=_opens(schedule, before, start),
        starts_at=start,
        deputy_at=min(start + timedelta(minutes=schedule.deputy_after_min), closes),
        community_at=min(start + timedelta(minutes=schedule.community_after_min), closes),
        closes_at=closes,
    )


def _opens(schedule: Schedule, before: datetime | None, start: datetime) -> datetime:
    """Return since when a check counts for a round: not before the middle between it and the one before."""
    early = start - timedelta(minutes=schedule.early_min)
    return early if before is None else max(early, before + (start - before) / 2)


def judge_round(span: RoundSpan, now: datetime, found: Iterable[bool]) -> WatchState:
    """Return how a round stands at a place.

    Parameters
    ----------
    span, now
        The round, and the present moment.
    found
        Of each check that counts for it, whether all was well, in any order. Whatever was found once stays
        found: somebody is to see it, also when all was well an hour later.
    """
    checks = list(found)
    if checks:
        return WatchState.WELL if all(checks) else WatchState.FOUND
    if now >= span.community_at:
        return WatchState.MISSED
    if now >= span.deputy_at:
        return WatchState.LATE
    return WatchState.DUE if now >= span.opens_at else WatchState.TO_COME


def find_hand(span: RoundSpan, now: datetime, *, has_warden: bool, has_deputy: bool) -> Hand:
    """Return whose a round is at a moment, where a place has a warden, a deputy, or neither."""
    if now >= span.community_at or not (has_warden or has_deputy):
        return Hand.OFFICE
    if has_deputy and (now >= span.deputy_at or not has_warden):
        return Hand.DEPUTY
    return Hand.WARDEN


def list_hourly(first_min: int, last_min: int, every_h: int) -> tuple[int, ...]:
    """List the times of a day from one to another, every so many hours.

    Raises
    ------
    ValueError
        If the hours are not between 1 and 24.
    """
    if not 1 <= every_h <= 24:
        raise ValueError(f"Every {every_h} hours is not a time of the day.")
    return tuple(range(first_min, min(last_min, DAY_MIN - 1) + 1, every_h * 60))


def read_times(text: str) -> tuple[int, ...]:
    """Read times of the day as people write them: ``8:00, 20:00``, ``8时 20时``, ``08：30``.

    Raises
    ------
    ValueError
        If one of them is none; its text is the error's.
    """
    found: set[int] = set()
    for word in filter(None, _BETWEEN.split(text.strip())):
        match = _TIME.fullmatch(word)
        hour, minute = (int(match[1] or match[3]), int(match[2] or 0)) if match else (24, 0)
        if hour > 23 or minute > 59:
            raise ValueError(word)
        found.add(hour * 60 + minute)
    return tuple(sorted(found))


def write_times(times_min: Sequence[int]) -> str:
    """Write times of the day, such as ``08:00 20:00``."""
    return " ".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in times_min)


def find_closest_min(times_min: Sequence[int]) -> int:
    """Return how many minutes lie between the two times of a day that are nearest to each other."""
    around = [*times_min, times_min[0] + DAY_MIN]
    return min(later - earlier for earlier, later in pairwise(around))


def propose_slug(name: str, taken: Collection[str]) -> str:
    """Propose a slug for a watch duty from its English name, another than those that are taken."""
    base = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:32] or "watch"
    return next(
        slug for count in range(1, len(taken) + 2) if (slug := base if count == 1 else f"{base}-{count}") not in taken
    )
