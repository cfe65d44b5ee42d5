"""Needs for phones and programs: the queue of an area as it grows, one need with its steps, and what is done with it.

Steps are facts (``POST /facts``); here is what somebody decides who looks at a need.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from muster.access.kinds import Right
from muster.access.queries import Actor, access_area
from muster.api.schemas import CarrierIn, Code, Note, UrgencySlug
from muster.api.words import Problem, say, say_refusal
from muster.kernel import clock
from muster.kernel.errors import NotAllowedError, NotFoundError
from muster.kernel.facts import Refusal
from muster.needs.actions.steps import StepFact, take_steps
from muster.needs.kinds import NeedKind, NeedState, NeedUrgency
from muster.needs.queries import (
    CarrierName,
    access_need,
    find_need_code,
    list_carriers,
    list_history,
    list_since,
    stand_of,
)

router = Router(tags=["needs"])
_PROBLEMS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
_NO_AREA = Refusal.NO_SUCH_AREA
_NO_REASON = _("A need is handed on with a reason.")


class CarrierOut(BaseModel):
    """Whoever carries a need, or could."""

    kind: str
    code: str
    name: str = Field(description="Empty where the account may not see people.")
    duties: list[str] = Field(default_factory=list, description="What a paired organization has taken over.")


class NeedOut(BaseModel):
    """A need as it stands."""

    number: int = Field(description="Grows with every need; ask for what comes `after` it.")
    id: UUID
    code: str
    area: str
    kind: NeedKind
    words: str
    state: NeedState
    urgency: UrgencySlug
    is_proposed: bool = Field(description="Whether the urgency is a proposal by rules, and no person's word yet.")
    at: datetime
    recorded_at: datetime
    taken_at: datetime | None
    settled_at: datetime | None
    carrier: CarrierOut | None
    joined_to: str | None = Field(description="Code of the need that answers this too.")


class NeedStepOut(BaseModel):
    """A step of a need."""

    id: UUID
    at: datetime
    state: NeedState | None
    by: str
    note: str
    urgency: UrgencySlug | None
    carrier: CarrierOut | None
    place: str | None


class NeedsOut(BaseModel):
    """A part of the needs of an area, in the order in which the server took them."""

    needs: list[NeedOut]
    next: int | None = Field(description="What to ask for `after` where there are more; null where there are none.")


class NeedWithStepsOut(BaseModel):
    """A need, what happened to it, and who could carry it."""

    need: NeedOut
    steps: list[NeedStepOut]
    carriers: list[CarrierOut]


class NeedsAsked(BaseModel):
    """Which needs."""

    area: Code
    after: int = Field(0, ge=0, le=2**63 - 1)
    limit: int = Field(200, ge=1, le=1000)
    is_open: bool = Field(True, description="Only those that are not settled.")


class GiveIn(BaseModel):
    """To whom a need is given, and why it is handed on."""

    to: CarrierIn
    note: Note = ""


class UrgencyIn(BaseModel):
    """How pressing a need is."""

    urgency: UrgencySlug
    note: Note = ""


class PlaceIn(BaseModel):
    """Where a need belongs."""

    area: Code
    note: Note = ""


@router.get("/needs", response={200: NeedsOut, **_PROBLEMS}, summary="List needs", operation_id="list_needs")
def list_some(request: HttpRequest, asked: Query[NeedsAsked]) -> Any:
    """List the needs of an area and all beneath it; whoever follows asks again with `after`."""
    try:
        area = access_area(_actor(request), asked.area, right=Right.REPORT)
    except (NotFoundError, NotAllowedError):
        return 404, say_refusal(_NO_AREA)
    found = list_since(area, after=asked.after, limit=asked.limit + 1, is_open=asked.is_open)
    shown = found[: asked.limit]
    return NeedsOut(needs=[_tell(need) for need in shown], next=shown[-1].pk if len(found) > asked.limit else None)


@router.get(
    "/needs/{uuid:client_id}",
    response={200: NeedWithStepsOut, **_PROBLEMS},
    summary="See a need",
    operation_id="see_need",
)
def see(request: HttpRequest, client_id: UUID) -> Any:
    """See a need with its steps, and who could carry it."""
    actor = _actor(request)
    try:
        need = access_need(actor, find_need_code(client_id))
    except NotFoundError:
        return 404, say_refusal(Refusal.NO_SUCH_NEED)
    choices = list_carriers(actor, clock.now(), stand_of(need).spot)
    carriers = [
        CarrierOut(kind=each.name.kind, code=each.name.code, name=each.person or each.title, duties=list(each.duties))
        for each in choices
    ]
    return NeedWithStepsOut(
        need=_tell(need), steps=[_tell_step(step) for step in list_history(need)], carriers=carriers
    )


@router.post(
    "/needs/{uuid:client_id}/give",
    response={200: NeedOut, **_PROBLEMS},
    summary="Give a need",
    operation_id="give_need",
)
def give(request: HttpRequest, client_id: UUID, asked: GiveIn) -> Any:
    """Give a need to somebody who can carry it, or hand it on with a reason. They are told."""
    carrier = CarrierName(asked.to.kind, asked.to.code)
    return _step(request, client_id, asked.note, lambda need: {"state": NeedState.GIVEN, "carrier": carrier})


@router.post(
    "/needs/{uuid:client_id}/urgency",
    response={200: NeedOut, **_PROBLEMS},
    summary="Say how pressing a need is",
    operation_id="set_need_urgency",
)
def set_urgency(request: HttpRequest, client_id: UUID, asked: UrgencyIn) -> Any:
    """Say how pressing a need is; from then on it is a person's word."""
    urgency = NeedUrgency[asked.urgency.upper()]
    return _step(request, client_id, asked.note, lambda need: {"urgency": urgency})


@router.post(
    "/needs/{uuid:client_id}/place",
    response={200: NeedOut, **_PROBLEMS},
    summary="Place a need",
    operation_id="place_need",
)
def place(request: HttpRequest, client_id: UUID, asked: PlaceIn) -> Any:
    """Put a need where it belongs, that came without a door or with a wrong one."""
    return _step(request, client_id, asked.note, lambda need: {"place": asked.area})


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "auth")  # noqa: B009  # ninja's own, which the type does not know
    return actor


def _step(request: HttpRequest, client_id: UUID, note: str, say_what: Callable[[Any], dict[str, Any]]) -> Any:
    actor, now = _actor(request), clock.now()
    try:
        need = access_need(actor, find_need_code(client_id))
    except NotFoundError:
        return 404, say_refusal(Refusal.NO_SUCH_NEED)
    what = say_what(need)
    if what.get("carrier") and need.carrier_kind and not note.strip():
        return 409, say("no_reason", _NO_REASON)
    fact = StepFact(need.client_id, note=note, client_id=uuid4(), at=now, **what)
    [answer] = take_steps(actor=actor, now=now, facts=[fact])
    if answer.refusal is not None:
        return 409, say_refusal(answer.refusal)
    return _tell(access_need(actor, need.code))


def _tell(need: Any) -> NeedOut:
    return NeedOut(
        number=need.pk,
        id=need.client_id,
        code=need.code,
        area=need.area.code,
        kind=need.kind,
        words=need.words,
        state=need.state,
        urgency=_slug(need.urgency),
        is_proposed=not need.is_triaged,
        at=need.at,
        recorded_at=need.recorded_at,
        taken_at=need.taken_at,
        settled_at=need.settled_at,
        carrier=_tell_carrier(need),
        joined_to=need.joined_to.code if need.joined_to is not None else None,
    )


def _slug(urgency: int) -> Literal["life", "today", "can_wait"]:
    slugs: dict[int, Literal["life", "today", "can_wait"]] = {0: "life", 1: "today", 2: "can_wait"}
    return slugs[urgency]


def _tell_carrier(row: Any) -> CarrierOut | None:
    carrier = row.carrier_person or row.carrier_organization or row.carrier_office
    # A person's code and name are for the desk, where the right to see people is looked at.
    is_person = row.carrier_person is not None
    if carrier is None:
        return None
    return CarrierOut(
        kind=row.carrier_kind, code="" if is_person else carrier.code, name="" if is_person else carrier.name
    )


def _tell_step(step: Any) -> NeedStepOut:
    return NeedStepOut(
        id=step.client_id,
        at=step.at,
        state=step.state or None,
        by=step.by,
        note=step.note,
        urgency=_slug(step.urgency) if step.urgency is not None else None,
        carrier=_tell_carrier(step),
        place=step.place.code if step.place is not None else None,
    )
