"""Today's posts: by kind and pattern, how many people are needed, rostered and there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn
from muster.duty.queries.spans import duties_at, local_midnight, planned_duties, shifts_of
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.territory.models import Area


@dataclass(frozen=True, slots=True)
class PostsOfKind:
    """The shifts of one kind of post on one pattern that touch today.

    Parameters
    ----------
    starts_at, ends_at
        Of the shifts; a night that began yesterday ends this morning.
    shifts, needed, rostered, came
        Numbers of shifts, of people needed, placed, and reported as there.
    unfilled
        Places with nobody: a shift with too many does not make up for one with too few.
    """

    kind: str
    kind_zh: str
    kind_en: str
    pattern: str
    pattern_zh: str
    pattern_en: str
    is_night: bool
    starts_at: datetime
    ends_at: datetime
    shifts: int
    needed: int
    rostered: int
    came: int
    unfilled: int


@dataclass(frozen=True, slots=True)
class PostsToday:
    """Today's posts, and their sums.

    Parameters
    ----------
    rows
        By kind, then start.
    shifts, people_rostered
        Shifts that touch today, and different people placed on them.
    due, came
        Duties that have begun by now and are not over, and how many of their people are reported as there.
    """

    rows: list[PostsOfKind]
    shifts: int
    people_rostered: int
    due: int
    came: int


_WORDS = (
    "pk",
    "starts_at",
    "ends_at",
    "needed",
    "post__kind__slug",
    "post__kind__name_zh",
    "post__kind__name_en",
    "pattern__slug",
    "pattern__name_zh",
    "pattern__name_en",
    "pattern__is_night",
)


def list_posts_today(emergency: Emergency, area: Area, now: datetime, *, is_past: bool = False) -> PostsToday:
    """List the posts of an area and beneath it whose shifts touch the local day of now.

    Four queries that find two days by their times; the database counts.

    Parameters
    ----------
    emergency, area, now
        Where, and as of when.
    is_past
        Whether now is a moment that is past: duties are then those that stood, check-ins those that had been made.
    """
    midnight = local_midnight(now.astimezone(CITY_ZONE).date())
    window = {
        "starts_at__gt": midnight - timedelta(days=1),
        "starts_at__lt": midnight + timedelta(days=1),
        "ends_at__gt": midnight,
    }
    shifts = list(shifts_of(emergency, area).filter(**window).values(*_WORDS))
    # By the times of the shifts, whose index leads to both: left to itself SQLite walks the whole roster.
    stood = duties_at(emergency, now, area) if is_past else planned_duties(emergency, area)
    duties = stood.filter(**_prefixed("shift", window)).order_by()
    rostered = dict(duties.values_list("shift_id").annotate(Count("pk")))
    came = _count_reported(emergency, window, now if is_past else None)
    current = [shift["pk"] for shift in shifts if shift["starts_at"] <= now < shift["ends_at"]]
    return PostsToday(
        rows=_rows(shifts, rostered, came),
        shifts=len(shifts),
        people_rostered=duties.aggregate(people=Count("person", distinct=True))["people"],
        due=sum(rostered.get(shift, 0) for shift in current),
        came=sum(came.get(shift, 0) for shift in current),
    )


def _prefixed(path: str, window: Mapping[str, datetime]) -> dict[str, datetime]:
    return {f"{path}__{name}": moment for name, moment in window.items()}


def _count_reported(emergency: Emergency, window: Mapping[str, datetime], until: datetime | None) -> dict[int, int]:
    """Return, by shift, of how many standing duties within a window somebody was reported as there, up to a moment."""
    reported = CheckIn.objects.filter(
        kind=CheckInKind.IN,
        duty__state=DutyState.PLANNED,
        duty__shift__emergency=emergency,
        **_prefixed("duty__shift", window),
    )
    if until is not None:
        reported = reported.filter(at__lte=until)
    return dict(reported.order_by().values_list("duty__shift_id").annotate(Count("duty", distinct=True)))


def _rows(
    shifts: Sequence[Mapping[str, Any]], rostered: Mapping[int, int], came: Mapping[int, int]
) -> list[PostsOfKind]:
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for shift in shifts:
        groups[shift["post__kind__slug"], shift["starts_at"], shift["pattern__slug"]].append(shift)
    return [_row(groups[key], rostered, came) for key in sorted(groups)]


def _row(group: Sequence[Mapping[str, Any]], rostered: Mapping[int, int], came: Mapping[int, int]) -> PostsOfKind:
    first = group[0]
    placed = [rostered.get(shift["pk"], 0) for shift in group]
    return PostsOfKind(
        kind=first["post__kind__slug"],
        kind_zh=first["post__kind__name_zh"],
        kind_en=first["post__kind__name_en"],
        pattern=first["pattern__slug"],
        pattern_zh=first["pattern__name_zh"],
        pattern_en=first["pattern__name_en"],
        is_night=first["pattern__is_night"],
        starts_at=first["starts_at"],
        ends_at=first["ends_at"],
        shifts=len(group),
        needed=sum(shift["needed"] for shift in group),
        rostered=sum(placed),
        came=sum(came.get(shift["pk"], 0) for shift in group),
        unfilled=sum(max(0, shift["needed"] - there) for shift, there in zip(group, placed, strict=True)),
    )
