"""Where people stand, who is asked first, and what no roster can do better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from muster.planning.result import ProblemError
from muster.planning.rostering import Fairness, History, Person, RosterProblem, ShiftType, solve, verify
from muster.planning.rostering.floors import sharing_floor
from muster.planning.rostering.placing import Places, meters_between, place
from muster.planning.rostering.repair import Loads, added_cost, rank
from muster.planning.rostering.shortage import count_unfillable, fill_places
from muster.planning.rostering.verify import violations
from tests.planning.rostering.city import make_pool
from tests.planning.rostering.enumerate_rosters import cheapest_roster_cost
from tests.planning.rostering.tiny import problems, spanned_problems

LIMIT_S = 900.0
"""Far beyond what it takes: kernels may be compiled within it."""


def make_places(problem: RosterProblem, seed: int) -> Places:
    """Return two posts that share each demand."""
    rng = np.random.default_rng(seed)
    days, types = (grid.ravel() for grid in np.indices(problem.demand.shape))
    halves = ((problem.demand + 1) // 2).ravel(), (problem.demand // 2).ravel()
    return Places(
        day=np.tile(days, 2),
        type=np.tile(types, 2),
        post=np.repeat([0, 1], len(days)),
        places=np.concatenate(halves),
        distance_m=np.repeat(rng.random((problem.n_people, 2)) * 5000, len(days), axis=1),
        standing=np.full((problem.n_people, problem.n_days), -1, np.int64),
    )


def test_everybody_on_duty_gets_a_place_of_their_shift_and_no_place_gets_two() -> None:
    pool = make_pool(14, 7)
    result = solve(pool, time_limit_s=20, seed=1)
    assert result.plan is not None
    places = make_places(pool, 1)
    placed = place(result.plan.shift, places)
    assert len(placed) == (result.plan.shift >= 0).sum()
    assert all(result.plan.shift[p, places.day[at]] == places.type[at] for at, p in placed)
    assert (np.bincount([at for at, _ in placed], minlength=len(places.day)) <= places.places).all()


def test_who_stands_on_a_shift_keeps_it_against_a_shorter_way() -> None:
    one = np.zeros(1, np.int64)
    places = Places(
        day=np.array([0, 0]),
        type=np.array([0, 0]),
        post=np.array([0, 1]),
        places=np.array([1, 1]),
        distance_m=np.array([[0.0, 9000.0]]),
        standing=np.array([[1]]),
    )
    assert place(one[:, None].astype(np.int16), places) == [(1, 0)]
    assert place(one[:, None].astype(np.int16), replace(places, standing=np.array([[-1]]))) == [(0, 0)]


def test_places_whose_shapes_do_not_fit_are_refused() -> None:
    with pytest.raises(ProblemError, match="distance_m"):
        replace(make_places(make_pool(3, 1), 1), distance_m=np.zeros((2, 2)))


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometers() -> None:
    here, north = np.array([[124.8, 45.0]]), np.array([[124.8, 46.0]])
    assert meters_between(here, north)[0, 0] == pytest.approx(111_195)


def test_cover_is_asked_of_the_least_burdened_then_of_the_nearest_and_never_first_of_the_hindered() -> None:
    zero = np.zeros(4, np.int64)
    loads = Loads(zero, np.array([0, 0, 3, 0]), zero, zero > 0, np.ones(4))
    cost = added_cost(Fairness(8, 5, 2), loads, length_min=480, is_night=True, is_weekend=False)
    order = rank(cost, np.array([5000.0, 100.0, 0.0, 0.0]), np.array([True, True, True, False]))
    assert order.tolist() == [1, 0, 2, 3]


def test_added_cost_is_the_difference_of_the_planners_own_penalty() -> None:
    loads = Loads(np.array([600]), np.array([2]), np.array([1]), np.array([False]), np.array([0.5]))
    cost = added_cost(Fairness(8, 5, 2), loads, length_min=600, is_night=True, is_weekend=True)
    assert cost[0] == pytest.approx((8 * (9 - 4) + 5 * (4 - 1) + 2 * (4 - 1)) / 0.5)


@settings(max_examples=60, deadline=None)
@given(problems() | spanned_problems())
def test_the_floor_lies_under_every_roster_and_proven_places_stay_empty_in_each(problem: RosterProblem) -> None:
    in_parts, proven = (count_unfillable(problem, time_limit_s=20, is_whole=flag) for flag in (False, True))
    ones = np.ones(problem.demand.shape)
    bare = replace(problem, under_weight=ones, over_weight=0 * ones, requests=(), fairness=Fairness())
    fewest, cheapest = cheapest_roster_cost(bare), cheapest_roster_cost(problem)
    assume(fewest is not None and cheapest is not None)
    assert fewest is not None
    assert cheapest is not None
    assert in_parts <= proven <= fewest
    assert sharing_floor(problem, proven) <= cheapest + 1e-6


def test_a_pool_that_is_too_small_is_filled_to_what_is_proven() -> None:
    crowded = make_pool(6, 2, load=1.2)
    result = solve(crowded, time_limit_s=LIMIT_S, seed=1)
    assert result.plan is not None
    assert result.bound is not None
    verify(crowded, result.plan)
    assert result.counts["places_unfilled"] == result.counts["places_unfillable"] > 0
    assert result.bound >= 0.95 * (result.objective or 0)


@settings(max_examples=60, deadline=None)
@given(spanned_problems())
def test_nights_are_kept_within_their_limit_in_every_span_of_days(problem: RosterProblem) -> None:
    result = solve(problem, time_limit_s=10, seed=1)
    if result.plan is not None:
        cost, cheapest = verify(problem, result.plan), cheapest_roster_cost(problem)
        assert cheapest is not None
        assert (result.bound or 0) - 1e-6 <= cheapest <= cost + 1e-6


def test_nights_that_have_left_the_span_of_four_weeks_make_room_for_new_ones() -> None:
    demand = np.ones((8, 1), np.int64)
    past = History(night_days=tuple(range(-10, -3)))
    person = Person("p", max_nights=2, max_run_days=7, history=past)
    weights = np.full(demand.shape, 1000.0)
    night = ShiftType("night", 23 * 60, 480, is_night=True)
    allowed = np.ones((1, 8, 1), np.bool_)
    problem = RosterProblem(
        8, (night,), (person,), demand, weights, weights, allowed, nights_span_days=7, fairness=Fairness(hours=1.0)
    )
    result = solve(problem, time_limit_s=10, seed=1)
    assert result.plan is not None
    verify(problem, result.plan)
    # Of the first days each span holds two nights or more already; from the third on there is room for two in seven.
    assert result.counts["places_unfilled"] == result.counts["places_unfillable"] == 6


def test_filling_first_keeps_every_rule_that_the_relaxation_knows() -> None:
    crowded = make_pool(5, 3, load=1.0, n_days=14)
    roster = fill_places(crowded, time_limit_s=30)
    assert roster is not None
    assert not list(violations(crowded, roster.astype(np.int64)))


def test_nobody_fills_nothing() -> None:
    pool = make_pool(2, 1)
    empty = replace(pool, people=(), allowed=pool.allowed[:0])
    assert count_unfillable(empty, time_limit_s=1) == pool.demand.sum()
