"""Delivering as a process: killed while a gateway holds its answer back, followed by another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from datetime import timedelta
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections

from muster.jobs.delivering import deliver_on
from muster.jobs.working import Stop
from muster.kernel import clock
from muster.messages.actions import queue_message
from muster.messages.kinds import MessageState, Urgency
from muster.messages.models import Message
from tests.duty.cast import add_person, build_town
from tests.messages.receivers import receive_http

PATIENCE_S = 60


def _deliver() -> None:
    stop = Stop()
    stop.listen()
    deliver_on(stop)


def _start() -> ForkProcess:
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_deliver)
    process.start()
    return process


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_worker_is_killed_is_carried_by_the_next_with_the_same_key(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.GATEWAYS = str(tmp_path)
    bai = add_person(build_town(), "Bai", phone="+8613800000001")
    queue_message(key="trial", to=bai, wording="trial", words={}, urgency=Urgency.URGENT)
    reached, answers = threading.Event(), threading.Event()
    with receive_http() as receiver:

        def hold_back() -> None:
            reached.set()
            answers.wait(PATIENCE_S)

        receiver.on_request = hold_back
        text = f'url = "{receiver.url}"\n[headers]\nKey = "{{key}}"\n'
        (tmp_path / "sms.toml").write_text(text, encoding="utf-8")
        first = _start()
        assert reached.wait(PATIENCE_S)
        os.kill(first.pid or 0, signal.SIGKILL)
        first.join()
        answers.set()
        assert Message.objects.get().state == MessageState.SENDING
        Message.objects.update(lease_until_at=clock.real_now() - timedelta(seconds=1))
        second = _start()
        until = time.monotonic() + PATIENCE_S
        while Message.objects.get().state != MessageState.SENT and time.monotonic() < until:
            time.sleep(0.05)
        second.terminate()
        second.join()
    assert (Message.objects.get().state, Message.objects.get().tries) == (MessageState.SENT, 2)
    assert len({one.headers["Key"] for one in receiver.received}) == 1
