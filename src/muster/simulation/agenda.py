"""What people are about to do, each thing at its moment of the exercise, many at once."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connections

from muster.simulation.pace import Pace

Act = Callable[[], None]

logger = logging.getLogger(__name__)


class Agenda:
    """Acts in the order of their moments, done by some hands at once.

    Parameters
    ----------
    pace
        When a moment comes.
    hands
        How many acts may be under way at a time: each waits for the server as a phone does.
    """

    def __init__(self, pace: Pace, *, hands: int) -> None:
        self.pace = pace
        self.late_s: list[float] = []
        self.failures: list[Exception] = []
        self._hands = hands
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._until: datetime | None = None

    def at(self, moment: datetime, act: Act) -> None:
        """Put an act down for a moment; one that is past comes at once."""
        with self._changed:
            heapq.heappush(self._acts, (max(moment, self.pace.now()), next(self._numbers), act))
            self._changed.notify()

    def run(self, until: datetime, *, tell: Callable[[datetime, int], None], every_s: float = 1.0) -> None:
        """Do everything that is put down until a moment, and return when the last act before it has ended.

        Parameters
        ----------
        until
            What is put down for later stays undone.
        tell, every_s
            Told the exercise's moment and how many acts were done, every so many real seconds.
        """
        self._until = until
        threads = [threading.Thread(target=self._work, name=f"hand-{number}") for number in range(self._hands)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(every_s)
                tell(self.pace.now(), len(self.late_s))

    def _work(self) -> None:
        while (act := self._take()) is not None:
            try:
                act()
            except Exception as error:  # one person's mishap keeps nobody else from acting; all are told at the end
                logger.exception("An act has failed")
                self.failures.append(error)
        connections.close_all()

    def _take(self) -> Act | None:
        """Wait for the next act whose moment has come; None when the exercise is over."""
        with self._changed:
            while True:
                moment = self._acts[0][0] if self._acts else None
                wait_s = self.pace.wait_s(min(moment or self._end, self._end))
                if moment is not None and moment < self._end and wait_s <= 0:
                    self.late_s.append(-wait_s)
                    return heapq.heappop(self._acts)[2]
                if wait_s <= 0:
                    return None
                self._changed.wait(wait_s)

    @property
    def _end(self) -> datetime:
        if self._until is None:
            raise RuntimeError("The exercise has no end yet.")
        return self._until
