"""What was sent and what was answered: the book that the database is held against at the end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class Entry:
    """One fact: what it told, when it really happened, and every answer that came to it.

    Parameters
    ----------
    told
        The fact as it was sent.
    at
        When it happened by the city's time, whatever the phone's clock read.
    answers
        States in the order in which they came.
    code
        Why it was refused, if it was.
    """

    told: Mapping[str, Any]
    at: datetime
    answers: list[str] = field(default_factory=list)
    code: str = ""


class Journal:
    """Everything that people sent, and how long the server took. Written by many hands at once."""

    def __init__(self) -> None:
        self.entries: dict[UUID, Entry] = {}
        self.latencies_s: dict[str, list[float]] = {}
        self.statuses: Counter[int] = Counter()
        self.unanswered = 0
        self._lock = threading.Lock()

    def note_fact(self, client_id: UUID, told: Mapping[str, Any], at: datetime) -> None:
        """Note a fact before it is sent."""
        with self._lock:
            self.entries[client_id] = Entry(told, at)

    def note_answers(self, answers: Iterable[Mapping[str, Any]]) -> None:
        """Note what the server said to facts."""
        with self._lock:
            for answer in answers:
                entry = self.entries[UUID(answer["id"])]
                entry.answers.append(answer["state"])
                if answer["state"] == "refused":
                    entry.code = answer["code"]

    def note_request(self, topic: str, took_s: float, status: int) -> None:
        """Note that a request was answered."""
        with self._lock:
            self.latencies_s.setdefault(topic, []).append(took_s)
            self.statuses[status] += 1

    def note_unanswered(self) -> None:
        """Note that a request got no answer, and will be sent again."""
        with self._lock:
            self.unanswered += 1
