"""Giving needs to whoever can carry them, one or many at once, and handing them on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from muster.access.queries import Actor
from muster.kernel.errors import RuleError
from muster.kernel.locks import hold_names
from muster.needs.actions.steps import StepFact, take_step, take_steps
from muster.needs.kinds import SETTLED, NeedState
from muster.needs.models import Need
from muster.needs.queries.carriers import CarrierName


@dataclass(frozen=True, slots=True)
class GivenReport:
    """What came of giving many needs at once.

    Parameters
    ----------
    given
        Those that were given.
    refused
        The others: settled meanwhile, or nobody of that name could carry them.
    """

    given: Sequence[Need]
    refused: Sequence[Need]


def give_need(*, actor: Actor, now: datetime, need: Need, carrier: CarrierName, note: str = "") -> None:
    """Give a need to somebody who can carry it; whoever had it hands it on, and says why.

    The new carrier is told through the outbox.

    Raises
    ------
    RuleError
        If it is settled by now, nobody of that name could carry it, the actor may take no step of it, or it is
        handed on without a reason.
    """
    is_handed_on = bool(need.carrier_kind) or need.state in {NeedState.ACCEPTED, NeedState.UNDER_WAY}
    if is_handed_on and not note.strip():
        raise RuleError("A need is handed on with a reason.", where=need.code, remedy="Say in a few words why.")
    take_step(actor=actor, now=now, need=need, state=NeedState.GIVEN, note=note.strip(), carrier=carrier)


def give_needs(*, actor: Actor, now: datetime, gifts: Iterable[tuple[Need, CarrierName]]) -> GivenReport:
    """Give many needs at once, each to its own carrier, in one transaction; one that cannot be given stays.

    Those that somebody carries already are left to them.
    """
    wanted = dict(gifts)
    with transaction.atomic():
        hold_names("need", (need.client_id for need in wanted))
        rows = Need.objects.in_bulk([need.pk for need in wanted])
        free = {
            need: carrier
            for need, carrier in wanted.items()
            if rows[need.pk].state not in SETTLED and not rows[need.pk].carrier_kind
        }
        facts = {
            need: StepFact(need.client_id, NeedState.GIVEN, carrier=carrier, client_id=uuid4(), at=now)
            for need, carrier in free.items()
        }
        answers = take_steps(actor=actor, now=now, facts=facts.values())
    taken = {answer.client_id for answer in answers if answer.refusal is None}
    given = [need for need, fact in facts.items() if fact.client_id in taken]
    return GivenReport(given, [need for need in wanted if need not in given])


def accept_need(*, actor: Actor, now: datetime, need: Need, note: str = "") -> None:
    """Accept a need that was given, or take an open one up.

    Raises
    ------
    RuleError
        If somebody was quicker, or the actor may take no step of it.
    """
    take_step(actor=actor, now=now, need=need, state=NeedState.ACCEPTED, note=note)
