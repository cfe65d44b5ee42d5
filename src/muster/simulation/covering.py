"""Standing in: whoever is asked reads it a little later, answers or does not, and goes there if they said yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from muster.scenarios.chance import is_chance
from muster.simulation.cast import Standing
from muster.simulation.exercise import Exercise
from muster.simulation.habits import (
    ACCEPTS_COVER_SHARE,
    ANSWERS_COVER_SHARE,
    LOOKS_AT_PHONE_MIN,
    ON_THE_WAY_MIN,
    draw_minutes,
)
from muster.simulation.posts import plan_turn
from muster.simulation.turns import Fate, Turn

ACCEPTED = 200


def read_offers(exercise: Exercise, person_id: int, code: str) -> None:
    """Read what one is asked to cover, and put down how one answers each that is open."""
    token = exercise.phone_of(person_id, code).token
    offers = exercise.wire.ask("cover/mine", token, "/api/v1/cover/mine").read()["offers"]
    for offer in offers:
        if offer["is_open"] and exercise.is_first(f"offer {offer['id']}"):
            _plan_answer(exercise, person_id, code, offer)


def _plan_answer(exercise: Exercise, person_id: int, code: str, offer: dict[str, Any]) -> None:
    rng = exercise.stream("offer", code, offer["shift"]["post"], offer["shift"]["starts_at"])
    answers, accepts = is_chance(rng, ANSWERS_COVER_SHARE), is_chance(rng, ACCEPTS_COVER_SHARE)
    answers_at = exercise.now() + draw_minutes(rng, LOOKS_AT_PHONE_MIN)
    way = draw_minutes(rng, ON_THE_WAY_MIN, 0.4)
    if not answers:
        return
    no = partial(_decline, exercise, person_id, code, offer)
    exercise.agenda.at(answers_at, partial(_accept, exercise, person_id, code, offer, way) if accepts else no)


def _decline(exercise: Exercise, person_id: int, code: str, offer: dict[str, Any]) -> None:
    token = exercise.phone_of(person_id, code).token
    exercise.wire.ask("cover/decline", token, f"/api/v1/cover/{offer['id']}/decline", {})


def _accept(exercise: Exercise, person_id: int, code: str, offer: dict[str, Any], way: timedelta) -> None:
    token = exercise.phone_of(person_id, code).token
    reply = exercise.wire.ask("cover/accept", token, f"/api/v1/cover/{offer['id']}/accept", {})
    if reply.status == ACCEPTED:
        _stand_in(exercise, person_id, code, reply.read(), way)


def _stand_in(exercise: Exercise, person_id: int, code: str, offer: dict[str, Any], way: timedelta) -> None:
    starts_at, ends_at = (datetime.fromisoformat(offer["shift"][name]) for name in ("starts_at", "ends_at"))
    duty = Standing(offer["duty"], person_id, code, offer["shift"]["post"], "", starts_at, ends_at)
    comes_at = max(exercise.now() + way, starts_at - timedelta(minutes=5))
    plan_turn(exercise, duty, _turn(comes_at, ends_at))


def _turn(comes_at: datetime, ends_at: datetime) -> Turn:
    return Turn(Fate.COMES, None, comes_at, ends_at + timedelta(minutes=3), checks_out=True, note="", has_phone=True)
