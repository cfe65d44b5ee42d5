"""Runs of answers to the same prices: permitted, close to the bound, led by the noise that served best."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from muster.planning.rostering import Person, RosterPlan, RosterProblem, ShiftType, verify
from muster.planning.rostering.answers import NOISES, Answers, find_ways
from muster.planning.rostering.columns import Master
from muster.planning.rostering.generation import Center, converge
from muster.planning.rostering.search import plan_cost
from muster.planning.rostering.tables import Tables, build

N_PEOPLE, N_DAYS, N_TYPES = 24, 28, 4
SOON_S = 600


def draw_problem() -> RosterProblem:
    """Draw four weeks of four shift types, about as much demand as people have minutes for."""
    rng = np.random.default_rng(4)
    starts_min = (6 * 60, 9 * 60, 14 * 60, 22 * 60)
    people = tuple(
        Person(f"p{i}", max_minutes=18 * 480, max_run_days=5, min_run_days=2, min_days_off=2, max_weekends=2)
        for i in range(N_PEOPLE)
    )
    demand = rng.integers(2, 6, (N_DAYS, N_TYPES))
    return RosterProblem(
        n_days=N_DAYS,
        shifts=tuple(ShiftType(name, at, 480) for name, at in zip("adpn", starts_min, strict=True)),
        people=people,
        demand=demand,
        under_weight=np.full(demand.shape, 100.0),
        over_weight=np.ones(demand.shape),
        allowed=rng.random((N_PEOPLE, N_DAYS, N_TYPES)) < 0.8,
        min_rest_min=11 * 60,
    )


@pytest.fixture(scope="module")
def problem() -> RosterProblem:
    return draw_problem()


@pytest.fixture(scope="module")
def tables(problem: RosterProblem) -> Tables:
    return build(problem)


@pytest.fixture(scope="module")
def answers(tables: Tables) -> Answers:
    idle = np.full((N_PEOPLE, N_DAYS), -1, np.int16)
    with ThreadPoolExecutor(2) as executor:
        ways = find_ways(tables, idle, seed=1, stop_at=time.monotonic() + SOON_S, executor=executor)
    return Answers(tables, idle, ways, np.random.default_rng(1), NOISES)


@pytest.fixture(scope="module")
def center(tables: Tables, answers: Answers) -> Center:
    """Return the bound of column generation from the climbed prices, within a tenth of its linear program's cost."""
    people = np.arange(N_PEOPLE, dtype=np.int32)
    master, ascent = Master(tables, answers.start, people, 0, N_DAYS), answers.ascent
    center = Center(ascent.bound, ascent.price)
    stop_at = time.monotonic() + SOON_S
    prices = converge(master, center, rounds=500, gap=0.1, stop_at=stop_at, is_central=True, cover=ascent.price)
    assert center.bound <= prices.cost + 1e-6
    assert prices.cost - center.bound <= 0.1
    return center


def test_answers_to_prices_are_permitted_and_within_a_twentieth_of_the_linear_bound(
    problem: RosterProblem, tables: Tables, answers: Answers, center: Center
) -> None:
    with ThreadPoolExecutor(2) as executor:
        plans = [answers.run(stop_at=time.monotonic() + SOON_S, executor=executor) for _ in NOISES]
    costs = [verify(problem, RosterPlan(plan)) for plan in plans]
    assert costs == pytest.approx([plan_cost(tables, plan) for plan in plans])
    assert min(way.least for way in answers.ways) == min(costs)
    assert center.bound <= min(costs) <= 1.05 * center.bound


def test_column_generation_from_climbed_prices_proves_no_less_than_they_do(answers: Answers, center: Center) -> None:
    assert center.bound >= answers.ascent.bound


def test_later_runs_last_longer_with_noises_around_those_that_served_best(tables: Tables, answers: Answers) -> None:
    first = Answers(tables, answers.start, answers.ways, np.random.default_rng(1), NOISES)
    assert first.noises() == NOISES[0]
    assert answers.sweeps > first.sweeps
    for way, noise in zip(answers.ways, answers.noises(), strict=True):
        assert way.noise / 4 < noise < way.noise * 4
