"""Taking what whoever leaves a post tells whoever comes: each handover once, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.access.queries import Actor
from muster.duty.actions.reporting import DutyFact, Intake, Write
from muster.duty.models import Handover
from muster.duty.queries.reporting import read_stands
from muster.kernel.facts import Answer
from muster.kernel.kinds import Verb


@dataclass(frozen=True, slots=True)
class HandoverFact(DutyFact):
    """That somebody left a duty in the hands of the next.

    Parameters
    ----------
    note
        What the next one must know.
    """

    note: str


def take_handovers(*, actor: Actor, now: datetime, facts: Iterable[HandoverFact]) -> list[Answer]:
    """Take handovers, each once; one that is refused keeps none of the others out.

    Parameters
    ----------
    actor, now, facts
        As in ``take_check_ins``.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    write = prepare_handovers(actor=actor, now=now, facts=facts)
    with transaction.atomic():
        return write()


def prepare_handovers(*, actor: Actor, now: datetime, facts: Iterable[HandoverFact]) -> Write:
    """Do everything of ``take_handovers`` but the writing, and return that, to be done in a transaction."""
    wanted = list(facts)
    intake = Intake(actor, now, read_stands(fact.duty_id for fact in wanted))
    return intake.prepare(Handover, wanted, {"note": [fact.note for fact in wanted]}, Verb.HANDED_OVER)
