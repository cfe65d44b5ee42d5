"""Wardens: they go from door to door, look after what is to be watched, and bring what residents ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from muster.scenarios.chance import is_chance
from muster.simulation.cast import Door
from muster.simulation.exercise import Exercise
from muster.simulation.habits import MET_SHARE, ROUND_SHARE, UNFIT_SHARE

_EARLIEST_H, _LATEST_H = 1.0, 12.0
"""Hours after the exercise's day begins, at half past seven, between which a round begins."""
_A_DOOR = timedelta(minutes=7)


def plan_rounds(exercise: Exercise) -> int:
    """Put down every warden's rounds, and return how many there are."""
    by_warden: dict[str, list[Door]] = defaultdict(list)
    for door in exercise.cast.doors:
        by_warden[door.person_code].append(door)
    count = 0
    for day in exercise.list_days():
        for code, doors in by_warden.items():
            rng = exercise.stream("round", code, day.isoformat())
            if is_chance(rng, ROUND_SHARE):
                _plan_round(exercise, doors, rng, day + timedelta(hours=float(rng.uniform(_EARLIEST_H, _LATEST_H))))
                count += 1
    return count


def _plan_round(exercise: Exercise, doors: Sequence[Door], rng: np.random.Generator, begins_at: datetime) -> None:
    for number, door in enumerate(doors):
        facts = _draw_facts(exercise, door, rng)
        exercise.agenda.at(begins_at + number * _A_DOOR, partial(_knock, exercise, door, facts))


def _draw_facts(exercise: Exercise, door: Door, rng: np.random.Generator) -> list[dict[str, Any]]:
    chance = rng.random()
    outcome = "unfit" if chance < UNFIT_SHARE else "met" if chance < UNFIT_SHARE + MET_SHARE else "nobody"
    visit: dict[str, Any] = {"kind": "visit", "area": door.area_code, "outcome": outcome}
    watches = [
        {"kind": "watch", "area": door.area_code, "watch": slug, "is_well": not is_chance(rng, UNFIT_SHARE)}
        for slug in exercise.cast.watches
    ]
    return [visit, *watches]


def _knock(exercise: Exercise, door: Door, facts: list[dict[str, Any]]) -> None:
    exercise.phone_of(door.person_id, door.person_code).report(*facts)
