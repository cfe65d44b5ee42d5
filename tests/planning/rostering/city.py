"""A synthetic pool of people on duty, as the tests and measurements use it."""

from __future__ import annotations

import numpy as np

from muster.planning.rostering import Fairness, History, Person, RosterProblem, ShiftType

SHIFTS = (
    ShiftType("morning", 7 * 60, 480),
    ShiftType("evening", 15 * 60, 480),
    ShiftType("night", 23 * 60, 480, is_night=True),
    ShiftType("forenoon", 7 * 60, 240),
    ShiftType("afternoon", 13 * 60, 240),
)
MIX = np.array([0.3, 0.25, 0.15, 0.15, 0.15])


def make_pool(n_people: int, seed: int, *, n_days: int = 30, load: float = 0.5) -> RosterProblem:
    """Return a pool in which `load` of the people are wanted on an average day."""
    rng = np.random.default_rng(seed)
    demand = np.floor(n_people * load * MIX[None, :] + rng.random((n_days, len(SHIFTS)))).astype(np.int64)
    is_here = rng.random((n_people, n_days)) > 0.1
    allowed = np.repeat(is_here[:, :, None], len(SHIFTS), axis=2)
    allowed[:, :, 2] &= (rng.random(n_people) > 0.2)[:, None]
    return RosterProblem(
        n_days=n_days,
        shifts=SHIFTS,
        people=tuple(_person(f"p{i}", rng) for i in range(n_people)),
        demand=demand,
        under_weight=np.full(demand.shape, 1000.0),
        over_weight=np.full(demand.shape, 1000.0),
        allowed=allowed,
        max_cover=demand,
        first_weekday=4,
        min_rest_min=660,
        fairness=Fairness(nights=4.0, weekends=3.0, hours=1.0),
    )


def _person(name: str, rng: np.random.Generator) -> Person:
    past = History(
        last_end_min=int(rng.integers(-3000, 420)),
        nights=int(rng.integers(0, 3)),
        weekends=int(rng.integers(0, 2)),
        minutes=int(rng.integers(0, 3000)),
        week_min=int(rng.integers(0, 1500)),
    )
    return Person(name, max_week_minutes=48 * 60, max_run_days=6, max_nights=10, max_night_run=3, history=past)
