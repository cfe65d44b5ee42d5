"""Statistics that the database joins by: of rows written a moment ago in bulk it has none."""

from __future__ import annotations

from django.db import connection, transaction

_SAMPLED_ROWS = 1_000
"""Entries of an index that SQLite looks at: milliseconds on any size, and near enough to choose an index."""


def take_statistics() -> None:
    """Let the database count its rows now, as far as they are written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_SAMPLED_ROWS}")
        cursor.execute("ANALYZE")


def take_statistics_after_commit() -> None:
    """Let the database count its rows once the caller's transaction stands; after every write in bulk.

    Without it SQLite was seen to read a million gaps for a township that has five thousand.
    """
    # Once is enough for a transaction, however many lists it writes.
    if not any(take_statistics in entry for entry in connection.run_on_commit):
        transaction.on_commit(take_statistics)
