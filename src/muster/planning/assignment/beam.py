"""A beam: fix jobs level by level, and keep the states of least bound at every level.

Where the bound is close, it tells good states from bad ones long before they are complete, so that a beam of
a hundred states finds what as many single dives do not. A state's children give one job, the one on which
picks agree most, to the agents that its running mean of picks names.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.dive import choose_pair, look, take_picks
from muster.planning.assignment.knapsack import Auction, fix
from muster.planning.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

#: An agent whose mean of picks is below this is no alternative.
_LEAST_MEAN = 0.02
_TINY = 1e-6


class Span(NamedTuple):
    """How widely to search.

    Parameters
    ----------
    width
        How many states are kept at each level.
    fan
        How many agents are tried for a job at most.
    rounds
        Price rounds for each child.
    batch
        The share of the free jobs that is fixed at each level.
    noise
        How much chance is added to the means when choosing what to fix.
    """

    width: int
    fan: int
    rounds: int
    batch: float
    noise: float


class States(NamedTuple):
    """What differs between the auctions of a level, one row a state.

    `spent` is the cost of what is fixed; `bound` is a lower bound on every plan that completes it.
    """

    agent: Int32s
    price: Floats
    mean: Floats
    room: Int64s
    room_price: Floats
    gap: Floats
    reach: Floats
    spent: Floats
    bound: Floats


@compiled
def _open_states(n_states: int, n_agents: int, n_jobs: int) -> States:
    return States(
        np.empty((n_states, n_jobs), np.int32),
        np.empty((n_states, n_jobs)),
        np.empty((n_states, n_agents, n_jobs)),
        np.empty((n_states, n_agents), np.int64),
        np.empty((n_states, n_agents)),
        np.empty((n_states, n_agents)),
        np.empty((n_states, n_agents)),
        np.empty(n_states),
        np.empty(n_states),
    )


@compiled
def _keep(au: Auction, states: States, k: int, spent: float, bound: float) -> None:
    states.agent[k] = au.agent
    states.price[k] = au.price
    states.mean[k] = au.mean
    states.room[k] = au.room
    states.room_price[k] = au.room_price
    states.gap[k] = au.gap
    states.reach[k] = au.reach
    states.spent[k] = spent
    states.bound[k] = bound


@compiled
def _recall(au: Auction, states: States, k: int) -> None:
    au.agent[:] = states.agent[k]
    au.price[:] = states.price[k]
    au.mean[:] = states.mean[k]
    au.room[:] = states.room[k]
    au.room_price[:] = states.room_price[k]
    au.gap[:] = states.gap[k]
    au.reach[:] = states.reach[k]
    n_free, n_fixed = 0, 0
    for j in range(len(au.agent)):
        place = n_free
        if au.agent[j] >= 0:
            n_fixed += 1
            place = len(au.agent) - n_fixed
        else:
            n_free += 1
        au.free[place], au.place[j] = j, place
    au.n_free[0] = n_free


@compiled
def _advance(states: States, k: int, children: States, child: int) -> None:
    states.agent[k] = children.agent[child]
    states.price[k] = children.price[child]
    states.mean[k] = children.mean[child]
    states.room[k] = children.room[child]
    states.room_price[k] = children.room_price[child]
    states.gap[k] = children.gap[child]
    states.reach[k] = children.reach[child]
    states.spent[k] = children.spent[child]
    states.bound[k] = children.bound[child]


@compiled
def _fix_agreed(au: Auction, states: States, k: int, n_jobs: int, noise: float) -> bool:
    """Fix some jobs of a state where picks agree most; tell whether that was possible."""
    spent = states.spent[k]
    for _ in range(n_jobs):
        i, j, _ = choose_pair(au, noise)
        if j < 0:
            return False
        spent += au.cost[i, j]
        fix(au, i, j)
    if n_jobs > 0:
        _keep(au, states, k, spent, states.bound[k])
    return True


@compiled
def _choose_agents(au: Auction, i: int, j: int, fan: int) -> Int32s:
    """Choose the agents to try for a job: a given one, then by falling mean of picks."""
    agents, n = np.full(fan, i, np.int32), 1
    for other in np.argsort(-au.mean[:, j]):
        if n == fan or au.mean[other, j] < _LEAST_MEAN:
            break
        if other != i and au.weight[other, j] <= au.room[other] and au.cost[other, j] < np.inf:
            agents[n] = other
            n += 1
    return agents[:n]


@compiled
def _try_child(
    au: Auction, span: Span, children: States, n_children: int, spent: float, limit: float, best_agent: Int32s
) -> tuple[int, float]:
    """Price a child and keep it if it may lead to a plan within the limit; return their number and the limit."""
    bound, is_plan = (0.0, True) if au.n_free[0] == 0 else look(au, span.rounds)
    if spent + bound > limit + _TINY:
        return n_children, limit
    if is_plan:
        take_picks(au, best_agent)
        return n_children, spent + bound - 1.0
    _keep(au, children, n_children, spent, spent + bound)
    return n_children + 1, limit


@compiled
def _branch(
    au: Auction, span: Span, states: States, n_states: int, children: States, limit: float, best_agent: Int32s
) -> tuple[int, float]:
    """Make the children of all states; return their number and the limit."""
    n_children = 0
    for k in range(n_states):
        _recall(au, states, k)
        if not _fix_agreed(au, states, k, int(span.batch * au.n_free[0]), span.noise):
            continue
        i, j, _ = choose_pair(au, span.noise)
        if j < 0:
            continue
        agents = _choose_agents(au, i, j, span.fan)
        for other in agents:
            _recall(au, states, k)
            fix(au, other, j)
            spent = states.spent[k] + au.cost[other, j]
            n_children, limit = _try_child(au, span, children, n_children, spent, limit, best_agent)
    return n_children, limit


@compiled
def _select(states: States, children: States, n_children: int, width: int, limit: float) -> int:
    """Make the children of least bound the states of the next level; return their number."""
    order = np.argsort(children.bound[:n_children])[:width]
    for k in range(len(order)):
        if children.bound[order[k]] > limit + _TINY:
            return k
        _advance(states, k, children, order[k])
    return len(order)


@compiled
def search_beam(au: Auction, span: Span, limit: float, best_agent: Int32s) -> float:
    """Search for a plan level by level.

    Parameters
    ----------
    au
        An auction at good prices with a mean of picks and no job fixed; used up.
    span
        How widely to search.
    limit
        Plans that cost more are not looked for.
    best_agent
        Overwritten with the best plan found, if any.

    Returns
    -------
    float
        The cost of the plan, or infinity.
    """
    n_agents, n_jobs = au.cost.shape
    states = _open_states(span.width, n_agents, n_jobs)
    children = _open_states(span.width * span.fan, n_agents, n_jobs)
    _keep(au, states, 0, 0.0, 0.0)
    n_states, first_limit = 1, limit
    while n_states > 0 and not au.halt[0]:
        n_children, limit = _branch(au, span, states, n_states, children, limit, best_agent)
        n_states = _select(states, children, n_children, span.width, limit)
    return limit + 1.0 if limit < first_limit else np.inf
