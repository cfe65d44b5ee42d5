"""Offices: rung by the clocks, they look at what is theirs and deal with it."""

from __future__ import annotations

from functools import partial

from muster.simulation.carrying import Hand, read_needs
from muster.simulation.exercise import Exercise
from muster.simulation.habits import DEALS_WITH_MIN, draw_minutes


def plan_look(exercise: Exercise, code: str) -> None:
    """Put down that an office which was rung looks at what it has, once for all that rang it meanwhile.

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
    hand = Hand(code, exercise.office_phone(code), takes_share=1.0, takes_min=1.0)
    read_needs(exercise, hand, [code])
