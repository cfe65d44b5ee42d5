"""Wardens: they go from door to door, and look after what is to be watched today. What they leave falls to deputies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from muster.scenarios.chance import is_chance
from muster.simulation.exercise import Exercise
from muster.simulation.habits import DEPUTY_STANDS_IN_SHARE, MET_SHARE, ROUND_SHARE, UNFIT_SHARE, draw_minutes

_A_DOOR = timedelta(minutes=7)
_OPENS_DAY = timedelta(hours=1)
_ROUND_BEGINS_H = (1.0, 12.0)
"""Hours after the exercise's day begins between which a round begins that no watch duty calls for."""

Task = dict[str, Any]


def plan_rounds(exercise: Exercise) -> int:
    """Put down that every warden looks each day at what is to be done, and return how often that is."""
    wardens = dict.fromkeys((door.person_id, door.person_code) for door in exercise.cast.doors)
    days = list(exercise.list_days())
    for day in days:
        for person_id, code in wardens:
            rng = exercise.stream("round", code, day.isoformat())
            looks_at = day + float(rng.random()) * _OPENS_DAY
            exercise.agenda.at(looks_at, partial(_open_day, exercise, person_id, code, rng, day))
    return len(wardens) * len(days)


def _open_day(exercise: Exercise, person_id: int, code: str, rng: np.random.Generator, day: datetime) -> None:
    rounds: dict[datetime, list[Task]] = defaultdict(list)
    for task in _read_tasks(exercise, person_id, code):
        if task["hand"] == "warden" and task["done_at"] is None:
            rounds[datetime.fromisoformat(task["starts_at"])].append(task)
    if not rounds:
        begins_at = day + timedelta(hours=float(rng.uniform(*_ROUND_BEGINS_H)))
        rounds[begins_at] = [{"area": door.area_code} for door in exercise.cast.doors_of(person_id)]
    for starts_at in sorted(rounds):
        begins_at = starts_at + timedelta(minutes=float(rng.uniform(-15, 45)))
        if is_chance(rng, ROUND_SHARE):
            _plan_round(exercise, person_id, code, rng, rounds[starts_at], begins_at)


def _read_tasks(exercise: Exercise, person_id: int, code: str) -> Sequence[Task]:
    token = exercise.phone_of(person_id, code).token
    tasks: Sequence[Task] = exercise.wire.ask("watch/today", token, "/api/v1/watch/today").read()["tasks"]
    return tasks


def _plan_round(
    exercise: Exercise, person_id: int, code: str, rng: np.random.Generator, tasks: Sequence[Task], begins_at: datetime
) -> None:
    by_area: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        by_area[task["area"]].append(task)
    for number, (area, asked) in enumerate(by_area.items()):
        facts = [_draw_visit(area, rng), *(_draw_check(task, rng) for task in asked if "watch" in task)]
        exercise.agenda.at(begins_at + number * _A_DOOR, partial(_knock, exercise, person_id, code, facts))


def _draw_visit(area: str, rng: np.random.Generator) -> Task:
    chance = rng.random()
    outcome = "unfit" if chance < UNFIT_SHARE else "met" if chance < UNFIT_SHARE + MET_SHARE else "nobody"
    return {"kind": "visit", "area": area, "outcome": outcome}


def _draw_check(task: Task, rng: np.random.Generator) -> Task:
    return {
        "kind": "watch",
        "area": task["area"],
        "watch": task["watch"],
        "door": task["door"],
        "is_well": not is_chance(rng, UNFIT_SHARE),
    }


def _knock(exercise: Exercise, person_id: int, code: str, facts: list[Task]) -> None:
    exercise.phone_of(person_id, code).report(*facts)


def look_after_others(exercise: Exercise, person_id: int, code: str) -> None:
    """Let a deputy who was rung look at what fell to them, and go there a little later."""
    for task in _read_tasks(exercise, person_id, code):
        name = f"{task['watch']} {task['area']} {task['door']} {task['starts_at']}"
        if task["hand"] == "deputy" and task["done_at"] is None and exercise.is_first(f"watch {name} {code}"):
            rng = exercise.stream("deputy", code, name)
            goes_at = exercise.now() + draw_minutes(rng, 20)
            if is_chance(rng, DEPUTY_STANDS_IN_SHARE):
                exercise.agenda.at(goes_at, partial(_knock, exercise, person_id, code, [_draw_check(task, rng)]))
