"""Taking facts: parse a batch, make one action, say what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Router

from muster.access.queries import Actor
from muster.api.schemas import (
    AnswersOut,
    CheckInIn,
    FactsIn,
    HandoverIn,
    NeedIn,
    NoticeIn,
    StepIn,
    Unreadable,
    VisitIn,
    WatchIn,
)
from muster.api.words import Problem, say_refusal
from muster.duty.actions import CheckInFact, HandoverFact, NoticeFact
from muster.duty.kinds import CheckInKind
from muster.facts.actions import take_facts
from muster.facts.rules import read_offset
from muster.kernel import clock
from muster.kernel.facts import Answer, Refusal, Report
from muster.needs.actions import NeedFact, StepFact, VisitFact, WatchFact
from muster.needs.kinds import NeedUrgency
from muster.needs.queries import CarrierName

router = Router(tags=["facts"])

_Sent = CheckInIn | HandoverIn | NoticeIn | VisitIn | WatchIn | NeedIn | StepIn
_WAITING = {"code": "waiting"}


@router.post(
    "/facts",
    response={200: AnswersOut, 400: Problem, 401: Problem, 403: Problem, 422: Problem},
    summary="Take facts",
    operation_id="take_facts",
)
def take(request: HttpRequest, batch: FactsIn) -> HttpResponse:
    """Take up to 500 facts, each once, in any order, and answer one by one. What is answered is on disk.

    A fact may be sent again until it is answered. What is refused keeps none of the others out.
    """
    now = clock.now()
    facts = [_read(sent) for sent in batch.facts if not isinstance(sent, Unreadable)]
    actor = cast("Actor", getattr(request, "auth"))  # noqa: B009  # ninja's own, which the type does not know
    answers = iter(take_facts(actor=actor, now=now, facts=facts, sent_at=batch.sent_at))
    told = [_refuse(sent) if isinstance(sent, Unreadable) else _tell(next(answers)) for sent in batch.facts]
    return _respond(now, batch.sent_at, told)


def _respond(now: datetime, sent_at: datetime | None, told: list[dict[str, Any]]) -> HttpResponse:
    # Written as it is: validating what was just made would take longer than taking the facts.
    off_s = round(read_offset(sent_at, now).total_seconds())
    body = {"received_at": now.isoformat(), "clock_off_s": off_s, "answers": told}
    return HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type="application/json")


def _refuse(sent: Unreadable) -> dict[str, Any]:
    return {"id": sent.id if isinstance(sent.id, str) else None, "state": "refused", **_say(Refusal.MALFORMED)}


def _tell(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": str(answer.client_id), "state": answer.state.value}
    if answer.refusal is not None:
        return {**told, **_say(answer.refusal)}
    return {**told, **_WAITING} if answer.is_waiting else told


def _say(refusal: Refusal) -> dict[str, str]:
    return say_refusal(refusal).model_dump()


def _read_check_in(sent: CheckInIn, same: dict[str, Any]) -> Report:
    return CheckInFact(sent.duty, CheckInKind.IN if sent.kind == "check_in" else CheckInKind.OUT, **same)


def _read_step(sent: StepIn, same: dict[str, Any]) -> Report:
    carrier = CarrierName(sent.to.kind.value, sent.to.code) if sent.to is not None else None
    urgency = NeedUrgency[sent.urgency.upper()] if sent.urgency is not None else None
    return StepFact(sent.need, sent.state, sent.note, carrier, urgency, **same)


_READERS: dict[type[Any], Callable[[Any, dict[str, Any]], Report]] = {
    CheckInIn: _read_check_in,
    HandoverIn: lambda sent, same: HandoverFact(sent.duty, sent.note, **same),
    NoticeIn: lambda sent, same: NoticeFact(sent.duty, sent.notice, sent.late_min, **same),
    VisitIn: lambda sent, same: VisitFact(sent.area, sent.outcome, sent.note, **same),
    WatchIn: lambda sent, same: WatchFact(sent.area, sent.watch, sent.is_well, sent.note, sent.door, **same),
    NeedIn: lambda sent, same: NeedFact(sent.area, sent.need_kind, sent.words, **same),
    StepIn: _read_step,
}


def _read(sent: _Sent) -> Report:
    return _READERS[type(sent)](sent, {"client_id": sent.id, "at": sent.at, "is_for_other": sent.for_other})
