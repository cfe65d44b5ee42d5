"""Server entry: pages from a few threads that keep their connections, and streams that hold no thread while open.

The server speaks RSGI, its own interface, to one event loop a process. A page is answered by the desk's WSGI
application in one of a few threads, which keep their connections to the database. A page that opens a stream leaves
with the thread; from then on the event loop alone writes to it (see decision 18).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from muster.config.wsgi import application as pages
from muster.situation.live_hub import HUB_KEY, LISTENER_KEY, Hub, Listener

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol
    from granian.rsgi import Scope

THREADS = 4
"""Pages answered at once by a process; ``MUSTER_THREADS`` says otherwise."""
WHOLE_BYTES = 1 << 20
"""A body up to so long is sent as a whole."""

Headers = list[tuple[str, str]]
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class Server:
    """What the server calls: for each request, and when a process begins."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self._threads = ThreadPoolExecutor(int(os.environ.get("MUSTER_THREADS", THREADS)), thread_name_prefix="page")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look for changes; end all streams as soon as the process is told to end, which they would keep."""
        self.hub.start(loop)

        def end_streams(_number: int, _frame: object) -> None:
            loop.call_soon_threadsafe(self.hub.stop)

        # The server's own handlers are woken by the loop, not by these, and go on beside them.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end_streams)

    async def __rsgi__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Answer one request."""
        body = b"" if scope.method in _WITHOUT_BODY else await protocol()
        environ = build_environ(scope, body)
        environ[HUB_KEY] = self.hub
        answer = _Answer(protocol, asyncio.get_running_loop())
        self._threads.submit(answer.give, environ)
        await answer.given
        if answer.listener is not None:
            await answer.carry_on(answer.listener)


@dataclass(eq=False)
class _Answer:
    """One answer, given by a thread and, where it opens a stream, carried on by the loop."""

    protocol: RSGIHTTPProtocol
    loop: asyncio.AbstractEventLoop
    status: int = 500
    headers: Headers = field(default_factory=list)
    listener: Listener | None = None

    def __post_init__(self) -> None:
        self.given: asyncio.Future[None] = self.loop.create_future()

    def give(self, environ: dict[str, Any]) -> None:
        """Have the page made, and send it; nothing is sent yet of a stream."""
        try:
            self._send(pages(environ, self._start), environ)
        finally:
            # A loop that has been closed meanwhile waits for nothing.
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.given.set_result, None)

    def _start(self, line: str, headers: Headers, _error: object = None) -> Callable[[bytes], object]:
        self.status, self.headers = int(line.split(" ", 1)[0]), headers
        return lambda _data: None

    def _send(self, made: Iterable[bytes], environ: dict[str, Any]) -> None:
        try:
            self.listener = environ.get(LISTENER_KEY)
            if self.listener is not None:
                return
            if getattr(made, "streaming", False) and not self._is_short():
                self._send_parts(made)
            else:
                self.protocol.response_bytes(self.status, self.headers, b"".join(made))
        finally:
            close = getattr(made, "close", None)
            if close is not None:
                close()

    def _is_short(self) -> bool:
        length = next((value for name, value in self.headers if name.lower() == "content-length"), "")
        return length.isdigit() and int(length) <= WHOLE_BYTES

    def _send_parts(self, made: Iterable[bytes]) -> None:
        transport = self.protocol.response_stream(self.status, self.headers)
        for part in made:
            asyncio.run_coroutine_threadsafe(transport.send_bytes(part), self.loop).result()

    async def carry_on(self, listener: Listener) -> None:
        """Write what a listener is told until it is over, or nobody reads any more."""
        with listener:
            headers = [each for each in self.headers if each[0].lower() != "content-length"]
            transport = self.protocol.response_stream(self.status, headers)
            # What a closed connection raises is the server's own.
            with suppress(Exception):
                async for words in listener:
                    await transport.send_str(words)


_SAME = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


def build_environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return a request as the pages expect it (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        **_SAME,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
    }
    for name, value in scope.headers.items():
        key = _name_header(name)
        if key != "CONTENT_LENGTH":
            environ[key] = _join(key, environ[key], value) if key in environ else value
    return environ


def _name_header(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _join(key: str, first: str, second: str) -> str:
    """Return the values of a header that was sent twice, as one."""
    return f"{first}{'; ' if key == 'HTTP_COOKIE' else ','}{second}"


application = Server()
