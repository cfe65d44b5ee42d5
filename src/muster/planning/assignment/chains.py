"""Ejection chains in reduced costs: a job moves, pushes out another, which may push out a third.

With prices μ of capacity and λ of jobs, a plan costs ``const + Σ reduced costs + Σ μ·slack``, all terms
at least zero, so that what a plan is above the bound is told by where it stands. Overload is allowed on
the way at a price above μ. After Yagiura, Ibaraki and Glover, "An ejection chain approach for the
generalized assignment problem", INFORMS Journal on Computing 16 (2004).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.prices import Floats, open_costs
from muster.planning.assignment.problem import PairProblem
from muster.planning.compiled import compiled

Int32s = NDArray[np.int32]

#: Agents looked at for one job: those of least reduced cost.
_BREADTH = 8
_GAIN = 1e-7

#: By how much overload that stays becomes dearer, and how often at most.
_DEARER, _MOST_ROUNDS = 2.0, 30

#: Agents tried in all chains from one job, after which it is left where it is.
_PATIENCE = 20_000


class Ledger(NamedTuple):
    """Who holds what: the state of a local search, with the constants that it reads.

    `members[i, :n_held[i]]` are the jobs of agent ``i``; job ``j`` stands there at ``where[j]``.
    `near[j]` are the agents of job ``j`` by rising reduced cost, as many as are allowed, then -1.
    """

    reduced: Floats
    weight: Floats
    capacity: Floats
    price: Floats
    overload: Floats
    least_overload: Floats
    near: Int32s
    agent: Int32s
    load: Floats
    members: Int32s
    n_held: Int32s
    where: Int32s
    is_touched: NDArray[np.bool_]
    effort: NDArray[np.int64]
    halt: NDArray[np.bool_]


def open_ledger(problem: PairProblem, price: Floats, halt: NDArray[np.bool_]) -> Ledger:
    """Open a ledger for a closed problem in which no job has an agent yet; halted when told."""
    weight = problem.weight.astype(np.float64)
    reduced = open_costs(problem) + price[:, None] * weight
    reduced -= reduced.min(axis=0)
    breadth = min(_BREADTH, problem.n_agents)
    near = np.argsort(reduced, axis=0, kind="stable")[:breadth].T.astype(np.int32)
    near[np.take_along_axis(reduced.T, near.astype(np.int64), axis=1) == np.inf] = -1
    overload = _price_overload(np.take_along_axis(reduced.T, near.astype(np.int64), axis=1), weight, price)
    shape = (problem.n_agents, problem.n_jobs)
    return Ledger(
        reduced=np.ascontiguousarray(reduced.T),
        weight=np.ascontiguousarray(weight.T),
        capacity=problem.capacity.astype(np.float64),
        price=price,
        overload=overload,
        least_overload=overload.copy(),
        near=np.ascontiguousarray(near),
        agent=np.full(problem.n_jobs, -1, np.int32),
        load=np.zeros(problem.n_agents),
        members=np.empty(shape, np.int32),
        n_held=np.zeros(problem.n_agents, np.int32),
        where=np.zeros(problem.n_jobs, np.int32),
        is_touched=np.zeros(problem.n_agents, np.bool_),
        effort=np.zeros(1, np.int64),
        halt=halt,
    )


def _price_overload(choices: Floats, weight: Floats, price: Floats) -> Floats:
    """Price overload above capacity, and not below what moving a job to its second choice costs a unit of weight."""
    regret = choices[:, 1] if choices.shape[1] > 1 else np.zeros(0)
    regret = regret[np.isfinite(regret)]
    least = float(regret.mean()) / max(1.0, float(weight.mean())) if len(regret) else 0.0
    return 2.0 * np.maximum(price, max(0.05 * float(price.max(initial=0.0)), least, 1e-4))


@compiled
def put(led: Ledger, job: int, i: int) -> None:
    """Give a job to an agent, taking it from whoever holds it."""
    old = led.agent[job]
    if old >= 0:
        last = led.members[old, led.n_held[old] - 1]
        led.members[old, led.where[job]] = last
        led.where[last] = led.where[job]
        led.n_held[old] -= 1
        led.load[old] -= led.weight[job, old]
    led.agent[job] = i
    led.members[i, led.n_held[i]] = job
    led.where[job] = led.n_held[i]
    led.n_held[i] += 1
    led.load[i] += led.weight[job, i]


@compiled
def slack_cost(led: Ledger, i: int, load: float) -> float:
    """Return what an agent's slack or overload costs at a load."""
    slack = float(led.capacity[i] - load)
    if slack >= 0.0:
        return slack * float(led.price[i])
    return -slack * float(led.overload[i])


@compiled
def total_cost(led: Ledger) -> float:
    """Return by how much the plan is above the bound of its prices, overload included."""
    total = 0.0
    for job in range(len(led.agent)):
        total += led.reduced[job, led.agent[job]]
    for i in range(len(led.load)):
        total += slack_cost(led, i, led.load[i])
    return total


@compiled
def is_feasible(led: Ledger) -> bool:
    """Tell whether no agent is overloaded."""
    return bool(np.all(led.load <= led.capacity))


@compiled
def _put_back(led: Ledger, job: int, i: int, position: int) -> None:
    """Give a job back to an agent at the very position that it had, so that loops over members hold."""
    put(led, job, i)
    last = led.n_held[i] - 1
    other = led.members[i, position]
    led.members[i, position], led.members[i, last] = job, other
    led.where[job], led.where[other] = position, last


@compiled
def _leaving(led: Ledger, job: int) -> float:
    i = led.agent[job]
    after = slack_cost(led, i, led.load[i] - led.weight[job, i])
    return after - slack_cost(led, i, led.load[i]) - float(led.reduced[job, i])


@compiled
def _largest_slack_cost(led: Ledger) -> float:
    largest = 0.0
    for i in range(len(led.load)):
        largest = max(largest, slack_cost(led, i, led.load[i]))
    return largest


@compiled
def _move_for_good(led: Ledger, job: int, i: int) -> None:
    led.is_touched[led.agent[job]] = True
    led.is_touched[i] = True
    put(led, job, i)


@compiled
def move_on(led: Ledger, job: int, spent: float, most: float, depth: int) -> bool:
    """Move a job, and up to `depth` jobs that it pushes out in turn, if all of it together gains.

    Parameters
    ----------
    led
        The ledger; changed only if the chain gains.
    job
        The job to move.
    spent
        What the chain has cost before this job moves.
    most
        The most that filling an agent's slack may gain.
    depth
        How many further jobs may be pushed out.

    Returns
    -------
    bool
        Whether a chain that gains was found and made.
    """
    lifted = spent + _leaving(led, job)
    for k in range(led.near.shape[1]):
        i = led.near[job, k]
        if i < 0 or lifted + led.reduced[job, i] >= most or led.effort[0] > _PATIENCE:
            break
        led.effort[0] += 1
        if i == led.agent[job]:
            continue
        before = slack_cost(led, i, led.load[i])
        made = lifted + led.reduced[job, i] - before + slack_cost(led, i, led.load[i] + led.weight[job, i])
        if made < -_GAIN:
            _move_for_good(led, job, i)
            return True
        if depth == 0 or lifted + led.reduced[job, i] - before >= most:
            continue
        old, position = led.agent[job], led.where[job]
        put(led, job, i)
        for m in range(led.n_held[i] - 1):
            other = led.members[i, m]
            if made + _leaving(led, other) < most and move_on(led, other, made, most, depth - 1):
                led.is_touched[old] = True
                return True
        _put_back(led, job, old, position)
    return False


@compiled
def settle(led: Ledger, depth: int) -> None:
    """Make gaining chains until none is left that starts at an agent touched since."""
    queue = np.empty(len(led.agent), np.int32)
    while True:
        size = 0
        for job in range(len(led.agent)):
            if led.is_touched[led.agent[job]]:
                queue[size] = job
                size += 1
        if size == 0:
            return
        led.is_touched[:] = False
        for k in range(size):
            if led.halt[0]:
                return
            led.effort[0] = 0
            move_on(led, queue[k], 0.0, _largest_slack_cost(led), depth)


@compiled
def unload(led: Ledger, depth: int) -> None:
    """Settle, and make overload dearer where it stays, until none is left.

    Parameters
    ----------
    led
        A ledger in which every job has an agent; overload has its least price again at first.
    depth
        How many jobs a chain may push out.
    """
    led.overload[:] = led.least_overload
    settle(led, depth)
    for _ in range(_MOST_ROUNDS):
        is_over = led.load > led.capacity
        if led.halt[0] or not is_over.any():
            break
        led.overload[is_over] *= _DEARER
        led.is_touched[is_over] = True
        settle(led, depth)


@compiled
def start(led: Ledger, seed: int) -> None:
    """Give every job to an agent, those first whose second choice is much worse than their first."""
    np.random.seed(seed)
    regret = np.empty(len(led.agent))
    for job in range(len(regret)):
        second = led.near[job, 1] if led.near.shape[1] > 1 else -1
        regret[job] = led.reduced[job, second] if second >= 0 else np.inf
    for job in np.argsort(-regret):
        best, chosen = np.inf, led.near[job, 0]
        for k in range(led.near.shape[1]):
            i = led.near[job, k]
            if i < 0:
                break
            grown = led.load[i] + led.weight[job, i]
            value = led.reduced[job, i] + slack_cost(led, i, grown) - slack_cost(led, i, led.load[i])
            if value < best:
                best, chosen = value, i
        put(led, job, chosen)


@compiled
def restore(led: Ledger, agent: Int32s) -> None:
    """Give every job to the agent that a plan names."""
    for job in range(len(agent)):
        if led.agent[job] != agent[job]:
            put(led, job, agent[job])


@compiled
def wander(led: Ledger, n_kicks: int, warmth: float, depth: int, best: float, best_agent: Int32s) -> float:
    """Search on by kicks of a few jobs and chains that mend them.

    Parameters
    ----------
    led
        A ledger in which every job has an agent.
    n_kicks
        How often to kick.
    warmth
        How much worse a plan may be, on average, to be gone on from.
    depth
        How many jobs a chain may push out.
    best, best_agent
        Cost above the bound of the best feasible plan known, or infinite, and the plan: overwritten.

    Returns
    -------
    float
        Cost above the bound of the best feasible plan.
    """
    kept, current = led.agent.copy(), total_cost(led)
    for _ in range(n_kicks):
        if led.halt[0]:
            break
        for _ in range(np.random.randint(1, 4)):
            job = np.random.randint(len(led.agent))
            i = led.near[job, np.random.randint(led.near.shape[1])]
            if i >= 0 and i != led.agent[job]:
                _move_for_good(led, job, i)
        settle(led, depth)
        value = total_cost(led)
        if value < best - _GAIN and is_feasible(led):
            best = value
            best_agent[:] = led.agent
        if value <= current - warmth * np.log(1.0 - np.random.random()):
            current = value
            kept[:] = led.agent
        else:
            restore(led, kept)
            led.is_touched[:] = False
    return best
