"""Who staffs which pool: everybody one pool at most, by a rule that depends on nothing but the rows.

A person is of use to the pools that hold, in this order, an area that their organization is paired with,
the area they work in, the one they live in, and the one their organization is seated in. They go to the
first of these that still lacks people, and to the first of all when none does. Whoever has the fewest
pools to choose from chooses first. As nobody is in two pools, pools can be solved apart and nobody is ever
booked twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from muster.duty.planning.base import Base, Candidate, PoolNeed
from muster.territory.rules import ancestor_paths

FAIR_WEEK_MIN = 24 * 60
"""Minutes a week at which a pool no longer lacks people: three full shifts each."""


def share_out_people(base: Base) -> dict[int, list[Candidate]]:
    """Return the people of each pool, by number of the pool's area, in the order of their codes."""
    pools = {pool.path: pool for pool in base.pools}
    choices = [(person, _pools_of(person, base, pools)) for person in base.people]
    # Sorting keeps the order of the codes among those with the same number of choices.
    choices = sorted((choice for choice in choices if choice[1]), key=lambda choice: len(choice[1]))
    members: dict[int, list[Candidate]] = {pool.number: [] for pool in base.pools}
    for person, own in choices:
        members[_choose(own, members).number].append(person)
    return {number: sorted(people, key=lambda person: person.code) for number, people in members.items()}


def _choose(own: Sequence[PoolNeed], members: Mapping[int, Sequence[Candidate]]) -> PoolNeed:
    lacking = (pool for pool in own if len(members[pool.number]) < math.ceil(pool.week_min / FAIR_WEEK_MIN))
    return next(lacking, own[0])


def _pools_of(person: Candidate, base: Base, pools: Mapping[str, PoolNeed]) -> list[PoolNeed]:
    """Return the pools that a person is of use to, most fitting first, each once."""
    found = dict.fromkeys(
        pool
        for path in _paths_of(person, base)
        for step in reversed(ancestor_paths(path))
        if (pool := pools.get(step)) is not None and _has_time_for(person, pool)
    )
    return list(found)


def _paths_of(person: Candidate, base: Base) -> Iterator[str]:
    yield from base.paired.get(person.number, ())
    if person.work_path:
        yield person.work_path
    if person.home_path:
        yield person.home_path
    yield from base.seated.get(person.number, ())


def _has_time_for(person: Candidate, pool: PoolNeed) -> bool:
    """Tell whether the person's own week has room for the shortest shift: some take no shifts at all."""
    return person.max_week_min is None or person.max_week_min >= pool.shortest_min
