"""Offices: rung by the clocks, they look at what is theirs, take it in hand by name, and deal with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from muster.simulation.carrying import Hand, read_needs
from muster.simulation.exercise import Exercise
from muster.simulation.habits import DEALS_WITH_MIN, draw_minutes
from muster.simulation.turns import Fate

_KINDS = ("post_unattended", "need_unanswered", "watch_missed")
_DONE = 200

Gap = dict[str, Any]


def plan_look(exercise: Exercise, code: str) -> None:
    """Put down that an office which was rung looks at what it has.

    Parameters
    ----------
    exercise
        In which.
    code
        Of the office's area.
    """
    after = draw_minutes(exercise.stream("office", code), DEALS_WITH_MIN, 0.4)
    exercise.agenda.at(exercise.now() + after, partial(_look, exercise, code))


def _look(exercise: Exercise, code: str) -> None:
    token = exercise.cast.office_tokens[code]
    for kind in _KINDS:
        reply = exercise.wire.ask("gaps", token, f"/api/v1/gaps?area={code}&kind={kind}&limit=50")
        for gap in reply.read()["gaps"]:
            is_ours = gap["owner"] == code and gap["in_hand_by"] is None
            if is_ours and exercise.is_first(f"gap {gap['id']} {code}"):
                _deal_with(exercise, code, gap)


def _deal_with(exercise: Exercise, code: str, gap: Gap) -> None:
    token = exercise.cast.office_tokens[code]
    if exercise.wire.ask("gaps/take", token, f"/api/v1/gaps/{gap['id']}/take", {}).status == _DONE:
        _WAYS[gap["kind"]](exercise, code, gap)


def _ring_missing(exercise: Exercise, code: str, gap: Gap) -> None:
    """Ring those who have not come: who is on the way is waited for, for who is not the officer asks others."""
    for duty in exercise.cast.duties_of(gap["subject"]):
        turn = exercise.turns.get(duty.duty_id)
        if turn is not None and turn.fate in {Fate.AWAY, Fate.ILL} and exercise.is_first(f"cover {duty.duty_id}"):
            exercise.desk.ask_for_cover(duty.duty_id)


def _help(exercise: Exercise, code: str, gap: Gap) -> None:
    read_needs(exercise, Hand(code, exercise.office_phone(code), takes_share=1.0, takes_min=1.0), [gap["area"]])


def _look_after(exercise: Exercise, code: str, gap: Gap) -> None:
    """Go where neither warden nor deputy has looked, and enter it for them."""
    reply = exercise.wire.ask(
        "watch/today", exercise.cast.office_tokens[code], f"/api/v1/watch/today?area={gap['area']}"
    )
    tasks = reply.read()["tasks"] if reply.status == _DONE else []
    facts = [
        {"kind": "watch", "area": task["area"], "watch": task["watch"], "door": task["door"], "is_well": True}
        for task in tasks
        if task["hand"] == "office" and task["done_at"] is None
    ]
    if facts:
        exercise.office_phone(code).report(*({**fact, "for_other": True} for fact in facts))


_WAYS: dict[str, Callable[[Exercise, str, Gap], None]] = {
    "post_unattended": _ring_missing,
    "need_unanswered": _help,
    "watch_missed": _look_after,
}
