"""The calls for help of a flood at 60 times real speed, through a real server that is also killed meanwhile.

``MUSTER_DATA=FOLDER muster bench needs-replay FILE``. FOLDER holds a city with an active emergency; a copy of it
is worked on and thrown away. The file is never part of the project (``docs/operating/replay.md``).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from measuring import Row, format_table, write_results

_STARTS_WITHIN_S = 90
_DOWN_S = 5.0
_MUSTER = "import sys; from muster.cli.main import main; sys.argv[0] = 'muster'; main()"


@dataclass(frozen=True)
class Part:
    """A part of the file, how it is replayed, and when the server is killed, in seconds from its beginning."""

    name: str
    from_at: str
    hours: float
    speed: float
    kills_s: tuple[float, ...] = ()
    within_s: float = 5.0


PARTS = (
    Part("peak hour, 155 rows", "2021-07-22T10:00", 1, 60),
    Part("peak hour and the next, server killed", "2021-07-22T10:00", 2, 60, kills_s=(10.0, 65.0), within_s=90.0),
    Part("peak day, 24 July", "2021-07-24T00:00", 24, 60),
    Part("peak day at 600 times", "2021-07-24T00:00", 24, 600, within_s=10.0),
)


def run(file: Path, out: Path, *, data: Path, only: str = "") -> None:
    """Replay every part, each into a copy of the data folder, and write what came of it."""
    rows = [_replay(file, part, data) for part in PARTS if not only or part.name in only.split(";")]
    print(format_table(rows))
    write_results(out, "needs_replay", rows, file=file.name, database="SQLite")


def _replay(file: Path, part: Part, data: Path) -> Row:
    with tempfile.TemporaryDirectory(prefix="muster-replay-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)
        environment = {**os.environ, "MUSTER_DATA": str(copy)}
        port = _find_port()
        with _serving(environment, port) as server:
            timers = [threading.Timer(at, server.kill) for at in part.kills_s]
            for timer in timers:
                timer.start()
            command = ["replay", "needs", str(file), "--from", part.from_at, "--limit-hours", str(part.hours)]
            command += ["--speed", str(part.speed), "--port", str(port), "--within", str(part.within_s), "--json"]
            done = _muster(command, environment)
            for timer in timers:
                timer.cancel()
    print(done.stderr, file=sys.stderr)
    return _tell(part, json.loads(done.stdout.strip().splitlines()[-1]), server)


def _tell(part: Part, said: Row, server: _Server) -> Row:
    return {
        "part": part.name,
        "speed": part.speed,
        "kills": len(part.kills_s),
        "longest_down_s": round(max(server.downs_s, default=0.0), 1),
        **{name: said[name] for name in ("calls", "taken", "refused", "sent_again", "in_database", "busiest_per_s")},
        **{f"answer_ms_{name}": value for name, value in said["answer_ms"].items()},
        **{f"to_queue_s_{name}": value for name, value in said["due_to_queue_s"].items()},
        "within_s": part.within_s,
        "broken": "; ".join(said["broken"]),
    }


class _Server:
    """A server that can be killed, and comes back of itself."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._environment, self._port = environment, port
        self.downs_s: list[float] = []
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _MUSTER, "serve", "--port", str(self._port)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self._environment, stdout=quiet, stderr=quiet, start_new_session=True)

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + _STARTS_WITHIN_S
        while time.monotonic() < until:
            try:
                urlopen(f"http://127.0.0.1:{self._port}/accounts/login/", timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("The server has not come up.")

    def kill(self) -> None:
        """Kill it as the system would, and start it again after some seconds."""
        begun = time.monotonic()
        self.end()
        time.sleep(_DOWN_S)
        self._process = self._start()
        self.wait()
        self.downs_s.append(time.monotonic() - begun)

    def end(self) -> None:
        """Kill it and everything that it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def _serving(environment: dict[str, str], port: int) -> Iterator[_Server]:
    server = _Server(environment, port)
    try:
        server.wait()
        yield server
    finally:
        server.end()


def _muster(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _MUSTER, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
