"""Taking a batch of facts of any kinds: each once, in any order, answered one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from muster.access.queries import Actor
from muster.duty.actions import (
    CheckInFact,
    HandoverFact,
    NoticeFact,
    prepare_check_ins,
    prepare_handovers,
    take_notices,
)
from muster.facts.rules import put_right, read_offset
from muster.kernel.facts import Answer, FactState, Refusal, Report
from muster.needs.actions import (
    NeedFact,
    StepFact,
    VisitFact,
    WatchFact,
    raise_needs,
    take_steps,
    take_visits,
    take_watch_checks,
)

MOST_FACTS = 500
"""How many facts one batch may hold."""

_Write = Callable[[], list[Answer]]
_Prepare = Callable[..., _Write]


def _wait_with(take: Callable[..., list[Answer]]) -> _Prepare:
    """Return what leaves all the work to the transaction, since it must hold what it looks at."""
    return partial(partial, take)


# In one order for all batches, so that two of them never wait for each other in a circle. Needs before their steps.
KINDS: dict[type[Report], _Prepare] = {
    # Before anything that names an emergency is written: notices hold it.
    NoticeFact: _wait_with(take_notices),
    CheckInFact: prepare_check_ins,
    HandoverFact: prepare_handovers,
    NeedFact: _wait_with(raise_needs),
    StepFact: _wait_with(take_steps),
    VisitFact: _wait_with(take_visits),
    WatchFact: _wait_with(take_watch_checks),
}


def take_facts(
    *, actor: Actor, now: datetime, facts: Iterable[Report], sent_at: datetime | None = None
) -> list[Answer]:
    """Take facts of any kinds in one transaction; one that is refused keeps none of the others out.

    Parameters
    ----------
    actor, now
        Who sends them, and when the server takes them.
    facts
        Of the kinds in ``KINDS``. An id that appears again is a fact seen before.
    sent_at
        What the sender's clock read when they were sent. Moments told by a clock that was wrong are put
        right by the difference, which is kept with each.

    Returns
    -------
    list[Answer]
        One a fact, in their order.
    """
    sent = list(facts)
    firsts = _put_right({fact.client_id: fact for fact in reversed(sent)}.values(), sent_at, now)
    try:
        answers = _take(actor, now, firsts)
    except (IntegrityError, DataError):
        # What a fact refers to has gone meanwhile, or the database cannot hold it: the others are to be taken.
        answers = {fact.client_id: _take_alone(actor, now, fact) for fact in firsts}
    return _repeat(sent, answers)


def _put_right(facts: Iterable[Report], sent_at: datetime | None, now: datetime) -> list[Report]:
    offset = read_offset(sent_at, now)
    right = []
    for fact in facts:
        at, off_s = put_right(fact.at, offset, now, may_clamp=sent_at is not None)
        right.append(replace(fact, at=at, clock_off_s=off_s) if off_s else fact)
    return right


def _take(actor: Actor, now: datetime, facts: Iterable[Report]) -> dict[UUID, Answer]:
    by_kind: dict[type[Report], list[Any]] = defaultdict(list)
    for fact in facts:
        by_kind[type(fact)].append(fact)
    writes = [prepare(actor=actor, now=now, facts=by_kind[kind]) for kind, prepare in KINDS.items() if kind in by_kind]
    with transaction.atomic():
        return {answer.client_id: answer for write in writes for answer in write()}


def _take_alone(actor: Actor, now: datetime, fact: Report) -> Answer:
    try:
        return _take(actor, now, [fact])[fact.client_id]
    except (IntegrityError, DataError):
        return Answer(fact.client_id, FactState.REFUSED, Refusal.NOT_STORED)


def _repeat(sent: Sequence[Report], answers: dict[UUID, Answer]) -> list[Answer]:
    """Return the answers in the order of what was sent; what was sent again was seen before."""
    told: list[Answer] = []
    seen: set[UUID] = set()
    for fact in sent:
        answer = answers[fact.client_id]
        is_again = fact.client_id in seen and answer.state == FactState.TAKEN
        told.append(replace(answer, state=FactState.SEEN) if is_again else answer)
        seen.add(fact.client_id)
    return told
