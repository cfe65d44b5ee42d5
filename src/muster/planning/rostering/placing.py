"""People to posts: within one day and shift type, who of those on duty stands where.

Several posts may share a shift type in a pool. People are matched to places by cost: the way from home or work, a
gain for the post of the last duty, so that people stay where they know the door, and a larger one for the very
place that stands already. Where posts need skills, the pool's problem tells them apart: one shift type for each
time of day and class of skill, with ``allowed`` saying who has the skill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from muster.planning.result import ProblemError
from muster.planning.rostering.problem import FloatArray, IntArray

METERS_PER_DEGREE = 111_195.0
UNKNOWN_M = 3_000.0
"""Distance taken where a position is not known."""
SECOND_PLACE_M = 4_000.0
"""What a second person at a post weighs: where people are short, every post gets its first."""
SAME_POST_M = 1_500.0
"""What it is worth to stand at the post of one's last duty."""
SAME_PLACE_M = 20_000.0
"""What it is worth to keep the very shift that one stands on."""
NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The shifts of a pool's posts, as arrays of one length, and who is how far from them.

    Parameters
    ----------
    day, type, post
        Day of the horizon, shift type, and number of the post.
    places
        People wanted on each.
    distance_m
        Meters from each person to each shift's post, shape (people, shifts); not a number where not known.
    standing
        Shift on which each person stands on each day already, -1 for none; shape (people, days).

    Raises
    ------
    ProblemError
        When the shapes do not fit each other.
    """

    day: IntArray
    type: IntArray
    post: IntArray
    places: IntArray
    distance_m: FloatArray
    standing: IntArray

    def __post_init__(self) -> None:
        """Check the shapes against each other."""
        if not len(self.day) == len(self.type) == len(self.post) == len(self.places):
            raise ProblemError("places: day, type, post and places differ in length")
        expected = (len(self.standing), len(self.day))
        if self.distance_m.shape != expected:
            raise ProblemError(f"distance_m: shape {self.distance_m.shape}, expected {expected} (people, shifts)")


def place(roster: NDArray[np.int16], places: Places) -> list[tuple[int, int]]:
    """Place the people of a roster, day by day and shift type by shift type, each by matching.

    Parameters
    ----------
    roster
        Shift type by person and day, -1 for off; shape (people, days).
    places
        Where they may stand.

    Returns
    -------
    list of tuple
        Shift and person by index.
    """
    distance_m = np.nan_to_num(places.distance_m, nan=UNKNOWN_M)
    last_post = np.full(len(roster), NOWHERE, np.int64)
    placed: list[tuple[int, int]] = []
    for day, number, slots in _slots(places):
        people = np.nonzero(roster[:, day] == number)[0]
        if not len(people):
            continue
        posts = places.post[slots]
        cost = distance_m[np.ix_(people, slots)] + SECOND_PLACE_M * _rank_among_equals(slots)
        cost -= SAME_POST_M * (last_post[people][:, None] == posts[None])
        cost -= SAME_PLACE_M * (places.standing[people, day][:, None] == slots[None])
        rows, columns = linear_sum_assignment(cost)
        last_post[people[rows]] = posts[columns]
        placed += zip(slots[columns].tolist(), people[rows].tolist(), strict=True)
    return placed


def _slots(places: Places) -> Iterator[tuple[int, int, IntArray]]:
    """Yield each day and shift type with its places, a shift once for each, in the order of time."""
    order = np.lexsort((np.arange(len(places.day)), places.type, places.day))
    order = order[places.places[order] > 0]
    if not len(order):
        return
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (np.diff(places.day[order]) != 0) | (np.diff(places.type[order]) != 0)
    for group in np.split(order, np.nonzero(is_first)[0][1:]):
        yield int(places.day[group[0]]), int(places.type[group[0]]), np.repeat(group, places.places[group])


def _rank_among_equals(slots: IntArray) -> FloatArray:
    """Return 0 for the first place of each shift, 1 for its second, and so on."""
    at = np.arange(len(slots))
    is_first = np.diff(slots, prepend=-1) != 0
    return np.asarray(at - np.maximum.accumulate(np.where(is_first, at, 0)), np.float64)


def meters_between(origins: FloatArray, goals: FloatArray) -> FloatArray:
    """Return distances on a plane that touches the earth at the goals: exact enough within a city.

    Parameters
    ----------
    origins, goals
        Longitude and latitude in degrees, shape (n, 2) and (m, 2); not a number where not known.

    Returns
    -------
    array of float, shape (n, m)
        Meters.
    """
    east = (goals[None, :, 0] - origins[:, None, 0]) * np.cos(np.radians(goals[None, :, 1]))
    north = goals[None, :, 1] - origins[:, None, 1]
    return np.asarray(METERS_PER_DEGREE * np.hypot(east, north), np.float64)
