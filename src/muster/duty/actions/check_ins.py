"""Taking what people report at their posts: each fact once, in any order, answered one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from muster.access.queries import Actor
from muster.duty.actions.attendance import follow_check_ins
from muster.duty.actions.reporting import DutyFact, Intake, Write
from muster.duty.kinds import CheckInKind
from muster.duty.models import CheckIn, Duty
from muster.duty.queries.reporting import read_stands
from muster.kernel.facts import Answer, require_taken
from muster.kernel.kinds import Verb


@dataclass(frozen=True, slots=True)
class CheckInFact(DutyFact):
    """That somebody came to a duty, or left it.

    Parameters
    ----------
    kind
        Came or left.
    """

    kind: CheckInKind


def check_in(
    *,
    actor: Actor,
    now: datetime,
    client_id: UUID,
    duty: Duty,
    kind: CheckInKind,
    at: datetime,
    is_for_other: bool = False,
) -> CheckIn:
    """Take one report at a post; the same report again returns what was taken the first time.

    Parameters
    ----------
    actor, now
        Who enters it, and when the server takes it.
    client_id, duty, kind, at, is_for_other
        See ``CheckInFact``. An account of somebody else than the person on duty marks it as entered for
        another, whatever is said.

    Raises
    ------
    RuleError
        If the actor may not report there, the emergency has ended, the duty is cancelled, or the time cannot
        be right.
    """
    fact = CheckInFact(duty.pk, kind, client_id=client_id, at=at, is_for_other=is_for_other)
    [answer] = take_check_ins(actor=actor, now=now, facts=[fact])
    require_taken(answer)
    return CheckIn.objects.get(client_id=client_id)


def take_check_ins(*, actor: Actor, now: datetime, facts: Iterable[CheckInFact]) -> list[Answer]:
    """Take reports at posts, each once; one that is refused keeps none of the others out.

    Of one's own duty everybody may report; of others' duties whoever has the right to report there.

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
    write = prepare_check_ins(actor=actor, now=now, facts=facts)
    with transaction.atomic():
        return write()


def prepare_check_ins(*, actor: Actor, now: datetime, facts: Iterable[CheckInFact]) -> Write:
    """Do everything of ``take_check_ins`` but the writing, and return that, to be done in a transaction."""
    wanted = list(facts)
    intake = Intake(actor, now, read_stands(fact.duty_id for fact in wanted))
    write = intake.prepare(CheckIn, wanted, {"kind": [str(fact.kind) for fact in wanted]}, Verb.CHECKED_IN)
    # Before its start no post stands empty, and nothing is to be asked.
    late = {fact.duty_id for fact in wanted if fact.kind == CheckInKind.IN and intake.has_begun(fact.duty_id)}
    return partial(_write_late, write, late, now) if late else write


def _write_late(write: Write, duty_ids: Collection[int], now: datetime) -> list[Answer]:
    answers = write()
    follow_check_ins(now=now, duty_ids=duty_ids)
    return answers
