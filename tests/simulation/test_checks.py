"""What is checked after an exercise can fail: each fault is found, and what is sound is not called one."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from muster.access.phones import Holder, open_phones
from muster.access.queries import COMMAND_LINE
from muster.access.tokens import find_bearer
from muster.duty.actions import CheckInFact, take_check_ins
from muster.duty.kinds import CheckInKind
from muster.duty.models import Duty
from muster.simulation.checks import Mark, check_all, mark_database
from muster.simulation.journal import Journal
from muster.simulation.ringing import Network
from tests.duty.cast import EIGHT, Town, add_person, add_post, build_town, find_shift, lay_out, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def duty(town: Town) -> Duty:
    post = add_post(town)
    lay_out(town, days=1)
    return place(find_shift(post, 0), add_person(town, "Bai"))


def send(duty: Duty, journal: Journal, *states: str, is_kept: bool = True) -> UUID:
    one = uuid4()
    journal.note_fact(one, {"kind": "check_in"}, EIGHT)
    if is_kept:
        fact = CheckInFact(duty.pk, CheckInKind.IN, client_id=one, at=EIGHT)
        take_check_ins(actor=COMMAND_LINE, now=EIGHT, facts=[fact])
    journal.note_answers({"id": str(one), "state": state, "code": "too_early"} for state in states)
    return one


def find_broken(town: Town, mark: Mark, journal: Journal, network: Network | None = None) -> dict[str, int]:
    checks = check_all(town.emergency, mark, journal, network or Network())
    return {check.name: check.broken for check in checks if check.broken}


def test_what_was_sent_once_or_twice_and_is_there_once_is_sound(town: Town, duty: Duty) -> None:
    mark, journal = mark_database(town.emergency), Journal()
    send(duty, journal, "taken")
    send(duty, journal, "taken", "seen")
    send(duty, journal, "refused", is_kept=False)
    assert find_broken(town, mark, journal) == {}


def test_what_was_acknowledged_and_is_not_there_is_lost(town: Town, duty: Duty) -> None:
    mark, journal = mark_database(town.emergency), Journal()
    send(duty, journal, "taken", is_kept=False)
    assert find_broken(town, mark, journal) == {"facts lost": 1}


def test_what_nobody_sent_was_refused_or_never_answered_is_found(town: Town, duty: Duty) -> None:
    mark, journal = mark_database(town.emergency), Journal()
    send(duty, Journal(), "taken")
    send(duty, journal, "refused")
    send(duty, journal)
    assert find_broken(town, mark, journal) == {
        "facts that nobody sent": 1,
        "facts refused and kept": 1,
        "facts without an answer": 1,
    }


def test_what_was_taken_twice_is_found_even_where_one_row_stands(town: Town, duty: Duty) -> None:
    mark, journal = mark_database(town.emergency), Journal()
    send(duty, journal, "taken", "taken")
    assert find_broken(town, mark, journal) == {"facts taken twice": 1}


def test_rest_that_was_broken_and_messages_that_rang_twice_are_found(town: Town, duty: Duty) -> None:
    mark, network = mark_database(town.emergency), Network()
    evening = add_post(town, "yard", evening=1)
    lay_out(town, days=1)
    place(find_shift(evening, 0, "evening"), duty.person)
    for _ in range(2):
        network.take({"key": "one", "to": "1", "text": "come"})
    assert find_broken(town, mark, Journal(), network) == {"rest rules broken": 1, "messages rung twice": 1}


def test_phones_are_opened_for_many_once_each_and_earlier_tokens_end(town: Town) -> None:
    people = [add_person(town, name) for name in ("Bai", "Chen")]
    holders = [Holder(f"phone-{person.code}", person.name, person.pk) for person in people]
    first = open_phones(actor=COMMAND_LINE, now=EIGHT, holders=holders, label="try")
    again = open_phones(actor=COMMAND_LINE, now=EIGHT, holders=holders, label="try")
    assert [find_bearer(token) for token in first] == [None, None]
    found = [find_bearer(token) for token in again]
    told = [(user.person_id, user.username, user.display_name, user.is_active, user.email) for user in found if user]
    assert told == [(person.pk, f"phone-{person.code}", person.name, True, "") for person in people]
