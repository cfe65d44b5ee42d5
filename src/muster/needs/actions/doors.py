"""Taking visits: each once, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.bulk import insert_once
from muster.kernel.facts import FACT_FIELDS, Answer, answer_all, fact_values
from muster.kernel.kinds import Verb
from muster.needs.actions.reporting import DoorFact, judge_doors, record_taken, same_values
from muster.needs.kinds import VisitOutcome
from muster.needs.models import Visit

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
