"""Branch and price: exhausted, it leaves the best roster; cut short, its bound still holds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings

from muster.planning.rostering import RosterPlan, RosterProblem, verify
from muster.planning.rostering.branching import Tree
from muster.planning.rostering.columns import Master
from muster.planning.rostering.generation import Center, converge
from muster.planning.rostering.search import plan_cost
from muster.planning.rostering.starting import start_plan
from muster.planning.rostering.tables import build
from tests.planning.rostering.enumerate_rosters import cheapest_roster_cost
from tests.planning.rostering.test_roster_answers import draw_problem
from tests.planning.rostering.tiny import problems

STEP, SOON_S = 1e-3, 600.0


def _begin(problem: RosterProblem) -> tuple[Tree, np.ndarray] | None:
    """Begin branching from a linear program that is not quite solved."""
    tables = build(problem)
    start, lost = start_plan(tables, 1, stop_at=time.monotonic() + SOON_S)
    if lost:
        return None
    master = Master(tables, start, np.arange(problem.n_people, dtype=np.int32), 0, problem.n_days)
    center = Center()
    converge(master, center, rounds=3, gap=0.1, stop_at=time.monotonic() + SOON_S)
    rng = np.random.default_rng(1)
    return Tree(tables, rng, STEP, center.prices, master.rows, master.owner, center.bound), start


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_when_no_branch_is_left_no_roster_costs_less(problem: RosterProblem) -> None:
    best = cheapest_roster_cost(problem)
    begun = _begin(problem)
    if best is None or begun is None:
        return
    tree, plan = begun
    if tree.tables.fair_weight.any():
        return
    with ThreadPoolExecutor(2) as executor:
        while not tree.is_exhausted:
            plan = tree.run(plan, stop_at=time.monotonic() + SOON_S, executor=executor)
            assert tree.bound <= best + STEP
    assert verify(problem, RosterPlan(plan)) == pytest.approx(best, abs=2 * STEP)


def test_a_tree_cut_short_keeps_what_it_left_open() -> None:
    problem = draw_problem()
    begun = _begin(problem)
    assert begun is not None
    tree, start = begun
    with ThreadPoolExecutor(2) as executor:
        plan = tree.run(start, stop_at=time.monotonic(), executor=executor)
        assert plan_cost(tree.tables, plan) <= plan_cost(tree.tables, start)
        assert not tree.is_exhausted
        before = tree.bound
        plan = tree.run(plan, stop_at=time.monotonic() + SOON_S, executor=executor)
    assert before <= tree.bound <= verify(problem, RosterPlan(plan))
    assert plan_cost(tree.tables, plan) < plan_cost(tree.tables, start)
