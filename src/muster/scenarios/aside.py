"""Building a database beside the one in use, and putting it in its place only when it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from muster.kernel.errors import MusterError

_LOCK_NAME = "muster.lock"
_ASIDE_NAME = "demo-building.sqlite3"
_BUILDING_PRAGMAS = ("synchronous=OFF", "journal_mode=DELETE", "cache_size=-524288")
"""No write-ahead log: one huge transaction would write every page into it many times. The cache has 512 MiB."""
_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def hold_folder(folder: Path, *, is_alone: bool) -> Iterator[None]:
    """Hold a data folder: alone to build in it, together with others to serve from it.

    Parameters
    ----------
    folder
        The data folder; made where it is missing.
    is_alone
        Whether nobody else may hold it meanwhile.

    Raises
    ------
    MusterError
        If somebody else holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK_NAME).open("a") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MusterError(
                "Another muster is building or serving from this folder.",
                where=str(folder),
                remedy="Stop it first, or give another folder with --data.",
            ) from error
        yield


@contextmanager
def build_aside() -> Iterator[None]:
    """Point the embedded database at a file aside; put that in place at the end, or drop it on any error.

    Whoever stops the work at any moment leaves the database as it was. On PostgreSQL the caller's
    transaction does the same.
    """
    if connection.vendor != "sqlite":
        yield
        return
    standing = Path(connection.settings_dict["NAME"])
    aside = standing.with_name(_ASIDE_NAME)
    _remove(aside)
    connection.close()
    connection.settings_dict["NAME"] = str(aside)
    try:
        # Nothing can be lost that is not dropped anyway, until the file is put in place.
        with connection.cursor() as cursor:
            for pragma in _BUILDING_PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
        yield
        _settle()
        _remove_companions(standing)
        aside.replace(standing)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = standing
        _remove(aside)


def _settle() -> None:
    """Bring everything into the one file, and onto the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = connection.settings_dict["NAME"]
    connection.close()
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_companions(path)


def _remove_companions(path: Path) -> None:
    for ending in _COMPANIONS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
