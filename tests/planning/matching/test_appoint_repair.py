"""A repaired plan is the proven optimum again, and says what changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.repair import StandingPlan
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError


def town(seed: int, *, n_areas: int = 12, n_persons: int = 8, demand: int = 1, second_cost: int = 0) -> AppointProblem:
    rng = np.random.default_rng(seed)
    return AppointProblem.build(
        n_areas=n_areas,
        area=np.repeat(np.arange(n_areas), 4),
        person=rng.integers(0, n_persons, 4 * n_areas),
        cost=rng.integers(-20, 100, 4 * n_areas),
        capacity=rng.integers(0, 4, n_persons),
        demand=demand,
        second_cost=second_cost,
    )


def standing(problem: AppointProblem) -> StandingPlan:
    plan = solve(problem).plan
    assert plan is not None
    return StandingPlan(problem, plan)


def change_at_random(it: StandingPlan, rng: np.random.Generator) -> None:
    problem = it.problem
    kind = rng.integers(4)
    if kind == 0:
        it.set_capacity(int(rng.integers(problem.n_persons)), int(rng.integers(5)))
    elif kind == 1:
        persons = rng.permutation(problem.n_persons)[: rng.integers(0, 5)]
        it.add_area(persons, rng.integers(0, 100, len(persons)), int(problem.demand[0]))
    elif problem.n_arcs:
        arc = int(rng.integers(problem.n_arcs))
        area = int(np.searchsorted(problem.first, arc, side="right")) - 1
        if kind == 2:
            it.set_cost(area, int(problem.person[arc]), int(rng.integers(-20, 100)))
        else:
            it.bar(area, int(problem.person[arc]))


@given(st.integers(0, 10**6), st.sampled_from([1, 2]), st.sampled_from([0, 15]))
@settings(max_examples=80, deadline=None)
def test_after_any_changes_the_plan_is_proven_optimal_again(seed: int, demand: int, second_cost: int) -> None:
    it = standing(town(seed, demand=demand, second_cost=second_cost))
    rng = np.random.default_rng(seed)
    for _ in range(12):
        try:
            change_at_random(it, rng)
        except ProblemError as error:
            assert "solve the problem anew" in str(error)  # noqa: PT017  # the only refusal that may come
            break
        verdict = verify(it.problem, it.plan)
        assert verdict.objective == solve(it.problem).objective


def test_the_changes_are_exactly_what_differs_between_the_plans() -> None:
    it = standing(town(3, n_areas=300, n_persons=120))
    before = it.plan
    served = int(before.warden[0])
    changes = it.set_capacity(served, 0)
    after = it.plan
    assert served not in after.warden
    differing = np.flatnonzero(before.warden != after.warden).tolist()
    assert [change.area for change in changes] == differing
    for change in changes:
        assert change.before[0] == before.warden[change.area]
        assert change.after[0] == after.warden[change.area]


def test_what_is_tried_on_a_copy_leaves_the_original_as_it_was() -> None:
    it = standing(town(4, n_areas=60, n_persons=30))
    before = it.plan
    twin = it.copy()
    for person in range(10):
        twin.set_capacity(person, 0)
    twin.add_area([11, 12], [1, 2])
    assert np.array_equal(it.plan.warden, before.warden)
    assert verify(it.problem, it.plan).is_optimal
    assert verify(twin.problem, twin.plan).is_optimal


def test_somebody_who_comes_back_restores_the_cost() -> None:
    problem = town(5, n_areas=200, n_persons=80)
    it = standing(problem)
    person = int(it.plan.warden[it.plan.warden >= 0][0])
    it.set_capacity(person, 0)
    it.set_capacity(person, int(problem.capacity[person]))
    assert verify(it.problem, it.plan).objective == solve(problem).objective


@pytest.mark.parametrize("demand", [1, 2])
def test_many_added_areas_outgrow_the_space_and_stay_proven(demand: int) -> None:
    it = standing(town(8, n_areas=40, n_persons=60, demand=demand))
    rng = np.random.default_rng(1)
    for number in range(150):
        area, _ = it.add_area(rng.permutation(60)[:3], rng.integers(0, 3, 3), demand)
        assert area == 40 + number
    assert verify(it.problem, it.plan).is_optimal


def test_what_does_not_exist_is_refused() -> None:
    it = standing(town(1))
    with pytest.raises(ProblemError, match="person 99"):
        it.set_capacity(99, 1)
    with pytest.raises(ProblemError, match="no area 99"):
        it.set_cost(99, 0, 1)
    with pytest.raises(ProblemError, match="different persons"):
        it.add_area([1, 1], [2, 3])
    with pytest.raises(ProblemError, match="solve the problem anew"):
        it.add_area([1], [10**12])
