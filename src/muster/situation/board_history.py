"""What figures were on the last days: as kept on each, and before anything was kept as dated rows tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from muster.clocks.models import Gap
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, Pairing
from muster.coverage.queries import get_area_coverage
from muster.emergencies.models import Emergency
from muster.emergencies.queries import list_active
from muster.kernel.clock import CITY_ZONE
from muster.situation.actions import keep_figures, keep_past_figures
from muster.situation.measures import read_measures
from muster.situation.models import DayFigure
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

DAYS = 14
KEPT_ANEW_AFTER = timedelta(hours=1)


def follow_figures(
    emergency: Emergency, area: Area, now: datetime, values: Mapping[str, float]
) -> dict[str, dict[date, float]]:
    """Return an area's figures by measure and day, the last ``DAYS`` of them; today's are kept once an hour.

    Parameters
    ----------
    emergency, area, now
        Where, and as of when.
    values
        What the measures are now, by name.
    """
    today = now.astimezone(CITY_ZONE).date()
    kept = DayFigure.objects.filter(emergency=emergency, area=area, on_day__gt=today - timedelta(days=DAYS))
    rows = list(kept.order_by("on_day").values_list("measure", "on_day", "value", "taken_at"))
    if not any(on_day < today for _name, on_day, _value, _taken in rows):
        past = read_past(emergency, area, today)
        keep_past_figures(now=now, emergency=emergency, area=area, values=past)
        rows += [(name, day, value, now) for name, days in past.items() for day, value in days.items()]
    newest = max((taken for _name, on_day, _value, taken in rows if on_day == today), default=None)
    if newest is None or now - newest >= KEPT_ANEW_AFTER:
        keep_figures(now=now, emergency=emergency, area=area, values=values)
    found: dict[str, dict[date, float]] = defaultdict(dict)
    for name, on_day, value, _taken in rows:
        found[name][on_day] = value
    for name, value in values.items():
        found[name][today] = value
    return found


def keep_day_figures(now: datetime) -> int:
    """Keep what the measures of every active emergency are today, where that was last done an hour ago or more.

    Parameters
    ----------
    now
        As of when.

    Returns
    -------
    int
        For how many emergencies figures were kept.
    """
    kept = 0
    for emergency in list_active():
        rows = DayFigure.objects.filter(emergency=emergency, area=emergency.area, taken_at__gt=now - KEPT_ANEW_AFTER)
        if not rows.exists():
            values = read_measures(emergency=emergency, area=emergency.area, now=now)
            keep_figures(now=now, emergency=emergency, area=emergency.area, values=values)
            kept += 1
    return kept


def read_history(emergency: Emergency, area: Area, name: str, now: datetime) -> dict[date, float]:
    """Read what one measure of an area was on each day that was kept, oldest first."""
    until = now.astimezone(CITY_ZONE).date()
    kept = DayFigure.objects.filter(emergency=emergency, area=area, measure=name, on_day__lte=until)
    return dict(kept.order_by("on_day").values_list("on_day", "value"))


def read_past(emergency: Emergency, area: Area, today: date) -> dict[str, dict[date, float]]:
    """Read from dated rows what some measures were at the end of each of the days before today.

    Areas that need a warden are counted as today: what the territory was is not kept.
    """
    began = emergency.starts_at.astimezone(CITY_ZONE).date()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, 0, -1)]
    days = [day for day in days if day >= began]
    if not days:
        return {}
    return {name: dict(zip(days, read(emergency, area, days), strict=True)) for name, read in _PAST.items()}


def _count_standing(
    rows: QuerySet[Any], days: Sequence[date], since: str, until: str, *, counted: str = "pk"
) -> list[float]:
    """Count, at the end of each day, the rows that had begun and had not ended, or what they name."""
    standing = {}
    for number, day in enumerate(days):
        end = datetime.combine(day + timedelta(days=1), time(), CITY_ZONE)
        began, lasts = Q(**{f"{since}__lt": end}), Q(**{until: None}) | Q(**{f"{until}__gte": end})
        standing[f"day_{number}"] = Count(counted, filter=began & lasts, distinct=counted != "pk")
    counts = rows.aggregate(**standing)
    return [float(counts[name]) for name in standing]


def _past_gaps(emergency: Emergency, area: Area, days: Sequence[date]) -> list[float]:
    gaps = Gap.objects.filter(beneath_filter(area, "area__path"), emergency=emergency)
    return _count_standing(gaps, days, "since_at", "closed_at")


def _wardens(emergency: Emergency, area: Area) -> QuerySet[Appointment]:
    within = beneath_filter(area, "area__path")
    return Appointment.objects.filter(within, emergency=emergency, role=AppointmentRole.WARDEN)


def _past_wardens(emergency: Emergency, area: Area, days: Sequence[date]) -> list[float]:
    return _count_standing(_wardens(emergency, area), days, "starts_at", "ends_at", counted="person")


def _past_coverage(emergency: Emergency, area: Area, days: Sequence[date]) -> list[float]:
    required = get_area_coverage(emergency, area).total.required
    counts = _count_standing(_wardens(emergency, area), days, "starts_at", "ends_at")
    return [min(1.0, count / required) if required else 0.0 for count in counts]


def _past_pairings(emergency: Emergency, area: Area, days: Sequence[date]) -> list[float]:
    pairings = Pairing.objects.filter(beneath_filter(area, "area__path"), emergency=emergency)
    return _count_standing(pairings, days, "starts_at", "ends_at")


_PAST: dict[str, Callable[[Emergency, Area, Sequence[date]], list[float]]] = {
    "gaps_open": _past_gaps,
    "warden_coverage": _past_coverage,
    "wardens_people": _past_wardens,
    "pairings": _past_pairings,
}
