"""Inserting many rows: the one way in which every room writes thousands of new rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from muster.kernel.batches import batches

_CHUNK_ROWS = 20_000
_PLAIN_FIELDS = frozenset(
    {
        models.BooleanField,
        models.CharField,
        models.FloatField,
        models.ForeignKey,
        models.IntegerField,
        models.OneToOneField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
    }
)
"""Kinds of field whose values go to the database as they are; all others are asked to prepare theirs."""

_PARAMETERS = 990
"""Values in one statement: SQLite's older builds take at most 999."""

_Prepare = Callable[[Any], Any]


def insert_rows(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
) -> int:
    """Insert rows of one model, several times faster than as objects: all of them or none.

    One prepared statement on SQLite, COPY on PostgreSQL. Constraints hold as ever, and encrypted fields are
    encrypted; numbers of the new rows are not returned.

    Parameters
    ----------
    model
        Whose rows.
    fields
        Names of the fields that differ from row to row; those of a relation with ``_id``.
    rows
        One plain value a field, numbers as Python's own; read once, in chunks.
    same
        Values that all rows share. What is named in neither has the model's default.

    Returns
    -------
    int
        How many were inserted.

    Raises
    ------
    IntegrityError
        If a row breaks a constraint.
    """
    given = [_find_field(model, name) for name in fields]
    shared = _shared_values(model, given, same or {})
    columns = [str(field.column) for field in (*given, *shared)]
    prepared = _prepare_rows(rows, _list_preparers(given), list(shared.values()))
    count = 0
    with transaction.atomic(), connection.cursor() as cursor:
        write = _copy if connection.vendor == "postgresql" else _execute
        for chunk in batches(prepared, _CHUNK_ROWS):
            write(cursor, model._meta.db_table, columns, chunk)
            count += len(chunk)
    return count


def insert_once(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: str,
    same: Mapping[str, Any] | None = None,
) -> set[Any]:
    """Insert the rows whose key is not there yet, and return the keys of those.

    Two that bring one key at the same moment insert it once, and only one of them is told so. Rows go in by
    the order of their keys, so that two such batches never wait for each other in a circle.

    Parameters
    ----------
    model, fields, rows, same
        As in ``insert_rows``.
    key
        Name of a unique field among ``fields``.

    Raises
    ------
    IntegrityError
        If a row breaks another constraint.
    """
    given = [_find_field(model, name) for name in fields]
    shared = _shared_values(model, given, same or {})
    columns = [str(field.column) for field in (*given, *shared)]
    at = list(fields).index(key)
    prepared = list(_prepare_rows(sorted(rows, key=lambda row: row[at]), _list_preparers(given), list(shared.values())))
    place = f"({', '.join(['%s'] * len(columns))})"
    into = f"INSERT INTO {_quote([model._meta.db_table])} ({_quote(columns)}) VALUES "  # noqa: S608  # the models' own names
    once = f" ON CONFLICT ({_quote([columns[at]])}) DO NOTHING RETURNING {_quote([columns[at]])}"
    inserted: set[Any] = set()
    with connection.cursor() as cursor:
        for chunk in batches(prepared, max(1, _PARAMETERS // len(columns))):
            values = [value for row in chunk for value in row]
            cursor.execute(into + ", ".join([place] * len(chunk)) + once, values)
            inserted.update(given[at].to_python(row[0]) for row in cursor.fetchall())
    return inserted


def _find_field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is not a column.")
    return field


def _shared_values(
    model: type[models.Model], given: Sequence[models.Field[Any, Any]], same: Mapping[str, Any]
) -> dict[models.Field[Any, Any], Any]:
    """Return what all rows have in the fields that are not given row by row, ready for the database."""
    named = {_find_field(model, name): value for name, value in same.items()}
    shared: dict[models.Field[Any, Any], Any] = {}
    for field in model._meta.concrete_fields:
        if field in given or field.generated or isinstance(field, models.AutoField):
            continue
        value = named[field] if field in named else field.get_default()
        shared[field] = field.get_db_prep_save(value, connection)
    return shared


def _list_preparers(given: Sequence[models.Field[Any, Any]]) -> list[tuple[int, _Prepare]]:
    return [(at, _preparer(field)) for at, field in enumerate(given) if type(field) not in _PLAIN_FIELDS]


def _preparer(field: models.Field[Any, Any]) -> _Prepare:
    return lambda value: field.get_db_prep_save(value, connection)


def _prepare_rows(
    rows: Iterable[Sequence[Any]], preparers: list[tuple[int, _Prepare]], shared: list[Any]
) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for at, prepare in preparers:
            values[at] = prepare(values[at])
        values += shared
        yield values


def _quote(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _execute(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_quote([table])} ({_quote(columns)}) VALUES ({places})"  # noqa: S608  # the models' own names
    cursor.executemany(statement, rows)


def _copy(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
    statement = f"COPY {_quote([table])} ({_quote(columns)}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
