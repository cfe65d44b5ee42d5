"""People on duty: they come on time, late or not at all, tell what the next one must know, and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from muster.simulation.cast import Standing
from muster.simulation.exercise import Exercise
from muster.simulation.phones import Phone
from muster.simulation.turns import Fate, Turn, draw_turn


def plan_duties(exercise: Exercise) -> dict[Fate, int]:
    """Put down what everybody on duty will do, and return how many come, come late, and stay away."""
    fates = dict.fromkeys(Fate, 0)
    for duty in exercise.cast.duties:
        rng = exercise.stream("duty", *_name(duty))
        turn = _fit(draw_turn(rng, duty.starts_at, duty.ends_at), exercise.begins_at, rng)
        fates[turn.fate] += 1
        plan_turn(exercise, duty, turn)
    return fates


def _fit(turn: Turn, begins_at: datetime, rng: np.random.Generator) -> Turn:
    """Return a turn with what would have been told before the exercise told in its first hour."""
    if turn.tells_at is None or turn.tells_at >= begins_at:
        return turn
    return replace(turn, tells_at=begins_at + timedelta(minutes=float(rng.uniform(0, 60))))


def plan_turn(exercise: Exercise, duty: Standing, turn: Turn) -> None:
    """Put down what somebody does of a duty."""
    at = exercise.agenda.at
    exercise.turns[duty.duty_id] = turn
    if turn.tells_at is not None:
        at(turn.tells_at, lambda: _tell(exercise, duty, turn))
    if turn.fate in {Fate.ILL, Fate.AWAY}:
        return
    at(turn.comes_at, lambda: _report(exercise, duty, turn, {"kind": "check_in"}))
    last = [{"kind": "handover", "note": turn.note}] if turn.note else []
    if turn.checks_out:
        last.append({"kind": "check_out"})
    if last:
        at(turn.leaves_at, lambda: _report(exercise, duty, turn, *last))


def _name(duty: Standing) -> tuple[str, str, str]:
    return duty.post_code, duty.starts_at.isoformat(), duty.person_code


def _phone(exercise: Exercise, duty: Standing, turn: Turn) -> Phone:
    if turn.has_phone:
        return exercise.phone_of(duty.person_id, duty.person_code)
    return exercise.office_phone(exercise.cast.office_of(duty.area_path).code)


def _report(exercise: Exercise, duty: Standing, turn: Turn, *facts: dict[str, Any]) -> None:
    same = {"duty": duty.duty_id, "for_other": not turn.has_phone}
    _phone(exercise, duty, turn).report(*({**fact, **same} for fact in facts))


def _tell(exercise: Exercise, duty: Standing, turn: Turn) -> None:
    late_min = round((turn.comes_at - duty.starts_at).total_seconds() / 60)
    said = {"notice": "late", "late_min": late_min} if turn.fate is Fate.LATE else {"notice": "ill"}
    _report(exercise, duty, turn, {"kind": "notice", **said})
