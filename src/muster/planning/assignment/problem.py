"""The pairing problem: each building or community to one organization, within what each offers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muster.planning.result import ProblemError

#: Sums of costs and weights stay exact in 64-bit floats below this.
_LIMIT = 2**52


@dataclass(frozen=True, eq=False)
class PairProblem:
    """A generalized assignment problem: agents take jobs, each job goes to one agent.

    Parameters
    ----------
    cost
        Shape ``(n_agents, n_jobs)``, int64, to be minimized; bonuses for standing pairs are in it.
    weight
        Shape ``(n_agents, n_jobs)``, int64, at least 0: how much of an agent a job takes.
    capacity
        Shape ``(n_agents,)``, int64, at least 0.
    is_allowed
        Shape ``(n_agents, n_jobs)``: which pairs may be. A job that is too large for an agent may not.
    skip_penalty
        Shape ``(n_jobs,)``, int64, what a job without an agent costs; None if every job must have one.

    Notes
    -----
    Build it with `build`, which validates.
    """

    cost: NDArray[np.int64]
    weight: NDArray[np.int64]
    capacity: NDArray[np.int64]
    is_allowed: NDArray[np.bool_]
    skip_penalty: NDArray[np.int64] | None

    @classmethod
    def build(
        cls,
        *,
        cost: ArrayLike,
        weight: ArrayLike,
        capacity: ArrayLike,
        is_allowed: ArrayLike | None = None,
        skip_penalty: ArrayLike | None = None,
        standing: ArrayLike | None = None,
        stickiness: int = 0,
    ) -> PairProblem:
        """Build a problem and validate it.

        Parameters
        ----------
        cost, weight
            Whole numbers, one row an agent, one column a job.
        capacity
            Whole numbers, one an agent.
        is_allowed
            Which pairs may be; all by default.
        skip_penalty
            What leaving a job without an agent costs, one number or one a job; by default it may not be.
        standing
            The agent that holds each job today, or -1.
        stickiness
            By how much a standing pair is cheaper than its cost says, at least 0.

        Raises
        ------
        ProblemError
            If shapes disagree or a number is out of range.
        """
        costs, weights = _whole(cost, "cost"), _whole(weight, "weight")
        capacities = _whole(capacity, "capacity")
        if costs.ndim != 2 or weights.shape != costs.shape or capacities.shape != costs.shape[:1]:
            raise ProblemError(
                f"cost {costs.shape}, weight {weights.shape} and capacity {capacities.shape} do not fit: "
                "cost and weight need one row an agent and one column a job."
            )
        if standing is not None:
            costs = _with_bonus(costs, _whole(standing, "standing"), stickiness)
        _check_magnitudes(costs, weights, capacities)
        allowed = weights <= capacities[:, None]
        if is_allowed is not None:
            allowed &= np.asarray(is_allowed, np.bool_)
        penalty = None
        if skip_penalty is not None:
            penalty = np.broadcast_to(_whole(skip_penalty, "skip_penalty"), costs.shape[1:]).copy()
        return cls(costs, weights, capacities, allowed, penalty)

    @property
    def n_agents(self) -> int:
        """Return the number of agents."""
        return len(self.capacity)

    @property
    def n_jobs(self) -> int:
        """Return the number of jobs."""
        return int(self.cost.shape[1])

    def cost_of(self, agent: NDArray[np.int32]) -> int:
        """Return the total cost of a plan, skipped jobs (agent -1) included."""
        taken = agent >= 0
        total = int(self.cost[agent[taken], np.flatnonzero(taken)].sum())
        if self.skip_penalty is not None:
            total += int(self.skip_penalty[~taken].sum())
        return total

    def closed(self) -> PairProblem:
        """Return the same problem with skipping as one more agent, the last, that takes any job.

        Without penalties for skipping this is the problem itself.
        """
        if self.skip_penalty is None:
            return self
        nobody = np.zeros((1, self.n_jobs), np.int64)
        return PairProblem(
            cost=np.vstack((self.cost, self.skip_penalty[None, :])),
            weight=np.vstack((self.weight, nobody)),
            capacity=np.append(self.capacity, 0),
            is_allowed=np.vstack((self.is_allowed, nobody == 0)),
            skip_penalty=None,
        )


@dataclass(frozen=True, eq=False)
class PairPlan:
    """The agent of each job.

    Parameters
    ----------
    agent
        Shape ``(n_jobs,)``, int32: an agent, or -1 where the job is skipped.
    """

    agent: NDArray[np.int32]


def _whole(values: ArrayLike, name: str) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ProblemError(f"{name} holds {array.dtype} values: whole numbers are needed, so scale them first.")
    return np.ascontiguousarray(array, np.int64)


def _with_bonus(cost: NDArray[np.int64], standing: NDArray[np.int64], stickiness: int) -> NDArray[np.int64]:
    n_agents, n_jobs = cost.shape
    if standing.shape != (n_jobs,) or (n_jobs and not -1 <= int(standing.min()) <= int(standing.max()) < n_agents):
        raise ProblemError(f"standing needs one agent from -1 to {n_agents - 1} for each of {n_jobs} jobs.")
    if stickiness < 0:
        raise ProblemError(f"stickiness is {stickiness}: it must be at least 0.")
    cost = cost.copy()
    held = np.flatnonzero(standing >= 0)
    cost[standing[held], held] -= stickiness
    return cost


def _check_magnitudes(cost: NDArray[np.int64], weight: NDArray[np.int64], capacity: NDArray[np.int64]) -> None:
    for name, values in (("weight", weight), ("capacity", capacity)):
        if values.size and int(values.min()) < 0:
            at = tuple(int(index) for index in np.argwhere(values < 0)[0])
            raise ProblemError(f"{name} at {at} is {values[at]}: it must be at least 0.")
    for name, values in (("cost", cost), ("weight", weight), ("capacity", capacity)):
        reach = float(np.abs(values.astype(np.float64)).max(initial=0.0)) * max(1, cost.shape[1])
        if reach > _LIMIT:
            raise ProblemError(f"{name} values are too large to be added up exactly: divide by a common factor.")
