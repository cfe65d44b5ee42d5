"""What happens because time has passed, and nobody does it: the gaps of shifts that are over close."""

from __future__ import annotations

import math
import time

from muster.clocks.actions import run_clocks
from muster.duty.actions import close_past_gaps, pass_cover_time, watch_posts
from muster.emergencies.queries import list_active
from muster.kernel import clock
from muster.needs.actions import pass_watch_time
from muster.needs.actions.askers import forget_askers

_EVERY_S = 30.0
_OFTEN_ENOUGH_S = 0.5
"""However fast an exercise runs: what passes by itself must leave the machine to those who act."""


class TimeKeeper:
    """Lets time pass for every active emergency, twice a minute. Several workers do the same, and it is done once.

    The minutes are the exercise's where there is one.
    """

    def __init__(self) -> None:
        self._passed_at = -math.inf
        self._every_s = _EVERY_S

    def pass_time_if_due(self) -> None:
        """Let it pass when half a minute is over."""
        # Asked each time: an exercise may begin, or run faster, at any moment.
        self._every_s = max(_OFTEN_ENOUGH_S, _EVERY_S / clock.read_speed())
        if time.monotonic() >= self._passed_at + self._every_s:
            self._passed_at = time.monotonic()
            pass_time()

    def wait_s(self, most_s: float) -> float:
        """Return in how many seconds it is due, ``most_s`` at most."""
        return min(most_s, max(0.0, self._passed_at + self._every_s - time.monotonic()))


def pass_time() -> None:
    """Open and close what time opens and closes, and move on what stands open."""
    now = clock.now()
    for emergency in list_active():
        close_past_gaps(emergency=emergency, now=now)
        pass_cover_time(emergency=emergency, now=now)
        watch_posts(emergency=emergency, now=now)
        pass_watch_time(emergency=emergency, now=now)
        run_clocks(emergency=emergency, now=now)
    forget_askers(now=now)
