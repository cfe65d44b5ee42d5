"""Residents: they ask for help at their door's page, or by telephone at the office, which enters it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import numpy as np

from muster.scenarios.chance import is_chance, pick
from muster.simulation.cast import Door
from muster.simulation.exercise import Exercise
from muster.simulation.habits import (
    BY_TELEPHONE_SHARE,
    NEEDS_A_DOOR_AND_DAY,
    REPEATS_SHARE,
)

_WORDS = {
    "food": "家里没菜了，老人出不了门。",
    "medicine": "降压药只剩两天的量。",
    "medical": "孩子发烧两天，想看医生。",
    "care": "独居老人，没人做饭。",
    "repair": "暖气不热，家里有婴儿。",
    "other": "想问问快递怎么取。",
}
_BY_HOUR = np.array([1, 1, 1, 1, 1, 1, 2, 4, 8, 9, 9, 8, 7, 6, 7, 7, 7, 7, 8, 8, 7, 5, 3, 2], float)
"""How often help is asked for, hour by hour of the local day."""


class Call(NamedTuple):
    """A call for help."""

    door: Door
    at: datetime
    kind: str
    is_by_telephone: bool


def plan_calls(exercise: Exercise) -> int:
    """Put down everything that residents will ask for, and return how many calls there are."""
    rng = exercise.stream("calls")
    days = (exercise.ends_at - exercise.begins_at) / timedelta(days=1)
    count = int(rng.poisson(NEEDS_A_DOOR_AND_DAY * len(exercise.cast.doors) * days))
    for _ in range(count):
        call = _draw_call(exercise, rng)
        exercise.agenda.at(call.at, partial(_ask, exercise, call))
    return count


def _draw_call(exercise: Exercise, rng: np.random.Generator) -> Call:
    return Call(
        door=pick(rng, exercise.cast.doors),
        at=_draw_moment(exercise, rng),
        kind=pick(rng, list(_WORDS)),
        is_by_telephone=is_chance(rng, BY_TELEPHONE_SHARE),
    )


def _draw_moment(exercise: Exercise, rng: np.random.Generator) -> datetime:
    span_s = (exercise.ends_at - exercise.begins_at).total_seconds()
    while True:
        moment = exercise.begins_at + timedelta(seconds=float(rng.uniform(0, span_s)))
        if rng.random() * _BY_HOUR.max() < _BY_HOUR[moment.hour]:
            return moment


def _ask(exercise: Exercise, call: Call) -> None:
    """Ask the office by telephone, which enters it, or at the page of the door."""
    if call.is_by_telephone:
        _ask_office(exercise, call)
    else:
        _ask_at_door(exercise, call)


def _ask_office(exercise: Exercise, call: Call) -> None:
    words = _WORDS[call.kind]
    fact = {"kind": "need", "area": call.door.area_code, "need_kind": call.kind, "words": words, "for_other": True}
    exercise.office_phone(exercise.cast.office_of(call.door.area_path).code).report(fact)


def _ask_at_door(exercise: Exercise, call: Call) -> None:
    """Fill in the form of the door's page, and now and then press twice."""
    rng = exercise.stream("asking", call.door.area_code, call.at.isoformat())
    need = UUID(bytes=rng.bytes(16), version=4)
    told = {"kind": "need", "area": call.door.area_code, "need_kind": call.kind, "words": _WORDS[call.kind]}
    exercise.journal.note_fact(need, told, exercise.now())
    typed = {"id": str(need), "kind": call.kind, "words": _WORDS[call.kind]}
    path = f"/d/{exercise.cast.addresses[call.door.area_code]}/ask"
    cookies = exercise.wire.open_page("door", path).cookies
    for _ in range(1 + is_chance(rng, REPEATS_SHARE)):
        reply = exercise.wire.fill_in("door/ask", path, typed, cookies)
        state = {"new": "taken", "again": "seen"}.get(reply.location.partition("told=")[2], "refused")
        exercise.journal.note_answers([{"id": str(need), "state": state, "code": f"page_{reply.status}"}])
