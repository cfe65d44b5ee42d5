"""What is wrong around a command (database, folder, reader) is said in one paragraph, never as a traceback."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

# Shells that start commands in the background have them ignore Ctrl C; here it is meant.
_PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from muster.cli.main import main; main()"
)


def _surroundings() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MUSTER_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _run(folder: Path, *words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # our own words
        [sys.executable, "-c", _PROGRAM, *words, "--data", str(folder)],
        env={**_surroundings(), **surroundings},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize(
    "address",
    [
        "mysql://han:secret-word@db/x",
        "postgresql://han:secret-word@db:port/x",
        "secret-word",
        "postgresql://han:secret-word@127.0.0.1:1/x",
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path, address: str) -> None:
    outcome = _run(tmp_path, "status", DATABASE_URL=address)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("muster: ")
    assert "DATABASE_URL" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "secret-word" not in outcome.stderr


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "muster.sqlite3").write_bytes(b"no database at all" * 100)
    outcome = _run(tmp_path, "status")
    assert outcome.returncode == 1
    assert "not a database" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_database_that_somebody_else_has_changed_is_refused_in_words(tmp_path: Path) -> None:
    assert _run(tmp_path, "migrate").returncode == 0
    with sqlite3.connect(tmp_path / "muster.sqlite3") as connection:
        connection.execute("ALTER TABLE territory_area RENAME COLUMN name TO title")
    outcome = _run(tmp_path, "export", "areas")
    assert outcome.returncode == 1
    assert "no such column" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = _run(tmp_path / "file" / "data", "status")
    assert outcome.returncode == 1
    assert str(tmp_path / "file" / "data") in outcome.stderr
    assert "Traceback" not in outcome.stderr


def _wait_until_written_to(path: Path) -> None:
    """Wait until another process holds the write lock of a database."""
    for _ in range(600):
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return
            connection.execute("ROLLBACK")
        time.sleep(0.05)
    raise AssertionError("nobody wrote within 30 s")


def test_an_interrupted_import_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    rows = "".join(f"house,H{number},House {number},1\n" for number in range(60_000))
    (tmp_path / "list.csv").write_text(f"level,code,name,parent_code\ntown,1,Town,\n{rows}", encoding="utf-8")
    assert _run(tmp_path, "migrate").returncode == 0
    importing = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "import", "divisions", str(tmp_path / "list.csv"), "--data", str(tmp_path)],
        env=_surroundings(),
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_until_written_to(tmp_path / "muster.sqlite3")
    importing.send_signal(signal.SIGINT)
    _, said = importing.communicate(timeout=60)
    assert (importing.returncode, said) == (130, "muster: stopped; nothing half-done was kept.\n")
    with sqlite3.connect(tmp_path / "muster.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM territory_area").fetchone() == (0,)


def test_the_database_is_closed_to_others(tmp_path: Path) -> None:
    assert _run(tmp_path, "migrate").returncode == 0
    assert stat.S_IMODE((tmp_path / "muster.sqlite3").stat().st_mode) == 0o600


def test_secrets_are_closed_to_others_and_the_same_for_all_who_start_together(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    program = "from muster.config.environment import read_secret; print(read_secret('secret_key'))"

    def start(_: int) -> str:
        return subprocess.run(  # our own words
            [sys.executable, "-c", program],
            env={**os.environ, "MUSTER_DATA": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(start, range(4)))
    assert len(made) == 1
    assert len(made.pop().strip()) > 40
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
