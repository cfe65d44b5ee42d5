"""Repairing a standing plan of appointments: how long each kind of change takes, and how much it moves.

Changes are drawn at random over the whole city and made one after the other, each from the plan that the one
before left behind. In the end the plan is proven optimal once more. Nothing is measured but the change itself, in
processor time: what else the machine does would otherwise decide the 99th percentile.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable

import numpy as np
from appoint import SHARES, Arrays, draw_city
from measuring import Row, peak_mib

from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.repair import Change, StandingPlan
from muster.planning.matching.solve import solve, warm_up
from muster.planning.matching.verify import verify

_N_FIRST = 20

Drawn = tuple[str, Callable[[], list[Change]]]


class City:
    """A standing plan, and changes to it drawn at random."""

    def __init__(self, n_areas: int, arrays: Arrays, seed: int) -> None:
        area, person, cost, capacity = arrays
        self._arcs, self._capacity = (area, person, cost), capacity
        problem = AppointProblem.build(n_areas=n_areas, area=area, person=person, cost=cost, capacity=capacity)
        plan = solve(problem).plan
        assert plan is not None
        self.plan = StandingPlan(problem, plan)
        self._serving = np.unique(plan.warden[plan.warden >= 0])
        self._rng = np.random.default_rng(seed)
        self._n_areas = n_areas

    def remove_and_bring_back(self) -> list[Drawn]:
        """Take out somebody who serves, and bring the same person back."""
        person = int(self._rng.choice(self._serving))
        capacity = int(self._capacity[person])
        return [
            ("person removed", lambda: self.plan.set_capacity(person, 0)),
            ("person back", lambda: self.plan.set_capacity(person, capacity)),
        ]

    def add_area(self) -> list[Drawn]:
        """Add an area beside one that is there, with the same candidates a little dearer or cheaper."""
        twin = self._arcs[0] == int(self._rng.integers(self._n_areas))
        candidates, costs = self._arcs[1][twin], self._arcs[2][twin]
        shifted = costs + self._rng.integers(0, 500, len(costs))
        return [("area added", lambda: self.plan.add_area(candidates, shifted)[1])]

    def change_cost(self) -> list[Drawn]:
        """Change the cost of one candidate."""
        arc = int(self._rng.integers(len(self._arcs[0])))
        area, person, cost = (int(column[arc]) for column in self._arcs)
        new_cost = int(cost * self._rng.uniform(0.5, 1.5))
        return [("cost changed", lambda: self.plan.set_cost(area, person, new_cost))]


def measure(kind: str, n_areas: int, seed: int, n_changes: int) -> list[Row]:
    """Make changes of every kind in turn, and tell their times by kind."""
    warm_up()
    city = City(n_areas, draw_city(n_areas, kind, seed), seed)
    times: dict[str, list[float]] = {}
    moved: dict[str, list[int]] = {}
    for at in range(-_N_FIRST, n_changes):
        for name, change in [*city.remove_and_bring_back(), *city.add_area(), *city.change_cost()]:
            began = time.thread_time()
            changes = change()
            took_ms = 1e3 * (time.thread_time() - began)
            if at >= 0:  # The first few load machine code.
                times.setdefault(name, []).append(took_ms)
                moved.setdefault(name, []).append(len(changes))
    verify(city.plan.problem, city.plan.plan)
    return [_summarize(kind, n_areas, name, times[name], moved[name]) for name in times]


def _summarize(kind: str, n_areas: int, name: str, times_ms: list[float], moved: list[int]) -> Row:
    return {
        "kind": kind,
        "areas": n_areas,
        "change": name,
        "changes": len(times_ms),
        "median_ms": float(np.median(times_ms)),
        "p99_ms": float(np.percentile(times_ms, 99)),
        "max_ms": max(times_ms),
        "moved_median": float(np.median(moved)),
        "moved_p99": float(np.percentile(moved, 99)),
        "status": "proven",
    }


def main() -> None:
    """Measure one kind and size, and print a line of JSON."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=list(SHARES), default="scarce")
    parser.add_argument("--areas", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", type=int, default=1000)
    given = parser.parse_args()
    rows = measure(given.kind, given.areas, given.seed, given.changes)
    print(json.dumps({"rows": [row | {"peak_mib": peak_mib()} for row in rows]}))


if __name__ == "__main__":
    main()
