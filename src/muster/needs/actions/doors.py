"""Taking visits and watch duties done: each once, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.audit import record
from muster.kernel.bulk import insert_once
from muster.kernel.facts import FACT_FIELDS, Answer, Refusal, answer_all, fact_values
from muster.kernel.kinds import Verb
from muster.needs.actions.reporting import DoorFact, judge_doors, record_taken, same_values
from muster.needs.kinds import VisitOutcome
from muster.needs.models import Visit, WatchCheck, WatchDuty

_FIELDS = (*FACT_FIELDS, "area_id", "emergency_id")


@dataclass(frozen=True, slots=True)
class VisitFact(DoorFact):
    """That somebody knocked.

    Parameters
    ----------
    outcome, note
        What was found, by kind and in words.
    """

    outcome: VisitOutcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class WatchFact(DoorFact):
    """That a watch duty was done.

    Parameters
    ----------
    watch
        Slug of the watch duty.
    is_well, note
        Whether all was well, and what was found.
    """

    watch: str
    is_well: bool
    note: str = ""


def take_visits(*, actor: Actor, now: datetime, facts: Iterable[VisitFact]) -> list[Answer]:
    """Take visits, each once; one that is refused keeps none of the others out.

    Parameters
    ----------
    actor, now
        Who enters them, with the right to report there, and when the server takes them.
    facts
        Any number, each id once.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    wanted = list(facts)
    with transaction.atomic(savepoint=False):
        places, reasons = judge_doors(actor, now, wanted)
        rows = [
            (*fact_values(fact), *places[fact.client_id], str(fact.outcome), fact.note)
            for fact in wanted
            if fact.client_id in places
        ]
        taken = insert_once(Visit, (*_FIELDS, "outcome", "note"), rows, key="client_id", same=same_values(actor, now))
        answers = answer_all(wanted, reasons=reasons, taken=taken)
        record_taken(actor=actor, now=now, verb=Verb.VISITED, subject="visit", facts=wanted, answers=answers)
    return answers


def take_watch_checks(*, actor: Actor, now: datetime, facts: Iterable[WatchFact]) -> list[Answer]:
    """Take watch duties done, each once; one that is refused keeps none of the others out.

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
        watches = dict(WatchDuty.objects.values_list("slug", "pk"))
        unknown = [fact.client_id for fact in wanted if fact.client_id in places and fact.watch not in watches]
        reasons |= dict.fromkeys(unknown, Refusal.NO_SUCH_WATCH)
        rows = [
            (*fact_values(fact), *places[fact.client_id], watches[fact.watch], fact.is_well, fact.note)
            for fact in wanted
            if fact.client_id not in reasons
        ]
        fields = (*_FIELDS, "watch_id", "is_well", "note")
        taken = insert_once(WatchCheck, fields, rows, key="client_id", same=same_values(actor, now))
        answers = answer_all(wanted, reasons=reasons, taken=taken)
        record_taken(actor=actor, now=now, verb=Verb.WATCHED, subject="watch_check", facts=wanted, answers=answers)
    return answers


def set_watch_duty(*, actor: Actor, now: datetime, slug: str, name_zh: str, name_en: str) -> WatchDuty:
    """Set what a watch duty of this place is called; checks are reported by its slug."""
    with transaction.atomic():
        watch, _ = WatchDuty.objects.update_or_create(slug=slug, defaults={"name_zh": name_zh, "name_en": name_en})
        record(actor=actor, now=now, verb=Verb.WATCHED, subject_kind="watch_duty", subject_id=slug)
    return watch
