"""Explanations hold: the deficient set is deficient, and the next best plan is the best without."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.planning.matching.explain import Explainer, GapKind
from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.solve import solve
from muster.planning.result import ProblemError


def explained(problem: AppointProblem) -> Explainer:
    plan = solve(problem).plan
    assert plan is not None
    return Explainer(problem, plan)


def town(seed: int, demand: int = 1) -> AppointProblem:
    rng = np.random.default_rng(seed)
    return AppointProblem.build(
        n_areas=15,
        area=np.repeat(np.arange(15), 3),
        person=rng.integers(0, 8, 45),
        cost=rng.integers(0, 100, 45),
        capacity=rng.integers(0, 3, 8),
        demand=demand,
    )


@given(st.integers(0, 10**6), st.sampled_from([1, 2]))
@settings(max_examples=60, deadline=None)
def test_a_deficient_set_wants_more_than_its_people_can_give(seed: int, demand: int) -> None:
    problem = town(seed, demand)
    explainer = explained(problem)
    for area in np.flatnonzero((explainer.plan.warden < 0) | ((problem.demand > 1) & (explainer.plan.deputy < 0))):
        gap = explainer.explain_gap(int(area))
        assert gap.wanted > gap.places
        if demand == 1 and gap.kind is not GapKind.NO_CANDIDATE:
            for member in gap.areas:
                candidates = problem.person[problem.first[member] : problem.first[member + 1]]
                assert set(candidates.tolist()) <= set(gap.persons)


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_one_more_place_of_any_closer_closes_the_gap(seed: int) -> None:
    problem = town(seed)
    explainer = explained(problem)
    covered = int((explainer.plan.warden >= 0).sum())
    for area in np.flatnonzero(explainer.plan.warden < 0)[:3]:
        for closer in explainer.explain_gap(int(area)).closers:
            capacity = problem.capacity.copy()
            capacity[closer] += 1
            arcs = np.repeat(np.arange(15), np.diff(problem.first))
            wider = AppointProblem.build(
                n_areas=15, area=arcs, person=problem.person, cost=problem.cost, capacity=capacity
            )
            assert solve(wider).counts["wardens"] == covered + 1


@given(st.integers(0, 10**6), st.sampled_from([1, 2]))
@settings(max_examples=40, deadline=None)
def test_the_next_best_costs_what_the_best_plan_without_the_person_costs(seed: int, demand: int) -> None:
    problem = town(seed, demand)
    explainer = explained(problem)
    for area in np.flatnonzero(explainer.plan.warden >= 0)[:3].tolist():
        person = int(explainer.plan.warden[area])
        choice = explainer.explain_choice(area, person)
        arcs = np.repeat(np.arange(15), np.diff(problem.first))
        kept = (arcs != area) | (problem.person != person)
        without = AppointProblem.build(
            n_areas=15,
            area=arcs[kept],
            person=problem.person[kept],
            cost=problem.cost[kept],
            capacity=problem.capacity,
            demand=demand,
        )
        other, best = solve(without), solve(problem)
        assert choice.extra_cost == (other.objective or 0) - (best.objective or 0)
        filled = [result.counts["wardens"] + result.counts["deputies"] for result in (best, other)]
        assert choice.fewer_covered == filled[0] - filled[1]
        assert area in [change.area for change in choice.displaced]


def test_the_kinds_of_gap_are_told_apart() -> None:
    problem = AppointProblem.build(n_areas=4, area=[1, 2, 3], person=[0, 1, 1], cost=[5, 1, 2], capacity=[0, 1])
    explainer = explained(problem)
    kinds = [explainer.explain_gap(area).kind for area in (0, 1, 3)]
    assert kinds == [GapKind.NO_CANDIDATE, GapKind.NO_CAPACITY, GapKind.DEFICIENT]
    gap = explainer.explain_gap(3)
    assert (gap.areas, gap.persons, gap.places, gap.wanted, gap.closers) == ((2, 3), (1,), 1, 2, (1,))


def test_there_is_nothing_to_explain_where_nothing_is_amiss() -> None:
    explainer = explained(AppointProblem.build(n_areas=1, area=[0], person=[0], cost=[1], capacity=[1]))
    with pytest.raises(ProblemError, match="lacks nobody"):
        explainer.explain_gap(0)
    with pytest.raises(ProblemError, match="does not hold"):
        explainer.explain_choice(0, 5)
