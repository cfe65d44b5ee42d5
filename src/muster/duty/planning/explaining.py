"""Why a place stays empty: for each person of the pool, the first reason that keeps them from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from muster.duty.kinds import Unfit
from muster.duty.planning.base import Base, Candidate
from muster.duty.planning.problems import Pool, week_limit_of
from muster.duty.planning.stance import Stance
from muster.duty.queries.spans import local_days
from muster.duty.rules import DutySpans, Fitness, IntArray, find_unfitness, find_violations, join_spans

ON_DUTY = "on_duty"
NO_PEOPLE = "no_people"
FREE = "free"
MOST_CELLS_PER_POOL = 100
"""So many different kinds of empty place are explained in a pool; beyond that the pool as a whole is short."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A shift that lacks people, and why.

    Parameters
    ----------
    place
        The shift's place in the base.
    missing
        How many people it lacks.
    why
        The reason that keeps the most people from it: ``no_people``, ``on_duty`` (elsewhere that day), a rule
        of rest (``rest``, ``days_in_row``, ``week``, ``nights``), what a person is (``absent``, ``unable``,
        ``restricted``, ``no_nights``, ``no_weekends``), or ``free`` when somebody could be placed.
    by_reason
        How many people of the pool each reason keeps from it.
    """

    place: int
    missing: int
    why: str
    by_reason: Mapping[str, int]


def explain_shortages(base: Base, pool: Pool, stance: Stance, placed: Sequence[tuple[int, int]]) -> list[Shortage]:
    """Explain every shift of a pool that lacks people.

    Parameters
    ----------
    base, pool, stance
        What the roster was planned from.
    placed
        The shift's place in the base and the person's row in the pool, for every planned duty.
    """
    filled = Counter(place for place, _ in placed)
    lacking = [
        (int(place), int(open_places) - filled[int(place)])
        for place, open_places in zip(pool.shifts, pool.open_places, strict=True)
        if open_places > filled[int(place)]
    ]
    duties = duties_of_people(base, pool, stance, placed)
    reasons: dict[tuple[int, int], Counter[str]] = {}
    shortages = []
    for place, missing in lacking:
        at = int(np.searchsorted(pool.shifts, place))
        cell = int(pool.day[at]), int(pool.type[at])
        if cell not in reasons and len(reasons) < MOST_CELLS_PER_POOL:
            reasons[cell] = _count_reasons(base, pool, duties, place)
        counted = reasons.get(cell, Counter({ON_DUTY: len(pool.people)}))
        shortages.append(Shortage(place, missing, _leading(counted), dict(counted)))
    return shortages


def _leading(counted: Counter[str]) -> str:
    if not counted.total():
        return NO_PEOPLE
    return FREE if counted[FREE] else counted.most_common(1)[0][0]


def duties_of_people(base: Base, pool: Pool, stance: Stance, placed: Sequence[tuple[int, int]]) -> list[DutySpans]:
    """Return what each person of the pool has: planned duties, and those that the plan works around."""
    places_of: list[list[int]] = [[] for _ in pool.people]
    for place, row in placed:
        places_of[row].append(place)
    duties = []
    for person, places in zip(pool.people, places_of, strict=True):
        planned = spans_of_places(base, np.full(len(places), person.number, np.int64), np.array(places, np.int64))
        fixed = stance.fixed.get(person.number)
        duties.append(planned if fixed is None else join_spans(planned, fixed.spans))
    return duties


def spans_of_places(base: Base, people: IntArray, places: IntArray) -> DutySpans:
    """Return the spans of people's duties on shifts given by their place in the base."""
    shifts = base.shifts
    return DutySpans(people, shifts.start_min[places], shifts.end_min[places], shifts.local_min[places])


def _count_reasons(base: Base, pool: Pool, duties: Sequence[DutySpans], place: int) -> Counter[str]:
    return Counter(reason_of(base, person, own, place) for person, own in zip(pool.people, duties, strict=True))


def reason_of(base: Base, person: Candidate, own: DutySpans, place: int) -> str:
    """Return what keeps a person, with the duties that they have, from a shift; ``free`` when nothing does."""
    shifts = base.shifts
    unfit = _unfit(base, person, place)
    if unfit is not None:
        return unfit.value
    if np.any(own.day == shifts.day[place]):
        return ON_DUTY
    one = np.array([person.number], np.int64)
    with_it = join_spans(own, spans_of_places(base, one, np.array([place], np.int64)))
    limit = np.full(len(with_it), week_limit_of(base, person), np.int64)
    broken = find_violations(with_it, base.limits, limit)
    return broken[0].rule.value if broken else FREE


def _unfit(base: Base, person: Candidate, place: int) -> Unfit | None:
    shifts = base.shifts
    kind = base.kinds[int(shifts.kind[place])]
    first_day = int(shifts.day[place])
    last_day = int(local_days(shifts.end_min[[place]] - 1)[0])
    is_absent = any(first <= last_day and first_day < last for first, last in base.absences.get(person.number, ()))
    return find_unfitness(
        Fitness(True, person.abilities, person.restrictions, is_absent),
        needs=kind.abilities,
        barred_by=kind.barred_by,
        is_night=bool(shifts.is_night[place]),
        is_weekend=(first_day - 1) % 7 >= 5,
    )
