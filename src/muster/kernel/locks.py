"""Locks on names of things that may not have a row yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def hold_names(kind: str, names: Iterable[object]) -> None:
    """Hold names of a kind until the transaction ends, so that two who act on one of them come one by one.

    On PostgreSQL, where a row that is not there cannot be locked. A transaction of SQLite is the only one that
    writes from its beginning on, and has no need of it.

    Parameters
    ----------
    kind
        What the names are of; the same name of another kind is another.
    names
        Taken in one order, so that nobody waits in a circle.
    """
    if connection.vendor != "postgresql":
        return
    wanted = sorted({f"{kind}:{name}" for name in names})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name", [wanted]
        )
