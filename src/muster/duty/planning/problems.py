"""From the rows of a pool to its rostering problem: shift types, who may when, and what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from muster.duty.planning.base import Base, Candidate
from muster.duty.planning.blocking import Calendar, history_of, room_beside
from muster.duty.planning.pools import share_out_people
from muster.duty.planning.stance import Stance, take_stance
from muster.duty.queries.cover import FAIRNESS
from muster.duty.queries.spans import local_midnight, minute_of
from muster.duty.rules import NIGHTS_SPAN_DAYS, BoolArray, Fitness, IntArray, find_unfitness
from muster.planning.rostering.problem import History, Person, RosterProblem, ShiftType

DAY_MIN = 1440
UNDER_WEIGHT = 1000.0
"""Cost of an empty place: above what any sharing of nights or disturbed duty can weigh up."""
OVER_WEIGHT = 4000.0
DISTURBANCE_WEIGHT = 60.0
OFF = -1


class TypeKey(NamedTuple):
    """What makes two shifts the same to a planner: time of day, and who may stand there."""

    start_min: int
    length_min: int
    is_night: bool
    needs: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """A pool's problem, and what its indices mean.

    Parameters
    ----------
    area
        Number of the pool's area.
    people
        The people, in the order of the problem.
    shifts
        Places in the base's shifts of the shifts of this pool.
    day, type
        Day of the horizon and shift type of each of these shifts.
    open_places
        Places that the plan may fill on each of these shifts.
    problem
        The problem.
    """

    area: int
    people: Sequence[Candidate]
    shifts: IntArray
    day: IntArray
    type: IntArray
    open_places: IntArray
    problem: RosterProblem


def build_pools(base: Base, disturbance_weight: float = DISTURBANCE_WEIGHT) -> list[Pool]:
    """Build the problem of every pool that has shifts to fill, in the order of the pools' paths."""
    members = share_out_people(base)
    stance = take_stance(base, members)
    pools = []
    for need in base.pools:
        places = np.nonzero(base.shifts.pool == need.number)[0]
        if len(places):
            pools.append(_build_pool(base, need.number, members[need.number], places, stance, disturbance_weight))
    return pools


def _build_pool(
    base: Base,
    area: int,
    people: Sequence[Candidate],
    places: IntArray,
    stance: Stance,
    disturbance_weight: float,
) -> Pool:
    calendar = calendar_of(base)
    day = base.shifts.day[places] - calendar.first_day
    keys = [_key_of(base, int(place), calendar) for place in places]
    types = sorted(set(keys))
    number_of = {key: number for number, key in enumerate(types)}
    type_of = np.array([number_of[key] for key in keys], np.int64)
    demand = np.zeros((calendar.n_days, len(types)), np.int64)
    open_places = np.maximum(base.shifts.needed[places] - stance.kept_on[places], 0)
    np.add.at(demand, (day, type_of), open_places)
    row_of = {person.number: row for row, person in enumerate(people)}
    movable = stance.movable.get(area, ())
    standing = _standing_roster(movable, row_of, places, np.stack([day, type_of]), calendar.n_days)
    problem = RosterProblem(
        n_days=calendar.n_days,
        shifts=tuple(_shift_type(number, key) for number, key in enumerate(types)),
        people=tuple(_person(base, person, stance, calendar) for person in people),
        demand=demand,
        under_weight=np.full(demand.shape, UNDER_WEIGHT),
        over_weight=np.full(demand.shape, OVER_WEIGHT),
        allowed=_allowed(base, people, types, calendar, stance, standing) & (demand > 0)[None],
        max_cover=demand.copy(),
        first_weekday=(calendar.first_day - 1) % 7,
        min_rest_min=base.limits.min_rest_min,
        nights_span_days=NIGHTS_SPAN_DAYS,
        fairness=FAIRNESS,
        standing=standing if np.any(standing != OFF) else None,
        disturbance_weight=disturbance_weight,
    )
    return Pool(area, people, places, day, type_of, open_places, problem)


def calendar_of(base: Base) -> Calendar:
    """Return the span of a base as the planner counts it."""
    first_day = base.starts_on.toordinal()
    midnight = minute_of(local_midnight(base.starts_on))
    return Calendar(first_day, base.ends_on.toordinal() - first_day, midnight, base.limits)


def _key_of(base: Base, place: int, calendar: Calendar) -> TypeKey:
    shifts = base.shifts
    kind = base.kinds[int(shifts.kind[place])]
    start_min = int(shifts.start_min[place])
    return TypeKey(
        start_min=(start_min - calendar.midnight_min) % DAY_MIN,
        length_min=int(shifts.end_min[place]) - start_min,
        is_night=bool(shifts.is_night[place]),
        needs=tuple(sorted(kind.abilities)),
        barred_by=tuple(sorted(kind.barred_by)),
    )


def _shift_type(number: int, key: TypeKey) -> ShiftType:
    return ShiftType(f"{number}", key.start_min, key.length_min, key.is_night)


def _allowed(
    base: Base,
    people: Sequence[Candidate],
    types: Sequence[TypeKey],
    calendar: Calendar,
    stance: Stance,
    standing: IntArray,
) -> BoolArray:
    """Return whether a person is fit for a shift type on a day, and free beside the duties that must stay.

    What stands already is free: the room beside other duties is narrowed on the safe side, and a plan must not
    give up what breaks no rule.
    """
    days = calendar.first_day + np.arange(calendar.n_days)
    is_weekend = (days - 1) % 7 >= 5
    allowed = np.zeros((len(people), calendar.n_days, len(types)), np.bool_)
    starts = np.array([key.start_min for key in types], np.int64)
    lengths = np.array([key.length_min for key in types], np.int64)
    ends_after = (starts + lengths - 1) // DAY_MIN
    fit: dict[tuple[frozenset[str], frozenset[str]], BoolArray] = {}
    for p, person in enumerate(people):
        likeness = person.abilities, person.restrictions
        if likeness not in fit:
            fit[likeness] = np.stack([_fit_days(person, key, is_weekend) for key in types], axis=1)
        allowed[p] = fit[likeness]
        for first, last in base.absences.get(person.number, ()):
            away = (days[:, None] < last) & (days[:, None] + ends_after[None] >= first)
            allowed[p] &= ~away
        fixed = stance.fixed.get(person.number)
        if fixed is not None:
            room = room_beside(fixed.spans, calendar, starts, lengths, week_limit_of(base, person))
            days_on = np.nonzero(standing[p] != OFF)[0]
            room[days_on, standing[p, days_on]] = True
            allowed[p] &= room
    return allowed


def _fit_days(person: Candidate, key: TypeKey, is_weekend: BoolArray) -> BoolArray:
    return np.where(is_weekend, *(_is_fit(person, key, is_weekend=flag) for flag in (True, False)))


def _is_fit(person: Candidate, key: TypeKey, *, is_weekend: bool) -> bool:
    fitness = Fitness(True, person.abilities, person.restrictions)
    why = find_unfitness(
        fitness, needs=key.needs, barred_by=key.barred_by, is_night=key.is_night, is_weekend=is_weekend
    )
    return why is None


def week_limit_of(base: Base, person: Candidate) -> int:
    """Return the most minutes a week of a person: their own limit or that of all, the narrower."""
    own = person.max_week_min
    return base.limits.max_week_min if own is None else min(own, base.limits.max_week_min)


def _person(base: Base, person: Candidate, stance: Stance, calendar: Calendar) -> Person:
    fixed = stance.fixed.get(person.number)
    week_min = week_limit_of(base, person)
    return Person(
        name=str(person.number),
        max_week_minutes=week_min,
        max_run_days=base.limits.max_days_in_row,
        max_nights=base.limits.max_nights,
        share=week_min / base.limits.max_week_min,
        history=History() if fixed is None else history_of(fixed.spans, fixed.is_night, calendar),
    )


def _standing_roster(
    movable: Sequence[tuple[int, int]],
    row_of: Mapping[int, int],
    places: IntArray,
    day_and_type: IntArray,
    n_days: int,
) -> IntArray:
    """Return the roster that stands on these shifts and may change, off where nothing does."""
    at_of = {int(place): at for at, place in enumerate(places)}
    standing = np.full((len(row_of), n_days), OFF, np.int64)
    for place, person in movable:
        day, number = day_and_type[:, at_of[place]]
        standing[row_of[person], day] = number
    return standing
