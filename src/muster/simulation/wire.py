"""The way to the server: one connection a hand, kept open, over which everybody's requests go."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from muster.simulation.journal import Journal

_PATIENCE_S = 60


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def show_cookies(cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the header that shows cookies again."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


class NoAnswerError(Exception):
    """The server did not answer: nobody knows whether it has taken what was sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said.

    Parameters
    ----------
    status, body
        As they came.
    location
        Where a page sends one on to, or nothing.
    cookies
        What it gave to be shown again.
    """

    status: int
    body: bytes
    location: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class Wire:
    """Requests to one server.

    Parameters
    ----------
    port
        Of the server, on this machine.
    journal
        Told how long each took.
    """

    def __init__(self, port: int, journal: Journal) -> None:
        self._port = port
        self._journal = journal
        self._own = threading.local()

    def ask(self, topic: str, token: str, path: str, told: Any = None) -> Reply:
        """Ask the interface with somebody's token: GET, or POST where something is told.

        Parameters
        ----------
        topic
            Under which name its time is kept.
        token, path, told
            Who asks, where, and what goes along as JSON.

        Raises
        ------
        NoAnswerError
            If no answer comes.
        """
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = None if told is None else json.dumps(told, ensure_ascii=False).encode()
        return self.send(topic, "GET" if body is None else "POST", path, body, headers)

    def send(self, topic: str, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        """Send a request as it is.

        Raises
        ------
        NoAnswerError
            If no answer comes.
        """
        begun = time.perf_counter()
        try:
            reply = self._exchange(method, path, body, headers)
        except (OSError, HTTPException) as error:
            self._close()
            self._journal.note_unanswered()
            raise NoAnswerError(f"{topic}: {error}") from error
        self._journal.note_request(topic, time.perf_counter() - begun, reply.status)
        return reply

    def fill_in(self, topic: str, path: str, typed: Mapping[str, str], cookies: Mapping[str, str]) -> Reply:
        """Send a form of a page, as a browser does that holds these cookies.

        Raises
        ------
        NoAnswerError
            If no answer comes.
        """
        body = urlencode({**typed, "csrfmiddlewaretoken": cookies.get("csrftoken", "")}).encode()
        return self.send(topic, "POST", path, body, {**_FORM, **show_cookies(cookies)})

    def open_page(self, topic: str, path: str, cookies: Mapping[str, str] | None = None) -> Reply:
        """Open a page as a browser does.

        Raises
        ------
        NoAnswerError
            If no answer comes.
        """
        return self.send(topic, "GET", path, None, show_cookies(cookies or {}))

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        given = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", [])))
        cookies = {name: one.value for name, one in given.items()}
        return Reply(answer.status, answer.read(), answer.headers.get("Location", ""), cookies)

    def _close(self) -> None:
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None
