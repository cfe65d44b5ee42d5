"""Who could take a place on a shift: fit, rested, fairly burdened and near, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from muster.duty.kinds import DutyState, Unfit
from muster.duty.models import Duty, Shift
from muster.duty.queries.crew import list_crew
from muster.duty.queries.fairness import is_weekend
from muster.duty.queries.fitness import NEIGHBOR_DAYS, list_absent
from muster.duty.queries.spans import (
    StandingDuties,
    get_rest_limits,
    local_days,
    minute_of,
    moment_of,
    read_duties,
    span_of,
)
from muster.duty.rules import (
    PAST_DAYS,
    BrokenRule,
    Fitness,
    IntArray,
    RestLimits,
    find_rest_hindrances,
    find_unfitness,
    week_of,
)
from muster.people.models import Person
from muster.planning.rostering.placing import meters_between
from muster.planning.rostering.problem import Fairness, FloatArray
from muster.planning.rostering.repair import Loads, added_cost, rank

FAIRNESS = Fairness(nights=8.0, weekends=5.0, hours=2.0)
"""What a squared night, weekend and ten hours weigh when duties are shared out, planned or by hand."""


AHEAD_DAYS = 14
"""How far ahead what stands counts towards a fair share, beside what is past."""


@dataclass(frozen=True, slots=True)
class CoverCandidate:
    """Somebody who could take a place, and what keeps them from it, if anything does.

    Parameters
    ----------
    week_min
        Minutes on duty in the calendar week of the shift, without it.
    nights, weekends
        Nights in the 28 days before the shift, and weekends with a duty in these and the fortnight after.
    last_end_at
        When their last duty before the shift ends; None when there is none near.
    distance_m
        From home or work, the nearer, to the post; None where a position is not known.
    cost
        What the duty adds to their share of nights, weekends and hours, as planning weighs it.
    unfit, broken
        Why they are not fit, and the first rule of rest that it would break.
    """

    person_code: str
    person_name: str
    week_min: int
    nights: int
    weekends: int
    last_end_at: datetime | None
    distance_m: float | None
    cost: float
    unfit: Unfit | None
    broken: BrokenRule | None

    @property
    def may_stand(self) -> bool:
        """Whether nothing keeps them from it."""
        return self.unfit is None and self.broken is None


class _Asked(NamedTuple):
    """A person of the pool, as read."""

    number: int
    code: str
    name: str
    abilities: list[str]
    restrictions: list[str]
    max_week_min: int | None
    home_lon: float | None
    home_lat: float | None
    work_lon: float | None
    work_lat: float | None


_FIELDS = (
    "pk",
    "code",
    "name",
    "abilities",
    "restrictions",
    "max_week_min",
    "home_area__lon",
    "home_area__lat",
    "work_area__lon",
    "work_area__lat",
)


def list_cover(shift: Shift, *, limit: int = 20) -> list[CoverCandidate]:
    """List who of the post's pool could take a place on a shift, those whom nothing keeps from it first.

    Parameters
    ----------
    shift
        With its post, pattern and emergency.
    limit
        How many at most.

    Returns
    -------
    list of CoverCandidate
        In the order in which to ask them: by what the duty adds to their fair share, and by the way. Who stands
        on the shift already, and whose own week has no room for such a shift at all, is not asked.
    """
    on_it = set(shift.duties.filter(state=DutyState.PLANNED).values_list("person_id", flat=True))
    asked = [person for person in _read_asked(shift) if person.number not in on_it]
    return _weigh(shift, asked, limit) if asked else []


def weigh_holder(shift: Shift, person: Person) -> CoverCandidate:
    """Weigh whoever stands on a shift as if they were asked now, to set others beside them."""
    asked = Person.objects.filter(pk=person.pk).values_list(*_FIELDS)
    return _weigh(shift, [_Asked(*row) for row in asked], 1)[0]


def _read_asked(shift: Shift) -> list[_Asked]:
    length_min = minute_of(shift.ends_at) - minute_of(shift.starts_at)
    people = list_crew(shift.emergency, [shift.post.pool_area]).order_by("code").values_list(*_FIELDS)
    everybody = (_Asked(*row) for row in people)
    return [one for one in everybody if one.max_week_min is None or one.max_week_min >= length_min]


def _weigh(shift: Shift, asked: Sequence[_Asked], limit: int) -> list[CoverCandidate]:
    numbers = np.array([person.number for person in asked], np.int64)
    limits = get_rest_limits(shift.emergency)
    standing = _read_near(shift, numbers)
    broken = _find_broken(shift, asked, standing, limits)
    unfit = _find_unfit(shift, asked)
    tally = _count_loads(shift, numbers, standing)
    cost = _costs(shift, asked, tally, limits)
    distance_m = _distances_m(shift, asked)
    may_stand = np.array([unfit[at] is None and person.number not in broken for at, person in enumerate(asked)])
    return [
        CoverCandidate(
            person_code=asked[at].code,
            person_name=asked[at].name,
            week_min=int(tally.week_min[at]),
            nights=int(tally.recent_nights[at]),
            weekends=int(tally.weekends[at]),
            last_end_at=moment_of(int(tally.last_end_min[at])) if tally.last_end_min[at] > 0 else None,
            distance_m=None if np.isnan(distance_m[at]) else float(distance_m[at]),
            cost=float(cost[at]),
            unfit=unfit[at],
            broken=broken.get(asked[at].number),
        )
        for at in rank(cost, distance_m, may_stand)[:limit].tolist()
    ]


def _read_near(shift: Shift, people: IntArray) -> StandingDuties:
    """Read the duties around a shift of those who are asked, without the shift itself."""
    reach = timedelta(days=NEIGHBOR_DAYS)
    near = Duty.objects.filter(
        state=DutyState.PLANNED, starts_at__gt=shift.starts_at - reach, starts_at__lt=shift.ends_at + reach
    ).exclude(shift=shift)
    return read_duties(near.filter(person__in=people.tolist()))


def _find_broken(
    shift: Shift, asked: Sequence[_Asked], standing: StandingDuties, limits: RestLimits
) -> dict[int, BrokenRule]:
    own = {person.number: person.max_week_min for person in asked if person.max_week_min is not None}
    numbers = np.array([person.number for person in asked], np.int64)
    starts, ends = (np.full(len(asked), minute_of(at), np.int64) for at in (shift.starts_at, shift.ends_at))
    return find_rest_hindrances(standing.spans, span_of(numbers, starts, ends), limits, own)


def _find_unfit(shift: Shift, asked: Sequence[_Asked]) -> list[Unfit | None]:
    kind, day = shift.post.kind, _day_of(shift)
    absent = list_absent(shift, [person.number for person in asked])
    found: list[Unfit | None] = []
    for person in asked:
        fitness = Fitness(True, person.abilities, person.restrictions, person.number in absent)
        why = find_unfitness(
            fitness,
            needs=kind.abilities,
            barred_by=kind.barred_by,
            is_night=shift.pattern.is_night,
            is_weekend=bool(is_weekend(np.array([day]))[0]),
        )
        found.append(why)
    return found


def _day_of(shift: Shift) -> int:
    """Return the local day of a shift as ``date.toordinal``."""
    return int(local_days(np.array([minute_of(shift.starts_at)], np.int64))[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Tally:
    """What people carry around a shift, as arrays of one length."""

    week_min: IntArray
    recent_nights: IntArray
    minutes: IntArray
    nights: IntArray
    weekends: IntArray
    has_weekend: IntArray
    last_end_min: IntArray


def _count_loads(shift: Shift, numbers: IntArray, standing: StandingDuties) -> _Tally:
    order = np.argsort(numbers)
    at = order[np.searchsorted(numbers, standing.spans.person, sorter=order)]
    day, shift_day, start_min = standing.spans.day, _day_of(shift), minute_of(shift.starts_at)
    minutes = standing.spans.end_min - standing.spans.start_min
    recent = (day < shift_day) & (day >= shift_day - PAST_DAYS)
    around = (day >= shift_day - PAST_DAYS) & (day < shift_day + AHEAD_DAYS)
    week, shift_week = week_of(day), (shift_day - 1) // 7
    n = len(numbers)
    worked = np.unique(np.stack([at, week])[:, is_weekend(day) & around], axis=1)
    last_end_min = np.zeros(n, np.int64)
    ended = standing.spans.end_min <= start_min
    np.maximum.at(last_end_min, at[ended], standing.spans.end_min[ended])
    return _Tally(
        week_min=np.bincount(at, minutes * (week == shift_week), n).astype(np.int64),
        recent_nights=np.bincount(at, standing.is_night & recent, n).astype(np.int64),
        minutes=np.bincount(at, minutes * around, n).astype(np.int64),
        nights=np.bincount(at, standing.is_night & around, n).astype(np.int64),
        weekends=np.bincount(worked[0], minlength=n).astype(np.int64),
        has_weekend=np.bincount(worked[0], worked[1] == shift_week, n).astype(np.int64),
        last_end_min=last_end_min,
    )


def _costs(shift: Shift, asked: Sequence[_Asked], tally: _Tally, limits: RestLimits) -> FloatArray:
    own = np.array([limits.max_week_min if one.max_week_min is None else one.max_week_min for one in asked])
    share = np.clip(own / limits.max_week_min, 0.01, 1.0)
    loads = Loads(tally.minutes, tally.nights, tally.weekends, tally.has_weekend > 0, share)
    return added_cost(
        FAIRNESS,
        loads,
        length_min=minute_of(shift.ends_at) - minute_of(shift.starts_at),
        is_night=shift.pattern.is_night,
        is_weekend=bool(is_weekend(np.array([_day_of(shift)]))[0]),
    )


def _distances_m(shift: Shift, asked: Sequence[_Asked]) -> FloatArray:
    """Return meters from home or work, the nearer, to the post; not a number where a position is not known."""
    table = np.array([person[-4:] for person in asked], np.float64).reshape(-1, 2, 2)
    post = np.array([[shift.post.lon, shift.post.lat]], np.float64)
    ways = [meters_between(table[:, place], post)[:, 0] for place in (0, 1)]
    return np.fmin(*ways)
