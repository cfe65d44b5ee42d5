"""Laying out the shifts of a span of days from what the posts need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from muster.duty.models import Demand, Duty, Shift
from muster.duty.queries.spans import list_days, local_midnight
from muster.emergencies.actions import lock_active
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel.audit import Actor, record
from muster.kernel.bulk import insert_rows
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.territory.models import Area

_FIELDS = ("emergency_id", "post_id", "pattern_id", "starts_at", "ends_at", "needed")
NUMBERS_PER_QUERY = 900
_Key = tuple[int, int, datetime]


@dataclass(frozen=True, slots=True)
class ShiftsReport:
    """How many shifts were laid out, changed in number of people, and taken away."""

    created: int
    changed: int
    removed: int


def ensure_shifts(
    *, actor: Actor, now: datetime, emergency: Emergency, area: Area, starts_on: date, ends_on: date
) -> ShiftsReport:
    """Lay out the shifts that the posts of an area need on each day of a span; doing it again changes nothing.

    A shift that has begun is never touched. One that is no longer needed is taken away when nobody was ever
    placed on it, and needs nobody otherwise.

    Parameters
    ----------
    actor, now
        Who lays them out, and when.
    emergency, area
        For the posts in this area and beneath it, as far as the emergency holds there.
    starts_on, ends_on
        Half-open span of local days.

    Raises
    ------
    RuleError
        If the emergency has ended, or the span has no day.
    """
    if ends_on <= starts_on:
        raise RuleError(f"From {starts_on} to {ends_on} there is no day.", remedy="Give a later end.")
    with transaction.atomic():
        lock_active(emergency)
        wanted = _wanted(emergency, area, starts_on, ends_on, now)
        report = _match(_standing(emergency, area, starts_on, ends_on, now), wanted)
        if report != ShiftsReport(0, 0, 0):
            span = {"from": starts_on.isoformat(), "until": ends_on.isoformat()}
            detail = {**span, "created": report.created, "changed": report.changed, "removed": report.removed}
            record(
                actor=actor,
                now=now,
                verb=Verb.DUTY_CHANGED,
                subject_kind="shifts",
                subject_id=area.code,
                detail=detail,
            )
    return report


def _wanted(emergency: Emergency, area: Area, starts_on: date, ends_on: date, now: datetime) -> dict[_Key, Shift]:
    demands = Demand.objects.filter(
        scope_filter(emergency, area, "post__area__path"), post__is_active=True, people__gt=0
    ).select_related("pattern")
    days = [(str(day.isoweekday()), local_midnight(day)) for day in list_days(starts_on, ends_on)]
    shifts: dict[_Key, Shift] = {}
    for demand in demands.order_by("pk"):
        for weekday, midnight in days:
            shift = _shift_of(emergency, demand, midnight)
            if weekday in demand.weekdays and shift.starts_at > now:
                shifts[shift.post_id, shift.pattern_id, shift.starts_at] = shift
    return shifts


def _shift_of(emergency: Emergency, demand: Demand, midnight: datetime) -> Shift:
    starts_at = midnight + timedelta(minutes=demand.pattern.start_min)
    return Shift(
        emergency=emergency,
        post_id=demand.post_id,
        pattern_id=demand.pattern_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=demand.pattern.length_min),
        needed=demand.people,
    )


def _standing(emergency: Emergency, area: Area, starts_on: date, ends_on: date, now: datetime) -> QuerySet[Shift]:
    first = max(local_midnight(starts_on), now)
    shifts = Shift.objects.filter(scope_filter(emergency, area, "post__area__path"), emergency=emergency)
    return shifts.filter(starts_at__gte=first, starts_at__lt=local_midnight(ends_on))


def _match(shifts: QuerySet[Shift], wanted: dict[_Key, Shift]) -> ShiftsReport:
    standing = {(shift.post_id, shift.pattern_id, shift.starts_at): shift for shift in shifts}
    changed, unwanted = [], []
    for key, shift in standing.items():
        want = wanted.pop(key, None)
        if want is None:
            unwanted.append(shift)
        elif shift.needed != want.needed:
            shift.needed = want.needed
            changed.append(shift)
    removed = _take_away(unwanted)
    insert_rows(Shift, _FIELDS, (tuple(getattr(shift, name) for name in _FIELDS) for shift in wanted.values()))
    Shift.objects.bulk_update(changed, ["needed"], batch_size=NUMBERS_PER_QUERY)
    return ShiftsReport(len(wanted), len(changed), removed)


def _take_away(unwanted: list[Shift]) -> int:
    """Delete the shifts that never had a duty; the others stay for their history and need nobody."""
    gone = 0
    for start in range(0, len(unwanted), NUMBERS_PER_QUERY):
        numbers = {shift.pk for shift in unwanted[start : start + NUMBERS_PER_QUERY] if shift.needed}
        held = set(Duty.objects.filter(shift_id__in=numbers).values_list("shift_id", flat=True))
        Shift.objects.filter(pk__in=numbers - held).delete()
        Shift.objects.filter(pk__in=held).update(needed=0)
        gone += len(numbers)
    return gone
