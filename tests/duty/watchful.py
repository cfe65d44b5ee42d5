"""A second look at everything that stands, by hand: duty by duty from the rows, no rule of the house asked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.kernel.clock import CITY_ZONE


def list_faults() -> list[str]:
    """List every breach of eleven hours, six days, forty-eight hours, ten nights, absences and doubled places."""
    by_person: dict[str, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(state=DutyState.PLANNED).select_related("person", "shift").order_by("starts_at"):
        by_person[duty.person.name].append(duty)
    return [fault for name, duties in by_person.items() for fault in _faults(name, duties)]


def _faults(name: str, duties: list[Duty]) -> list[str]:
    found = []
    found += [
        f"{name}: no eleven hours before {duty.starts_at}"
        for at, duty in enumerate(duties)
        for other in duties[:at]
        if duty.starts_at - other.ends_at < timedelta(hours=11)
    ]
    days = {_day(duty.starts_at) for duty in duties}
    found += [f"{name}: a seventh day, {day}" for day in days if all(day - timedelta(n) in days for n in range(7))]
    for week in {_day(duty.starts_at) - timedelta(_day(duty.starts_at).weekday()) for duty in duties}:
        own = [duty for duty in duties if week <= _day(duty.starts_at) < week + timedelta(7)]
        if sum((duty.ends_at - duty.starts_at for duty in own), timedelta()) > timedelta(hours=48):
            found.append(f"{name}: more than 48 hours in the week of {week}")
    nights = sorted(day for day in days if any(_is_night(duty) and _day(duty.starts_at) == day for duty in duties))
    found += [f"{name}: an eleventh night, {day}" for day in nights if _count_since(nights, day) > 10]
    for absence in duties[0].person.absences.all():
        found += [f"{name}: absent on {day}" for day in days if absence.starts_on <= day < absence.ends_on]
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(CITY_ZONE).date()


def _is_night(duty: Duty) -> bool:
    three = duty.starts_at.astimezone(CITY_ZONE).replace(hour=3, minute=0)
    return any(duty.starts_at <= three + timedelta(n) < duty.ends_at for n in (0, 1))


def _count_since(nights: list[date], day: date) -> int:
    return sum(day - timedelta(28) < night <= day for night in nights)
