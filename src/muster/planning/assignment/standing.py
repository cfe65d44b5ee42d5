"""What is known while searching: the best plan so far and the best proven bound."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.problem import PairProblem

Int32s = NDArray[np.int32]


@dataclass
class Standing:
    """The best plan and bound so far, shared by the threads of one solve.

    Parameters
    ----------
    problem
        A closed problem.
    deadline
        When to stop, on the clock of `time.perf_counter`.
    agent, cost
        The best plan, or None and infinity.
    bound
        The best lower bound.
    dives, beams, kicks
        How much has been tried.
    halt
        One entry that compiled code looks at: true when all is to end.
    """

    problem: PairProblem
    deadline: float
    agent: Int32s | None = None
    cost: float = math.inf
    bound: float = -math.inf
    dives: int = 0
    beams: int = 0
    kicks: int = 0
    halt: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1, np.bool_))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, agent: Int32s | None) -> bool:
        """Take a plan if it keeps the rules and is better; tell whether it was."""
        if agent is None or np.any(agent < 0) or not self._is_feasible(agent):
            return False
        cost = self.problem.cost_of(agent)
        with self._lock:
            if cost >= self.cost:
                return False
            self.agent, self.cost = agent.copy(), cost
        return True

    def _is_feasible(self, agent: Int32s) -> bool:
        jobs = np.arange(self.problem.n_jobs)
        load = np.bincount(agent, self.problem.weight[agent, jobs], self.problem.n_agents)
        return bool(self.problem.is_allowed[agent, jobs].all() and (load <= self.problem.capacity).all())

    def prove(self, bound: float) -> None:
        """Take a bound; costs are whole, so it is rounded up, with care for the last digits of floats."""
        if bound == math.inf:
            bound = self.cost
        if math.isfinite(bound):
            with self._lock:
                self.bound = max(self.bound, math.ceil(bound - 1e-9 * abs(bound) - 1e-5))

    def stop(self) -> None:
        """Let everything that searches come to an end."""
        self.halt[0] = True

    @property
    def is_closed(self) -> bool:
        """Tell whether the plan is proven optimal."""
        return self.cost <= self.bound

    @property
    def is_over(self) -> bool:
        """Tell whether there is nothing left to search, or no time."""
        if self.is_closed or time.perf_counter() >= self.deadline:
            self.stop()
        return bool(self.halt[0])

    @property
    def left_s(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self.deadline - time.perf_counter())
