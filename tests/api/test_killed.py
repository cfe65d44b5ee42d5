"""A server that is killed in the middle of a load has kept every fact that it acknowledged, once."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from muster.access.models import User
from muster.access.queries import COMMAND_LINE
from muster.access.tokens import give_token
from muster.duty.models import CheckIn
from muster.kernel import clock
from tests.duty.cast import EIGHT, add_person, add_post, build_town, find_shift, lay_out, place
from tests.serving import PATIENCE_S, serve, tell_database

pytestmark = pytest.mark.django_db(transaction=True)
URL, JSON = "/api/v1/facts", "application/json"


class _Senders:
    """Several who send facts, one batch after another, until the server is gone."""

    def __init__(self, port: int, token: str, duty_id: int) -> None:
        self.sent: list[list[str]] = []
        self.acknowledged: list[str] = []
        self._port, self._duty_id = port, duty_id
        self._headers = {"Authorization": f"Bearer {token}"}
        self._threads = [threading.Thread(target=self._send_on, args=(size,)) for size in (1, 1, 20, 200)]

    def __enter__(self) -> _Senders:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()

    def _send_on(self, size: int) -> None:
        with suppress(OSError, HTTPException):
            http = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
            while True:
                ids = [str(uuid4()) for _ in range(size)]
                self.sent.append(ids)
                self.acknowledged += self.send(http, ids)

    def send(self, http: HTTPConnection, ids: list[str]) -> list[str]:
        http.request("POST", URL, self._body(ids), {"Content-Type": JSON, **self._headers})
        return _list_kept(http.getresponse().read())

    def send_to(self, client: Client, ids: list[str]) -> list[str]:
        """Send facts again when there is no server any more."""
        return _list_kept(client.post(URL, self._body(ids), content_type=JSON, headers=self._headers).content)

    def _body(self, ids: list[str]) -> str:
        same = {"kind": "check_in", "at": EIGHT.isoformat(), "duty": self._duty_id}
        return json.dumps({"facts": [{"id": one, **same} for one in ids]})


def _list_kept(body: bytes) -> list[str]:
    return [answer["id"] for answer in json.loads(body)["answers"] if answer["state"] != "refused"]


def test_what_was_acknowledged_before_the_server_was_killed_is_there_once(tmp_path: Path) -> None:
    town = build_town()
    post = add_post(town)
    lay_out(town, days=1)
    duty = place(find_shift(post, 0), add_person(town, "Bai"))
    clock.set_exercise(EIGHT)
    token = give_token(actor=COMMAND_LINE, now=EIGHT, user=User.objects.create(username="bai", person=duty.person))
    environment = tell_database(tmp_path)
    connections.close_all()
    with serve(environment) as (port, server), _Senders(port, token, duty.pk) as senders:
        until = time.monotonic() + PATIENCE_S
        while len(senders.acknowledged) < 250 and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(server.pid, signal.SIGKILL)
    kept = {str(one) for one in CheckIn.objects.values_list("client_id", flat=True)}
    assert len(senders.acknowledged) >= 250
    assert set(senders.acknowledged) <= kept

    again = [one for ids in senders.sent for one in senders.send_to(Client(), ids)]
    assert sorted(again) == sorted(str(one) for one in CheckIn.objects.values_list("client_id", flat=True))
