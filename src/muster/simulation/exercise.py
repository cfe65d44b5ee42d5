"""An exercise that is under way: who takes part, what they are about to do, and over what they speak."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from muster.scenarios.chance import is_chance, open_stream
from muster.simulation.agenda import Agenda
from muster.simulation.cast import Cast, open_phone
from muster.simulation.desk import Desk
from muster.simulation.habits import CLOCK_OFF_SHARE, MOST_CLOCK_OFF_MIN, REPEATS_SHARE, SILENCE_SHARE
from muster.simulation.journal import Journal
from muster.simulation.phones import Habits, Phone
from muster.simulation.turns import Turn
from muster.simulation.wire import Wire

_OFFICE_HABITS = Habits(repeats_share=REPEATS_SHARE)


@dataclass
class Exercise:
    """An exercise that is under way.

    Parameters
    ----------
    seed
        Of everybody's behavior.
    begins_at, ends_at
        Its half-open span.
    cast, agenda, wire, journal
        Who, what, over what, and the book of it.
    desk
        At which the duty officer is signed in.
    turns
        How people do their duties, by number of the duty: what they say who are rung up.
    """

    seed: int
    begins_at: datetime
    ends_at: datetime
    cast: Cast
    agenda: Agenda
    wire: Wire
    journal: Journal
    desk: Desk
    turns: dict[int, Turn] = field(default_factory=dict)
    _phones: dict[int, Phone] = field(default_factory=dict)
    _offices: dict[str, Phone] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _met: set[str] = field(default_factory=set)

    def now(self) -> datetime:
        """Return the moment of the exercise."""
        return self.agenda.pace.now()

    def stream(self, *topic: str) -> np.random.Generator:
        """Open the chances of a topic: the same for the same seed, whatever others do."""
        return open_stream(self.seed, "simulation", *topic)

    def is_first(self, what: str) -> bool:
        """Tell whether something is met for the first time, whoever asks."""
        with self._opening:
            is_new = what not in self._met
            self._met.add(what)
        return is_new

    def list_days(self) -> Iterator[datetime]:
        """List the moments at which a day of the exercise begins."""
        day = self.begins_at
        while day < self.ends_at:
            yield day
            day += timedelta(days=1)

    def phone_of(self, person_id: int, code: str) -> Phone:
        """Return somebody's phone, given to them when they first need one."""
        with self._opening:
            phone = self._phones.get(person_id)
            if phone is None:
                token = self.cast.tokens.get(person_id) or open_phone(self.cast, person_id=person_id, code=code)
                phone = self._phones[person_id] = self._make_phone(token, self._draw_habits(code), code)
            return phone

    def office_phone(self, code: str) -> Phone:
        """Return what the office of an area reports with for those who have no phone."""
        with self._opening:
            phone = self._offices.get(code)
            if phone is None:
                phone = self._offices[code] = self._make_phone(self.cast.office_tokens[code], _OFFICE_HABITS, code)
            return phone

    def list_phones(self) -> list[Phone]:
        """List all phones that were used."""
        return [*self._phones.values(), *self._offices.values()]

    def _make_phone(self, token: str, habits: Habits, code: str) -> Phone:
        return Phone(
            token, habits, self.stream("phone", code, self.begins_at.isoformat()), self.agenda, self.wire, self.journal
        )

    def _draw_habits(self, code: str) -> Habits:
        rng = self.stream("habits", code)
        off_min = float(rng.uniform(3, MOST_CLOCK_OFF_MIN)) if is_chance(rng, CLOCK_OFF_SHARE) else rng.uniform(0, 0.5)
        off = timedelta(minutes=off_min if is_chance(rng, 0.5) else -off_min)
        return Habits(off, tuple(self._draw_silences(rng)), REPEATS_SHARE)

    def _draw_silences(self, rng: np.random.Generator) -> Iterator[tuple[datetime, datetime]]:
        for day in self.list_days():
            if is_chance(rng, SILENCE_SHARE):
                begins_at = day + timedelta(hours=float(rng.uniform(0, 24)))
                yield begins_at, begins_at + timedelta(hours=float(rng.uniform(0.5, 8)))
