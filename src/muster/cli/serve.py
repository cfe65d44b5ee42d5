"""``muster serve``: serve the desk to browsers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from django.conf import settings

from muster.access.queries import get_first_code, has_accounts
from muster.cli.migrate import prepare_database
from muster.cli.words import say
from muster.config.environment import data_dir
from muster.kernel.errors import MusterError
from muster.kernel.processes import end_with_parent
from muster.scenarios.aside import hold_folder

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000

_PORTS_TRIED = 20
_WORKERS = 2
_CONNECTIONS = 2048
_KILL_AFTER_S = 3
_WORKER_WATCH_S = 2

app = typer.Typer(help=say("Serve the desk.", "启动值班台服务。"))

HostOption = Annotated[str, typer.Option(help=say("Address to listen on.", "监听地址。"))]
PortOption = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help=say("Port; the next free one from 8000 on.", "端口；默认从 8000 起找空闲的。")),
]


@app.command()
def serve(host: HostOption = DEFAULT_HOST, port: PortOption = None) -> None:
    """Serve the desk until Ctrl C, after bringing the database to this version."""
    chosen = choose_port(host, port)
    with hold_folder(data_dir(), is_alone=False):
        prepare_database()
        typer.echo(
            say(
                f"Muster is at {address(host, chosen)} (Ctrl C stops it).",
                f"集结：{address(host, chosen)}（按 Ctrl C 停止）",
            )
        )
        _tell_first_visit(address(host, chosen))
        raise typer.Exit(run_server(host, chosen))


def _tell_first_visit(desk: str) -> None:
    """Tell where the first account is made, while there is none."""
    if has_accounts():
        return
    first = f"{desk}first/account?code={get_first_code()}"
    typer.echo(say(f"Nobody can sign in yet. Make the first account at {first}", f"还没有账号，请先建立：{first}"))


def address(host: str, port: int) -> str:
    """Return the address to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  # read, not bound
    return f"http://{shown}:{port}/"


def choose_port(host: str, port: int | None) -> int:
    """Return the port asked for, or the next free one from 8000 on.

    Raises
    ------
    MusterError
        If the port asked for is taken, or no port is free.
    """
    wanted = [port] if port is not None else list(range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED))
    for candidate in wanted:
        if _is_free(host, candidate):
            return candidate
    raise MusterError(
        say(f"Port {wanted[0]} is taken on {host}.", f"{host} 的端口 {wanted[0]} 已被占用。"),
        remedy=say("Give another one with --port.", "请用 --port 换一个。"),
    )


def _is_free(host: str, port: int) -> bool:
    # Without SO_REUSEPORT: the server's own sockets share their port, and would join one that is left over.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise MusterError(
                say(f"Port {port} may not be used.", f"端口 {port} 无权使用。"),
                remedy=say("Give one from 1024 on with --port.", "请用 --port 换 1024 以上的端口。"),
            ) from error
        except OSError:
            return False
    return True


def run_server(host: str, port: int) -> int:
    """Run the server, and a worker beside it, until it is told to stop, and return its exit code.

    It runs in a process group of its own, which ends as a whole: a worker that outlived its parent would keep
    the port, and later runs would talk to the old code.
    """
    # The server's file middleware complains of a folder that is not there, though it may be empty.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", "granian", "muster.config.rsgi:application"),
        *("--interface", "rsgi", "--host", host, "--port", str(port)),
        # Open streams are connections too, and may not keep others out.
        *("--workers", str(_WORKERS), "--backlog", str(_CONNECTIONS), "--backpressure", str(_CONNECTIONS)),
        *("--workers-kill-timeout", str(_KILL_AFTER_S), "--no-ws", "--log-level", "warning"),
    ]
    server = _start(command)
    with _passing_signals_to(server), _working_beside() as keep_working:
        code = _wait_for(server, keep_working)
    _end_group(server.pid)
    return 0 if code in {0, -signal.SIGINT, -signal.SIGTERM} else code


def _wait_for(server: subprocess.Popen[bytes], keep_working: Callable[[], None]) -> int:
    while True:
        try:
            return server.wait(_WORKER_WATCH_S)
        except subprocess.TimeoutExpired:
            keep_working()


@contextmanager
def _working_beside() -> Iterator[Callable[[], None]]:
    """Have plans solved beside the server; what it yields starts a worker again that has ended."""
    command = [sys.executable, "-c", "from muster.cli.main import main; main()", "work"]
    worker = _start(command)

    def keep_working() -> None:
        nonlocal worker
        if worker.poll() is not None:
            worker = _start(command)

    try:
        yield keep_working
    finally:
        worker.terminate()
        worker.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    ending = partial(end_with_parent, signal.SIGTERM, os.getpid())
    return subprocess.Popen(command, start_new_session=True, preexec_fn=ending)  # noqa: S603, PLW1509  # our own words; no thread runs yet


@contextmanager
def _passing_signals_to(server: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, frame: FrameType | None) -> None:
        server.send_signal(signal.SIGTERM if number == signal.SIGHUP else number)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
