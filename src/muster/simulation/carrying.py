"""Carrying needs: whoever is told that somebody asks for help looks at the queue, takes it up, and sees it through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from muster.scenarios.chance import is_chance
from muster.simulation.exercise import Exercise
from muster.simulation.habits import ANSWERS_MIN, TAKES_UP_MIN, TAKES_UP_SHARE, draw_minutes
from muster.simulation.phones import Phone

_FOUND = 200


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand takes needs up.

    Parameters
    ----------
    name
        Code of the person or of the office's area.
    phone
        What they report with.
    takes_share, takes_min
        How often they take up what they see, and the median of the minutes until then.
    """

    name: str
    phone: Phone
    takes_share: float = TAKES_UP_SHARE
    takes_min: float = TAKES_UP_MIN


def read_needs(exercise: Exercise, hand: Hand, areas: Iterable[str]) -> None:
    """Look at what is asked for in some areas, and put down what is taken up of it."""
    for area in areas:
        reply = exercise.wire.ask("needs", hand.phone.token, f"/api/v1/needs?area={area}")
        if reply.status == _FOUND:
            for need in reply.read()["needs"]:
                _consider(exercise, hand, need)


def _consider(exercise: Exercise, hand: Hand, need: dict[str, Any]) -> None:
    if need["state"] != "open" or not exercise.is_first(f"need {need['id']} {hand.name}"):
        return
    rng = exercise.stream("need", need["area"], need["kind"], hand.name, need["id"])
    takes_after, answers_after = draw_minutes(rng, hand.takes_min), draw_minutes(rng, ANSWERS_MIN)
    if is_chance(rng, hand.takes_share):
        exercise.agenda.at(exercise.now() + takes_after, partial(_take_up, exercise, hand, need["id"], answers_after))


def _take_up(exercise: Exercise, hand: Hand, need: str, answers_after: Any) -> None:
    if not exercise.is_first(f"need {need} taken up"):
        return
    hand.phone.report({"kind": "need_step", "need": need, "state": "under_way"})
    exercise.agenda.at(exercise.now() + answers_after, partial(_answer, hand, need))


def _answer(hand: Hand, need: str) -> None:
    hand.phone.report({"kind": "need_step", "need": need, "state": "answered"})
