"""What residents ask for in the two days before the exercise starts, and how far each need has come by then."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import numpy as np

from muster.access.queries import SystemActor
from muster.emergencies.models import Emergency
from muster.emergencies.queries import list_required_areas
from muster.kernel.facts import Report, count_taken
from muster.needs.actions import NeedFact, StepFact, give_door_addresses, raise_needs, take_steps
from muster.needs.kinds import CarrierKind, NeedKind, NeedState
from muster.needs.queries.carriers import CarrierChoice, Spot, list_carriers
from muster.scenarios.chance import is_chance, open_stream, pick
from muster.scenarios.shape import Shape
from muster.territory.models import Area
from muster.territory.queries import beneath

_SPAN = timedelta(hours=46)
_BATCH = timedelta(minutes=30)
_NEEDS_AT_LEAST, _NEEDS_AT_MOST = 12, 72
_UNITS_PER_NEED = 25
_ENTERED_BY_OTHERS_SHARE = 0.25
_WITHOUT_DOOR_SHARE = 0.04
_ASKED_TWICE_SHARE = 0.06
_HANDED_ON_SHARE = 0.08
_TAKEN_BY_HOURS = 3.0
_KINDS = (
    *((NeedKind.FOOD, 0.3), (NeedKind.MEDICINE, 0.25), (NeedKind.MEDICAL, 0.12)),
    *((NeedKind.CARE, 0.12), (NeedKind.REPAIR, 0.12), (NeedKind.OTHER, 0.09)),
)


class _Told(NamedTuple):
    """A fact, the moment by which it is taken, and in whose name."""

    taken_by: datetime
    by: str
    fact: Report


@dataclass
class _Asked:
    """A need as it is invented: where and what, and its steps so far."""

    area: Area
    office: str
    at: datetime
    kind: NeedKind
    fact: NeedFact
    carriers: Sequence[CarrierChoice] = field(default=())


def take_needs(
    emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor, count: Callable[[int, int], None]
) -> int:
    """Give doors their addresses, raise the needs of two days and take them further, each step in its maker's name.

    Returns
    -------
    int
        How many needs were raised.
    """
    give_door_addresses(list_required_areas(emergency, emergency.area))
    told = sorted(_invent(emergency, shape, seed, actor), key=lambda each: (each.taken_by, each.by))
    raised = done = 0
    for (taken_by, by), group in groupby(told, key=lambda each: (each.taken_by, each.by)):
        facts = [each.fact for each in group]
        needs = [fact for fact in facts if isinstance(fact, NeedFact)]
        steps = [fact for fact in facts if isinstance(fact, StepFact)]
        raised += count_taken(raise_needs(actor=SystemActor(by), now=taken_by, facts=needs)) if needs else 0
        if steps:
            take_steps(actor=SystemActor(by), now=taken_by, facts=steps)
        done += len(facts)
        count(done, len(told))
    return raised


def _invent(emergency: Emergency, shape: Shape, seed: int, actor: SystemActor) -> Iterator[_Told]:
    rng = open_stream(seed, "needs")
    for asked in _ask_all(rng, emergency, shape):
        asked.carriers = list_carriers(actor, asked.at, Spot(emergency.pk, asked.area.path))
        yield _Told(_batch(asked.at, shape), asked.office, asked.fact)
        yield from _carry(rng, asked, shape)


def _ask_all(rng: np.random.Generator, emergency: Emergency, shape: Shape) -> Iterator[_Asked]:
    units = list(beneath(emergency.area).filter(level__slug="unit").select_related("parent").order_by("code"))
    number = max(_NEEDS_AT_LEAST, min(_NEEDS_AT_MOST, len(units) // _UNITS_PER_NEED))
    for _ in range(number if units else 0):
        area = pick(rng, units)
        at = _draw_moment(rng, shape)
        kind = _KINDS[int(rng.choice(len(_KINDS), p=[share for _kind, share in _KINDS]))][0]
        words = pick(rng, _read()["words"][kind])
        office = _find_office(area)
        if is_chance(rng, _WITHOUT_DOOR_SHARE):
            area = office
        yield _asked(rng, area, office, at, kind, words)
        if is_chance(rng, _ASKED_TWICE_SHARE) and at + timedelta(minutes=40) < shape.exercise_at:
            again = at + timedelta(minutes=int(rng.integers(8, 40)))
            yield _asked(rng, area, office, again, kind, f"{words}，一直没人来")


def _asked(rng: np.random.Generator, area: Area, office: Area, at: datetime, kind: NeedKind, words: str) -> _Asked:
    client_id = UUID(bytes=rng.bytes(16), version=4)
    is_for_other = is_chance(rng, _ENTERED_BY_OTHERS_SHARE)
    fact = NeedFact(area.code, kind, words, client_id=client_id, at=at, is_for_other=is_for_other, is_synthetic=True)
    return _Asked(area, office.name, at, kind, fact)


def _draw_moment(rng: np.random.Generator, shape: Shape) -> datetime:
    """Draw when somebody asks: by day three times as often as by night, and more of it in the last hours."""
    while True:
        at = shape.exercise_at - timedelta(seconds=int(rng.random() ** 2.4 * _SPAN.total_seconds()))
        is_day = 7 <= at.hour < 22  # hours of the day
        if is_day or is_chance(rng, 0.5):
            return at.replace(microsecond=0)


def _carry(rng: np.random.Generator, asked: _Asked, shape: Shape) -> Iterator[_Told]:
    """Take a need further, step by step, until it is answered or the exercise starts."""
    at = asked.at
    for state, carrier, by, note, longest_min in _plan_steps(rng, asked):
        at += timedelta(minutes=float(rng.gamma(2.0, longest_min / 4)))
        if at > shape.exercise_at:
            return
        client_id = UUID(bytes=rng.bytes(16), version=4)
        fact = StepFact(
            asked.fact.client_id,
            state,
            note,
            carrier.name if carrier is not None else None,
            client_id=client_id,
            at=at,
            is_synthetic=True,
        )
        yield _Told(_batch(at, shape), by, fact)


def _plan_steps(
    rng: np.random.Generator, asked: _Asked
) -> Iterator[tuple[NeedState, CarrierChoice | None, str, str, float]]:
    first = _choose(rng, asked)
    if first is None:
        return
    words, urgent = _read(), 0.4 if asked.kind == NeedKind.MEDICAL else 1.0
    yield NeedState.GIVEN, first, asked.office, "", 60 * urgent
    if is_chance(rng, _HANDED_ON_SHARE):
        first = _choose(rng, asked) or first
        yield NeedState.GIVEN, first, asked.office, pick(rng, words["handed"]["on"]), 40 * urgent
    by = first.person or first.title
    yield NeedState.ACCEPTED, None, by, "", 50 * urgent
    yield NeedState.UNDER_WAY, None, by, "", 90 * urgent
    yield NeedState.ANSWERED, None, by, pick(rng, words["answers"][asked.kind]), 60 * _TAKEN_BY_HOURS * urgent


def _choose(rng: np.random.Generator, asked: _Asked) -> CarrierChoice | None:
    """Choose who carries it: mostly the warden of the door, else a paired organization or the office."""
    wanted = pick(rng, [CarrierKind.WARDEN] * 5 + [CarrierKind.ORGANIZATION] * 3 + [CarrierKind.OFFICE] * 2)
    found = [choice for choice in asked.carriers if choice.name.kind == wanted] or list(asked.carriers[:1])
    return found[0] if found else None


def _batch(at: datetime, shape: Shape) -> datetime:
    """Return the moment by which a fact is taken: the end of its half hour, never after the exercise starts."""
    since = (shape.exercise_at - at) // _BATCH
    return shape.exercise_at - since * _BATCH


def _find_office(unit: Area) -> Area:
    area = unit
    while area.parent is not None and area.level.slug != "community":
        area = area.parent
    return area


@cache
def _read() -> dict[str, dict[str, list[str]]]:
    text = (files("muster.scenarios") / "data" / "needs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
