"""Pairings keep every rule, their bounds hold, and small ones are proven optimal."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.planning.assignment.prices import price_capacity
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.solve import solve
from muster.planning.assignment.verify import verify
from muster.planning.result import ProblemError, Status, VerificationError


def best_by_enumeration(problem: PairProblem) -> int | None:
    choices = range(-1 if problem.skip_penalty is not None else 0, problem.n_agents)
    best = None
    for agents in itertools.product(choices, repeat=problem.n_jobs):
        try:
            cost = verify(problem, PairPlan(np.array(agents, np.int32)))
        except VerificationError:
            continue
        best = cost if best is None else min(best, cost)
    return best


@st.composite
def small_problems(draw: st.DrawFn) -> PairProblem:
    n_agents, n_jobs = draw(st.integers(1, 3)), draw(st.integers(0, 5))

    def matrix(low: int, high: int) -> np.ndarray:
        rows = st.lists(st.integers(low, high), min_size=n_jobs, max_size=n_jobs)
        return np.array(draw(st.lists(rows, min_size=n_agents, max_size=n_agents)), np.int64).reshape(n_agents, n_jobs)

    return PairProblem.build(
        cost=matrix(-5, 30),
        weight=matrix(0, 9),
        capacity=np.array(draw(st.lists(st.integers(0, 20), min_size=n_agents, max_size=n_agents)), np.int64),
        is_allowed=matrix(0, 4) > 0,
        skip_penalty=draw(st.none() | st.integers(0, 40)),
    )


def family_c(n_agents: int, n_jobs: int, seed: int) -> PairProblem:
    rng = np.random.default_rng(seed)
    weight = rng.integers(5, 26, (n_agents, n_jobs))
    return PairProblem.build(
        cost=rng.integers(10, 51, (n_agents, n_jobs)),
        weight=weight,
        capacity=(0.8 * weight.sum(axis=1) / n_agents).astype(np.int64),
    )


@given(small_problems())
@settings(max_examples=10, deadline=None)
def test_a_small_pairing_is_proven_as_good_as_any(problem: PairProblem) -> None:
    result = solve(problem, time_limit_s=20, seed=1)
    best = best_by_enumeration(problem)
    if best is None:
        assert result.status is Status.INFEASIBLE
        assert result.plan is None
        return
    assert result.status is Status.OPTIMAL
    assert result.plan is not None
    assert (verify(problem, result.plan), result.objective, result.bound) == (best, best, best)


@given(small_problems())
@settings(max_examples=60, deadline=None)
def test_prices_of_capacity_never_claim_more_than_the_best_plan_costs(problem: PairProblem) -> None:
    closed = problem.closed()
    best = best_by_enumeration(problem)
    if best is None or not closed.n_jobs:
        return
    assert price_capacity(closed)[1] <= best + 1e-6


def test_a_town_is_paired_within_its_bound() -> None:
    problem = family_c(5, 40, seed=4)
    result = solve(problem, time_limit_s=3, seed=1)
    assert result.plan is not None
    assert verify(problem, result.plan) == result.objective
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound <= result.objective <= 1.02 * result.bound


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = family_c(3, 15, seed=2)
    first, second = (solve(problem, time_limit_s=20, seed=7) for _ in range(2))
    assert first.status is Status.OPTIMAL
    assert first.plan is not None
    assert second.plan is not None
    assert first.plan.agent.tolist() == second.plan.agent.tolist()


def test_a_problem_that_asks_for_more_than_is_offered_is_infeasible_without_a_plan() -> None:
    problem = PairProblem.build(cost=[[1, 1, 1]], weight=[[2, 2, 2]], capacity=[5])
    result = solve(problem, time_limit_s=5)
    assert (result.status, result.plan, result.objective) == (Status.INFEASIBLE, None, None)


def test_infeasibility_that_no_sum_shows_is_proven() -> None:
    problem = PairProblem.build(cost=[[1, 1, 1], [1, 1, 1]], weight=[[2, 2, 2], [2, 2, 2]], capacity=[3, 3])
    assert solve(problem, time_limit_s=20).status is Status.INFEASIBLE


def test_no_time_is_an_unknown_outcome_and_no_empty_plan() -> None:
    problem = PairProblem.build(cost=[[1, 1, 1], [1, 1, 1]], weight=[[2, 2, 2], [2, 2, 2]], capacity=[3, 3])
    result = solve(problem, time_limit_s=0.0)
    assert (result.status, result.plan) == (Status.UNKNOWN, None)


def test_a_job_is_skipped_where_that_is_cheaper() -> None:
    problem = PairProblem.build(cost=[[5, 50]], weight=[[1, 1]], capacity=[2], skip_penalty=20)
    result = solve(problem, time_limit_s=20)
    assert result.plan is not None
    assert result.plan.agent.tolist() == [0, -1]
    assert (result.objective, result.counts["skipped"]) == (25, 1)


def test_a_standing_pair_is_kept_while_another_is_hardly_better() -> None:
    kwargs = {"cost": [[10], [12]], "weight": [[1], [1]], "capacity": [1, 1], "standing": [1]}
    for stickiness, agent in ((0, 0), (5, 1)):
        result = solve(PairProblem.build(**kwargs, stickiness=stickiness), time_limit_s=20)  # type: ignore[arg-type]  # mixed dict
        assert result.plan is not None
        assert result.plan.agent.tolist() == [agent]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": [[1, -2]]}, r"weight at \(0, 1\) is -2"),
        ({"cost": [[1.5, 2.0]]}, "cost holds float64"),
        ({"capacity": [1, 2]}, "do not fit"),
        ({"cost": [[2**60, 1]]}, "too large to be added up exactly"),
        ({"standing": [0, 4]}, "standing needs one agent"),
    ],
)
def test_a_wrong_problem_says_what_is_wrong(change: dict[str, object], message: str) -> None:
    right: dict[str, object] = {"cost": [[1, 2]], "weight": [[1, 1]], "capacity": [2]}
    with pytest.raises(ProblemError, match=message):
        PairProblem.build(**(right | change))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("agent", "message"),
    [
        ([0], "1 entries for 2 jobs"),
        ([0, 0], "agent 0 takes 4 of 3"),
        ([0, 2], "does not exist"),
        ([0, -1], "job 1 has no agent"),
        ([1, 0], "job 0 is given to agent 1, which is not allowed"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused_by_name(agent: list[int], message: str) -> None:
    problem = PairProblem.build(cost=[[1, 1], [1, 1]], weight=[[2, 2], [9, 2]], capacity=[3, 3])
    with pytest.raises(VerificationError, match=message):
        verify(problem, PairPlan(np.array(agent, np.int32)))
