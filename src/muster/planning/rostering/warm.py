"""Compiles the kernels ahead of time, so that the first roster of a fresh installation does not wait."""

from __future__ import annotations

import numpy as np

from muster.planning.rostering.problem import Fairness, Person, RosterProblem, ShiftType
from muster.planning.rostering.solve import solve


def warm_up() -> None:
    """Solve a roster of three people, which compiles every kernel that a city's roster needs and caches it."""
    demand = np.ones((8, 1), np.int64)
    problem = RosterProblem(
        n_days=8,
        shifts=(ShiftType("day", 8 * 60, 480),),
        people=tuple(Person(name, max_week_minutes=2400) for name in ("a", "b", "c")),
        demand=demand,
        under_weight=np.ones((8, 1)),
        over_weight=np.ones((8, 1)),
        allowed=np.ones((3, 8, 1), np.bool_),
        max_cover=demand,
        fairness=Fairness(hours=1.0),
    )
    solve(problem, time_limit_s=60.0, seed=0)


if __name__ == "__main__":
    warm_up()
