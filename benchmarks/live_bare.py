"""The bare database doing the same inserts: the same rows, the same tables, the same commit, and nothing else."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg

_FACTS = "client_id, at, clock_off_s, is_for_other, is_synthetic, duty_id, kind, recorded_at, entered_by"
_AUDIT = "at, actor_id, actor_name, verb, subject_kind, subject_id, detail"
Rows = Sequence[Sequence[Any]]
Write = Callable[[Rows, Sequence[Any]], None]


@dataclass
class Bare:
    """A way to write to one database: opens a connection and returns what writes one transaction."""

    name: str
    open: Callable[[], tuple[Write, Callable[[], None]]]
    is_sqlite: bool


def open_bare(path: Path | None, url: str | None) -> list[Bare]:
    """Return the ways to write to the database; the fastest is the limit."""
    if url is None:
        assert path is not None
        return [Bare("executemany", lambda: _open_sqlite(path), is_sqlite=True)]
    return [
        Bare("executemany", lambda: _open_postgresql(url, has_one_statement=False), is_sqlite=False),
        Bare("one statement", lambda: _open_postgresql(url, has_one_statement=True), is_sqlite=False),
    ]


def _open_sqlite(path: Path) -> tuple[Write, Callable[[], None]]:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    facts = f"INSERT INTO duty_checkin ({_FACTS}) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (client_id) DO NOTHING"  # noqa: S608
    audit = f"INSERT INTO kernel_auditentry ({_AUDIT}) VALUES (?,?,?,?,?,?,?)"  # noqa: S608  # our own words

    def write(rows: Rows, entry: Sequence[Any]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(facts, rows)
        connection.execute(audit, entry)
        connection.execute("COMMIT")

    return write, connection.close


def _open_postgresql(url: str, *, has_one_statement: bool) -> tuple[Write, Callable[[], None]]:
    connection = psycopg.connect(url)
    place = "(" + ",".join(["%s"] * 9) + ")"
    head = f"INSERT INTO duty_checkin ({_FACTS}) VALUES "  # noqa: S608  # our own words
    once = " ON CONFLICT (client_id) DO NOTHING"
    audit = f"INSERT INTO kernel_auditentry ({_AUDIT}) VALUES (%s,%s,%s,%s,%s,%s,%s)"  # noqa: S608  # our own words

    def write(rows: Rows, entry: Sequence[Any]) -> None:
        with connection.cursor() as cursor:
            if has_one_statement:
                places = ",".join([place] * len(rows))
                cursor.execute(head + places + once, [value for row in rows for value in row])
            else:
                cursor.executemany(head + place + once, rows)
            cursor.execute(audit, entry)
        connection.commit()

    return write, connection.close


def press_bare(bare: Bare, city: dict[str, Any], *, writers: int, facts: int, seconds: float) -> float:
    """Return how many rows a second some writers bring to the disk."""
    counts = [0] * writers
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_write, args=(bare, city, facts, until, counts, number)) for number in range(writers)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def _write(bare: Bare, city: dict[str, Any], facts: int, until: float, counts: list[int], number: int) -> None:
    chance = Random(number + 7)
    write, close = bare.open()
    try:
        # Rows are made beforehand, and given new ids: what is measured is the database.
        ready = [_make_row(bare, city, chance) for _ in range(facts)]
        entry = _make_entry(bare, city, facts)
        for _ in itertools.count():
            if time.perf_counter() >= until:
                return
            write([(_make_id(bare, chance), *row) for row in ready], entry)
            counts[number] += facts
    finally:
        close()


def _make_id(bare: Bare, chance: Random) -> Any:
    one = uuid.UUID(int=chance.getrandbits(128), version=4)
    return one.hex if bare.is_sqlite else one


def _make_row(bare: Bare, city: dict[str, Any], chance: Random) -> list[Any]:
    now: Any = datetime.now(UTC)
    if bare.is_sqlite:
        now = now.replace(tzinfo=None).isoformat(" ")
    return [now, 0, True, False, chance.choice(city["duties"]), "in", now, city["account"]]


def _make_entry(bare: Bare, city: dict[str, Any], facts: int) -> list[Any]:
    now: Any = datetime.now(UTC)
    if bare.is_sqlite:
        now = now.replace(tzinfo=None).isoformat(" ")
    return [now, city["account"], "Office", "checked_in", "duties", str(facts), f'{{"taken": {facts}}}']
