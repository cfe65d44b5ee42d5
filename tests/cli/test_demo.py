"""``muster demo``, ``serve`` and ``simulate`` as a person runs them: each in a process and a data folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

SMALL = ("--scenario", "songyuan-small")
MAIN = "from muster.cli.main import main; main()"
WAIT_S = 120.0


def start(*words: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MUSTER_DATA"}}
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "DJANGO_SETTINGS_MODULE": "muster.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that started these tests in the background would have let them ignore Ctrl C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  # no threads
    )


def run(*words: str) -> subprocess.CompletedProcess[str]:
    process = start(*words)
    stdout, stderr = process.communicate(timeout=WAIT_S)
    return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)


def demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run("demo", "--no-serve", "--data", str(folder), *words)


def wait_until_open(port: int) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"Nothing listens on port {port}.")


def find_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "var"
    done = demo(folder, *SMALL)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """Copy the finished demonstration, so that each test has one of its own."""
    return Path(shutil.copytree(built, tmp_path / "var"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with closing(socket.socket()) as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def test_a_demonstration_tells_how_to_sign_in_and_that_it_is_invented(folder: Path) -> None:
    done = demo(folder, *SMALL)
    assert done.returncode == 0
    for words in ("invented", "2020-02-20 07:30", "password", "duty officer", "warden", "auditor"):
        assert words in done.stdout
    assert done.stderr == ""


def test_a_finished_demonstration_is_taken_as_it_stands(folder: Path) -> None:
    before = (folder / "muster.sqlite3").stat().st_ino
    began = time.monotonic()
    assert demo(folder, *SMALL).returncode == 0
    assert (folder / "muster.sqlite3").stat().st_ino == before
    assert time.monotonic() - began < 60


def test_another_seed_builds_another_city_and_says_so(folder: Path) -> None:
    before = (folder / "muster.sqlite3").stat().st_ino
    done = demo(folder, *SMALL, "--seed", "2")
    assert done.returncode == 0, done.stderr
    assert "songyuan-small with seed 1: replaced" in done.stderr
    assert (folder / "muster.sqlite3").stat().st_ino != before


def test_a_demonstration_of_an_earlier_version_is_built_again(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "muster.sqlite3")) as database:
        database.execute("ALTER TABLE duty_checkin DROP COLUMN is_for_other")
    done = demo(folder, *SMALL)
    assert done.returncode == 0, done.stderr
    assert "this version" in done.stderr
    with closing(sqlite3.connect(folder / "muster.sqlite3")) as database:
        database.execute("SELECT is_for_other FROM duty_checkin LIMIT 1")


def test_a_citys_own_data_is_never_built_over(tmp_path: Path) -> None:
    divisions = tmp_path / "divisions.csv"
    divisions.write_text("level,code,name,parent_code\ncity,1,A,\n", encoding="utf-8")
    own = tmp_path / "own"
    assert run("migrate", "--data", str(own)).returncode == 0
    assert run("import", "divisions", str(divisions), "--data", str(own)).returncode == 0
    before = (own / "muster.sqlite3").read_bytes()
    done = demo(own, *SMALL)
    assert done.returncode == 1
    assert "own data" in done.stderr
    assert "--data" in done.stderr
    assert (own / "muster.sqlite3").read_bytes() == before


def test_an_empty_database_is_built_into(tmp_path: Path) -> None:
    assert run("migrate", "--data", str(tmp_path)).returncode == 0
    assert demo(tmp_path, *SMALL).returncode == 0


def test_a_building_that_is_stopped_leaves_what_was_there_and_can_be_begun_again(folder: Path) -> None:
    before = (folder / "muster.sqlite3").read_bytes()
    process = start("demo", "--no-serve", "--data", str(folder), *SMALL, "--seed", "3")
    until = time.monotonic() + WAIT_S
    while not (folder / "demo-building.sqlite3").exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130, stderr
    assert "nothing half-done was kept" in stderr
    assert (folder / "muster.sqlite3").read_bytes() == before
    assert not list(folder.glob("demo-building*"))
    assert demo(folder, *SMALL, "--seed", "3").returncode == 0


def test_a_building_that_was_killed_does_not_stand_in_the_way(folder: Path) -> None:
    (folder / "demo-building.sqlite3").write_bytes(b"half a database")
    (folder / "demo-building.sqlite3-wal").write_bytes(b"half a journal")
    assert demo(folder, *SMALL, "--seed", "4").returncode == 0
    assert not list(folder.glob("demo-building*"))


def test_an_unknown_scenario_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = demo(tmp_path, "--scenario", "atlantis")
    assert done.returncode == 1
    assert "songyuan-2020" in done.stderr


def test_a_port_that_is_taken_is_named(folder: Path, taken_port: int) -> None:
    done = run("demo", *SMALL, "--data", str(folder), "--port", str(taken_port))
    assert done.returncode == 1
    assert f"Port {taken_port} is taken" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_desk_is_served_and_ends_with_its_command(folder: Path, ending: signal.Signals) -> None:
    port = find_free_port()
    process = start("serve", "--data", str(folder), "--port", str(port))
    try:
        wait_until_open(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=60) as page:
            assert page.status == 200
    finally:
        process.send_signal(ending)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    assert f"http://127.0.0.1:{port}/" in stdout
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_nobody_builds_in_a_folder_that_is_being_served(folder: Path) -> None:
    port = find_free_port()
    process = start("serve", "--data", str(folder), "--port", str(port))
    try:
        wait_until_open(port)
        done = demo(folder, *SMALL, "--seed", "5")
        assert done.returncode == 1
        assert "Another muster" in done.stderr
        assert demo(folder, *SMALL).returncode == 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_a_city_lives_through_hours_in_seconds_and_every_fact_of_them_is_there_once(folder: Path) -> None:
    words = ("simulate", *SMALL, "--days", "0.25", "--speed", "5400", "--json", "--data", str(folder))
    done = run(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["is_sound"]
    assert not any(told["checks"].values())
    assert told["facts"]["taken"] > 10
    assert told["exercise"]["acts_failed"] == 0
