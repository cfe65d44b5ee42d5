"""A telephone rings: whose it is, and what they do about what they read."""

from __future__ import annotations

from functools import partial

from muster.people.queries import list_people_by_phone
from muster.simulation.carrying import Hand, read_needs
from muster.simulation.covering import read_offers
from muster.simulation.doors import look_after_others
from muster.simulation.exercise import Exercise
from muster.simulation.offices import plan_look

_OFFER_MARK = "/cover/"


def answer_ring(exercise: Exercise, number: str, text: str) -> None:
    """Let whoever has a number act on a message.

    Parameters
    ----------
    exercise
        In which.
    number
        A person's telephone number, or the code of an office's area.
    text
        What the message says.
    """
    if number in exercise.cast.office_tokens:
        plan_look(exercise, number)
        return
    for person_id, code in list_people_by_phone(number).values_list("pk", "code"):
        if _OFFER_MARK in text:
            exercise.agenda.at(exercise.now(), partial(read_offers, exercise, person_id, code))
        elif exercise.cast.doors_of(person_id):
            exercise.agenda.at(exercise.now(), partial(_look_at_doors, exercise, person_id, code))


def _look_at_doors(exercise: Exercise, person_id: int, code: str) -> None:
    """Look what is asked at one's doors, and what fell to one as deputy."""
    hand = Hand(code, exercise.phone_of(person_id, code))
    read_needs(exercise, hand, [door.area_code for door in exercise.cast.doors_of(person_id)])
    look_after_others(exercise, person_id, code)
