"""Duties read in bulk as arrays of minutes: what the rules of rest and the planner count on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, Func, IntegerField, Q, QuerySet, Value, When

from muster.duty.kinds import DutyState
from muster.duty.models import Duty, RestRules, Shift
from muster.duty.rules import BoolArray, DutySpans, IntArray, RestLimits
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY_MIN = 1440


class EpochMinutes(Func):
    """A moment as whole minutes since 1970 in UTC, counted by the database: a bulk read parses no dates."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for SQLite."""
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for PostgreSQL."""
        template = "(EXTRACT(EPOCH FROM %(expressions)s)::bigint / 60)"
        return self.as_sql(compiler, connection, template=template, **extra)


def minute_of(moment: datetime) -> int:
    """Return the minutes since 1970 of an aware moment."""
    return int(moment.timestamp()) // 60


def moment_of(minute: int) -> datetime:
    """Return the moment, in UTC, of minutes since 1970."""
    return datetime.fromtimestamp(minute * 60, UTC)


def local_midnight(day: date) -> datetime:
    """Return the moment at which a local day begins."""
    return datetime.combine(day, time(), CITY_ZONE)


def local_minutes(minutes: IntArray) -> IntArray:
    """Return local minutes of many moments in minutes since 1970: whole days of them are ``date.toordinal``."""
    distinct, place = np.unique(minutes, return_inverse=True)
    offsets = [moment_of(int(minute)).astimezone(CITY_ZONE).utcoffset() or timedelta() for minute in distinct]
    local = distinct + np.array([int(offset.total_seconds()) // 60 for offset in offsets], np.int64)
    found: IntArray = (local + _EPOCH_DAY * _DAY_MIN)[place]
    return found


def local_days(minutes: IntArray) -> IntArray:
    """Return the local day (``date.toordinal``) of each of many moments in minutes since 1970."""
    return local_minutes(minutes) // _DAY_MIN


@dataclass(frozen=True, slots=True, eq=False)
class StandingDuties:
    """Planned duties as arrays of one length.

    Parameters
    ----------
    spans
        Person, start, end and day of each.
    duty
        Number of the row.
    shift
        Number of the shift.
    is_overridden
        Whether an officer overrode a rule of rest for it, by name.
    is_night
        Whether its pattern is a night.
    """

    spans: DutySpans
    duty: IntArray
    shift: IntArray
    is_overridden: BoolArray
    is_night: BoolArray

    def take(self, index: IntArray | BoolArray) -> StandingDuties:
        """Return the duties at an index, or under a mask."""
        return StandingDuties(
            self.spans.take(index), self.duty[index], self.shift[index], self.is_overridden[index], self.is_night[index]
        )


def is_whole(emergency: Emergency, area: Area) -> bool:
    """Tell whether an area holds the whole emergency: then nothing needs to be told apart by its place."""
    return emergency.area.path.startswith(area.path)


def shifts_of(emergency: Emergency, area: Area | None = None) -> QuerySet[Shift]:
    """Return the shifts of the whole emergency, or of the posts in an area and beneath it."""
    shifts = Shift.objects.filter(emergency=emergency)
    if area is None or is_whole(emergency, area):
        return shifts
    return shifts.filter(beneath_filter(area, "post__area__path"))


def planned_duties(emergency: Emergency, area: Area | None = None) -> QuerySet[Duty]:
    """Return the duties that stand, of the whole emergency or of the posts in an area and beneath it."""
    duties = Duty.objects.filter(shift__emergency=emergency, state=DutyState.PLANNED)
    if area is None or is_whole(emergency, area):
        return duties
    return duties.filter(beneath_filter(area, "shift__post__area__path"))


def duties_at(emergency: Emergency, at: datetime, area: Area | None = None) -> QuerySet[Duty]:
    """Return the duties that stood at a moment that is past: kept since, or canceled later."""
    kept, gone = Q(state=DutyState.PLANNED, changed_at__lte=at), Q(state=DutyState.CANCELLED, changed_at__gt=at)
    duties = Duty.objects.filter(kept | gone, shift__emergency=emergency)
    if area is None or is_whole(emergency, area):
        return duties
    return duties.filter(beneath_filter(area, "shift__post__area__path"))


def read_duties(duties: QuerySet[Duty]) -> StandingDuties:
    """Read duties as arrays, in the order of their rows; 35,000 in about a tenth of a second."""
    columns = (
        *("pk", "shift_id", "person_id", EpochMinutes("starts_at"), EpochMinutes("ends_at")),
        *(_flag(shift__pattern__is_night=True), _flag(override_by__gt="")),
    )
    table = fetch_numbers(duties.order_by("pk").values_list(*columns), len(columns))
    return StandingDuties(
        spans=span_of(table[:, 2], table[:, 3], table[:, 4]),
        duty=table[:, 0],
        shift=table[:, 1],
        is_overridden=table[:, 6].astype(np.bool_),
        is_night=table[:, 5].astype(np.bool_),
    )


def _flag(**wanted: object) -> Case:
    return Case(When(**wanted, then=Value(1)), default=Value(0), output_field=IntegerField())


def fetch_numbers(rows: QuerySet[Any], width: int) -> IntArray:
    """Fetch a table of whole numbers as the driver gives it: converting them one by one takes longer than reading."""
    try:
        statement, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return np.empty((0, width), np.int64)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return np.array(cursor.fetchall(), np.int64).reshape(-1, width)


def span_of(person: IntArray, start_min: IntArray, end_min: IntArray) -> DutySpans:
    """Return spans of duties given by absolute minutes, their local days found."""
    return DutySpans(person, start_min, end_min, local_minutes(start_min))


def get_rest_limits(emergency: Emergency) -> RestLimits:
    """Return the limits of rest of an emergency: its own, or the usual ones."""
    rules = RestRules.objects.filter(emergency=emergency).first()
    if rules is None:
        return RestLimits()
    return RestLimits(rules.min_rest_min, rules.max_days_in_row, rules.max_week_min, rules.max_nights)


def list_days(starts_on: date, ends_on: date) -> Sequence[date]:
    """List the days of a half-open span."""
    return [date.fromordinal(day) for day in range(starts_on.toordinal(), ends_on.toordinal())]
