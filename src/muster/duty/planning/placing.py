"""From shift types to posts: who of those on duty stands where, near home and where they stood before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from muster.duty.planning.base import Base, Position
from muster.duty.planning.problems import Pool
from muster.duty.planning.stance import Stance
from muster.duty.rules import IntArray

FloatArray = NDArray[np.float64]

METERS_PER_DEGREE = 111_195.0
UNKNOWN_M = 3_000.0
"""Distance taken where a position is not known."""
SECOND_PLACE_M = 4_000.0
"""What a second person at a post weighs: where people are short, every post gets its first."""
SAME_POST_M = 1_500.0
"""What it is worth to stand at the post of one's last duty."""
SAME_SHIFT_M = 20_000.0
"""What it is worth to keep the very shift that one stands on."""


def place_people(base: Base, pool: Pool, roster: NDArray[np.int16], stance: Stance) -> list[tuple[int, int]]:
    """Place the people of a pool's roster on its shifts, day by day, each day by matching.

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
    distance_m = _distances(base, pool)
    standing = _standing_places(pool, stance)
    last_post = np.full(len(pool.people), -1, np.int64)
    placed: list[tuple[int, int]] = []
    for day, number, slots in _slots(pool):
        people = np.nonzero(roster[:, day] == number)[0]
        if not len(people):
            continue
        posts = base.shifts.post[pool.shifts[slots]]
        cost = distance_m[np.ix_(people, slots)] + SECOND_PLACE_M * _rank_among_equals(slots)
        cost -= SAME_POST_M * (last_post[people][:, None] == posts[None])
        cost -= SAME_SHIFT_M * (standing[people, day][:, None] == slots[None])
        rows, columns = linear_sum_assignment(cost)
        last_post[people[rows]] = posts[columns]
        placed += zip(pool.shifts[slots[columns]].tolist(), people[rows].tolist(), strict=True)
    return placed


def _slots(pool: Pool) -> Iterator[tuple[int, int, IntArray]]:
    """Yield each day and shift type with its open places, a shift once for each, in the order of time."""
    order = np.lexsort((pool.shifts, pool.type, pool.day))
    order = order[pool.open_places[order] > 0]
    keys = pool.day[order] * pool.problem.n_shifts + pool.type[order]
    starts = np.nonzero(np.diff(keys, prepend=-1))[0]
    for group in np.split(order, starts[1:]) if len(order) else []:
        yield int(pool.day[group[0]]), int(pool.type[group[0]]), np.repeat(group, pool.open_places[group])


def _rank_among_equals(slots: IntArray) -> FloatArray:
    """Return 0 for the first place of each shift, 1 for its second, and so on."""
    places = np.arange(len(slots))
    is_first = np.diff(slots, prepend=-1) != 0
    return np.asarray(places - np.maximum.accumulate(np.where(is_first, places, 0)), np.float64)


def _standing_places(pool: Pool, stance: Stance) -> IntArray:
    """Return where in the pool's shifts each person stands on each day already, -1 for nowhere."""
    row_of = {person.number: row for row, person in enumerate(pool.people)}
    at_of = {int(place): at for at, place in enumerate(pool.shifts)}
    standing = np.full((len(pool.people), pool.problem.n_days), -1, np.int64)
    for place, person in stance.movable:
        if place in at_of:
            standing[row_of[person], pool.day[at_of[place]]] = at_of[place]
    return standing


def _distances(base: Base, pool: Pool) -> FloatArray:
    """Return meters from each person's home or place of work, the nearer one, to each shift's post."""
    posts = np.array([_or_nan(base.posts_at[int(post)]) for post in base.shifts.post[pool.shifts]])
    homes = np.array([_or_nan(person.home_at) for person in pool.people]).reshape(-1, 2)
    works = np.array([_or_nan(person.work_at) for person in pool.people]).reshape(-1, 2)
    nearer = np.fmin(_meters(homes, posts), _meters(works, posts))
    return np.nan_to_num(nearer, nan=UNKNOWN_M)


def _or_nan(position: Position) -> tuple[float, float]:
    return (np.nan, np.nan) if position is None else position


def _meters(origins: FloatArray, goals: FloatArray) -> FloatArray:
    """Return distances on a plane that touches the earth here: exact enough within a city."""
    east = (goals[None, :, 0] - origins[:, None, 0]) * np.cos(np.radians(goals[None, :, 1]))
    north = goals[None, :, 1] - origins[:, None, 1]
    return np.asarray(METERS_PER_DEGREE * np.hypot(east, north), np.float64)
