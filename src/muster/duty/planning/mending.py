"""Between the solver's roster and the duties: take off what a rule objects to, fill what somebody free can take.

The solver counts a week by the days on which shifts start; the rules of rest count it by the clock as well.
Where the two differ, a duty is taken off, and given to somebody else where anybody can take it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from muster.duty.planning.base import Base
from muster.duty.planning.explaining import FREE, duties_of_people, reason_of, spans_of_places
from muster.duty.planning.problems import Pool, week_limit_of
from muster.duty.planning.stance import Stance
from muster.duty.queries.rest import list_broken
from muster.duty.rules import DutySpans, join_spans

MOST_PLACES_PER_POOL = 100
"""So many empty places of a pool are tried; where more are empty the pool is short, and trying is in vain."""
Placed = list[tuple[int, int]]


def mend(base: Base, pool: Pool, stance: Stance, placed: Placed) -> Placed:
    """Return the duties of a pool with no rule broken, and no place empty that somebody free could take.

    Parameters
    ----------
    base, pool, stance
        What the roster was planned from.
    placed
        The shift's place in the base, and the person's row in the pool.
    """
    return _fill_free(base, pool, stance, _take_off(base, pool, stance, placed))


def _take_off(base: Base, pool: Pool, stance: Stance, placed: Placed) -> Placed:
    numbers = {person.number for person in pool.people}
    fixed = [standing.spans for number, standing in stance.fixed.items() if number in numbers]
    beside = join_spans(_spans(base, pool, []), *fixed)
    own = {person.number: week_limit_of(base, person) for person in pool.people}
    before = {(rule.index, rule.rule) for rule in list_broken(beside, base.limits, own)}
    while True:
        joined = join_spans(beside, _spans(base, pool, placed))
        broken = [rule.index for rule in list_broken(joined, base.limits, own) if (rule.index, rule.rule) not in before]
        if not broken:
            return placed
        off = {_planned_cause(joined, index, len(beside)) - len(beside) for index in broken}
        placed = [duty for at, duty in enumerate(placed) if at not in off]


def _planned_cause(joined: DutySpans, index: int, n_beside: int) -> int:
    """Return the planned duty to take off: the one charged, or the last before it when that one must stay."""
    if index >= n_beside:
        return index
    is_before = (joined.person == joined.person[index]) & (joined.start_min <= joined.start_min[index])
    is_before[:n_beside] = False
    return int(np.argmax(np.where(is_before, joined.start_min, -1)))


def _spans(base: Base, pool: Pool, placed: Sequence[tuple[int, int]]) -> DutySpans:
    people = np.array([pool.people[row].number for _, row in placed], np.int64)
    return spans_of_places(base, people, np.array([place for place, _ in placed], np.int64))


def _fill_free(base: Base, pool: Pool, stance: Stance, placed: Placed) -> Placed:
    filled = Counter(place for place, _ in placed)
    lacking = [
        int(place)
        for place, open_places in zip(pool.shifts, pool.open_places, strict=True)
        for _ in range(int(open_places) - filled[int(place)])
    ]
    if not 0 < len(lacking) <= MOST_PLACES_PER_POOL:
        return placed
    duties = duties_of_people(base, pool, stance, placed)
    mended = list(placed)
    for place in lacking:
        row = _find_free(base, pool, duties, place)
        if row is not None:
            mended.append((place, row))
            duties[row] = join_spans(duties[row], _spans(base, pool, [(place, row)]))
    return mended


def _find_free(base: Base, pool: Pool, duties: Sequence[DutySpans], place: int) -> int | None:
    """Return the row of whoever can take a place and has the fewest minutes, or None."""
    free = [
        (int((own.end_min - own.start_min).sum()), row)
        for row, (person, own) in enumerate(zip(pool.people, duties, strict=True))
        if reason_of(base, person, own, place) == FREE
    ]
    return min(free)[1] if free else None
