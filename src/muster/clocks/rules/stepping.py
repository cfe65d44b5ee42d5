"""Which steps of a gap's clock are due, and since when its clock counts once it has stood still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from muster.clocks.rules.waking import ALWAYS, Waking

UNTOLD_RANK = 32_767
"""Of a gap that nobody has been told of: beneath all levels."""
WARDEN_RANK = 32_000
"""Of one that its warden has been told of: beneath all offices."""


class Leg(NamedTuple):
    """One step of a clock: after how long a gap reaches which rank, that of a level or the warden's."""

    rank: int
    after: timedelta


class DueStep(NamedTuple):
    """A step that is due: to which rank, and since when."""

    rank: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """How gaps of a kind move on.

    Parameters
    ----------
    legs
        In their order: each goes higher than the one before, and never sooner.
    may_wait
        Whether the clock stands still in quiet hours.
    hold
        For how long somebody may have a gap in hand before its clock runs again.
    """

    legs: tuple[Leg, ...]
    may_wait: bool
    hold: timedelta

    def hours(self, waking: Waking) -> Waking:
        """Return the hours in which this clock runs."""
        return waking if self.may_wait else ALWAYS

    def legs_from(self, told_rank: int) -> tuple[Leg, ...]:
        """Return the steps that are still to come, for a gap that has reached a rank."""
        return tuple(leg for leg in self.legs if leg.rank < told_rank)


def list_due(clock: Clock, waking: Waking, *, counts_from: datetime, told_rank: int, now: datetime) -> list[DueStep]:
    """List the steps of a gap that are due, in order, each with the moment at which it was.

    Parameters
    ----------
    clock, waking
        How gaps of its kind move on, and when what can wait is heard.
    counts_from
        Since when its clock counts.
    told_rank
        How high it has come.
    now
        As of when. In quiet hours nothing is due that can wait.
    """
    hours = clock.hours(waking)
    if not hours.is_running(now):
        return []
    begun = hours.count_until(counts_from)
    due = [DueStep(leg.rank, hours.find_latest(begun + leg.after)) for leg in clock.legs_from(told_rank)]
    return [step for step in due if step.at <= now]


def find_next(clock: Clock, waking: Waking, *, counts_from: datetime, told_rank: int) -> DueStep | None:
    """Find the next step of a gap and when it will be due; None where its clock has run out."""
    hours = clock.hours(waking)
    for leg in clock.legs_from(told_rank):
        return DueStep(leg.rank, hours.find_latest(hours.count_until(counts_from) + leg.after))
    return None


def find_latest_due(clock: Clock, waking: Waking, *, told_rank: int, now: datetime) -> datetime | None:
    """Find since when at the latest a gap's clock must count for its next step to be due; None where none is.

    So that a million gaps are asked by one range of an index, and none of them needs to know when it is due.
    """
    hours = clock.hours(waking)
    for leg in clock.legs_from(told_rank):
        return hours.find_latest(hours.count_until(now) - leg.after) if hours.is_running(now) else None
    return None


def move_start(clock: Clock, waking: Waking, *, counts_from: datetime, stood_at: datetime, now: datetime) -> datetime:
    """Return since when a clock counts that stood still from a moment until now: what had run then has run now."""
    hours = clock.hours(waking)
    run = hours.count_until(stood_at) - hours.count_until(counts_from)
    return hours.find_latest(hours.count_until(now) - run)
