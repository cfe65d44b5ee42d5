"""Prices of the agents' capacity, and the lower bound that they prove."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.problem import PairProblem
from muster.planning.compiled import compiled

Floats = NDArray[np.float64]


def open_costs(problem: PairProblem) -> Floats:
    """Return the costs as floats, infinite where a pair is not allowed."""
    return np.where(problem.is_allowed, problem.cost.astype(np.float64), np.inf)


def price_capacity(problem: PairProblem, n_rounds: int = 4000) -> tuple[Floats, float]:
    """Price capacity by subgradient ascent on the Lagrangian that relaxes it.

    Parameters
    ----------
    problem
        A closed problem in which each job has an agent.
    n_rounds
        At most so many steps.

    Returns
    -------
    price, bound
        A price for each agent, at least 0, and the lower bound on the cost of any plan that they prove.
    """
    price = np.zeros(problem.n_agents)
    weight = problem.weight.astype(np.float64)
    bound = _ascend(open_costs(problem), weight, problem.capacity.astype(np.float64), price, n_rounds)
    return price, bound


@compiled
def _cheapest_load(cost: Floats, weight: Floats, price: Floats, load: Floats) -> float:
    total = 0.0
    load[:] = 0.0
    for j in range(cost.shape[1]):
        best, chosen = np.inf, 0
        for i in range(cost.shape[0]):
            value = cost[i, j] + price[i] * weight[i, j]
            if value < best:
                best, chosen = value, i
        total += best
        load[chosen] += weight[chosen, j]
    return total


@compiled
def _ascend(cost: Floats, weight: Floats, capacity: Floats, price: Floats, n_rounds: int) -> float:
    """Climb by Polyak's steps towards a level above the best value, lowered when it proves too high."""
    load, current = np.zeros(len(price)), price.copy()
    best = _cheapest_load(cost, weight, current, load)
    ahead, stale = 0.5 * abs(best) + 1.0, 0
    for _ in range(n_rounds):
        value = _cheapest_load(cost, weight, current, load) - np.dot(current, capacity)
        stale += 1
        if value > best + 0.02 * ahead:
            stale = 0
        if value > best:
            best = value
            price[:] = current
        if stale > 20:
            ahead, stale = ahead * 0.5, 0
            current[:] = price
            _cheapest_load(cost, weight, current, load)
            value = best
        slope = load - capacity
        # Agents with room and no price cannot follow the slope: it must not shorten the others' step.
        slope[(slope < 0.0) & (current <= 0.0)] = 0.0
        norm = np.dot(slope, slope)
        if norm == 0.0 or ahead < 1e-7 * (1.0 + abs(best)):
            break
        current = np.maximum(0.0, current + (best + ahead - value) / norm * slope)
    return best
