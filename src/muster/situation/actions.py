"""What the desk keeps of its own: figures by day, and until when somebody has seen what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from muster.access.queries import Actor
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.situation.models import DayFigure, Look
from muster.territory.models import Area


def keep_figures(*, now: datetime, emergency: Emergency, area: Area, values: Mapping[str, float]) -> None:
    """Keep what an area's measures are today, in place of what was taken earlier on the day.

    Parameters
    ----------
    now
        When they were taken.
    emergency, area
        Where.
    values
        By name of the measure.
    """
    today = now.astimezone(CITY_ZONE).date()
    DayFigure.objects.bulk_create(
        _figures(emergency, area, now, ((name, today, value) for name, value in values.items())),
        update_conflicts=True,
        unique_fields=("emergency", "area", "measure", "on_day"),
        update_fields=("value", "taken_at"),
    )


def keep_past_figures(
    *, now: datetime, emergency: Emergency, area: Area, values: Mapping[str, Mapping[date, float]]
) -> None:
    """Keep what measures were on days that are over; what was taken on a day itself stands.

    Parameters
    ----------
    now
        When the past was read from dated rows.
    emergency, area
        Where.
    values
        By name of the measure, then by local day.
    """
    rows = ((name, day, value) for name, days in values.items() for day, value in days.items())
    DayFigure.objects.bulk_create(_figures(emergency, area, now, rows), ignore_conflicts=True)


def _figures(
    emergency: Emergency, area: Area, now: datetime, rows: Iterable[tuple[str, date, float]]
) -> list[DayFigure]:
    return [
        DayFigure(emergency=emergency, area=area, measure=name, on_day=day, value=value, taken_at=now)
        for name, day, value in rows
    ]


def mark_seen(*, actor: Actor, seen_until: datetime) -> None:
    """Mark that an account has seen what changed up to a moment; an earlier moment than is marked changes nothing."""
    if actor.audit_id is None:
        return
    look, is_new = Look.objects.get_or_create(user_id=actor.audit_id, defaults={"seen_until": seen_until})
    if not is_new:
        Look.objects.filter(pk=look.pk, seen_until__lt=seen_until).update(seen_until=seen_until)
