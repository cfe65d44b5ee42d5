"""An exercise on the command line: the city, the server beside it, and what is printed at the end."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import typer
from django.db import connections
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from muster.cli.demo import ensure_demo
from muster.cli.exercise_words import list_lines
from muster.cli.migrate import prepare_database
from muster.cli.serve import DEFAULT_HOST
from muster.cli.words import is_chinese, say
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.kernel.processes import read_memory_mb
from muster.scenarios.catalog import SCENARIOS, resume_clock
from muster.simulation.ringing import open_network
from muster.simulation.running import Order, Outcome, Tell, prepare, run

_STARTS_WITHIN_S = 120
_COMMAND = [sys.executable, "-c", "from muster.cli.main import main; main()", "serve"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    scenario: str
    days: float
    speed: float
    seed: int
    wardens: int


@dataclass
class Burden:
    """What the server's processes took: processor time with their start, and memory as it was at the end."""

    cpu_s: float = 0.0
    memory_mb: int | None = None


def run_exercise(wish: Wish) -> Outcome:
    """Build the city where it does not stand, serve it, and let its people act.

    Raises
    ------
    MusterError
        If there is no such scenario, the folder holds a city's own data, or the server does not start.
    """
    ensure_demo(wish.scenario, wish.seed)
    prepare_database()
    resume_clock(SCENARIOS[wish.scenario])
    order = Order(
        begins_at=clock.now().astimezone(clock.CITY_ZONE),
        length=timedelta(days=wish.days),
        speed=wish.speed,
        seed=wish.seed,
        wardens=wish.wardens,
    )
    port, burden = _find_port(), Burden()
    with tempfile.TemporaryDirectory(prefix="muster-gateway-") as folder, open_network(Path(folder)) as network:
        stage = prepare(get_active(), order, network=network, port=port)
        connections.close_all()
        with _serving(port, Path(folder), burden), _telling(order) as tell:
            outcome = run(stage, order, tell=tell)
    outcome.figures["load"] |= {"server_cpu_s": round(burden.cpu_s, 1), "server_memory_mb": burden.memory_mb}
    return outcome


def _find_port() -> int:
    """Return a port that is free, away from those at which people are served."""
    with socket.socket() as probe:
        probe.bind((DEFAULT_HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(port: int, gateways: Path, burden: Burden) -> Iterator[None]:
    """Serve as everybody does, worker and all, with the gateway of the exercise."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "MUSTER_GATEWAYS": str(gateways)}
    # Its log goes where this command's does; what it prints for people would spoil our JSON.
    server = subprocess.Popen([*_COMMAND, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  # our own words
    try:
        _wait_for(port, server)
        yield
        burden.memory_mb = read_memory_mb(server.pid)
    finally:
        server.terminate()
        server.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        burden.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    # It may have ended though somebody answers: another server may have taken its port.
    while not _answers(port) or server.poll() is not None:
        if server.poll() is not None or time.monotonic() > until:
            raise MusterError(
                say("The server does not start.", "服务没有启动。"),
                remedy=say("Try muster serve, and see what it says.", "请试运行 muster serve，看它说什么。"),
            )
        time.sleep(0.05)


def _answers(port: int) -> bool:
    connection = HTTPConnection(DEFAULT_HOST, port, timeout=_STARTS_WITHIN_S)
    try:
        connection.request("GET", "/api/v1/openapi.json")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _telling(order: Order) -> Iterator[Tell]:
    """Show on stderr how far the exercise has come: its moment, and how much was done. Quiet where nobody looks."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn(say("{task.fields[acts]:,} acts", "已做 {task.fields[acts]:,} 件")),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bars:
        row = bars.add_task(f"{order.begins_at:%m-%d %H:%M}", total=order.length.total_seconds(), acts=0)

        def tell(moment: datetime, acts: int) -> None:
            done_s = (moment - order.begins_at).total_seconds()
            bars.update(row, completed=done_s, acts=acts, description=f"{moment:%m-%d %H:%M}")

        yield tell


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Print what an exercise showed: a table in the reader's language, or one JSON object."""
    if as_json:
        document = {
            **outcome.figures,
            "checks": {check.name: check.broken for check in outcome.checks},
            "is_sound": outcome.is_sound,
        }
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for line in list_lines(outcome, is_chinese=is_chinese()):
        typer.echo(line)
