"""Taking what people say of their duties: ill, kept away, late. Whoever cannot come is replaced at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.access.queries import Actor
from muster.duty.actions.covering import ask_for_cover
from muster.duty.actions.duties import cancel_duty
from muster.duty.actions.reporting import DutyFact, Intake
from muster.duty.kinds import LEAVES_EMPTY, CoverReason, NoticeKind
from muster.duty.models import Duty, Notice
from muster.duty.queries.reporting import read_stands
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.kernel.errors import RuleError
from muster.kernel.facts import Answer, FactState, require_taken
from muster.kernel.kinds import Verb

LATEST_MIN = 12 * 60
"""By how much somebody may be late and still keep the place."""


@dataclass(frozen=True, slots=True)
class NoticeFact(DutyFact):
    """That whoever has a duty is ill, cannot come, or comes late.

    Parameters
    ----------
    kind
        Which of these.
    late_min
        By how many minutes, where late.
    """

    kind: NoticeKind
    late_min: int = 0


def give_notice(
    *,
    actor: Actor,
    now: datetime,
    client_id: UUID,
    duty: Duty,
    kind: NoticeKind,
    late_min: int = 0,
    is_for_other: bool = False,
) -> Notice:
    """Take one notice; the same again returns what was taken the first time.

    Parameters
    ----------
    actor, now
        Who enters it, and when.
    client_id, duty, kind, late_min, is_for_other
        See ``NoticeFact``.

    Raises
    ------
    RuleError
        If the actor may not report there, the emergency or the shift is over, or the duty is cancelled.
    """
    fact = NoticeFact(duty.pk, kind, late_min, client_id=client_id, at=now, is_for_other=is_for_other)
    [answer] = take_notices(actor=actor, now=now, facts=[fact])
    require_taken(answer)
    return Notice.objects.get(client_id=client_id)


def take_notices(*, actor: Actor, now: datetime, facts: Iterable[NoticeFact]) -> list[Answer]:
    """Take notices, each once; one that is refused keeps none of the others out.

    Who is late keeps the place. Who is ill or cannot come gives it up, and others are asked in the same transaction.

    Parameters
    ----------
    actor, now
        Who enters them, and when the server takes them.
    facts
        Any number, each id once.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    wanted = list(facts)
    if not wanted:
        return []
    with transaction.atomic():
        # Before anything is written: a row that names an emergency keeps others from holding it.
        _hold_emergencies(wanted)
        # Sent again after its own duty was given up, a notice is no less taken than the first time.
        known = set(Notice.objects.filter(client_id__in=[fact.client_id for fact in wanted]).values_list("client_id"))
        fresh = [fact for fact in wanted if (fact.client_id,) not in known]
        answers = {answer.client_id: answer for answer in _take(actor, now, fresh)}
        taken = {client_id for client_id, answer in answers.items() if answer.state == FactState.TAKEN}
        _replace(actor, now, [fact for fact in fresh if fact.client_id in taken and fact.kind in LEAVES_EMPTY])
    return [answers.get(fact.client_id) or Answer(fact.client_id, FactState.SEEN) for fact in wanted]


def _take(actor: Actor, now: datetime, facts: Sequence[NoticeFact]) -> list[Answer]:
    intake = Intake(actor, now, read_stands(fact.duty_id for fact in facts), earliest=None)
    own: dict[str, list[object]] = {
        "kind": [str(fact.kind) for fact in facts],
        "late_min": [min(fact.late_min, LATEST_MIN) if fact.kind == NoticeKind.LATE else 0 for fact in facts],
    }
    return intake.prepare(Notice, facts, own, Verb.DUTY_CHANGED)()


def _hold_emergencies(facts: Sequence[NoticeFact]) -> None:
    duties = {fact.duty_id for fact in facts}
    for emergency in Emergency.objects.filter(shifts__duties__in=duties, ends_at=None).distinct().order_by("pk"):
        lock_active(emergency)


def _replace(actor: Actor, now: datetime, facts: Sequence[NoticeFact]) -> None:
    """Take people off the duties that they cannot do, and ask for others."""
    related = ("shift__emergency", "shift__post__area", "person")
    duties = Duty.objects.select_related(*related).in_bulk({fact.duty_id for fact in facts})
    for fact in facts:
        duty, reason = duties[fact.duty_id], CoverReason(fact.kind.value)
        # Refused, a notice stands all the same: what was said is kept, and the office sees the gap.
        with suppress(RuleError), transaction.atomic():
            cancel_duty(actor=actor, now=now, duty=duty, reason=reason.value)
        with suppress(RuleError), transaction.atomic():
            ask_for_cover(actor=actor, now=now, shift=duty.shift, reason=reason, replaces=duty)
