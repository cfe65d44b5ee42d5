"""Gaps for phones and programs: where nobody is, how far each clock has come, and taking them in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from muster.access.queries import Actor, access_area
from muster.api.schemas import Code, Number
from muster.api.words import Problem, say
from muster.clocks.actions import GapClosedError, GapInHandError, acknowledge, give_back, take_over
from muster.clocks.kinds import GapKind, GapStepKind
from muster.clocks.queries import Among, GapClock, access_gap, find_gap, list_pressing, read_gap_clocks
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError

router = Router(tags=["gaps"])
_ANSWERS = {200: Any, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
_MOST_GAPS = 200
_SENTENCES: dict[type[MusterError], tuple[int, str, str | Promise]] = {
    NotFoundError: (404, "not_there", _("There is no such area or gap, or it is not for this account.")),
    NotAllowedError: (403, "not_allowed", _("This account may not report there.")),
    GapClosedError: (409, "closed", _("The gap has closed meanwhile.")),
    GapInHandError: (409, "in_hand", _("Somebody else has it in hand.")),
}


class StopOut(BaseModel):
    """One stop on a gap's way up."""

    level: str | None = Field(description="Of the office; null for the warden.")
    name: str
    due_at: datetime | None = Field(description="Null once it was reached, and while the clock stands.")
    reached_at: datetime | None


class GapStepOut(BaseModel):
    """What happened to a gap."""

    kind: GapStepKind
    at: datetime
    area: str | None = Field(description="Whose it was from then on.")
    by: str = Field(description="Who did it; empty for a clock.")
    note: str


class GapOut(BaseModel):
    """A place with nobody."""

    id: int
    kind: GapKind
    subject: str
    area: str
    area_name: str
    owner: str = Field(description="Code of the area whose office is to close it now.")
    owner_name: str
    since_at: datetime
    closed_at: datetime | None
    people_missing: int
    why: str
    in_hand_by: str | None
    in_hand_until_at: datetime | None
    seen_by: str | None
    stops: list[StopOut]
    steps: list[GapStepOut]


class GapsOut(BaseModel):
    """Open gaps, those that press most first."""

    gaps: list[GapOut]


def _responses(answer: type[BaseModel]) -> dict[int, Any]:
    return {**_ANSWERS, 200: answer}


@router.get("/gaps", response=_responses(GapsOut), summary="List the open gaps of an area", operation_id="list_gaps")
def list_gaps(
    request: HttpRequest,
    area: Code,
    kind: GapKind | None = None,
    limit: Annotated[int, Query(ge=1, le=_MOST_GAPS)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Any:
    """List the open gaps within an area, with their clocks and their steps."""
    try:
        found = access_area(_actor(request), area)
    except MusterError as error:
        return _refuse(error)
    emergency = find_active(found)
    if emergency is None:
        return GapsOut(gaps=[])
    gaps = list_pressing(emergency, found, Among(kind), offset=offset, limit=limit)
    clocks = read_gap_clocks(emergency, gaps, clock.now())
    return GapsOut(gaps=[_tell(gap, clocks[gap.pk]) for gap in gaps])


@router.post(
    "/gaps/{number}/acknowledge", response=_responses(GapOut), summary="Say that it is seen", operation_id="see_gap"
)
def see(request: HttpRequest, number: Number) -> Any:
    """Say by name that a gap is seen; its clock runs on. The same again is none too many."""
    return _act(request, number, acknowledge)


@router.post("/gaps/{number}/take", response=_responses(GapOut), summary="Take it in hand", operation_id="take_gap")
def take(request: HttpRequest, number: Number) -> Any:
    """Take a gap in hand by name: its clock stands still. The first has it; an office above may take it from them."""
    return _act(request, number, take_over)


@router.post("/gaps/{number}/give-back", response=_responses(GapOut), summary="Give it back", operation_id="give_gap")
def give(request: HttpRequest, number: Number) -> Any:
    """Give a gap back: its clock runs on from where it stood."""
    return _act(request, number, give_back)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "auth")  # noqa: B009  # ninja's own, which the type does not know
    return actor


def _act(request: HttpRequest, number: int, act: Callable[..., bool]) -> Any:
    actor, now = _actor(request), clock.now()
    try:
        gap = access_gap(actor, number)
        act(actor=actor, now=now, gap=gap)
    except MusterError as error:
        return _refuse(error)
    gap = find_gap(actor, number) or gap
    return _tell(gap, read_gap_clocks(gap.emergency, [gap], now)[gap.pk])


def _refuse(error: MusterError) -> Any:
    for kind, (status, code, sentence) in _SENTENCES.items():
        if isinstance(error, kind):
            return Status(status, say(code, sentence))
    raise error


def _tell(gap: Any, found: GapClock) -> GapOut:
    return GapOut(
        id=gap.pk,
        kind=gap.kind,
        subject=gap.subject,
        area=gap.area.code,
        area_name=gap.area.name,
        owner=gap.owner_area.code,
        owner_name=gap.owner_area.name,
        since_at=gap.since_at,
        closed_at=gap.closed_at,
        people_missing=gap.people_missing,
        why=gap.why,
        in_hand_by=found.holder.by if found.holder else None,
        in_hand_until_at=found.held_until_at,
        seen_by=found.acknowledged.by if found.acknowledged else None,
        stops=[
            StopOut(
                level=stop.level.slug if stop.level else None,
                name=stop.name,
                due_at=stop.due_at,
                reached_at=stop.reached_at,
            )
            for stop in found.stops
        ],
        steps=[
            GapStepOut(
                kind=GapStepKind(step.kind),
                at=step.at,
                area=step.area.code if step.area else None,
                by=step.by,
                note=step.note,
            )
            for step in found.steps
        ],
    )
