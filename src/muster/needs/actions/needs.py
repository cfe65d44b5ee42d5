"""Raising needs: each once, also when its steps came before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.bulk import insert_once
from muster.kernel.facts import FACT_FIELDS, Answer, answer_all, fact_values, require_taken
from muster.kernel.kinds import Verb
from muster.kernel.locks import hold_names
from muster.needs.actions.following import adopt_steps
from muster.needs.actions.reporting import DoorFact, Place, judge_doors, record_taken, same_values
from muster.needs.actions.unanswered import follow_raised
from muster.needs.kinds import NeedKind, NeedState
from muster.needs.models import Need
from muster.needs.rules import propose_urgency

_CODE_DIGITS = 16
_FIELDS = (*FACT_FIELDS, "area_id", "emergency_id", "code", "kind", "words", "urgency")


@dataclass(frozen=True, slots=True)
class NeedFact(DoorFact):
    """That somebody asks for help.

    Parameters
    ----------
    kind, words
        What is asked for, by kind and in the asker's words.
    code
        How the need is called; made from its id where it is empty.
    """

    kind: NeedKind
    words: str = ""
    code: str = ""


def raise_need(*, actor: Actor, now: datetime, fact: NeedFact) -> Need:
    """Raise one need; the same fact again returns what was raised the first time.

    Raises
    ------
    RuleError
        If no emergency is active there, or the actor may not report there.
    """
    [answer] = raise_needs(actor=actor, now=now, facts=[fact])
    require_taken(answer)
    return Need.objects.select_related("area").get(client_id=fact.client_id)


def raise_needs(*, actor: Actor, now: datetime, facts: Iterable[NeedFact]) -> list[Answer]:
    """Raise needs, each once; one that is refused keeps none of the others out.

    Steps that came before their need follow it now.

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
        hold_names("need", (fact.client_id for fact in wanted))
        places, reasons = judge_doors(actor, now, wanted)
        taken = _insert(actor, now, wanted, places)
        adopt_steps(now=now, needs=taken)
        follow_raised(taken, now=now)
        answers = answer_all(wanted, reasons=reasons, taken=taken)
        record_taken(actor=actor, now=now, verb=Verb.NEED_RAISED, subject="need", facts=wanted, answers=answers)
    return answers


def _insert(actor: Actor, now: datetime, facts: Collection[NeedFact], places: dict[UUID, Place]) -> set[UUID]:
    rows = [
        (
            *fact_values(fact),
            *places[fact.client_id],
            fact.code or _code(fact.client_id),
            str(fact.kind),
            fact.words,
            propose_urgency(fact.kind, fact.words).value,
        )
        for fact in facts
        if fact.client_id in places
    ]
    same = {**same_values(actor, now), "state": NeedState.OPEN}
    return insert_once(Need, _FIELDS, rows, key="client_id", same=same)


def _code(client_id: UUID) -> str:
    return client_id.hex[-_CODE_DIGITS:]
