"""What a worker does of itself beside what is ordered: it keeps the figures of the day, also where nobody looks."""

from __future__ import annotations

import time

from muster.kernel import clock
from muster.situation.board_history import keep_day_figures

_FIRST_AFTER_S = 60
_EVERY_S = 3_600


class DayKeeper:
    """Keeps the figures of every active emergency once an hour, while nothing waits to be solved."""

    def __init__(self) -> None:
        self._due_at = time.monotonic() + _FIRST_AFTER_S

    def keep_if_due(self) -> None:
        """Keep them when the hour is over; several workers write the same rows, and the last one stands."""
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + _EVERY_S
            keep_day_figures(clock.now())
