"""How fast the exercise runs, as the people of it see it: their watches agree with the server's clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.kernel import clock


@dataclass(frozen=True, slots=True)
class Pace:
    """Exercise time from a moment on.

    Parameters
    ----------
    begins_at
        The exercise's first moment.
    speed
        Seconds of the exercise in a real one.
    begun_s
        What ``time.monotonic`` read then.
    """

    begins_at: datetime
    speed: float
    begun_s: float

    def now(self) -> datetime:
        """Return what a watch that is right reads."""
        return self.begins_at + timedelta(seconds=(time.monotonic() - self.begun_s) * self.speed)

    def wait_s(self, moment: datetime) -> float:
        """Return how many real seconds a moment lies ahead; below zero where it is past."""
        return (moment - self.begins_at).total_seconds() / self.speed - (time.monotonic() - self.begun_s)


def start_clock(begins_at: datetime, speed: float) -> Pace:
    """Set the exercise clock, and return the watch that goes with it."""
    clock.set_exercise(begins_at, speed=speed)
    return Pace(begins_at, speed, time.monotonic())
