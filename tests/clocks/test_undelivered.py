"""A message that reached nobody is a gap of the office that can go and tell."""

from __future__ import annotations

import pytest

from muster.clocks.actions import close_by_hand
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.messages.actions import Recipient, claim_messages, deliver, queue_message, set_contact
from muster.messages.actions.delivering import NO_CHANNEL
from muster.messages.channels import Envelope, RefusedError
from muster.messages.kinds import Channel, MessageState
from tests.coverage.city import NOON, OFFICER, City, build_city, settle


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def send(to: Recipient, key: str = "trial", *, is_refused: bool = False) -> MessageState:
    queue_message(key=key, to=to, wording="trial", words={})

    def carry(envelope: Envelope) -> None:
        if is_refused:
            raise RefusedError("no such number")

    state = MessageState.WAITING
    while state == MessageState.WAITING:
        [message] = claim_messages("worker")
        state = deliver(message, {Channel.SMS: carry})
    return state


def list_open() -> list[tuple[str, str]]:
    gaps = Gap.objects.filter(kind=GapKind.MESSAGE_UNDELIVERED, closed_at=None)
    return [(gap.subject, gap.owner_area.code) for gap in gaps]


def test_whom_no_message_reaches_is_one_gap_until_one_does(city: City) -> None:
    fang = settle("F", "Fang", home="C1-A-1-1")
    assert send(fang) == send(fang, "again") == MessageState.FAILED
    assert list_open() == [("person:F", "C1")]
    fang.phone = "+8613800000001"
    fang.save()
    assert send(fang, "third") == MessageState.SENT
    assert list_open() == []


def test_where_no_channel_is_set_up_thousands_are_no_gaps_of_their_own(city: City) -> None:
    fang = settle("F", "Fang", home="C1-A-1-1")
    fang.phone = "+8613800000001"
    fang.save()
    queue_message(key="trial", to=fang, wording="trial", words={})
    [message] = claim_messages("worker")
    assert deliver(message, {}) == MessageState.FAILED
    message.refresh_from_db()
    assert (message.failure, list_open()) == (NO_CHANNEL, [])


def test_somebody_who_told_them_in_person_closes_it(city: City) -> None:
    send(settle("F", "Fang", home="C1-A-1-1"))
    close_by_hand(actor=OFFICER, now=NOON, gap=Gap.objects.get(kind=GapKind.MESSAGE_UNDELIVERED), note="told her")
    assert list_open() == []


def test_an_office_that_was_given_no_way_reads_at_the_desk(city: City) -> None:
    send(city.area("C1"))
    assert list_open() == []
    set_contact(actor=OFFICER, now=NOON, of=city.area("C1"), channel=Channel.SMS, address="+8613800000002")
    assert send(city.area("C1"), "again", is_refused=True) == MessageState.FAILED
    assert list_open() == [("office:C1", "C1")]
