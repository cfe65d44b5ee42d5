"""Facts sent over connections that are kept open, and what became of each."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

_PATIENCE_S = 60


@dataclass
class Load:
    """What was measured, or survived: seconds of each request, ids that were sent, ids that were acknowledged."""

    facts_a_request: int
    wall_s: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    sent: list[list[str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def facts_per_s(self) -> float:
        """Return how many facts were acknowledged a second."""
        return len(self.acknowledged) / self.wall_s if self.wall_s else 0.0

    def quantile_ms(self, share: float) -> float:
        """Return how long all but a share of the requests took at most."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Connection:
    """One connection over loopback that is kept open: as little work as can be, beside the server on the same cores."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"POST /api/v1/facts HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._rest = b""

    def send(self, body: bytes) -> dict[str, Any]:
        """Send a body and return the answer; raise OSError where none comes."""
        self._socket.sendall(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        head, _, rest = self._read_head().partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-l"))
        while len(rest) < length:
            rest += self._receive()
        status = int(head.split(b" ", 2)[1])
        if status != 200:
            raise RuntimeError(f"{status}: {rest[:300]!r}")
        return json.loads(rest[:length])

    def _read_head(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        return data

    def _receive(self) -> bytes:
        got = self._socket.recv(65_536)
        if not got:
            raise ConnectionResetError("the server has gone")
        return got

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def make_body(ids: Sequence[str], duties: Sequence[int], chance: Random) -> bytes:
    """Return a batch of check-ins at duties that are drawn."""
    at = datetime.now(UTC).isoformat()
    facts = [{"kind": "check_in", "id": one, "at": at, "duty": chance.choice(duties)} for one in ids]
    return json.dumps({"sent_at": at, "facts": facts}).encode()


def press(
    port: int, city: dict[str, Any], *, connections: int, facts: int, seconds: float, seed: int = 1, prepared: int = 0
) -> Load:
    """Send facts over some connections for some seconds, or until the server goes.

    Bodies that are prepared are made beforehand: phones make theirs elsewhere, and not on the server's cores.
    """
    load, lock = Load(facts), threading.Lock()
    start = threading.Barrier(connections + 1)
    workers = [
        threading.Thread(
            target=_send, args=(load, lock, start, port, city, seconds, prepared, Random(seed * 1000 + number))
        )
        for number in range(connections)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    begun = time.perf_counter()
    for worker in workers:
        worker.join()
    load.wall_s = time.perf_counter() - begun
    return load


def _send(
    load: Load,
    lock: threading.Lock,
    start: threading.Barrier,
    port: int,
    city: dict[str, Any],
    seconds: float,
    prepared: int,
    chance: Random,
) -> None:
    token, duties = city["token"], city["duties"]
    if load.facts_a_request == 1:
        # Whoever reports alone reports for themselves, with a phone; a batch comes from an office.
        phone = chance.choice(city["phones"])
        token, duties = phone["token"], [phone["duty"]]
    ready = [_make(load.facts_a_request, duties, chance) for _ in range(prepared)]
    start.wait()
    until = time.perf_counter() + seconds
    with suppress(OSError), closing(Connection(port, token)) as connection:
        while time.perf_counter() < until:
            ids, body = ready.pop() if ready else _make(load.facts_a_request, duties, chance)
            with lock:
                load.sent.append(ids)
            begun = time.perf_counter()
            answers = connection.send(body)["answers"]
            took_s = time.perf_counter() - begun
            held = [answer["id"] for answer in answers if answer["state"] != "refused"]
            with lock:
                load.latencies_s.append(took_s)
                load.acknowledged += held
                load.refused += len(answers) - len(held)


def _make(facts: int, duties: Sequence[int], chance: Random) -> tuple[list[str], bytes]:
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(facts)]
    return ids, make_body(ids, duties, chance)
