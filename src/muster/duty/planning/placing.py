"""From a solved roster to shifts at posts: what the planner's matching needs to know of people and posts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from muster.duty.planning.base import Base, Position
from muster.duty.planning.problems import Pool
from muster.duty.planning.stance import Stance
from muster.duty.rules import IntArray
from muster.planning.rostering.placing import Places, meters_between, place
from muster.planning.rostering.problem import FloatArray


def place_people(base: Base, pool: Pool, roster: NDArray[np.int16], stance: Stance) -> list[tuple[int, int]]:
    """Place the people of a pool's roster on its shifts, near home and where they stood before.

    Parameters
    ----------
    base, pool, stance
        What the roster was planned from.
    roster
        Shift type by person and day, -1 for off; shape (people, days).

    Returns
    -------
    list of tuple
        The shift's place in the base, and the person's row in the pool.
    """
    places = Places(
        day=pool.day,
        type=pool.type,
        post=base.shifts.post[pool.shifts],
        places=pool.open_places,
        distance_m=_distances(base, pool),
        standing=_standing_shifts(pool, stance),
    )
    return [(int(pool.shifts[shift]), person) for shift, person in place(roster, places)]


def _standing_shifts(pool: Pool, stance: Stance) -> IntArray:
    """Return where in the pool's shifts each person stands on each day already, -1 for nowhere."""
    row_of = {person.number: row for row, person in enumerate(pool.people)}
    at_of = {int(place): at for at, place in enumerate(pool.shifts)}
    standing = np.full((len(pool.people), pool.problem.n_days), -1, np.int64)
    for shift, person in stance.movable.get(pool.area, ()):
        standing[row_of[person], pool.day[at_of[shift]]] = at_of[shift]
    return standing


def _distances(base: Base, pool: Pool) -> FloatArray:
    """Return meters from each person's home or place of work, the nearer one, to each shift's post."""
    posts = np.array([_or_nan(base.posts_at[int(post)]) for post in base.shifts.post[pool.shifts]])
    homes = np.array([_or_nan(person.home_at) for person in pool.people]).reshape(-1, 2)
    works = np.array([_or_nan(person.work_at) for person in pool.people]).reshape(-1, 2)
    return np.fmin(meters_between(homes, posts), meters_between(works, posts))


def _or_nan(position: Position) -> tuple[float, float]:
    return (np.nan, np.nan) if position is None else position
