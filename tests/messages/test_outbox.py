"""Nothing in the outbox is lost; a second copy can come only of a death between a yes and its writing down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from muster.access.models import User
from muster.jobs.delivering import deliver_due
from muster.jobs.working import Stop
from muster.kernel import clock
from muster.kernel.models import AuditEntry
from muster.messages.actions import claim_messages, deliver, queue_message, set_contact, set_quiet_hours, try_again
from muster.messages.actions.delivering import NO_WAY
from muster.messages.channels import open_channels
from muster.messages.kinds import Channel, MessageState, Urgency
from muster.messages.models import Message
from muster.messages.queries import count_open, list_undelivered
from muster.messages.rules import FIRST_WAIT_S, LONGEST_WAIT_S, MOST_TRIES, QuietSpan, find_quiet_end, wait_s
from muster.people.models import Person
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, at_once, build_town
from tests.messages.receivers import HttpReceiver, receive_http

WORDS = {"code": "N1", "state": "answered"}
GATEWAY = """
url = "{url}/{name}/{{to}}"
ok_at = "code"
refused = [404]
[headers]
Idempotency-Key = "{{key}}"
[body]
text = "{{text}}"
"""


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_tries_lie_further_and_further_apart_up_to_a_limit(tries: int, chance: float) -> None:
    assert FIRST_WAIT_S / 2 <= wait_s(tries, chance) <= LONGEST_WAIT_S
    assert wait_s(tries, 1) <= 2 * wait_s(tries + 1, 0)


@pytest.mark.parametrize(
    ("hour", "until"), [(23, (11, 6)), (3, (10, 6)), (5, (10, 6)), (6, None), (12, (10, 14)), (14, None), (22, (11, 6))]
)
def test_quiet_hours_end_also_over_midnight(hour: int, until: tuple[int, int] | None) -> None:
    spans = [QuietSpan(22 * 60, 6 * 60), QuietSpan(12 * 60, 14 * 60)]
    now = datetime(2020, 2, 10, hour, tzinfo=clock.CITY_ZONE)
    end = None if until is None else datetime(2020, 2, *until, tzinfo=clock.CITY_ZONE)
    assert find_quiet_end(now, spans) == end


@pytest.fixture
def gateway(tmp_path: Path, settings: LazySettings) -> Iterator[HttpReceiver]:
    settings.GATEWAYS = str(tmp_path)
    with receive_http() as receiver:
        for name in ("sms", "wecom"):
            text = GATEWAY.format(url=receiver.url, name=name)
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        yield receiver


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def bai(town: Town) -> Person:
    return add_person(town, "Bai", phone="+8613800000001")


def _queue(bai: Person, key: str = "need:N1", urgency: Urgency = Urgency.URGENT) -> bool:
    return queue_message(key=key, to=bai, wording="need_answered", words=WORDS, urgency=urgency)


def _deliver_all(worker: str = "worker") -> int:
    return deliver_due(worker, open_channels(), Stop())


def _skip_wait() -> None:
    past = clock.real_now() - timedelta(seconds=1)
    Message.objects.update(due_at=past)
    Message.objects.exclude(lease_until_at=None).update(lease_until_at=past)


def test_a_message_is_sent_once_in_the_language_of_whoever_reads_it(bai: Person, gateway: HttpReceiver) -> None:
    User.objects.create(username="bai", person=bai, language="en")
    assert (_queue(bai), _queue(bai)) == (True, False)
    assert (_deliver_all(), _deliver_all()) == (1, 0)
    [sent] = gateway.received
    assert sent.json == {"text": "Your request N1: answered."}
    assert Message.objects.get().state == MessageState.SENT
    entry = AuditEntry.objects.get(verb="message_sent")
    assert entry.detail["channel"] == "sms"
    assert "138" not in str(entry.detail)


def test_without_an_account_the_citys_language_is_spoken(bai: Person, gateway: HttpReceiver) -> None:
    _queue(bai)
    _deliver_all()
    assert gateway.received[0].json["text"].startswith("您的请求")


def test_a_message_in_an_exercise_says_so_first(bai: Person, gateway: HttpReceiver) -> None:
    clock.set_exercise(EIGHT)
    _queue(bai)
    _deliver_all()
    assert gateway.received[0].json["text"].startswith("【演练】")


def test_what_is_rolled_back_is_not_sent(bai: Person, gateway: HttpReceiver) -> None:
    with transaction.atomic():
        _queue(bai)
        transaction.set_rollback(True)
    assert _deliver_all() == 0


def test_how_somebody_is_reached_is_looked_up_when_it_is_sent(bai: Person, gateway: HttpReceiver) -> None:
    _queue(bai)
    set_contact(actor=OFFICER, now=EIGHT, of=bai, channel=Channel.SMS, address="+8613900000002")
    _deliver_all()
    assert gateway.received[0].path == "/sms/%2B8613900000002"


def test_a_gateway_that_fails_is_asked_again_with_the_same_key(bai: Person, gateway: HttpReceiver) -> None:
    gateway.replies = [(503, {}), (200, {"code": 9}), (200, {"code": 0})]
    _queue(bai)
    for _ in range(3):
        assert _deliver_all() == 1
        _skip_wait()
    assert [one.headers["Idempotency-Key"] for one in gateway.received] == [
        gateway.received[0].headers["Idempotency-Key"]
    ] * 3
    assert (Message.objects.get().state, Message.objects.get().tries) == (MessageState.SENT, 3)


def test_a_channel_that_refuses_for_good_makes_way_for_the_next(bai: Person, gateway: HttpReceiver) -> None:
    set_contact(actor=OFFICER, now=EIGHT, of=bai, channel=Channel.WECOM, address="robot")
    gateway.replies = [(200, {"code": 404}), (200, {"code": 0})]
    _queue(bai)
    _deliver_all()
    assert [one.path.split("/")[1] for one in gateway.received] == ["wecom", "sms"]
    assert Message.objects.get().channel == Channel.SMS


def test_what_reaches_nobody_is_told_why_and_can_be_tried_again(bai: Person, gateway: HttpReceiver) -> None:
    gateway.replies = [(503, {})]
    _queue(bai)
    for _ in range(MOST_TRIES):
        _deliver_all()
        _skip_wait()
    [message] = list_undelivered()
    assert (message.failure, message.tries) == ("sms: status 503", MOST_TRIES)
    assert AuditEntry.objects.filter(verb="message_failed").count() == 1
    gateway.replies = [(200, {"code": 0})]
    assert (try_again(actor=OFFICER, message=message), count_open()) == (True, 1)
    _deliver_all()
    assert not list_undelivered().exists()


def test_who_cannot_be_reached_at_all_is_told_at_once(town: Town, gateway: HttpReceiver) -> None:
    queue_message(key="trial", to=town.wenyuan, wording="trial", words={})
    _deliver_all()
    assert [message.failure for message in list_undelivered()] == [NO_WAY]


def test_what_can_wait_waits_through_quiet_hours_and_what_is_urgent_does_not(
    town: Town, bai: Person, gateway: HttpReceiver
) -> None:
    here = clock.real_now().astimezone(clock.CITY_ZONE)
    minute = here.hour * 60 + here.minute
    around = QuietSpan((minute - 30) % 1440, (minute + 30) % 1440)
    set_quiet_hours(actor=OFFICER, now=EIGHT, of=town.township, span=around)
    _queue(bai, "waits", Urgency.CAN_WAIT)
    _queue(bai, "passes")
    _deliver_all()
    waiting = Message.objects.get(state=MessageState.WAITING)
    assert (waiting.key, waiting.tries, len(gateway.received)) == ("waits", 0, 1)
    assert timedelta(minutes=28) < waiting.due_at - clock.real_now() < timedelta(minutes=31)


def test_a_worker_that_dies_in_the_middle_is_followed_by_another_with_the_same_key(
    bai: Person, gateway: HttpReceiver
) -> None:
    _queue(bai)
    [held] = claim_messages("dies")
    assert claim_messages("waits") == []
    _skip_wait()
    assert _deliver_all("follows") == 1
    assert deliver(held, open_channels()) == MessageState.SENDING
    assert len(gateway.received) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_message_once(gateway: HttpReceiver) -> None:
    bai = add_person(build_town(), "Bai", phone="+8613800000001")
    for number in range(40):
        _queue(bai, f"message {number}")
    carried = at_once(*(lambda name=name: _deliver_all(name) for name in ("one", "two", "three")))
    assert sum(int(str(count)) for count in carried) == len(gateway.received) == 40
    assert len({one.headers["Idempotency-Key"] for one in gateway.received}) == 40


def test_moments_of_the_outbox_are_real_ones(bai: Person) -> None:
    clock.set_exercise(EIGHT)
    _queue(bai)
    assert Message.objects.get().due_at > datetime(2020, 6, 1, tzinfo=UTC)
