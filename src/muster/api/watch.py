"""Watch duties for a phone: what is mine to look after today, and how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from muster.access.kinds import Right
from muster.access.models import User
from muster.access.queries import access_area
from muster.api.words import Problem, say_refusal
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.kernel.errors import NotAllowedError, NotFoundError
from muster.kernel.facts import Refusal
from muster.needs.queries.watching import WatchTask, list_own_tasks, list_tasks
from muster.needs.rules.watching import WatchState

router = Router(tags=["watch"])

State = Literal["to_come", "due", "late", "missed", "well", "found"]


class WatchOut(BaseModel):
    """A watch duty: what it is called, what to look at, and how."""

    slug: str = Field(description="What it is reported by, as a fact of the kind `watch`.")
    name_zh: str
    name_en: str
    look_zh: str
    look_en: str
    how_zh: str
    how_en: str


class WatchTaskOut(BaseModel):
    """One round of a watch duty at one place."""

    watch: str = Field(description="Slug of the watch duty.")
    area: str = Field(description="Code of the area.")
    area_name: str
    door: str = Field(description="Number of the door, where one is looked after; empty for an area as a whole.")
    opens_at: datetime = Field(description="From here on a check counts for this round.")
    starts_at: datetime
    deputy_at: datetime = Field(description="When it falls to the deputy.")
    community_at: datetime = Field(description="When it falls to the community, and counts as missed.")
    closes_at: datetime = Field(description="A check from here on counts for the next round.")
    state: State
    hand: Literal["warden", "deputy", "office"] = Field(description="Whose it is by now.")
    done_at: datetime | None = None


class TodayOut(BaseModel):
    """What is to be looked after today, by time and place."""

    as_of: datetime
    watches: list[WatchOut]
    tasks: list[WatchTaskOut]


@router.get(
    "/watch/today",
    response={200: TodayOut, 401: Problem, 404: Problem},
    summary="My watch duties of today",
    operation_id="list_watch_today",
)
def list_today(request: HttpRequest, area: str = "") -> Any:
    """List what whoever asks has to look after today as warden or deputy; or what is due at one area.

    With an area: everything at it, for whoever may report there.
    """
    now = clock.now()
    actor = cast("User", getattr(request, "auth"))  # noqa: B009  # ninja's own, which the type does not know
    try:
        tasks = _list_of_area(actor, area, now) if area else list_own_tasks(actor.person_id, now)
    except (NotFoundError, NotAllowedError):
        return 404, say_refusal(Refusal.NO_SUCH_AREA)
    watches = {task.round.watch_id: task.round.watch for task in tasks}
    return TodayOut(
        as_of=now,
        watches=[_say_watch(watch) for watch in watches.values()],
        tasks=[_say_task(task) for task in tasks],
    )


def _list_of_area(actor: User, code: str, now: datetime) -> list[WatchTask]:
    area = access_area(actor, code, right=Right.REPORT)
    emergency = find_active(area)
    return list_tasks(emergency, {area: ()}, now) if emergency is not None else []


def _say_watch(watch: Any) -> WatchOut:
    return WatchOut(**{name: getattr(watch, name) for name in WatchOut.model_fields})


def _say_task(task: WatchTask) -> WatchTaskOut:
    one = task.round
    return WatchTaskOut(
        watch=one.watch.slug,
        area=task.area.code,
        area_name=task.area.name,
        door=task.door,
        opens_at=one.opens_at,
        starts_at=one.starts_at,
        deputy_at=one.deputy_at,
        community_at=one.community_at,
        closes_at=one.closes_at,
        state=cast("State", str(task.cell.state or WatchState.TO_COME)),
        hand=task.hand.value,
        done_at=task.cell.last.at if task.cell.last else None,
    )
