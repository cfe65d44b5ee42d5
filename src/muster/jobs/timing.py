"""What happens because time has passed, and nobody does it: the gaps of shifts that are over close."""

from __future__ import annotations

import time

from muster.duty.actions import close_past_gaps
from muster.emergencies.queries import list_active
from muster.kernel import clock

_EVERY_S = 30.0


class TimeKeeper:
    """Lets time pass for every active emergency, twice a minute. Several workers do the same, and it is done once."""

    def __init__(self) -> None:
        self._due_at = time.monotonic()

    def pass_time_if_due(self) -> None:
        """Let it pass when half a minute is over."""
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + _EVERY_S
            pass_time()


def pass_time() -> None:
    """Close what is over by now."""
    now = clock.now()
    for emergency in list_active():
        close_past_gaps(emergency=emergency, now=now)
