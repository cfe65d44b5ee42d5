"""The real server on the database of a test: a process of its own, as everybody runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

PATIENCE_S = 90


def tell_database(folder: Path) -> dict[str, str]:
    """Return the surroundings of a server that works on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    # The same secret: who has signed in here has signed in there.
    secret = {"MUSTER_SECRET_KEY": settings.SECRET_KEY, "DJANGO_SETTINGS_MODULE": "muster.config.settings"}
    if connection.vendor == "sqlite":
        (folder / "muster.sqlite3").symlink_to(name)
        return {**os.environ, "MUSTER_DATA": str(folder), **secret}
    before, _, after = os.environ["DATABASE_URL"].partition("?")
    url = f"{before.rpartition('/')[0]}/{name}?{after}"
    return {**os.environ, "DATABASE_URL": url, **secret}


@contextmanager
def serve(environment: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve on a free port of this machine, and yield the port and the server; it is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "muster.config.rsgi:application", "--interface", "rsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    server = subprocess.Popen([*command, "--log-level", "error"], env=environment, start_new_session=True)
    try:
        until = time.monotonic() + PATIENCE_S
        while not _is_there(port):
            assert time.monotonic() < until
            time.sleep(0.05)
        yield port, server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _is_there(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
