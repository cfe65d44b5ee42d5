"""Why a place stays empty: for each person of the pool, the first reason that keeps them from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from muster.duty.kinds import RestRule, Unfit
from muster.duty.planning.base import Base, Candidate
from muster.duty.planning.problems import Pool, week_limit_of
from muster.duty.planning.stance import Stance
from muster.duty.queries.spans import local_days
from muster.duty.rules import (
    DutySpans,
    Fitness,
    IntArray,
    find_rest_hindrances,
    find_unfitness,
    is_night,
    join_spans,
)

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
    is_proven
        Whether it is among so many places of the pool as are proven to stay empty in every roster.
    """

    place: int
    missing: int
    why: str
    by_reason: Mapping[str, int]
    is_proven: bool


def explain_shortages(
    base: Base, pool: Pool, stance: Stance, placed: Sequence[tuple[int, int]], unfillable: int
) -> list[Shortage]:
    """Explain every shift of a pool that lacks people.

    Parameters
    ----------
    base, pool, stance
        What the roster was planned from.
    placed
        The shift's place in the base and the person's row in the pool, for every planned duty.
    unfillable
        How many places of the pool are proven to stay empty in every roster.
    """
    filled = Counter(place for place, _ in placed)
    lacking = [
        (at, int(open_places) - filled[int(place)])
        for at, (place, open_places) in enumerate(zip(pool.shifts, pool.open_places, strict=True))
        if open_places > filled[int(place)]
    ]
    duties = duties_of_pool(base, pool, stance, placed) if lacking else None
    reasons: dict[tuple[int, int], Counter[str]] = {}
    shortages = []
    for at, missing in lacking:
        cell, place = (int(pool.day[at]), int(pool.type[at])), int(pool.shifts[at])
        if cell not in reasons and duties is not None and len(reasons) < MOST_CELLS_PER_POOL:
            reasons[cell] = Counter(list_reasons(base, pool, duties, place))
        counted = reasons.get(cell, Counter({ON_DUTY: len(pool.people)}))
        shortages.append(Shortage(place, missing, _leading(counted), dict(counted), is_proven=False))
    return _mark_proven(shortages, 0 if _is_narrowed(base, pool, stance) else unfillable)


def _mark_proven(shortages: Sequence[Shortage], unfillable: int) -> list[Shortage]:
    """Mark as many places as are proven: last those for want of hours, as the proof counts no week by the clock."""
    left, proven = unfillable, set()
    for shortage in sorted(shortages, key=lambda shortage: shortage.why == RestRule.WEEK):
        if shortage.missing <= left:
            left -= shortage.missing
            proven.add(shortage.place)
    return [replace(shortage, is_proven=shortage.place in proven) for shortage in shortages]


def _is_narrowed(base: Base, pool: Pool, stance: Stance) -> bool:
    """Tell whether a pool was planned on the safe side of the rules, so that a proof would not hold for these.

    Duties inside or after the span close days beside them, see ``blocking``; whoever is away throughout is narrowed
    by that alone. A pattern that is called a night and over before three counts as one for the planner alone.
    """
    shifts = spans_of_places(base, np.zeros(len(pool.shifts), np.int64), pool.shifts)
    if np.any(base.shifts.is_night[pool.shifts] & ~is_night(shifts)):
        return True
    first_day, last_day = base.starts_on.toordinal(), base.ends_on.toordinal()
    for person in pool.people:
        fixed = stance.fixed.get(person.number)
        if fixed is None or any(a <= first_day and last_day <= b for a, b in base.absences.get(person.number, ())):
            continue
        if np.any(fixed.spans.day >= first_day):
            return True
    return False


def _leading(counted: Counter[str]) -> str:
    if not counted.total():
        return NO_PEOPLE
    return FREE if counted[FREE] else counted.most_common(1)[0][0]


def duties_of_pool(base: Base, pool: Pool, stance: Stance, placed: Sequence[tuple[int, int]]) -> DutySpans:
    """Return what the people of a pool have: duties that the plan works around, then the planned ones in order."""
    fixed = [stance.fixed[person.number].spans for person in pool.people if person.number in stance.fixed]
    people = np.array([pool.people[row].number for _, row in placed], np.int64)
    return join_spans(*fixed, spans_of_places(base, people, np.array([place for place, _ in placed], np.int64)))


def spans_of_places(base: Base, people: IntArray, places: IntArray) -> DutySpans:
    """Return the spans of people's duties on shifts given by their place in the base."""
    shifts = base.shifts
    return DutySpans(people, shifts.start_min[places], shifts.end_min[places], shifts.local_min[places])


def list_reasons(base: Base, pool: Pool, duties: DutySpans, place: int) -> list[str]:
    """List what keeps each person of a pool from a shift, beside the duties that they have; ``free`` for nothing.

    Parameters
    ----------
    base, pool
        What the roster was planned from.
    duties
        As from ``duties_of_pool``.
    place
        The shift's place in the base.
    """
    numbers = np.array([person.number for person in pool.people], np.int64)
    added = spans_of_places(base, numbers, np.full(len(numbers), place, np.int64))
    own = {person.number: week_limit_of(base, person) for person in pool.people}
    broken = find_rest_hindrances(duties, added, base.limits, own)
    busy = set(duties.person[duties.day == base.shifts.day[place]].tolist())
    reasons = []
    for person in pool.people:
        unfit, rule = _unfit(base, person, place), broken.get(person.number)
        if unfit is not None:
            reasons.append(unfit.value)
        elif person.number in busy:
            reasons.append(ON_DUTY)
        else:
            reasons.append(rule.rule.value if rule else FREE)
    return reasons


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
