"""Taking needs further: each step once, in any order, also before the need itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from muster.access.kinds import Right
from muster.access.queries import Actor
from muster.access.reach import Reach
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_once
from muster.kernel.errors import RuleError
from muster.kernel.facts import AHEAD, FACT_FIELDS, Answer, Refusal, Report, answer_all, fact_values, require_taken
from muster.kernel.kinds import Verb
from muster.kernel.locks import hold_names
from muster.needs.actions.following import refold
from muster.needs.actions.reporting import record_taken, same_values
from muster.needs.kinds import NeedState
from muster.needs.models import Need, NeedStep
from muster.needs.rules import may_follow

_FIELDS = (*FACT_FIELDS, "about", "need_id", "state", "note")


@dataclass(frozen=True, slots=True)
class StepFact(Report):
    """That a need was taken a step further.

    Parameters
    ----------
    need
        Client's id of the need, which may not have come yet.
    state, note
        What it became, and a word about it.
    """

    need: UUID
    state: NeedState
    note: str = ""


class _NeedStand(NamedTuple):
    need_id: int
    area_path: str
    emergency_ends_at: datetime | None


def take_step(*, actor: Actor, now: datetime, need: Need, state: NeedState, note: str = "") -> None:
    """Take a need one step further, now, as somebody does who looks at it.

    Raises
    ------
    RuleError
        If the step cannot follow the state that the need is in by now, or the actor may not report there.
    """
    with transaction.atomic():
        hold_names("need", [need.client_id])
        current = Need.objects.get(pk=need.pk)
        if not may_follow(current.state, state):
            raise RuleError(
                f"A need that is {NeedState(current.state).label} cannot become {NeedState(state).label}.",
                where=current.code,
                remedy="Look at it again; somebody may have been quicker.",
            )
        fact = StepFact(need.client_id, state, note, client_id=uuid4(), at=now)
        [answer] = take_steps(actor=actor, now=now, facts=[fact])
        require_taken(answer)
    need.refresh_from_db(fields=["state"])


def take_steps(*, actor: Actor, now: datetime, facts: Iterable[StepFact]) -> list[Answer]:
    """Take steps of needs, each once; one that is refused keeps none of the others out.

    Whatever order they come in, a need ends in the state that its steps make of it in the order of their
    moments; a step whose need is not here yet waits for it.

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
        hold_names("need", (fact.need for fact in wanted))
        stands = _read_stands(fact.need for fact in wanted)
        reasons = _judge_all(actor, now, wanted, stands)
        sound = [fact for fact in wanted if fact.client_id not in reasons]
        taken = _insert(actor, now, sound, stands)
        refold({fact.need for fact in sound if fact.client_id in taken and fact.need in stands})
        waiting = {fact.client_id for fact in sound if fact.need not in stands}
        answers = answer_all(wanted, reasons=reasons, taken=taken, waiting=waiting)
        record_taken(actor=actor, now=now, verb=Verb.NEED_STEP, subject="need_step", facts=wanted, answers=answers)
    return answers


def _read_stands(needs: Iterable[UUID]) -> dict[UUID, _NeedStand]:
    return {
        client_id: _NeedStand(number, path, ends_at)
        for some in batches(set(needs))
        for client_id, number, path, ends_at in Need.objects.filter(client_id__in=some).values_list(
            "client_id", "pk", "area__path", "emergency__ends_at"
        )
    }


def _judge_all(
    actor: Actor, now: datetime, facts: Iterable[StepFact], stands: Mapping[UUID, _NeedStand]
) -> dict[UUID, Refusal]:
    reach = Reach(actor, Right.REPORT)
    reasons = {fact.client_id: _judge(reach, now, fact, stands.get(fact.need)) for fact in facts}
    return {client_id: reason for client_id, reason in reasons.items() if reason is not None}


def _judge(reach: Reach, now: datetime, fact: StepFact, stand: _NeedStand | None) -> Refusal | None:
    if fact.at > now + AHEAD:
        return Refusal.FROM_THE_FUTURE
    # Who may take it is looked at when the need has come.
    if stand is None:
        return None
    if not reach.has(stand.area_path):
        return Refusal.NO_SUCH_NEED
    return Refusal.EMERGENCY_ENDED if stand.emergency_ends_at is not None else None


def _insert(actor: Actor, now: datetime, facts: Collection[StepFact], stands: Mapping[UUID, _NeedStand]) -> set[UUID]:
    rows = [
        (
            *fact_values(fact),
            fact.need,
            stands[fact.need].need_id if fact.need in stands else None,
            str(fact.state),
            fact.note,
        )
        for fact in facts
    ]
    same = {**same_values(actor, now), "by": actor.audit_name}
    return insert_once(NeedStep, _FIELDS, rows, key="client_id", same=same)
