"""Appointments are exact: brute force agrees, and the prices prove it."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from muster.planning.matching.halves import fill_in_halves, split_rows
from muster.planning.matching.layout import order_by_tiles
from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.solve import lay_out, read_plan, solve
from muster.planning.matching.verify import verify, verify_feasible
from muster.planning.result import ProblemError, Status, VerificationError


@st.composite
def small_problems(draw: st.DrawFn, max_demand: int = 2) -> AppointProblem:
    n_areas, n_persons = draw(st.integers(0, 5)), draw(st.integers(1, 4))
    pairs = [(i, p) for i in range(n_areas) for p in range(n_persons)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
    return AppointProblem.build(
        n_areas=n_areas,
        area=np.array([i for i, _ in chosen], np.int32),
        person=np.array([p for _, p in chosen], np.int32),
        cost=np.array([draw(st.integers(-9, 20)) for _ in chosen], np.int64),
        capacity=np.array([draw(st.integers(0, 3)) for _ in range(n_persons)], np.int32),
        demand=np.array([draw(st.integers(1, max_demand)) for _ in range(n_areas)], np.int8),
        second_cost=draw(st.sampled_from([0, 0, 5, 50])),
    )


def best_by_enumeration(problem: AppointProblem) -> tuple[int, int, int]:
    """(missing wardens, missing deputies, cost) of the best plan, by trying all of them."""
    choices = []
    for i in range(problem.n_areas):
        span = range(int(problem.first[i]), int(problem.first[i + 1]))
        choices.append(
            [subset for size in range(problem.demand[i] + 1) for subset in itertools.combinations(span, size)]
        )
    best = (10**9, 0, 0)
    for picks in itertools.product(*choices):
        arcs = [arc for pick in picks for arc in pick]
        load = np.bincount(problem.person[np.array(arcs, np.int64)], minlength=problem.n_persons)
        if np.any(load > problem.capacity):
            continue
        missing = sum(not pick for pick in picks)
        second = sum(max(0, d - max(1, len(pick))) for d, pick in zip(problem.demand, picks, strict=True))
        further = problem.second_cost * int(np.maximum(load - 1, 0).sum())
        best = min(best, (missing, second, int(sum(problem.cost[arc] for arc in arcs)) + further))
    return best


def city(n_areas: int, share: float, *, seed: int, demand: int = 1) -> AppointProblem:
    rng = np.random.default_rng(seed)
    n_persons = int(n_areas * share)
    person = rng.integers(0, n_persons, 8 * n_areas).astype(np.int32)
    return AppointProblem.build(
        n_areas=n_areas,
        area=np.repeat(np.arange(n_areas, dtype=np.int32), 8),
        person=(np.repeat(np.arange(n_areas), 8) * n_persons // n_areas + person % 12) % n_persons,
        cost=rng.integers(1, 1000, 8 * n_areas),
        capacity=rng.integers(1, 4, n_persons),
        demand=demand,
    )


@given(small_problems())
@settings(max_examples=150, deadline=None)
def test_no_plan_covers_more_or_costs_less(problem: AppointProblem) -> None:
    result = solve(problem)
    assert result.plan is not None
    verdict = verify(problem, result.plan)
    wanted = int(problem.demand.sum()) - problem.n_areas
    assert (
        problem.n_areas - verdict.wardens,
        wanted - verdict.deputies,
        verdict.objective,
    ) == _with_all_missing(problem, best_by_enumeration(problem))
    assert result.objective == verdict.objective


def _with_all_missing(problem: AppointProblem, best: tuple[int, int, int]) -> tuple[int, int, int]:
    return best if problem.n_areas else (0, 0, 0)


@given(small_problems())
@settings(max_examples=60, deadline=None)
def test_a_layout_in_tiles_changes_no_cost(problem: AppointProblem) -> None:
    order = order_by_tiles(problem.first, problem.person, problem.n_persons)
    network = lay_out(problem, order)
    fill_in_halves(network)
    assert verify(problem, read_plan(network, order)).objective == solve(problem).objective


def test_two_halves_share_no_candidate_and_the_rim_is_short() -> None:
    problem = city(20_000, 0.6, seed=2)
    order = order_by_tiles(problem.first, problem.person, problem.n_persons)
    network = lay_out(problem, order)
    parts = split_rows(network)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(problem.n_areas))
    first = network.areas["first"]
    named = [
        {int(p) for i in rows for p in network.arcs["person"][first[i] : first[i] + network.areas["n_arcs"][i]]}
        for rows in parts[:2]
    ]
    assert not named[0] & named[1]
    assert len(parts[2]) < problem.n_areas // 10


@pytest.mark.parametrize(("share", "demand"), [(1.3, 1), (0.5, 1), (1.0, 2), (0.9, 2)])
def test_a_town_is_proven_optimal_by_its_prices(share: float, demand: int) -> None:
    problem = city(20_000, share, seed=3, demand=demand)
    result = solve(problem)
    assert result.plan is not None
    verdict = verify(problem, result.plan)
    assert verdict.is_optimal
    assert (result.objective, result.counts["wardens"]) == (verdict.objective, verdict.wardens)


def test_it_agrees_with_a_dense_assignment_solver() -> None:
    rng = np.random.default_rng(5)
    costs = rng.integers(0, 1000, (60, 80))
    area, person = np.divmod(np.arange(costs.size), 80)
    problem = AppointProblem.build(
        n_areas=60, area=area, person=person, cost=costs.ravel(), capacity=np.ones(80, np.int32)
    )
    assert solve(problem).objective == costs[linear_sum_assignment(costs)].sum()


def test_an_area_without_candidates_stays_without_and_the_status_is_optimal() -> None:
    problem = AppointProblem.build(n_areas=2, area=[0], person=[0], cost=[7], capacity=[2])
    result = solve(problem)
    assert result.status is Status.OPTIMAL
    assert result.plan is not None
    assert result.plan.warden.tolist() == [0, -1]
    assert result.counts["uncovered"] == 1


def test_coverage_comes_before_any_cost() -> None:
    problem = AppointProblem.build(n_areas=2, area=[0, 0, 1], person=[0, 1, 0], cost=[1, 10**12, 1], capacity=[1, 1])
    plan = solve(problem).plan
    assert plan is not None
    assert plan.warden.tolist() == [1, 0]


def test_a_warden_comes_before_any_deputy() -> None:
    problem = AppointProblem.build(
        n_areas=2, area=[0, 0, 1], person=[0, 1, 1], cost=[1, 1, 10**9], capacity=[1, 1], demand=2
    )
    plan = solve(problem).plan
    assert plan is not None
    assert plan.warden.tolist() == [0, 1]
    assert plan.deputy.tolist() == [-1, -1]


def test_the_dearer_of_two_arcs_between_the_same_two_is_dropped() -> None:
    problem = AppointProblem.build(
        n_areas=1, area=[0, 0, 0], person=[0, 0, 1], cost=[9, 4, 6], capacity=[2, 1], demand=2
    )
    plan = solve(problem).plan
    assert plan is not None
    assert (plan.warden.tolist(), plan.deputy.tolist()) == ([0], [1])
    assert problem.n_arcs == 2


def test_the_same_problem_gets_the_same_plan() -> None:
    problem = city(3000, 0.5, seed=9)
    first, second = solve(problem).plan, solve(problem).plan
    assert first is not None
    assert second is not None
    assert np.array_equal(first.warden, second.warden)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"capacity": [1, -1]}, "person 1 has capacity -1"),
        ({"area": [0, 2]}, "arc 1 has area 2"),
        ({"person": [0, 5]}, "arc 1 has person 5"),
        ({"demand": 3}, "area 0 has demand 3"),
        ({"cost": [1.5, 2.0]}, "cost holds float64"),
        ({"cost": [1]}, "different lengths"),
        ({"cost": [2**60, -(2**60)]}, "overflows 64 bits"),
    ],
)
def test_a_wrong_problem_says_what_is_wrong(change: dict[str, object], message: str) -> None:
    right: dict[str, object] = {
        "n_areas": 2,
        "area": [0, 1],
        "person": [0, 1],
        "cost": [1, 2],
        "capacity": [1, 1],
        "demand": 1,
    }
    with pytest.raises(ProblemError, match=message):
        AppointProblem.build(**(right | change))  # type: ignore[arg-type]  # wrong on purpose


class TestACorruptedPlan:
    """Each corruption is caught, and named."""

    problem = city(400, 0.6, seed=1, demand=2)
    plan = solve(problem).plan

    def corrupt(self, name: str, index: int, value: int) -> None:
        assert self.plan is not None
        values = getattr(self.plan, name).copy()
        values[index] = value
        verify(self.problem, dataclasses.replace(self.plan, **{name: values}))

    def test_somebody_who_is_no_candidate(self) -> None:
        stranger = int(np.setdiff1d(np.arange(self.problem.n_persons), self.problem.person[:8])[0])
        with pytest.raises(VerificationError, match=r"more areas|not among its candidates"):
            self.corrupt("warden", 0, stranger)

    def test_one_place_emptied(self) -> None:
        assert self.plan is not None
        covered = int(np.flatnonzero((self.plan.warden >= 0) & (self.plan.deputy < 0))[0])
        with pytest.raises(VerificationError, match=r"has room and yet a price|without|no warden|cheaper"):
            self.corrupt("warden", covered, -1)

    def test_a_person_price_lowered(self) -> None:
        assert self.plan is not None
        dear = int(np.argmax(self.plan.person_price))
        with pytest.raises(VerificationError, match="by its prices"):
            self.corrupt("person_price", dear, 0)

    def test_an_area_price_raised(self) -> None:
        assert self.plan is not None
        with pytest.raises(VerificationError, match=r"by its prices|above going without"):
            self.corrupt("area_price", 0, int(self.plan.area_price[0]) + 10**6)

    def test_one_person_in_both_places(self) -> None:
        assert self.plan is not None
        both = int(np.flatnonzero(self.plan.deputy >= 0)[0])
        with pytest.raises(VerificationError, match="warden and deputy"):
            self.corrupt("deputy", both, int(self.plan.warden[both]))

    def test_a_worse_plan_is_feasible_but_never_proven(self) -> None:
        assert self.plan is not None
        worse = dataclasses.replace(self.plan, deputy=np.full(self.problem.n_areas, -1, np.int32))
        assert not verify_feasible(self.problem, worse).is_optimal
        with pytest.raises(VerificationError):
            verify(self.problem, worse)
