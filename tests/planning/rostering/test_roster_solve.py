"""Solving whole problems: right against enumeration, permitted, deterministic, honest about nothing found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from muster.planning.result import Status, VerificationError
from muster.planning.rostering import Person, RosterPlan, RosterProblem, ShiftType, solve, solve_pools, verify
from muster.planning.rostering.pools import open_threads, open_workers
from tests.planning.rostering.city import make_pool
from tests.planning.rostering.enumerate_rosters import cheapest_roster_cost, permitted_rows
from tests.planning.rostering.tiny import problems

LIMIT_S = 5.0


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_the_bound_holds_and_the_roster_verifies_at_its_stated_cost(problem: RosterProblem) -> None:
    result = solve(problem, time_limit_s=LIMIT_S, seed=1)
    best = cheapest_roster_cost(problem)
    if result.plan is None:
        is_hopeless = any(not permitted_rows(problem, p) for p in range(problem.n_people))
        assert result.status is Status.INFEASIBLE if is_hopeless else result.status is not Status.FEASIBLE
        assert result.status is not Status.INFEASIBLE or best is None
        return
    cost = verify(problem, result.plan)
    assert cost == pytest.approx(result.objective, abs=1e-6)
    assert best is not None
    assert result.bound is not None
    assert result.bound <= best + 1e-6
    assert best <= cost + 1e-6
    if result.status is Status.OPTIMAL:
        assert cost == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_person_is_never_rostered_without_eleven_hours_of_rest(seed: int) -> None:
    pool = make_pool(14, seed)
    result = solve(pool, time_limit_s=LIMIT_S, seed=seed)
    assert result.plan is not None
    for row, person in zip(result.plan.shift, pool.people, strict=True):
        ends = person.history.last_end_min
        for day, s in enumerate(row):
            if s < 0:
                continue
            starts = day * 1440 + pool.shifts[s].start_min
            assert ends is None or starts - ends >= 660
            ends = starts + pool.shifts[s].length_min


def test_the_same_seed_gives_the_same_roster_wherever_pools_are_solved_and_each_is_handed_over_at_once() -> None:
    distributed = pytest.importorskip("distributed")
    pools = [make_pool(n, n) for n in (6, 9, 12)]
    seen: list[int] = []
    with open_threads(1) as threads:
        one = solve_pools(pools, time_limit_s=30, seed=5, executor=threads, take=lambda at, _: seen.append(at))
    with open_threads(2) as threads:
        two = solve_pools(pools, time_limit_s=30, seed=5, executor=threads)
    with (
        distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster,
        open_workers(cluster.scheduler_address) as workers,
    ):
        there = solve_pools(pools, time_limit_s=30, seed=5, executor=workers)
    assert sorted(seen) == [0, 1, 2]
    for results in zip(one, two, there, strict=True):
        a, b, c = (result.plan.shift for result in results if result.plan is not None)
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)


def test_nights_are_shared_fairly_between_equals() -> None:
    pool = make_pool(12, 3)
    equal = tuple(replace(person, history=replace(person.history, nights=0)) for person in pool.people)
    pool = replace(pool, people=equal, allowed=np.ones_like(pool.allowed))
    result = solve(pool, time_limit_s=LIMIT_S, seed=1)
    assert result.plan is not None
    nights = (result.plan.shift == 2).sum(axis=1)
    assert nights.max() - nights.min() <= 2


def test_somebody_who_cannot_reach_their_least_minutes_makes_the_problem_infeasible() -> None:
    pool = make_pool(4, 1)
    hopeless = replace(pool.people[0], min_minutes=10_000, max_week_minutes=480)
    result = solve(replace(pool, people=(hopeless, *pool.people[1:])), time_limit_s=LIMIT_S, seed=1)
    assert result.status is Status.INFEASIBLE
    assert result.plan is None


def test_people_who_owe_minutes_that_no_place_needs_give_no_plan_and_no_false_proof() -> None:
    shift = ShiftType("day", 480, 480)
    demand = np.array([[1]])
    problem = RosterProblem(
        n_days=1,
        shifts=(shift,),
        people=(Person("a", min_minutes=480), Person("b", min_minutes=480)),
        demand=demand,
        under_weight=np.ones((1, 1)),
        over_weight=np.ones((1, 1)),
        allowed=np.ones((2, 1, 1), np.bool_),
        max_cover=demand,
    )
    result = solve(problem, time_limit_s=1.0, seed=1)
    assert result.status is Status.UNKNOWN
    assert result.plan is None


def test_a_place_stays_empty_rather_than_break_a_rule() -> None:
    pool = make_pool(5, 1, load=1.5)
    result = solve(pool, time_limit_s=LIMIT_S, seed=1)
    assert result.plan is not None
    assert result.counts["places_unfilled"] > 0
    verify(pool, result.plan)


def test_verify_names_the_person_the_day_and_the_rule() -> None:
    pool = make_pool(4, 1)
    idle = np.full((4, 30), -1, np.int16)
    idle[2, 10:12] = (2, 0)
    pool = replace(pool, allowed=np.ones_like(pool.allowed), max_cover=None)
    with pytest.raises(VerificationError, match=r"person p2: day 11: 0 min of rest before morning"):
        verify(pool, RosterPlan(idle))
