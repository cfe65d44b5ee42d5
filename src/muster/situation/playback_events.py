"""When something happened: how much on each day and in each half hour, and what comes before and after a moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Value

from muster.clocks.models import Gap
from muster.coverage.models import Appointment
from muster.duty.models import CheckIn
from muster.duty.queries.spans import EpochMinutes, local_midnight, minute_of
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

BIN_MIN = 30
DAY = timedelta(days=1)
LONGEST_DUTY, EARLY = timedelta(hours=16), timedelta(hours=2)
"""How long after the start of a duty, and how long before, somebody reports at it."""
_DAY_MIN = 1440
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Around:
    """What happened around a moment.

    Parameters
    ----------
    bins
        How much happened in each half hour of the moment's day.
    previous_at, next_at
        The last moment before at which something happened, and the first after; None where there is none.
    """

    bins: list[int]
    previous_at: datetime | None
    next_at: datetime | None


def count_days(emergency: Emergency, area: Area, until: datetime) -> list[tuple[date, int]]:
    """Count what happened in an area on each local day since the emergency began, oldest first.

    Appointments, gaps and check-ins are counted, each as it begins and as it ends.
    """
    first, last = (each.astimezone(CITY_ZONE).date() for each in (emergency.starts_at, until))
    sources = _list_sources(emergency, area, (emergency.starts_at, until))
    counts = _count_bins(sources, local_midnight(first), _DAY_MIN)
    return [(first + timedelta(days=number), counts[number]) for number in range((last - first).days + 1)]


def read_around(emergency: Emergency, area: Area, at: datetime, until: datetime) -> Around:
    """Read what happened in an area around a moment.

    Parameters
    ----------
    emergency, area, at
        Where, and around when.
    until
        The present: what is dated later has not happened yet.
    """
    midnight = local_midnight(at.astimezone(CITY_ZONE).date())
    day = (midnight, min(until, midnight + DAY))
    counts = _count_bins(_list_sources(emergency, area, day, near=day), midnight, BIN_MIN)
    near = _list_sources(emergency, area, (emergency.starts_at, until), near=(at - DAY, at + DAY))
    return Around(
        bins=[counts[number] for number in range(_DAY_MIN // BIN_MIN)],
        previous_at=_find_nearest(near, at, is_next=False),
        next_at=_find_nearest(near, at, is_next=True),
    )


def _list_sources(
    emergency: Emergency, area: Area, span: Span, *, near: Span | None = None
) -> list[tuple[QuerySet[Any], str]]:
    """Return rows whose moments lie in a span, with the names of these; check-ins only of duties near another."""
    is_whole = emergency.area.path.startswith(area.path)
    within = Q() if is_whole else beneath_filter(area, "area__path")
    appointments = Appointment.objects.filter(within, emergency=emergency)
    gaps = Gap.objects.filter(within, emergency=emergency)
    moments = (
        (appointments, "starts_at"),
        (appointments, "ends_at"),
        (gaps, "since_at"),
        (gaps, "closed_at"),
        (_list_check_ins(emergency, area, near), "at"),
    )
    return [
        (rows.filter(**{f"{name}__gte": span[0], f"{name}__lte": span[1]}).order_by(), name) for rows, name in moments
    ]


def _list_check_ins(emergency: Emergency, area: Area, near: Span | None) -> QuerySet[CheckIn]:
    check_ins = CheckIn.objects.filter(duty__shift__emergency=emergency)
    if not emergency.area.path.startswith(area.path):
        check_ins = check_ins.filter(beneath_filter(area, "duty__shift__post__area__path"))
    if near is not None:
        # By the times of the duties, whose index leads to them: check-ins are not kept in the order of their moments.
        check_ins = check_ins.filter(duty__starts_at__gt=near[0] - LONGEST_DUTY, duty__starts_at__lt=near[1] + EARLY)
    return check_ins


def _count_bins(sources: list[tuple[QuerySet[Any], str]], start: datetime, width_min: int) -> Counter[int]:
    counts: Counter[int] = Counter()
    for rows, name in sources:
        # Whole numbers are divided whole by both databases.
        share = ExpressionWrapper(
            (EpochMinutes(name) - Value(minute_of(start))) / Value(width_min), output_field=BigIntegerField()
        )
        for number, amount in rows.annotate(bin_number=share).values_list("bin_number").annotate(Count("pk")):
            counts[number] += amount
    return counts


def _find_nearest(sources: list[tuple[QuerySet[Any], str]], at: datetime, *, is_next: bool) -> datetime | None:
    found = []
    for rows, name in sources:
        side = rows.filter(**{f"{name}__gt" if is_next else f"{name}__lt": at})
        order = F(name).asc() if is_next else F(name).desc()
        moment = side.order_by(order).values_list(name, flat=True).first()
        if moment is not None:
            found.append(moment)
    return (min(found) if is_next else max(found)) if found else None
