"""Durable check-ins a second through the real server, beside the bare database doing the same inserts in the same run.

``muster bench live``. Everything is made anew in a temporary folder: a town, a PostgreSQL whose commits wait for the
disk, a server on loopback. At the end the server is killed in the middle of a load, again and again, and every fact
that it acknowledged is looked for.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg
from live_bare import open_bare, press_bare
from live_load import Connection, Load, make_body, press
from measuring import Row, format_table, write_results

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgresql import DURABLE, temporary_cluster  # the tests' own PostgreSQL, beside this folder

BATCH = 500
SINGLE_CONNECTIONS, BATCH_CONNECTIONS = 16, 4
PREPARED = {1: 200, BATCH: 60}
"""Bodies that a connection makes before the clock starts."""
WRITERS = (1, 2, 4, 16)
_STARTS_WITHIN_S = 120
_MUSTER = [sys.executable, "-c", "from muster.cli.main import main; main()"]


@dataclass
class Place:
    """One database with its town and the environment that names it."""

    database: str
    folder: Path
    url: str | None
    environment: dict[str, str]
    city: dict[str, Any]


def run(out: Path, databases: list[str], *, seconds: float = 15.0, kills: int = 10) -> list[Row]:
    """Measure each database, kill its server again and again, and keep the results."""
    rows: list[Row] = []
    for database in databases:
        with _make_place(database) as place:
            rows += _measure(place, seconds)
            rows.append(_kill_again_and_again(place, kills))
    print(format_table(rows))
    write_results(out, "live", rows, seconds=seconds, batch=BATCH, kills=kills, load_average=os.getloadavg())
    return rows


@contextmanager
def _make_place(database: str) -> Iterator[Place]:
    is_postgresql = database == "postgresql"
    cluster = temporary_cluster(DURABLE) if is_postgresql else nullcontext()
    with tempfile.TemporaryDirectory(prefix="muster-live-") as folder, cluster as url:
        environment = {**os.environ, "MUSTER_DATA": folder}
        environment.pop("DATABASE_URL", None)
        if url is not None:
            environment["DATABASE_URL"] = url
        script = Path(__file__).with_name("live_city.py")
        made = subprocess.run([sys.executable, script], env=environment, check=True, capture_output=True, text=True)
        yield Place(database, Path(folder), url, environment, json.loads(made.stdout))


@contextmanager
def _serve(place: Place) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the town on a free port as everybody does, and yield the port and the process of the server itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = place.folder / "server.log"
    with log.open("ab") as lines:
        command = [*_MUSTER, "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=place.environment, stdout=lines, stderr=lines)
    try:
        _wait_for(port, place, server, log)
        yield port, _find_granian(server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, place: Place, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            connection = Connection(port, place.city["token"])
            connection.send(make_body([], [], Random(1)))
            connection.close()
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The server does not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)
        else:
            return


def _find_granian(pid: int) -> psutil.Process:
    return next(child for child in psutil.Process(pid).children() if "granian" in " ".join(child.cmdline()))


def _measure(place: Place, seconds: float) -> list[Row]:
    rows = []
    with _serve(place) as (port, server):
        for facts, connections in ((1, SINGLE_CONNECTIONS), (BATCH, BATCH_CONNECTIONS)):
            press(port, place.city, connections=connections, facts=facts, seconds=2, seed=int(time.time()))
            before = _measure_bare(place, facts, seconds / 6)
            cpu_s = _cpu_s(server)
            load = press(
                port,
                place.city,
                connections=connections,
                facts=facts,
                seconds=seconds,
                seed=int(time.time()),
                prepared=PREPARED[facts],
            )
            cpu_s = _cpu_s(server) - cpu_s
            after = _measure_bare(place, facts, seconds / 6)
            rows.append(_describe(place, load, connections, (before + after) / 2, cpu_s))
            print(format_table(rows[-1:]), flush=True)
    return rows


def _cpu_s(server: psutil.Process) -> float:
    """Return the processor time of the server's processes so far: what a busy machine leaves true."""
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def _measure_bare(place: Place, facts: int, seconds: float) -> float:
    """Return what the fastest way with the best number of writers brings to the disk."""
    path = place.folder / "muster.sqlite3"
    writers = WRITERS if place.url is not None else (1,)
    ways = open_bare(path, place.url)
    return max(
        press_bare(way, place.city, writers=many, facts=facts, seconds=seconds / len(writers))
        for way in ways
        for many in writers
    )


def _describe(place: Place, load: Load, connections: int, bare: float, cpu_s: float) -> Row:
    return {
        "database": place.database,
        "facts a request": load.facts_a_request,
        "connections": connections,
        "facts/s": round(load.facts_per_s),
        "median ms": round(load.quantile_ms(0.5), 1),
        "p99 ms": round(load.quantile_ms(0.99), 1),
        "bare rows/s": round(bare),
        "share of bare": round(load.facts_per_s / bare, 2),
        "server cpu ms/fact": round(1000 * cpu_s / max(1, len(load.acknowledged)), 3),
        "refused": load.refused,
    }


def _kill_again_and_again(place: Place, kills: int) -> Row:
    """Kill the server in the middle of loads, then look for every fact; what was not answered is sent again."""
    acknowledged: list[str] = []
    sent: list[list[str]] = []
    chance = Random(20)
    for number in range(kills):
        with _serve(place) as (port, server):
            fuse = subprocess.Popen([sys.executable, "-c", _FUSE, str(chance.uniform(0.3, 1.5)), str(server.pid)])
            load = press(
                port, place.city, connections=8, facts=(1, 20, BATCH)[number % 3], seconds=20, seed=1000 + number
            )
            fuse.wait()
        acknowledged += load.acknowledged
        sent += load.sent
    lost = _count_lost(place, acknowledged)
    unanswered = [ids for ids in sent if ids[0] not in set(acknowledged)]
    with _serve(place) as (port, _):
        connection = Connection(port, place.city["token"])
        for ids in unanswered:
            connection.send(make_body(ids, place.city["duties"], chance))
    every = [one for ids in sent for one in ids]
    return {
        "database": place.database,
        "kills": kills,
        "acknowledged": len(acknowledged),
        "lost": lost,
        "doubled": _count_doubled(place),
        "sent again": sum(map(len, unanswered)),
        "lost in the end": _count_lost(place, every),
    }


_FUSE = "import os, signal, sys, time; time.sleep(float(sys.argv[1])); os.killpg(int(sys.argv[2]), signal.SIGKILL)"
"""Kills the group of the server, and with it every process of it, after a while."""


def _read_ids(place: Place) -> list[str]:
    query = "SELECT client_id FROM duty_checkin"
    if place.url is not None:
        with psycopg.connect(place.url) as connection:
            return [str(row[0]) for row in connection.execute(query)]
    with sqlite3.connect(place.folder / "muster.sqlite3") as connection:
        return [str(uuid.UUID(row[0])) for row in connection.execute(query)]


def _count_lost(place: Place, ids: list[str]) -> int:
    return len(set(ids) - set(_read_ids(place)))


def _count_doubled(place: Place) -> int:
    ids = _read_ids(place)
    return len(ids) - len(set(ids))
