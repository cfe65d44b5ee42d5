"""How evenly nights, weekends and hours are shared: for a plot, and for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from muster.duty.queries.spans import local_midnight, planned_duties, read_duties
from muster.duty.rules import BoolArray, IntArray
from muster.emergencies.models import Emergency
from muster.people.models import Person
from muster.territory.models import Area

HOUR_MIN = 60
HOURS_BIN = 8


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
class FairnessView:
    """The spread of nights, of weekends, and of hours in steps of eight, over people with any duty."""

    people: int
    nights: Spread
    weekends: Spread
    hours: Spread


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """Loads of many people as arrays of one length."""

    person: IntArray
    minutes: IntArray
    nights: IntArray
    weekends: IntArray


def get_fairness(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> FairnessView:
    """Return how evenly the duties of an area are shared in a half-open span of local days."""
    loads = read_loads(emergency, area, starts_on, ends_on)
    return FairnessView(
        people=len(loads.person),
        nights=spread_of(loads.nights),
        weekends=spread_of(loads.weekends),
        hours=spread_of(loads.minutes // HOUR_MIN, step=HOURS_BIN),
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


def read_loads(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> Loads:
    """Read the loads of all people with a duty in an area in a half-open span of local days."""
    standing = read_duties(planned_duties(emergency, area).filter(**_span(starts_on, ends_on)))
    person, place = np.unique(standing.spans.person, return_inverse=True)
    minutes = standing.spans.end_min - standing.spans.start_min
    days = standing.spans.day
    weekends = np.unique(np.stack([place, (days - 1) // 7])[:, is_weekend(days)], axis=1)[0]
    n = len(person)
    return Loads(
        person,
        np.bincount(place, minutes, n).astype(np.int64),
        np.bincount(place, standing.is_night, n).astype(np.int64),
        np.bincount(weekends, minlength=n).astype(np.int64),
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
