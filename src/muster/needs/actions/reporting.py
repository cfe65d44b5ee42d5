"""What facts from the doors of an area have in common: where they may come from, and for which emergency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from muster.access.kinds import Right
from muster.access.queries import Actor
from muster.access.reach import Reach
from muster.emergencies.queries import list_active
from muster.kernel.audit import record
from muster.kernel.batches import batches
from muster.kernel.facts import AHEAD, Answer, Refusal, Report, count_taken
from muster.kernel.kinds import Verb
from muster.territory.models import Area


@dataclass(frozen=True, slots=True)
class DoorFact(Report):
    """A fact from the doors of an area, of whatever kind.

    Parameters
    ----------
    area
        Code of the area.
    """

    area: str


class Place(NamedTuple):
    """An area and the emergency that is active there, by number."""

    area_id: int
    emergency_id: int


def judge_doors(
    actor: Actor, now: datetime, facts: Iterable[DoorFact]
) -> tuple[dict[UUID, Place], dict[UUID, Refusal]]:
    """Return where each fact belongs, by client's id, and why the others cannot be taken."""
    wanted = list(facts)
    areas = _read_areas({fact.area for fact in wanted})
    emergencies = [(emergency.area.path, emergency.pk) for emergency in list_active()]
    reach = Reach(actor, Right.REPORT)
    places: dict[UUID, Place] = {}
    reasons: dict[UUID, Refusal] = {}
    for fact in wanted:
        found = _place(areas.get(fact.area), emergencies, reach)
        if isinstance(found, Refusal):
            reasons[fact.client_id] = found
        elif fact.at > now + AHEAD:
            reasons[fact.client_id] = Refusal.FROM_THE_FUTURE
        else:
            places[fact.client_id] = found
    return places, reasons


def _read_areas(codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    return {
        code: (number, path)
        for some in batches(codes)
        for code, number, path in Area.objects.filter(code__in=some).values_list("code", "pk", "path")
    }


def _place(area: tuple[int, str] | None, emergencies: Sequence[tuple[str, int]], reach: Reach) -> Place | Refusal:
    # What is not there and what the actor may not report from look the same.
    if area is None or not reach.has(area[1]):
        return Refusal.NO_SUCH_AREA
    number, path = area
    active = next((emergency for top, emergency in emergencies if path.startswith(top)), None)
    return Place(number, active) if active is not None else Refusal.NO_EMERGENCY


def record_taken(
    *, actor: Actor, now: datetime, verb: Verb, subject: str, facts: Sequence[Report], answers: Sequence[Answer]
) -> None:
    """Write one entry into the audit trail for the facts of a kind that were taken at once, if any was."""
    taken = count_taken(answers)
    if taken:
        record(
            actor=actor,
            now=now,
            verb=verb,
            subject_kind=subject,
            subject_id=str(facts[0].client_id),
            detail={"taken": taken},
        )


def same_values(actor: Actor, now: datetime) -> Mapping[str, object]:
    """Return what all facts that are taken at once share."""
    return {"recorded_at": now, "entered_by": actor.audit_id}
