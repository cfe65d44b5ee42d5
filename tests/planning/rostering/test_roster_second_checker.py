"""The verifier of rosters against a second one that shares nothing with it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from muster.planning.formats.roster_text import read_roster_text
from muster.planning.result import VerificationError
from muster.planning.rostering import RosterPlan, RosterProblem, solve, verify
from tests.planning.rostering.second_checker import Duties, penalty

N_CHANGED = 400


def draw_text(seed: int) -> str:
    """Draw a fortnight for six people and two shift types, as a file of the benchmark."""
    rng = random.Random(seed)
    staff = [
        f"P{p},E=14|L={rng.choice([0, 4, 14])},{rng.choice([3840, 4320])},{rng.choice([960, 2400])},"
        f"{rng.choice([4, 5])},{rng.choice([1, 2])},{rng.choice([1, 2])},{rng.choice([1, 2])}"
        for p in range(6)
    ]
    rows = {
        "HORIZON": ["14"],
        "SHIFTS": ["E,480,", "L,480,E"],
        "STAFF": staff,
        "DAYS_OFF": [f"P{p},{rng.randrange(14)}" for p in range(6)],
        "SHIFT_ON_REQUESTS": [f"P{p},{rng.randrange(14)},E,{rng.randint(1, 3)}" for p in range(6)],
        "SHIFT_OFF_REQUESTS": [f"P{p},{rng.randrange(14)},L,{rng.randint(1, 3)}" for p in range(6)],
        "COVER": [f"{day},{shift},{rng.randint(0, 3)},100,1" for day in range(14) for shift in "EL"],
    }
    return "\n".join(f"SECTION_{name}\n" + "\n".join(lines) + "\n" for name, lines in rows.items())


def duties_of(problem: RosterProblem, shift: np.ndarray) -> Duties:
    people, days = np.nonzero(shift >= 0)
    return {
        (problem.people[p].name, int(day)): problem.shifts[shift[p, day]].name
        for p, day in zip(people, days, strict=True)
    }


def first_opinion(problem: RosterProblem, shift: np.ndarray) -> float | None:
    try:
        return verify(problem, RosterPlan(shift))
    except VerificationError:
        return None


@pytest.mark.parametrize("seed", range(3))
def test_two_checkers_that_share_nothing_agree_on_every_roster(seed: int, tmp_path: Path) -> None:
    text = draw_text(seed)
    path = tmp_path / "fortnight.txt"
    path.write_text(text, encoding="utf-8")
    problem = read_roster_text(path)
    result = solve(problem, time_limit_s=2, seed=seed)
    assert result.plan is not None
    assert penalty(text, duties_of(problem, result.plan.shift)) == result.objective
    rng, n_refused = np.random.default_rng(seed), 0
    for _ in range(N_CHANGED):
        shift = result.plan.shift.copy()
        for _ in range(rng.integers(1, 4)):
            shift[rng.integers(6), rng.integers(14)] = rng.integers(-1, 2)
        second = penalty(text, duties_of(problem, shift))
        assert first_opinion(problem, shift) == second
        n_refused += second is None
    assert 0 < n_refused < N_CHANGED
