"""Why a place is empty, who can stand in, and where people stand."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from muster.planning.result import ProblemError, Status
from muster.planning.rostering import RosterPlan, RosterProblem, solve, verify
from muster.planning.rostering.explain import Reason, explain_duty, explain_unfilled
from muster.planning.rostering.placing import NOWHERE, Posts, place
from muster.planning.rostering.repair import rank_cover, reroster
from tests.planning.rostering.city import make_pool


@pytest.fixture(scope="module")
def pool() -> RosterProblem:
    return make_pool(14, 7)


@pytest.fixture(scope="module")
def plan(pool: RosterProblem) -> RosterPlan:
    result = solve(pool, time_limit_s=10, seed=1)
    assert result.plan is not None
    return result.plan


def test_every_unfilled_place_names_a_rule_for_every_person() -> None:
    crowded = make_pool(6, 2, load=1.2)
    result = solve(crowded, time_limit_s=10, seed=1)
    assert result.plan is not None
    places = explain_unfilled(crowded, result.plan)
    assert sum(p.missing for p in places) == result.counts["places_unfilled"] > 0
    assert all(sum(p.counts.values()) == 6 for p in places)
    assert not any(Reason.FREE in p.reasons for p in places)


def test_the_reason_is_the_rule_that_was_broken() -> None:
    pool = make_pool(4, 1)
    absent = pool.allowed.copy()
    absent[:] = True
    absent[0, 10] = False
    absent[1, 10, 2] = False
    shift = np.full((4, 30), -1, np.int16)
    shift[2, 11] = 0
    shift[3, 10] = 1
    demand = np.zeros_like(pool.demand)
    demand[10, 2] = 1
    pool = replace(pool, allowed=absent, demand=demand, max_cover=None)
    (place_,) = explain_unfilled(pool, RosterPlan(shift))
    assert place_.reasons == (Reason.ABSENT, Reason.NOT_ABLE, Reason.REST, Reason.ON_DUTY)


def test_why_me_lists_only_people_who_may_and_states_the_difference(pool: RosterProblem, plan: RosterPlan) -> None:
    person, day = map(int, np.argwhere(plan.shift == 0)[0])
    before = verify(pool, plan)
    for other in explain_duty(pool, plan, person, day):
        changed = plan.shift.copy()
        changed[other.person, day], changed[person, day] = changed[person, day], -1
        assert verify(pool, RosterPlan(changed)) - before == pytest.approx(other.difference, abs=1e-6)


def test_cover_is_ranked_and_everybody_on_the_list_may_take_the_duty(pool: RosterProblem, plan: RosterPlan) -> None:
    distance_m = np.linspace(0, 9000, pool.n_people)
    ill, day = map(int, np.argwhere(plan.shift == 1)[5])
    ranked = rank_cover([pool], [plan], [distance_m], [1], day, ill=(0, ill))
    assert ranked
    assert [c.score for c in ranked] == sorted(c.score for c in ranked)
    for cover in ranked:
        changed = plan.shift.copy()
        changed[ill, day], changed[cover.person, day] = -1, 1
        verify(pool, RosterPlan(changed))


def test_cover_is_found_fast_enough_at_the_size_of_a_city() -> None:
    pools = [make_pool(16, i) for i in range(150)]
    idle = [RosterPlan(np.full((16, 30), -1, np.int16)) for _ in pools]
    distance_m = [np.full(16, float(i)) for i in range(150)]
    began = time.process_time()
    assert len(rank_cover(pools, idle, distance_m, [1] * 150, 12)) == 20
    assert time.process_time() - began < 1.0


def test_when_somebody_falls_ill_only_few_others_change(pool: RosterProblem, plan: RosterPlan) -> None:
    ill = int((plan.shift[:, 12:15] >= 0).sum(axis=1).argmax())
    result = reroster(
        pool, plan, person=ill, days=range(12, 15), from_day=12, disturbance_weight=50, time_limit_s=5, seed=1
    )
    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    new = result.plan.shift
    assert np.array_equal(new[:, :12], plan.shift[:, :12])
    assert (new[ill, 12:15] == -1).all()
    others = np.delete(np.arange(pool.n_people), ill)
    assert (new[others] != plan.shift[others]).sum() <= 6
    assert result.counts["places_unfilled"] <= 1


def test_people_stand_near_home_and_stay_where_they_stood(pool: RosterProblem, plan: RosterPlan) -> None:
    places = np.zeros((2, pool.n_days, pool.n_shifts), np.int64)
    places[0] = (pool.demand + 1) // 2
    places[1] = pool.demand // 2
    rng = np.random.default_rng(1)
    distance_m = rng.random((pool.n_people, 2)) * 5000
    at = place(pool, plan, Posts(places, distance_m))
    assert ((at != NOWHERE) == (plan.shift >= 0)).all()
    for day in range(pool.n_days):
        for s in range(pool.n_shifts):
            standing = at[plan.shift[:, day] == s, day]
            assert (np.bincount(standing, minlength=2) <= places[:, day, s]).all()
    loose = place(pool, plan, Posts(places, distance_m, change_m=0.0))
    assert _changes(at) <= _changes(loose)


def _changes(at: np.ndarray) -> int:
    rows = (row[row != NOWHERE] for row in at)
    return sum(int((row[1:] != row[:-1]).sum()) for row in rows)


def test_nobody_stands_where_they_must_not(pool: RosterProblem, plan: RosterPlan) -> None:
    distance_m = np.full((pool.n_people, 1), 100.0)
    distance_m[0, 0] = np.inf
    at = place(pool, plan, Posts(pool.demand[None], distance_m))
    assert (at[0] == NOWHERE).all()
    with pytest.raises(ProblemError, match="distance_m"):
        place(pool, plan, Posts(pool.demand[None], distance_m[1:]))
