"""People of an exercise: the same seed makes them act alike, whatever the order in which they are asked."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from muster.scenarios.chance import open_stream
from muster.simulation.agenda import Agenda
from muster.simulation.journal import Journal
from muster.simulation.pace import Pace
from muster.simulation.phones import Habits, Phone
from muster.simulation.turns import Fate, Turn, draw_turn
from muster.simulation.wire import NoAnswerError, Reply, Wire

EIGHT = datetime(2020, 2, 20, 0, 0, tzinfo=UTC)
FOUR_PM = EIGHT + timedelta(hours=8)


class Server(Wire):
    """A server that is away as often as it is told to be, and takes each fact once."""

    def __init__(self, journal: Journal, *, is_away: int = 0) -> None:
        super().__init__(0, journal)
        self.is_away = is_away
        self.batches: list[list[str]] = []
        self.told: list[dict[str, Any]] = []

    def ask(self, topic: str, token: str, path: str, told: Any = None) -> Reply:
        seen = {one for batch in self.batches for one in batch}
        self.batches.append([fact["id"] for fact in told["facts"]])
        self.told.append(told)
        if len(self.batches) <= self.is_away:
            raise NoAnswerError("away")
        states = [("seen" if one in seen else "taken", one) for one in self.batches[-1]]
        answers = ", ".join(f'{{"id": "{one}", "state": "{state}"}}' for state, one in states)
        return Reply(200, f'{{"answers": [{answers}]}}'.encode())


def make_agenda(speed: float = 3600.0) -> Agenda:
    return Agenda(Pace(EIGHT, speed, time.monotonic()), hands=2)


def make_phone(habits: Habits, *, is_away: int = 0) -> tuple[Phone, Server]:
    journal = Journal()
    server = Server(journal, is_away=is_away)
    return Phone("mus_", habits, open_stream(1, "phone"), make_agenda(), server, journal), server


def draw_turns(seed: int) -> list[Turn]:
    return [draw_turn(open_stream(seed, "duty", str(number)), EIGHT, FOUR_PM) for number in range(2000)]


def test_the_same_seed_makes_people_act_alike_and_another_does_not() -> None:
    assert draw_turns(1) == draw_turns(1) != draw_turns(2)


def test_most_come_some_are_late_few_stay_away() -> None:
    fates = [turn.fate for turn in draw_turns(1)]
    shares = {fate: fates.count(fate) / len(fates) for fate in Fate}
    assert shares[Fate.COMES] > 0.85
    assert all(0 < shares[fate] < 0.1 for fate in (Fate.LATE, Fate.ILL, Fate.AWAY))


def test_acts_are_done_in_the_order_of_their_moments_and_those_after_the_end_never() -> None:
    agenda, done, told = make_agenda(), [], []
    agenda.at(EIGHT + timedelta(minutes=20), lambda: done.append("second"))
    agenda.at(EIGHT + timedelta(hours=9), lambda: done.append("never"))
    agenda.at(EIGHT + timedelta(minutes=2), lambda: done.append("first"))
    agenda.run(EIGHT + timedelta(minutes=30), tell=lambda moment, acts: told.append(acts), every_s=0.1)
    assert done == ["first", "second"]
    assert agenda.failures == []


def test_one_persons_mishap_keeps_nobody_else_from_acting() -> None:
    agenda, done = make_agenda(), threading.Event()

    def fail() -> None:
        raise RuntimeError("a mishap")

    agenda.at(EIGHT, fail)
    agenda.at(EIGHT + timedelta(minutes=1), done.set)
    agenda.run(EIGHT + timedelta(minutes=5), tell=lambda moment, acts: None)
    assert done.is_set()
    assert [str(error) for error in agenda.failures] == ["a mishap"]


def test_what_got_no_answer_is_sent_again_and_noted_once() -> None:
    phone, server = make_phone(Habits(), is_away=1)
    [one] = phone.report({"kind": "visit"})
    assert not phone.is_empty
    phone.send()
    assert phone.is_empty
    assert server.batches == [[str(one)], [str(one)]]
    assert list(phone.journal.entries) == [one]


def test_without_signal_facts_are_kept_and_come_together_later() -> None:
    phone, server = make_phone(Habits(silences=((EIGHT, EIGHT + timedelta(hours=2)),)))
    ids = [phone.report({"kind": "visit"})[0] for _ in range(3)]
    assert server.batches == []
    phone.send()
    assert [set(map(UUID, batch)) for batch in server.batches] == [set(ids)]


def test_a_clock_that_is_wrong_is_wrong_in_the_fact_and_in_what_is_sent() -> None:
    phone, server = make_phone(Habits(clock_off=timedelta(minutes=20)))
    [one] = phone.report({"kind": "visit"})
    told = server.told[0]
    at = datetime.fromisoformat(told["facts"][0]["at"])
    assert at - phone.journal.entries[one].at == timedelta(minutes=20)
    assert datetime.fromisoformat(told["sent_at"]) - at < timedelta(minutes=10)


@pytest.mark.parametrize("minute", [0, 119, 120])
def test_a_silence_ends_at_its_end(minute: int) -> None:
    ends_at = EIGHT + timedelta(hours=2)
    habits = Habits(silences=((EIGHT, ends_at),))
    assert habits.silent_until(EIGHT + timedelta(minutes=minute)) == (ends_at if minute < 120 else None)
