"""The exercise clock runs from the moment that it names, as fast as it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from muster.kernel import clock
from muster.kernel.models import ExerciseClock

EIGHT = datetime(2020, 2, 20, 0, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_clock_passes_as_many_seconds_in_a_real_one_as_the_exercise_says() -> None:
    assert clock.read_speed() == 1
    clock.set_exercise(EIGHT, speed=200)
    ExerciseClock.objects.update(set_at=clock.real_now() - timedelta(minutes=3))
    assert timedelta() <= clock.now() - (EIGHT + timedelta(hours=10)) < timedelta(hours=1)
    assert clock.read_speed() == 200
    clock.set_exercise(EIGHT)
    assert clock.now() - EIGHT < timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_a_clock_that_stands_still_or_runs_back_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="does not run"):
        clock.set_exercise(EIGHT, speed=speed)
