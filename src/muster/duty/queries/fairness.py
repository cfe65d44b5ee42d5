"""How evenly nights, weekends and hours are shared: for a plot, and for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from muster.duty.queries.spans import StandingDuties, local_midnight, minute_of, planned_duties, read_duties
from muster.duty.rules import PAST_DAYS, BoolArray, IntArray, week_of
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.planning.rostering.problem import FloatArray
from muster.territory.models import Area

HOUR_MIN = 60
HOURS_BIN = 8
PACE_DAYS = 28
LEAST_DAYS = 7
"""From fewer days nothing is carried on to four weeks."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a person carries in a span."""

    duties: int
    minutes: int
    nights: int
    weekends: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many people carry how much: pairs of amount and number of people, without holes, from 0 up.

    Parameters
    ----------
    bars
        Amount, people.
    """

    bars: Sequence[tuple[int, int]]

    @property
    def most(self) -> int:
        """The largest amount that somebody carries."""
        return self.bars[-1][0] if self.bars else 0


@dataclass(frozen=True, slots=True)
class Change:
    """How a load was spread before, and how it is after: over the same people.

    Parameters
    ----------
    before, after
        How many people carry how much.
    apart_before, apart_after
        How far people lie apart: the standard deviation of what they carry per four weeks, so that spans of
        different lengths compare.
    """

    before: Spread
    after: Spread
    apart_before: float
    apart_after: float


@dataclass(frozen=True, slots=True)
class FairnessView:
    """How nights, weekends, and hours in steps of eight are spread over people with any duty in a span.

    Each before: in the 28 days up to the span; and after: in these days and the span.

    Parameters
    ----------
    people
        How many there are.
    days_before, days_after
        How many days lie between the first duty of either and its last, these included.
    nights, weekends, hours
        The loads.
    """

    people: int
    days_before: int
    days_after: int
    nights: Change
    weekends: Change
    hours: Change


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """Loads of many people as arrays of one length, and the days from the first duty of any of them to the last."""

    person: IntArray
    minutes: IntArray
    nights: IntArray
    weekends: IntArray
    days: int

    @property
    def hours(self) -> IntArray:
        """Whole hours."""
        return self.minutes // HOUR_MIN

    def per_four_weeks(self, load: str) -> FloatArray:
        """Return what each person's nights, weekends or hours are in four weeks at this pace, to a hundredth."""
        amounts: IntArray = getattr(self, load)
        pace: FloatArray = np.round(amounts * PACE_DAYS / max(LEAST_DAYS, self.days), 2)
        return pace

    def apart(self, load: str) -> float:
        """Return how far people lie apart in nights, weekends or hours per four weeks: the standard deviation."""
        return float(np.std(self.per_four_weeks(load))) if len(self.person) else 0.0


def get_fairness(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> FairnessView:
    """Return how evenly the duties of an area are shared, before a half-open span of local days and after it."""
    before, after = read_span_loads(emergency, area, starts_on, ends_on)
    return FairnessView(
        people=len(after.person),
        days_before=before.days,
        days_after=after.days,
        nights=_change(before, after, "nights"),
        weekends=_change(before, after, "weekends"),
        hours=_change(before, after, "hours", step=HOURS_BIN),
    )


def _change(before: Loads, after: Loads, load: str, *, step: int = 1) -> Change:
    return Change(
        spread_of(getattr(before, load), step=step),
        spread_of(getattr(after, load), step=step),
        before.apart(load),
        after.apart(load),
    )


def read_span_loads(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> tuple[Loads, Loads]:
    """Read what people carry in the 28 days up to a span, and in these days and the span.

    Both are of the same people, in the same order: everybody with a duty in the span.
    """
    past_on = starts_on - timedelta(days=PAST_DAYS)
    standing = read_duties(planned_duties(emergency, area).filter(**_span(past_on, ends_on)))
    people = np.unique(standing.spans.person[standing.spans.day >= starts_on.toordinal()])
    standing = standing.take(np.isin(standing.spans.person, people))
    before, since = standing.take(standing.spans.day < starts_on.toordinal()), _first_day(standing)
    return _count(people, before, since), _count(people, standing, since)


def read_loads(emergency: Emergency, area: Area, now: datetime) -> tuple[Loads, Loads]:
    """Read what people carried in the 28 days up to now, and what they will have with all that is planned.

    Both are of the same people, in the same order: everybody with a duty in the area since then.
    """
    duties = planned_duties(emergency, area).filter(starts_at__gte=now - timedelta(days=PAST_DAYS))
    return count_loads(read_duties(duties), now)


def count_loads(standing: StandingDuties, now: datetime) -> tuple[Loads, Loads]:
    """Count what ``read_loads`` reads from duties that are read already; those before its 28 days are left out."""
    standing = standing.take(standing.spans.start_min >= minute_of(now - timedelta(days=PAST_DAYS)))
    people = np.unique(standing.spans.person)
    before, since = standing.take(standing.spans.start_min <= minute_of(now)), _first_day(standing)
    return _count(people, before, since), _count(people, standing, since)


def _first_day(standing: StandingDuties) -> int:
    return int(standing.spans.day.min(initial=np.iinfo(np.int64).max))


def _count(people: IntArray, standing: StandingDuties, since: int) -> Loads:
    """Count the loads of people, who are in order, from duties of theirs from a day on."""
    at = np.searchsorted(people, standing.spans.person)
    days, n = standing.spans.day, len(people)
    minutes = standing.spans.end_min - standing.spans.start_min
    weekends = np.unique(np.stack([at, week_of(days)])[:, is_weekend(days)], axis=1)[0]
    return Loads(
        people,
        np.bincount(at, minutes, n).astype(np.int64),
        np.bincount(at, standing.is_night, n).astype(np.int64),
        np.bincount(weekends, minlength=n).astype(np.int64),
        int(days.max() - since) + 1 if len(days) else 0,
    )


def get_load(emergency: Emergency, person: Person, starts_on: date, ends_on: date) -> Load:
    """Return what one person carries in a half-open span of local days, wherever it is."""
    duties = planned_duties(emergency).filter(person=person)
    standing = read_duties(duties.filter(**_span(starts_on, ends_on)))
    days = standing.spans.day
    return Load(
        duties=len(days),
        minutes=int((standing.spans.end_min - standing.spans.start_min).sum()),
        nights=int(standing.is_night.sum()),
        weekends=len({int(day - 1) // 7 for day in days[is_weekend(days)]}),
    )


def spread_of(amounts: IntArray, *, step: int = 1) -> Spread:
    """Return how many people carry each amount, in bins of ``step`` named by their lower edge."""
    if not len(amounts):
        return Spread(())
    count = Counter((amounts // step * step).tolist())
    return Spread(tuple((amount, count[amount]) for amount in range(0, max(count) + step, step)))


def is_weekend(days: IntArray) -> BoolArray:
    """Tell of each local day (``date.toordinal``) whether it is a Saturday or Sunday."""
    weekend: BoolArray = (days - 1) % 7 >= 5
    return weekend


def _span(starts_on: date, ends_on: date) -> dict[str, object]:
    return {"starts_at__gte": local_midnight(starts_on), "starts_at__lt": local_midnight(ends_on)}
