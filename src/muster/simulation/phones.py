"""A phone: it writes facts down with an id and a time of its own, and sends them when there is signal."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from muster.simulation.agenda import Agenda
from muster.simulation.journal import Journal
from muster.simulation.wire import NoAnswerError, Wire

FACTS_URL = "/api/v1/facts"
_BATCH = 50
_AGAIN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody's phone is, drawn once from the seed.

    Parameters
    ----------
    clock_off
        How far its clock is ahead of the city's; behind where it is below zero.
    silences
        Spans without signal, half-open.
    repeats_share
        Share of what is sent that is sent a second time, as if the answer had been lost.
    """

    clock_off: timedelta = timedelta()
    silences: tuple[tuple[datetime, datetime], ...] = ()
    repeats_share: float = 0.0

    def silent_until(self, moment: datetime) -> datetime | None:
        """Return when the signal comes back, or None where there is some."""
        return next((ends for begins, ends in self.silences if begins <= moment < ends), None)


@dataclass(eq=False)
class Phone:
    """Somebody's phone.

    Parameters
    ----------
    token
        Whose it is.
    habits
        How it is.
    rng
        Its own chances: ids, and the order in which it sends.
    agenda, wire, journal
        What it runs on.
    """

    token: str
    habits: Habits
    rng: np.random.Generator
    agenda: Agenda
    wire: Wire
    journal: Journal
    _kept: list[dict[str, Any]] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _sending: threading.Lock = field(default_factory=threading.Lock)

    def report(self, *facts: dict[str, Any], ago: timedelta = timedelta()) -> list[UUID]:
        """Write facts down, and send them if there is signal, else when it comes back; return their ids."""
        ids = [self.note(fact, ago=ago) for fact in facts]
        self.send_when_heard()
        return ids

    def note(self, fact: dict[str, Any], *, ago: timedelta = timedelta()) -> UUID:
        """Write a fact down, with a time by the phone's clock."""
        at = self.agenda.pace.now() - ago
        with self._writing:
            client_id = UUID(bytes=self.rng.bytes(16), version=4)
            told = {**fact, "id": str(client_id), "at": (at + self.habits.clock_off).isoformat()}
            self._kept.append(told)
        self.journal.note_fact(client_id, told, at)
        return client_id

    def send_when_heard(self) -> None:
        """Send what is kept, now or when there is signal again."""
        heard_at = self.habits.silent_until(self.agenda.pace.now())
        if heard_at is None:
            self.send()
        else:
            self.agenda.at(heard_at, self.send)

    def send(self) -> None:
        """Send what is kept, in no order; what gets no answer is kept, and sent again a little later."""
        # One batch of a phone at a time, as an app does; another that comes along finds nothing left.
        with self._sending:
            while batch := self._draw_batch():
                try:
                    self._send(batch)
                    if self.rng.random() < self.habits.repeats_share:
                        self._send(batch)
                except NoAnswerError:
                    self.agenda.at(self.agenda.pace.now() + _AGAIN, self.send)
                    return
                with self._writing:
                    sent = {fact["id"] for fact in batch}
                    self._kept = [fact for fact in self._kept if fact["id"] not in sent]

    @property
    def is_empty(self) -> bool:
        """Whether everything that it wrote down was answered."""
        return not self._kept

    def _draw_batch(self) -> list[dict[str, Any]]:
        with self._writing:
            batch = self._kept[:_BATCH]
            return [batch[at] for at in self.rng.permutation(len(batch)).tolist()]

    def _send(self, batch: list[dict[str, Any]]) -> None:
        sent_at = self.agenda.pace.now() + self.habits.clock_off
        reply = self.wire.ask("facts", self.token, FACTS_URL, {"sent_at": sent_at.isoformat(), "facts": batch})
        if reply.status != 200:
            raise NoAnswerError(f"facts: {reply.status}")
        self.journal.note_answers(reply.read()["answers"])
