"""What happens because time has passed, and nobody does it: gaps open, close and move on."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import partial

from django.db import DatabaseError

from muster.clocks.actions import run_clocks
from muster.duty.actions import close_past_gaps, pass_cover_time, watch_posts
from muster.emergencies.queries import list_active
from muster.kernel import clock
from muster.needs.actions import pass_watch_time
from muster.needs.actions.askers import forget_askers

_EVERY_S = 30.0
_OFTEN_ENOUGH_S = 0.5
"""However fast an exercise runs: what passes by itself must leave the machine to those who act."""


_STEPS: tuple[Callable[..., object], ...] = (
    close_past_gaps,
    pass_cover_time,
    watch_posts,
    pass_watch_time,
    run_clocks,
)

logger = logging.getLogger(__name__)


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
    """Open and close what time opens and closes, and move on what stands open.

    What fails keeps nothing else from its turn: a row that nobody can read may not stop the clocks of a city.

    Raises
    ------
    DatabaseError
        If the database failed in a step; the others have had their turn.
    """
    now = clock.now()
    failures: list[DatabaseError] = []
    for emergency in list_active():
        for step in _STEPS:
            _take_turn(partial(step, emergency=emergency, now=now), failures)
    _take_turn(partial(forget_askers, now=now), failures)
    if failures:
        raise failures[0]


def _take_turn(step: Callable[[], object], failures: list[DatabaseError]) -> None:
    try:
        step()
    except DatabaseError as error:
        # It may be the connection that is broken: whoever called opens another.
        logger.exception("The database failed while time passed")
        failures.append(error)
    except Exception:
        logger.exception("A step of what time does has failed, and is tried again")
