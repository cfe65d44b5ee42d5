"""Which standing duties a plan may change, and which it keeps and works around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from muster.duty.planning.base import Base, Candidate
from muster.duty.queries.spans import StandingDuties
from muster.duty.rules import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """What stands, seen from a plan.

    Parameters
    ----------
    movable
        Duties that the plan may move or drop, by number of the pool's area: pairs of a shift's place in the base
        and a person.
    kept_on
        How many duties the plan keeps on each shift of the base: of people from elsewhere, and those for
        which an officer overrode a rule.
    kept
        The numbers of those duties.
    beside
        The duties that the plan works around: kept ones, and all that lie outside of it.
    fixed
        The same by number of the person.
    """

    movable: Mapping[int, Sequence[tuple[int, int]]]
    kept_on: IntArray
    kept: frozenset[int]
    beside: StandingDuties
    fixed: Mapping[int, StandingDuties]


def take_stance(base: Base, members: Mapping[int, Sequence[Candidate]]) -> Stance:
    """Sort the standing duties into those that a plan may change and those that it keeps.

    A duty on a shift of the plan is kept when an officer overrode a rule for it, or when its person belongs
    to another pool: somebody decided that. It is given up when the person no longer serves or is absent.
    """
    standing = base.standing
    place = _places_of(base)
    is_planned = place >= 0
    pool_of = {person.number: pool for pool, people in members.items() for person in people}
    own_pool = np.array([pool_of.get(int(person), -1) for person in standing.spans.person], np.int64)
    is_own = is_planned & (own_pool == base.shifts.pool[place]) if len(base.shifts) else is_planned
    is_kept = is_planned & (~is_own | standing.is_overridden) & _may_stay(base)
    is_movable = is_own & ~standing.is_overridden
    kept_on = np.bincount(place[is_kept], minlength=len(base.shifts)).astype(np.int64)
    beside = standing.take(~is_planned | is_kept)
    return Stance(
        movable=_by_pool(base, place[is_movable], standing.spans.person[is_movable]),
        kept_on=kept_on,
        kept=frozenset(standing.duty[is_kept].tolist()),
        beside=beside,
        fixed=_by_person(beside),
    )


def _by_pool(base: Base, places: IntArray, people: IntArray) -> dict[int, list[tuple[int, int]]]:
    movable: dict[int, list[tuple[int, int]]] = {}
    rows = zip(base.shifts.pool[places].tolist(), places.tolist(), people.tolist(), strict=True)
    for pool, place, person in rows:
        movable.setdefault(pool, []).append((place, person))
    return movable


def _places_of(base: Base) -> IntArray:
    """Return the place in the base's shifts of each standing duty's shift, -1 for one that is not planned."""
    if not len(base.shifts):
        return np.full(len(base.standing.shift), -1, np.int64)
    at = np.searchsorted(base.shifts.number, base.standing.shift)
    at = np.minimum(at, len(base.shifts) - 1)
    places: IntArray = np.where(base.shifts.number[at] == base.standing.shift, at, -1)
    return places


def _may_stay(base: Base) -> BoolArray:
    """Tell of each standing duty whether its person still serves and is not absent."""
    serving = {person.number for person in base.people}
    spans = base.standing.spans
    rows = zip(spans.person.tolist(), spans.day.tolist(), strict=True)
    return np.array(
        [
            person in serving and not any(first <= day < last for first, last in base.absences.get(person, ()))
            for person, day in rows
        ],
        np.bool_,
    )


def _by_person(standing: StandingDuties) -> dict[int, StandingDuties]:
    order = np.argsort(standing.spans.person, kind="stable")
    people, starts = np.unique(standing.spans.person[order], return_index=True)
    groups = np.split(order, starts[1:]) if len(people) else []
    return {int(person): standing.take(group) for person, group in zip(people, groups, strict=True)}
