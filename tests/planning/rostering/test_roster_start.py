"""The first roster of a long horizon: everybody has a permitted schedule, however narrow their limits, and at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from muster.planning.result import Status
from muster.planning.rostering import Person, RosterPlan, RosterProblem, ShiftType, solve, verify
from muster.planning.rostering.starting import start_plan
from muster.planning.rostering.tables import build

N_DAYS, N_PEOPLE = 182, 10
TIMES_UP = -np.inf


def _half_year(*, weight: float, slack_min: int = 480, lengths_min: tuple[int, int] = (480, 480)) -> RosterProblem:
    """Draw half a year of two shift types, with few weekends to work and hardly a choice of how many days."""
    rng = np.random.default_rng(7)
    shifts = (ShiftType("day", 8 * 60, lengths_min[0]), ShiftType("night", 20 * 60, lengths_min[1]))
    people = tuple(
        Person(
            f"P{i}",
            max_minutes=110 * 480 - 240 * (i % 2),
            min_minutes=110 * 480 - 240 * (i % 2) - slack_min,
            max_run_days=5 + i % 2,
            min_run_days=2,
            min_days_off=2,
            max_weekends=11,
        )
        for i in range(N_PEOPLE)
    )
    demand = rng.integers(0, 6, (N_DAYS, 2))
    return RosterProblem(
        n_days=N_DAYS,
        shifts=shifts,
        people=people,
        demand=demand,
        under_weight=np.full(demand.shape, weight),
        over_weight=np.ones(demand.shape),
        allowed=rng.random((N_PEOPLE, N_DAYS, 2)) < 0.9,
        min_rest_min=11 * 60,
    )


@pytest.mark.parametrize("weight", [10.0, 100.0, 500.0])
@pytest.mark.parametrize("lengths_min", [(480, 480), (480, 600), (450, 690)])
def test_everybody_has_a_schedule_even_when_time_is_up(weight: float, lengths_min: tuple[int, int]) -> None:
    problem = _half_year(weight=weight, lengths_min=lengths_min)
    plan, lost = start_plan(build(problem), 1, stop_at=TIMES_UP)
    assert not lost
    verify(problem, RosterPlan(plan))


def test_a_roster_is_in_hand_after_no_time_at_all() -> None:
    problem = _half_year(weight=100.0)
    result = solve(problem, time_limit_s=0.0, seed=1)
    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    assert verify(problem, result.plan) == pytest.approx(result.objective)


def test_somebody_who_can_never_work_enough_is_proven_to_have_no_schedule() -> None:
    problem = _half_year(weight=100.0)
    hopeless = replace(problem.people[0], min_minutes=180 * 480, max_minutes=182 * 480)
    result = solve(replace(problem, people=(hopeless, *problem.people[1:])), time_limit_s=20.0, seed=1)
    assert result.status is Status.INFEASIBLE
