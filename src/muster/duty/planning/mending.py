"""Between the solver's roster and the duties: take off what a rule objects to, fill what somebody free can take.

The solver counts a week by the days on which shifts start; the rules of rest count it by the clock as well.
Where the two differ, a duty is taken off, and given to somebody else where anybody can take it.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from muster.duty.planning.base import Base
from muster.duty.planning.explaining import FREE, duties_of_pool, list_reasons
from muster.duty.planning.problems import Pool, week_limit_of
from muster.duty.planning.stance import Stance
from muster.duty.rules import DutySpans, list_newly_broken

MOST_PLACES_PER_POOL = 1000
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
    beside = duties_of_pool(base, pool, stance, [])
    own = {person.number: week_limit_of(base, person) for person in pool.people}
    while True:
        joined = duties_of_pool(base, pool, stance, placed)
        added = joined.take(np.arange(len(beside), len(joined)))
        broken = [rule.index for rule in list_newly_broken(beside, added, base.limits, own)]
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


def _fill_free(base: Base, pool: Pool, stance: Stance, placed: Placed) -> Placed:
    filled = Counter(place for place, _ in placed)
    lacking = [
        int(place)
        for place, open_places in zip(pool.shifts, pool.open_places, strict=True)
        for _ in range(int(open_places) - filled[int(place)])
    ]
    if len(lacking) > MOST_PLACES_PER_POOL:
        return placed
    mended = list(placed)
    for place in lacking:
        row = _find_free(base, pool, duties_of_pool(base, pool, stance, mended), place)
        if row is not None:
            mended.append((place, row))
    return mended


def _find_free(base: Base, pool: Pool, duties: DutySpans, place: int) -> int | None:
    """Return the row of whoever can take a place and has the fewest minutes, or None."""
    minutes: Counter[int] = Counter()
    for person, length_min in zip(duties.person.tolist(), (duties.end_min - duties.start_min).tolist(), strict=True):
        minutes[person] += length_min
    reasons = list_reasons(base, pool, duties, place)
    free = [(minutes[pool.people[row].number], row) for row, reason in enumerate(reasons) if reason == FREE]
    return min(free)[1] if free else None
