"""Long horizons by prices: the bound holds, the rosters are permitted and close to it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings

from muster.planning.rostering import Person, RosterPlan, RosterProblem, ShiftType, verify
from muster.planning.rostering.answers import LONG_NOISES, Answers, find_ways
from muster.planning.rostering.ascent import ascend
from muster.planning.rostering.exchange import is_permitted
from muster.planning.rostering.problem import OFF
from muster.planning.rostering.relaxed import fit, new_space, no_multipliers
from muster.planning.rostering.starting import start_plan
from muster.planning.rostering.tables import build
from tests.planning.rostering.enumerate_rosters import cheapest_roster_cost
from tests.planning.rostering.tiny import problems

N_DAYS, N_PEOPLE = 98, 12


def _long_problem(seed: int) -> RosterProblem:
    """Draw fourteen weeks of three shift types, a tenth more demand than people have minutes for."""
    rng = np.random.default_rng(seed)
    shifts = (ShiftType("early", 6 * 60, 480), ShiftType("late", 14 * 60, 480), ShiftType("night", 22 * 60, 480))
    people = tuple(
        Person(
            f"P{i}",
            max_minutes=62 * 480,
            min_minutes=60 * 480,
            max_run_days=5,
            min_run_days=2,
            min_days_off=2,
            max_weekends=8,
            max_of_type={"night": 15},
        )
        for i in range(N_PEOPLE)
    )
    demand = rng.integers(1, 5, (N_DAYS, 3))
    return RosterProblem(
        n_days=N_DAYS,
        shifts=shifts,
        people=people,
        demand=demand,
        under_weight=np.full(demand.shape, 100.0),
        over_weight=np.ones(demand.shape),
        allowed=rng.random((N_PEOPLE, N_DAYS, 3)) < 0.9,
        min_rest_min=11 * 60,
    )


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_no_roster_costs_less_than_prices_prove(problem: RosterProblem) -> None:
    best = cheapest_roster_cost(problem)
    if best is None:
        return
    tables = build(problem)
    nobody = np.full((problem.n_people, problem.n_days), OFF, np.int16)
    ascent = ascend(tables, nobody, rounds=100, seed=1, stop_at=time.monotonic() + 60)
    assert ascent.bound <= best + 1e-6


def test_a_long_roster_is_permitted_and_within_a_fiftieth_of_its_bound() -> None:
    problem = _long_problem(1)
    tables = build(problem)
    start, lost = start_plan(tables, 1, stop_at=np.inf)
    assert not lost
    soon = time.monotonic() + 600
    with ThreadPoolExecutor(2) as executor:
        ways = find_ways(tables, start, seed=1, stop_at=soon, executor=executor)
        answers = Answers(tables, start, ways, np.random.default_rng(1), LONG_NOISES)
        plan = answers.run(stop_at=soon, executor=executor)
    cost = verify(problem, RosterPlan(plan))
    assert cost == pytest.approx(min(way.least for way in ways))
    assert answers.ascent.bound <= cost <= 1.02 * answers.ascent.bound


def test_an_answer_to_prices_keeps_every_limit_on_totals() -> None:
    tables = build(_long_problem(3))
    multipliers = no_multipliers(tables)
    row, price = np.empty(N_DAYS, np.int16), np.random.default_rng(3).random((N_DAYS, 3)) * 100
    for p in range(N_PEOPLE):
        assert fit(tables, p, price, multipliers, 1.0, new_space(tables), row)
        assert is_permitted(tables, row, p)
        assert np.count_nonzero(row >= 0) in {60, 61, 62}
