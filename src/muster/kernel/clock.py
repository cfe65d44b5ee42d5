"""The one clock: real time, or exercise time that starts where an exercise says and runs on."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from muster.kernel.models import ExerciseClock

CITY_ZONE = ZoneInfo("Asia/Shanghai")


def real_now() -> datetime:
    """Return the real moment, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present moment, in UTC: exercise time while an exercise clock is set."""
    clock = ExerciseClock.objects.first()
    if clock is None:
        return real_now()
    return clock.exercise_at + (real_now() - clock.set_at)


def is_exercise() -> bool:
    """Tell whether the clock shows exercise time."""
    return ExerciseClock.objects.exists()


def set_exercise(at: datetime) -> None:
    """Set the clock to an exercise moment, from which it runs at real speed.

    Parameters
    ----------
    at
        The aware moment that is now in the exercise.
    """
    ExerciseClock.objects.update_or_create(pk=1, defaults={"exercise_at": at, "set_at": real_now()})


def clear_exercise() -> None:
    """Return the clock to real time."""
    ExerciseClock.objects.all().delete()
