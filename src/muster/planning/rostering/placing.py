"""People to posts: within one day and shift type, who of those on duty stands where.

Several posts may share a shift type in a pool. People are matched to places by cost: distance from home, and a
charge for a change of post from the person's last duty, so that people stay where they know the door. Where posts
need skills, the pool's problem must already tell them apart: make one shift type per (shift, skill class), with
`allowed` saying who has the skill, and pass each post under the type of its class. What a post needs beyond
that may be given here as infinite distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from muster.planning.result import ProblemError
from muster.planning.rostering.problem import OFF, RosterPlan, RosterProblem

NOWHERE = -1
UNSUITED_M = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Posts:
    """The posts of a pool.

    Parameters
    ----------
    places
        People wanted at each post, shape (n_posts, n_days, n_shifts).
    distance_m
        Meters from each person's home to each post, shape (n_people, n_posts); infinite where a person must
        not stand.
    change_m
        What a change of post from the last duty costs, in meters.
    """

    places: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    change_m: float = 300.0


def place(problem: RosterProblem, plan: RosterPlan, posts: Posts) -> NDArray[np.int32]:
    """Match the people on duty to posts, day by day, near home first and the same post again where it costs little.

    Parameters
    ----------
    problem, plan
        A pool and its roster.
    posts
        Its posts. Per day and shift type their places should add up to the demand.

    Returns
    -------
    numpy.ndarray
        Post of each person and day, -1 for off duty or for people beyond all places; shape (n_people, n_days).

    Raises
    ------
    ProblemError
        When the shapes do not fit the pool.
    """
    _check(problem, posts)
    at = np.full((problem.n_people, problem.n_days), NOWHERE, np.int32)
    last_post = np.full(problem.n_people, NOWHERE, np.int32)
    cost_m = np.where(np.isfinite(posts.distance_m), posts.distance_m, UNSUITED_M)
    for day in range(problem.n_days):
        for s in range(problem.n_shifts):
            people = np.flatnonzero(plan.shift[:, day] == s)
            if len(people):
                chosen = _match(people, posts.places[:, day, s], cost_m, last_post, posts.change_m)
                at[people, day] = chosen
        on_duty = (plan.shift[:, day] != OFF) & (at[:, day] != NOWHERE)
        last_post[on_duty] = at[on_duty, day]
    return at


def _check(problem: RosterProblem, posts: Posts) -> None:
    n_posts = len(posts.places)
    if posts.places.shape != (n_posts, problem.n_days, problem.n_shifts):
        raise ProblemError(f"places: shape {posts.places.shape}, expected (posts, days, shift types)")
    if posts.distance_m.shape != (problem.n_people, n_posts):
        raise ProblemError(f"distance_m: shape {posts.distance_m.shape}, expected {(problem.n_people, n_posts)}")


def _match(
    people: NDArray[np.int64],
    places: NDArray[np.int64],
    cost_m: NDArray[np.float64],
    last_post: NDArray[np.int32],
    change_m: float,
) -> NDArray[np.int32]:
    """Return the post of each of the people, -1 for those left over or unsuited to what is left."""
    slots = np.repeat(np.arange(len(places)), places)
    chosen = np.full(len(people), NOWHERE, np.int32)
    if not len(slots):
        return chosen
    before = last_post[people]
    moves = (before[:, None] != slots[None, :]) & (before[:, None] != NOWHERE)
    cost = cost_m[np.ix_(people, slots)] + change_m * moves
    rows, columns = linear_sum_assignment(cost)
    suited = cost[rows, columns] < UNSUITED_M
    chosen[rows[suited]] = slots[columns[suited]]
    return chosen
