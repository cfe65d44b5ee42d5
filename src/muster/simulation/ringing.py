"""The telephone network: a gateway for text messages on this machine, which rings whoever a message is for."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Ring = Callable[[str, str], None]
"""Told the number and the text of a message."""

_GATEWAY = """url = "http://127.0.0.1:{port}/"
[body]
to = "{{to}}"
key = "{{key}}"
text = "{{text}}"
"""


class Network:
    """A gateway that knows keys: what comes again under one is counted, and rings nobody again."""

    def __init__(self) -> None:
        self.rung: Counter[str] = Counter()
        self.ring: Ring = _ring_nobody
        self._lock = threading.Lock()

    def take(self, told: dict[str, Any]) -> None:
        """Take a message."""
        with self._lock:
            self.rung[told["key"]] += 1
            is_again = self.rung[told["key"]] > 1
        if not is_again:
            self.ring(told["to"], told.get("text", ""))


def _ring_nobody(number: str, text: str) -> None:
    """Be the network while nobody has a phone yet."""


@contextmanager
def open_network(folder: Path) -> Iterator[Network]:
    """Open a gateway on a free port, and tell of it in a folder that ``MUSTER_GATEWAYS`` may name."""
    network = Network()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's own name
            network.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: whoever runs the exercise reads its figures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    (folder / "sms.toml").write_text(_GATEWAY.format(port=server.server_port), encoding="utf-8")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
