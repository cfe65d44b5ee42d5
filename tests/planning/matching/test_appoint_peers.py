"""A minimum-cost flow solver that shares nothing with ours finds the same optimum, on thousands of small cities."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow

from muster.planning.matching.halves import fill_in_halves
from muster.planning.matching.layout import order_by_tiles
from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.settling import settle
from muster.planning.matching.solve import lay_out, read_plan, solve
from muster.planning.matching.verify import verify

MISSING = 10**6
"""What a missing deputy costs the peer, and half of what a missing warden does: more than any plan of these sizes."""


def drawn(seed: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw arcs with duplicates, areas and persons without arcs, capacities of zero, equal and negative costs."""
    rng = np.random.default_rng(seed)
    n_areas, n_persons = int(rng.integers(1, 30)), int(rng.integers(1, 25))
    n_arcs = int(rng.integers(0, 5 * n_areas))
    spread = int(rng.choice([2, 30, 1000]))
    return (
        n_areas,
        rng.integers(0, n_areas, n_arcs),
        rng.integers(0, n_persons, n_arcs),
        rng.integers(-spread, spread, n_arcs),
        rng.integers(0, 4, n_persons),
        rng.integers(1, 3, n_areas) if seed % 2 else np.ones(n_areas, np.int64),
    )


def best_of_peer(
    n_areas: int, area: np.ndarray, person: np.ndarray, cost: np.ndarray, capacity: np.ndarray, demand: np.ndarray
) -> tuple[int, int, int]:
    """(missing wardens, missing deputies, cost) by OR-tools; of equal arcs it is given the cheapest."""
    cheapest: dict[tuple[int, int], int] = {}
    for i, p, c in zip(area.tolist(), person.tolist(), cost.tolist(), strict=True):
        cheapest[i, p] = min(c, cheapest.get((i, p), c))
    flow, sink = min_cost_flow.SimpleMinCostFlow(), n_areas + len(capacity)
    arcs = [flow.add_arc_with_capacity_and_unit_cost(i, n_areas + p, 1, c) for (i, p), c in cheapest.items()]
    for p, room in enumerate(capacity.tolist()):
        flow.add_arc_with_capacity_and_unit_cost(n_areas + p, sink, room, 0)
    deputies = [flow.add_arc_with_capacity_and_unit_cost(i, sink, int(demand[i] - 1), MISSING) for i in range(n_areas)]
    wardens = [flow.add_arc_with_capacity_and_unit_cost(i, sink, 1, 2 * MISSING) for i in range(n_areas)]
    for i in range(n_areas):
        flow.set_node_supply(i, int(demand[i]))
    flow.set_node_supply(sink, -int(demand.sum()))
    assert flow.solve() == flow.OPTIMAL
    spent = sum(flow.flow(arc) * flow.unit_cost(arc) for arc in arcs)
    return sum(map(flow.flow, wardens)), sum(map(flow.flow, deputies)), spent


@pytest.mark.parametrize("block", range(4))
def test_a_flow_solver_finds_the_same_optimum(block: int) -> None:
    for seed in range(500 * block, 500 * block + 500):
        n_areas, area, person, cost, capacity, demand = drawn(seed)
        problem = AppointProblem.build(
            n_areas=n_areas, area=area, person=person, cost=cost, capacity=capacity, demand=demand
        )
        plan = solve(problem).plan
        assert plan is not None
        verdict = verify(problem, plan)
        missing = (n_areas - verdict.wardens, int(demand.sum()) - n_areas - verdict.deputies)
        assert (*missing, verdict.objective) == best_of_peer(n_areas, area, person, cost, capacity, demand), seed
        order = order_by_tiles(problem.first, problem.person, problem.n_persons)
        network = lay_out(problem, order)
        fill_in_halves(network)
        assert verify(problem, read_plan(network, order)).objective == verdict.objective, seed
        settled = settle(problem)
        assert (settled is None) == bool(np.any(demand > 1)), seed
        if settled is not None:
            assert verify(problem, settled.plan) == verdict, seed
            assert settled.objective == verdict.objective, seed


def test_costs_at_the_edge_of_what_fits_are_solved_or_refused_but_never_wrapped() -> None:
    far = 2**50
    problem = AppointProblem.build(
        n_areas=3, area=[0, 0, 1, 2], person=[0, 1, 0, 1], cost=[-far, far, far - 1, -far], capacity=[1, 1]
    )
    plan = solve(problem).plan
    assert plan is not None
    assert verify(problem, plan).objective == -2 * far
