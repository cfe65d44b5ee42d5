"""The one clock: real time, or exercise time that starts where an exercise says and runs on, as fast as it says."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from muster.kernel.models import ExerciseClock
from muster.kernel.ready import EXAMPLE, ReadyQuery

CITY_ZONE = ZoneInfo("Asia/Shanghai")
_ROW = 1
"""Number of the one row. Asked for with every request."""
_CLOCK = ReadyQuery(
    lambda number: ExerciseClock.objects.filter(pk=number).values_list("exercise_at", "set_at", "speed"), EXAMPLE
)


def real_now() -> datetime:
    """Return the real moment, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present moment, in UTC: exercise time while an exercise clock is set."""
    for exercise_at, set_at, speed in _CLOCK.ask(_ROW):
        moment: datetime = exercise_at + (real_now() - set_at) * speed
        return moment
    return real_now()


def is_exercise() -> bool:
    """Tell whether the clock shows exercise time."""
    return ExerciseClock.objects.exists()


def read_speed() -> float:
    """Return how many seconds the clock passes in a real one: 1 unless an exercise runs faster or slower."""
    speed = ExerciseClock.objects.values_list("speed", flat=True).first()
    return 1.0 if speed is None else speed


def set_exercise(at: datetime, *, speed: float = 1.0) -> None:
    """Set the clock to an exercise moment, from which it runs on.

    Parameters
    ----------
    at
        The aware moment that is now in the exercise.
    speed
        How many seconds of the exercise pass in a real one, above 0. What is paced by real time, such as the
        delivery of messages, keeps its pace.

    Raises
    ------
    ValueError
        If the speed is none.
    """
    if not (speed > 0 and math.isfinite(speed)):
        raise ValueError(f"A clock does not run at {speed} times real speed.")
    ExerciseClock.objects.update_or_create(pk=_ROW, defaults={"exercise_at": at, "set_at": real_now(), "speed": speed})


def clear_exercise() -> None:
    """Return the clock to real time."""
    ExerciseClock.objects.all().delete()
