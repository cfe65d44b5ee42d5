"""The master of column generation: two methods for one linear program."""

from __future__ import annotations

import numpy as np
import pytest

from muster.planning.rostering import Person, RosterProblem, ShiftType
from muster.planning.rostering.columns import Master
from muster.planning.rostering.pricing import clip_prices, slack_bound
from muster.planning.rostering.tables import build

N_PEOPLE, N_DAYS, N_TYPES = 24, 14, 3


def master(seed: int) -> Master:
    """Return a master with everybody idle and some random schedules to choose from."""
    rng = np.random.default_rng(seed)
    shifts = tuple(ShiftType(name, 8 * 60, 480) for name in "abc")
    problem = RosterProblem(
        n_days=N_DAYS,
        shifts=shifts,
        people=tuple(Person(f"p{i}") for i in range(N_PEOPLE)),
        demand=rng.integers(0, 8, (N_DAYS, N_TYPES)),
        under_weight=np.full((N_DAYS, N_TYPES), 100.0),
        over_weight=np.ones((N_DAYS, N_TYPES)),
        allowed=np.ones((N_PEOPLE, N_DAYS, N_TYPES), np.bool_),
    )
    people = np.arange(N_PEOPLE, dtype=np.int32)
    made = Master(build(problem), np.full((N_PEOPLE, N_DAYS), -1, np.int16), people, 0, N_DAYS)
    owner = rng.integers(0, N_PEOPLE, 300)
    made.add(owner, rng.integers(-1, N_TYPES, (300, N_DAYS)).astype(np.int16))
    return made


def dual_value(made: Master, cover: np.ndarray) -> float:
    """Return what duals of cover prove for the columns that are there: a lower bound on the linear program."""
    days = np.arange(N_DAYS)
    padded = np.concatenate([cover, np.zeros((N_DAYS, 1))], axis=1)
    reduced = made.cost - padded[days, made.rows].sum(axis=1)
    least = np.full(N_PEOPLE, np.inf)
    np.minimum.at(least, made.owner, reduced)
    return slack_bound(made, cover) + float(least.sum())


@pytest.mark.parametrize("seed", range(4))
def test_the_interior_point_method_reaches_the_cost_of_the_simplex_method(seed: int) -> None:
    made = master(seed)
    exact = made.solve().cost
    central = made.solve_center(np.zeros((N_DAYS, N_TYPES)), 1e-4)
    assert central.cost == pytest.approx(exact, abs=1e-3)
    assert dual_value(made, clip_prices(made, central.cover)) == pytest.approx(exact, abs=1e-3)


def test_a_loosely_solved_master_still_proves_a_bound_within_its_tolerance() -> None:
    made = master(5)
    exact = made.solve().cost
    loose = made.solve_center(np.full((N_DAYS, N_TYPES), 50.0), 50.0)
    assert exact - 1e-6 <= loose.cost <= exact + 50
    assert exact - 50 <= dual_value(made, clip_prices(made, loose.cover)) <= exact + 1e-6


def test_whoever_is_fixed_keeps_that_schedule_and_leaves_the_rest_to_the_others() -> None:
    made = master(6)
    made.fix(np.array([N_PEOPLE, N_PEOPLE + 1]))
    exact = made.solve().cost
    central = made.solve_center(np.zeros((N_DAYS, N_TYPES)), 1e-4)
    assert central.cost == pytest.approx(exact, abs=1e-3)
    assert central.value[made.fixed[made.fixed >= 0]] == pytest.approx(1.0)
    sums = np.bincount(made.owner, central.value, N_PEOPLE)
    assert sums == pytest.approx(1.0, abs=1e-6)
