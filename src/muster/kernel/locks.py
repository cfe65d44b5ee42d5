"""Locks on names of things that may not have a row yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def hold_names(kind: str, names: Iterable[object], *, is_shared: bool = False) -> None:
    """Hold names of a kind until the transaction ends, so that two who act on one of them come one by one.

    On PostgreSQL, where a row that is not there cannot be locked. A transaction of SQLite is the only one that
    writes from its beginning on, and has no need of it.

    Parameters
    ----------
    kind
        What the names are of; the same name of another kind is another.
    names
        Taken in one order, so that nobody waits in a circle.
    is_shared
        Whether others who share them may act at the same time; only who holds them alone keeps these out.
    """
    if connection.vendor != "postgresql":
        return
    wanted = sorted({f"{kind}:{name}" for name in names})
    lock = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name", [wanted])  # noqa: S608  # one of two words
