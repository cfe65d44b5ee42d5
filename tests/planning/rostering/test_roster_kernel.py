"""The dynamic program against plain enumeration of one person's schedules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from muster.planning.rostering import Fairness, RosterProblem
from muster.planning.rostering.exchange import is_permitted
from muster.planning.rostering.response import best_response
from muster.planning.rostering.search import fairness_cost
from muster.planning.rostering.tables import build
from tests.planning.rostering.enumerate_rosters import permitted_rows
from tests.planning.rostering.tiny import problems

ALONE = problems(max_people=1, max_days=5)


@settings(max_examples=150, deadline=None)
@given(problem=ALONE)
def test_the_dynamic_program_finds_the_cheapest_schedule_of_all(problem: RosterProblem) -> None:
    problem = replace(problem, fairness=replace(problem.fairness, nights=0.0))
    tables = build(problem)
    cost = tables.own_cost[0] + np.arange(problem.n_days)[:, None] % 3 - np.arange(problem.n_shifts + 1) * 2.0
    chosen = np.empty(problem.n_days, np.int16)
    idle = np.full(problem.n_days, -1, np.int16)
    found = best_response(tables, idle, 0, 0, cost, chosen)

    def total(row: np.ndarray) -> float:
        return float(cost[np.arange(len(row)), row].sum() + fairness_cost(tables, row.astype(np.int16), 0))

    rows = permitted_rows(problem, 0)
    if not rows:
        assert np.isposinf(found)
    else:
        assert any(np.array_equal(row, chosen) for row in rows)
        assert abs(total(chosen) - min(map(total, rows))) < 1e-3


@settings(max_examples=150, deadline=None)
@given(problem=ALONE)
def test_the_quick_check_permits_just_what_the_slow_one_permits(problem: RosterProblem) -> None:
    tables = build(problem)
    permitted = {tuple(row) for row in permitted_rows(problem, 0)}
    rng = np.random.default_rng(0)
    tried = [*permitted, *map(tuple, rng.integers(-1, problem.n_shifts, (50, problem.n_days)))]
    for row in tried:
        assert is_permitted(tables, np.array(row, np.int16), 0) == (tuple(map(int, row)) in permitted)


@settings(max_examples=80, deadline=None)
@given(problem=problems(max_people=1, max_days=6))
def test_planning_the_end_of_a_schedule_keeps_its_beginning_permitted(problem: RosterProblem) -> None:
    problem = replace(problem, fairness=Fairness())
    tables = build(problem)
    rows = permitted_rows(problem, 0)
    for row in rows[:: max(1, len(rows) // 4)]:
        first = problem.n_days // 2
        chosen = np.empty(problem.n_days - first, np.int16)
        cost = tables.own_cost[0, first:]
        best_response(tables, row.astype(np.int16), 0, first, cost, chosen)
        planned = np.concatenate([row[:first], chosen])
        same_start = [other for other in rows if np.array_equal(other[:first], row[:first])]
        assert any(np.array_equal(planned, other) for other in same_start)
        costs = [cost[np.arange(len(chosen)), other[first:]].sum() for other in same_start]
        assert abs(cost[np.arange(len(chosen)), chosen].sum() - min(costs)) < 1e-3
