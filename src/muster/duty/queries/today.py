"""Today's posts: by kind and pattern, how many people are needed, rostered and there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty, Shift
from muster.duty.queries.gaps import unfilled_shifts
from muster.duty.queries.spans import local_midnight
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


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


_GROUP = ("post__kind_id", "pattern_id", "starts_at")
_WORDS = (
    *_GROUP,
    "ends_at",
    "post__kind__slug",
    "post__kind__name_zh",
    "post__kind__name_en",
    "pattern__slug",
    "pattern__name_zh",
    "pattern__name_en",
    "pattern__is_night",
)


def list_posts_today(emergency: Emergency, area: Area, now: datetime) -> PostsToday:
    """List the posts of an area and beneath it whose shifts touch the local day of now.

    Seven queries, whatever the size of the city.
    """
    midnight = local_midnight(now.astimezone(CITY_ZONE).date())
    shifts = Shift.objects.filter(
        beneath_filter(area, "post__area__path"),
        emergency=emergency,
        starts_at__gt=midnight - timedelta(days=1),
        starts_at__lt=midnight + timedelta(days=1),
        ends_at__gt=midnight,
    )
    duties = Duty.objects.filter(shift__in=shifts, state=DutyState.PLANNED)
    current = duties.filter(starts_at__lte=now, ends_at__gt=now)
    rows = _rows(shifts, duties)
    return PostsToday(
        rows=rows,
        shifts=sum(row.shifts for row in rows),
        people_rostered=duties.aggregate(people=Count("person", distinct=True))["people"],
        due=current.count(),
        came=_check_ins(current).aggregate(came=Count("duty", distinct=True))["came"],
    )


def _check_ins(duties: QuerySet[Duty]) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(duty__in=duties, kind=CheckInKind.IN)


def _rows(shifts: QuerySet[Shift], duties: QuerySet[Duty]) -> list[PostsOfKind]:
    groups = shifts.order_by().values(*_WORDS).annotate(shifts=Count("pk"), people=Sum("needed"))
    rostered = _by_group(duties.values_list(*(f"shift__{name}" for name in _GROUP)).annotate(Count("pk")))
    reported = _check_ins(duties).values_list(*(f"duty__shift__{name}" for name in _GROUP))
    came = _by_group(reported.annotate(Count("duty", distinct=True)))
    unfilled = _unfilled(shifts)
    rows = [_row(group, rostered, came, unfilled) for group in groups]
    return sorted(rows, key=lambda row: (row.kind, row.starts_at, row.pattern))


_Counts = Mapping[tuple[Any, ...], int]


def _by_group(rows: QuerySet[Any, tuple[Any, ...]]) -> _Counts:
    return {row[:-1]: row[-1] for row in rows.order_by()}


def _unfilled(shifts: QuerySet[Shift]) -> _Counts:
    missing: Counter[tuple[Any, ...]] = Counter()
    for *group, needed, rostered in unfilled_shifts(shifts).values_list(*_GROUP, "needed", "rostered"):
        missing[tuple(group)] += needed - rostered
    return missing


def _row(group: dict[str, Any], rostered: _Counts, came: _Counts, unfilled: _Counts) -> PostsOfKind:
    key = tuple(group[name] for name in _GROUP)
    return PostsOfKind(
        kind=group["post__kind__slug"],
        kind_zh=group["post__kind__name_zh"],
        kind_en=group["post__kind__name_en"],
        pattern=group["pattern__slug"],
        pattern_zh=group["pattern__name_zh"],
        pattern_en=group["pattern__name_en"],
        is_night=group["pattern__is_night"],
        starts_at=group["starts_at"],
        ends_at=group["ends_at"],
        shifts=group["shifts"],
        needed=group["people"],
        rostered=rostered.get(key, 0),
        came=came.get(key, 0),
        unfilled=unfilled.get(key, 0),
    )
