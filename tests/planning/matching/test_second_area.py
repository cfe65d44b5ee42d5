"""A second area of one person costs more than the first of another: exactly, with prices as proof."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError, VerificationError


@st.composite
def small_problems(draw: st.DrawFn) -> AppointProblem:
    n_areas, n_persons = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    pairs = [(i, p) for i in range(n_areas) for p in range(n_persons)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=12))
    return AppointProblem.build(
        n_areas=n_areas,
        area=np.array([i for i, _ in chosen], np.int32),
        person=np.array([p for _, p in chosen], np.int32),
        cost=np.array([draw(st.integers(0, 20)) for _ in chosen], np.int64),
        capacity=np.array([draw(st.integers(0, 4)) for _ in range(n_persons)], np.int32),
        demand=np.array([draw(st.integers(1, 2)) for _ in range(n_areas)], np.int8),
        second_cost=draw(st.integers(0, 15)),
    )


def best_by_enumeration(problem: AppointProblem) -> tuple[int, int, int]:
    """(missing wardens, missing deputies, cost) of the best plan, by trying all of them."""
    choices = [
        [
            subset
            for size in range(problem.demand[i] + 1)
            for subset in itertools.combinations(range(int(problem.first[i]), int(problem.first[i + 1])), size)
        ]
        for i in range(problem.n_areas)
    ]
    best = (10**9, 0, 0)
    for picks in itertools.product(*choices):
        arcs = [arc for pick in picks for arc in pick]
        load = np.bincount(problem.person[np.array(arcs, np.int64)], minlength=problem.n_persons)
        if (load > problem.capacity).any():
            continue
        missing = sum(not pick for pick in picks)
        deputies = sum(max(0, int(d) - max(1, len(pick))) for d, pick in zip(problem.demand, picks, strict=True))
        further = problem.second_cost * int(np.maximum(load - 1, 0).sum())
        best = min(best, (missing, deputies, int(problem.cost[np.array(arcs, np.int64)].sum()) + further))
    return best


@given(small_problems())
@settings(max_examples=300, deadline=None)
def test_no_plan_covers_more_or_costs_less_with_second_areas_counted(problem: AppointProblem) -> None:
    result = solve(problem)
    assert result.plan is not None
    verdict = verify(problem, result.plan)
    wanted = int(problem.demand.sum()) - problem.n_areas
    figures = (problem.n_areas - verdict.wardens, wanted - verdict.deputies, verdict.objective)
    assert figures == best_by_enumeration(problem)
    assert result.objective == verdict.objective


def test_two_people_share_what_one_could_do() -> None:
    problem = AppointProblem.build(
        n_areas=2, area=[0, 0, 1, 1], person=[0, 1, 0, 1], cost=[0, 9, 0, 9], capacity=[2, 2], second_cost=10
    )
    plan = solve(problem).plan
    assert plan is not None
    assert sorted(plan.warden.tolist()) == [0, 1]
    cheaper = solve(dataclasses.replace(problem, second_cost=8)).plan
    assert cheaper is not None
    assert cheaper.warden.tolist() == [0, 0]


def test_prices_that_forget_the_second_area_are_refused() -> None:
    problem = AppointProblem.build(n_areas=2, area=[0, 1], person=[0, 0], cost=[1, 1], capacity=[2], second_cost=10)
    plan = solve(problem).plan
    assert plan is not None
    with pytest.raises(VerificationError, match="second area"):
        verify(problem, dataclasses.replace(plan, person_price=np.zeros(1, np.int64)))


def test_a_second_area_cannot_cost_less_than_nothing() -> None:
    with pytest.raises(ProblemError, match="second_cost"):
        AppointProblem.build(n_areas=1, area=[0], person=[0], cost=[1], capacity=[1], second_cost=-1)


@pytest.mark.parametrize("seed", range(5))
def test_larger_cities_are_proven_by_their_prices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2000
    problem = AppointProblem.build(
        n_areas=n,
        area=np.repeat(np.arange(n, dtype=np.int32), 8),
        person=(np.repeat(np.arange(n), 8) * 3 // 4 + rng.integers(0, 12, 8 * n)).astype(np.int32),
        cost=rng.integers(0, 1000, 8 * n),
        capacity=rng.integers(1, 4, n),
        demand=2,
        second_cost=500,
    )
    result = solve(problem)
    assert result.plan is not None
    assert verify(problem, result.plan).is_optimal
