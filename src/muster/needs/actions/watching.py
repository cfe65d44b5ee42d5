"""Taking what was seen on watch duties: each once, in any order; what it answers is no longer missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.db.models import Max

from muster.access.queries import Actor
from muster.clocks.actions import close_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.emergencies.models import Emergency
from muster.kernel.bulk import insert_once
from muster.kernel.facts import FACT_FIELDS, Answer, Refusal, answer_all, fact_values
from muster.kernel.kinds import Verb
from muster.kernel.locks import hold_names
from muster.needs.actions.needs import NeedFact, raise_need
from muster.needs.actions.reporting import DoorFact, Place, judge_doors, record_taken, same_values
from muster.needs.kinds import NeedKind
from muster.needs.models import Need, WatchCheck, WatchDuty, WatchMiss

_FIELDS = (*FACT_FIELDS, "area_id", "emergency_id", "watch_id", "door", "is_well", "note")
LOCK = "watch"
"""Held by name of the duty: shared by those who report, alone by who writes down what was missed."""


@dataclass(frozen=True, slots=True)
class WatchFact(DoorFact):
    """That a watch duty was done.

    Parameters
    ----------
    watch
        Slug of the watch duty.
    is_well, note
        Whether all was well, and what was found.
    door
        Which door, where the duty looks after doors.
    """

    watch: str
    is_well: bool
    note: str = ""
    door: str = ""


_Taken = Mapping[UUID, tuple[Place, WatchDuty]]


def take_watch_checks(*, actor: Actor, now: datetime, facts: Iterable[WatchFact]) -> list[Answer]:
    """Take watch duties done, each once; one that is refused keeps none of the others out.

    A gap of a place where a round was missed closes with a check that is younger than the round.

    Parameters
    ----------
    actor, now, facts
        As in ``take_visits``.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    wanted = list(facts)
    with transaction.atomic(savepoint=False):
        places, reasons = judge_doors(actor, now, wanted)
        found = _find_watches(wanted, places)
        reasons |= {one: Refusal.NO_SUCH_WATCH for one in places if one not in found}
        hold_names(LOCK, {watch.pk for _, watch in found.values()}, is_shared=True)
        rows = [_row(fact, *found[fact.client_id]) for fact in wanted if fact.client_id in found]
        taken = insert_once(WatchCheck, _FIELDS, rows, key="client_id", same=same_values(actor, now))
        _close_answered(now, {fact.client_id: fact for fact in wanted if fact.client_id in taken}, found)
        answers = answer_all(wanted, reasons=reasons, taken=taken)
        record_taken(actor=actor, now=now, verb=Verb.WATCHED, subject="watch_check", facts=wanted, answers=answers)
    return answers


def _find_watches(facts: Iterable[WatchFact], places: Mapping[UUID, Place]) -> _Taken:
    """Return where each fact belongs and which duty of the emergency there it is about, where there is one."""
    known = _read_watches({place.emergency_id for place in places.values()})
    sought = ((fact, places[fact.client_id]) for fact in facts if fact.client_id in places)
    return {
        fact.client_id: (place, known[place.emergency_id, fact.watch])
        for fact, place in sought
        if (place.emergency_id, fact.watch) in known
    }


def _read_watches(emergencies: Collection[int]) -> dict[tuple[int, str], WatchDuty]:
    watches = WatchDuty.objects.filter(emergency__in=emergencies).select_related("emergency")
    return {(watch.emergency_id, watch.slug): watch for watch in watches}


def _row(fact: WatchFact, place: Place, watch: WatchDuty) -> tuple[object, ...]:
    return (*fact_values(fact), *place, watch.pk, _own_door(fact, watch), fact.is_well, fact.note)


def _own_door(fact: WatchFact, watch: WatchDuty) -> str:
    """Return the door that is kept: none where the duty asks for none."""
    return fact.door if watch.level_id is None else ""


def name_gap(watch_id: int, area_code: str, door: str) -> str:
    """Return the subject of the gap of a place where a watch duty was missed."""
    return f"watch{watch_id}:{area_code}{'#' if door else ''}{door}"


def _close_answered(now: datetime, facts: Mapping[UUID, WatchFact], found: _Taken) -> None:
    """Close the gaps of places that somebody has seen since the last round that was missed there."""
    keys: dict[Emergency, dict[str, tuple[int, int, str]]] = defaultdict(dict)
    for client_id, fact in facts.items():
        place, watch = found[client_id]
        door = _own_door(fact, watch)
        keys[watch.emergency][name_gap(watch.pk, fact.area, door)] = (watch.pk, place.area_id, door)
    for emergency, places in keys.items():
        standing = Gap.objects.filter(
            emergency=emergency, kind=GapKind.WATCH_MISSED, closed_at=None, subject__in=list(places)
        )
        answered = [one for one in standing.values_list("subject", flat=True) if _is_seen_since(*places[one])]
        close_gaps(emergency=emergency, now=now, kind=GapKind.WATCH_MISSED, subjects=answered)


def _is_seen_since(watch_id: int, area_id: int, door: str) -> bool:
    missed = WatchMiss.objects.filter(round__watch=watch_id, area=area_id, door=door)
    last = missed.aggregate(last=Max("round__opens_at"))["last"]
    checks = WatchCheck.objects.filter(watch=watch_id, area=area_id, door=door)
    return last is None or checks.filter(at__gte=last).exists()


def need_of_check(check_id: UUID) -> UUID:
    """Return the id of the need that is raised from a check: one, whoever raises it and however often."""
    return uuid5(NAMESPACE_OID, f"need of watch check {check_id}")


def raise_from_check(*, actor: Actor, now: datetime, check: WatchCheck, kind: NeedKind, words: str) -> Need:
    """Raise a need for what a check found; the same check again returns what was raised the first time.

    Raises
    ------
    RuleError
        If no emergency is active there, or the actor may not report there.
    """
    where = f"{check.door} " if check.door else ""
    fact = NeedFact(check.area.code, kind, f"{where}{words}", client_id=need_of_check(check.client_id), at=now)
    return raise_need(actor=actor, now=now, fact=fact)
