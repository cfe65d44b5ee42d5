"""Every roster of a tiny problem, one by one: the solvers' judge."""

from __future__ import annotations

import itertools

import numpy as np

from muster.planning.rostering import RosterProblem
from muster.planning.rostering.verify import objective, person_faults, violations


def permitted_rows(problem: RosterProblem, person: int) -> list[np.ndarray]:
    rows = itertools.product(range(-1, problem.n_shifts), repeat=problem.n_days)
    arrays = (np.array(row, np.int64) for row in rows)
    return [row for row in arrays if next(person_faults(problem, person, row), None) is None]


def cheapest_roster_cost(problem: RosterProblem) -> float | None:
    """Return the least cost over all rosters, or None when there is none."""
    best: float | None = None
    for rows in itertools.product(*(permitted_rows(problem, p) for p in range(problem.n_people))):
        roster = np.stack(rows)
        cost = objective(problem, roster)
        if (best is None or cost < best) and next(violations(problem, roster), None) is None:
            best = cost
    return best
