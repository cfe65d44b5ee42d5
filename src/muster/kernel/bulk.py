"""Inserting many rows: the one way in which every room writes thousands of new rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.backends.utils import CursorWrapper

from muster.kernel.batches import batches

_CHUNK_ROWS = 20_000
_PLAIN_FIELDS = frozenset(
    {
        models.BigIntegerField,
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
_POSTGRESQL_FIELDS = _PLAIN_FIELDS | {models.DateTimeField, models.UUIDField}
"""The same where the database knows moments and ids by itself."""

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
    """Insert the rows whose key is not there yet, and return the keys of those; see ``OnceInsert``."""
    return OnceInsert(model, fields, rows, key=key, same=same).write()


class OnceInsert:
    """Rows made ready to be inserted where their key is not there yet, so that a transaction only has to write them.

    Two that bring one key at the same moment insert it once, and only one of them is told so. Rows go in by
    the order of their keys, so that two such batches never wait for each other in a circle.

    Parameters
    ----------
    model, fields, rows, same
        As in ``insert_rows``.
    key
        Name of a unique field among ``fields``.
    """

    def __init__(
        self,
        model: type[models.Model],
        fields: Sequence[str],
        rows: Sequence[Sequence[Any]],
        *,
        key: str,
        same: Mapping[str, Any] | None = None,
    ) -> None:
        given = [_find_field(model, name) for name in fields]
        shared = _shared_values(model, given, same or {})
        at = list(fields).index(key)
        ordered = sorted(rows, key=lambda row: row[at])
        self._fields = [*given, *shared]
        self._shared = list(shared.values())
        self._rows = list(_prepare_rows(ordered, _list_preparers(given), []))
        self._key_of = {values[at]: row[at] for values, row in zip(self._rows, ordered, strict=True)}
        columns = [str(field.column) for field in self._fields]
        self._into = f"INSERT INTO {_quote([model._meta.db_table])} ({_quote(columns)}) "
        self._once = f" ON CONFLICT ({_quote([columns[at]])}) DO NOTHING RETURNING {_quote([columns[at]])}"

    def write(self) -> set[Any]:
        """Insert the rows and return the keys of those that were not there.

        Raises
        ------
        IntegrityError
            If a row breaks another constraint.
        """
        inserted: set[Any] = set()
        make = self._make_columns if connection.vendor == "postgresql" else self._make_rows
        with connection.cursor() as cursor:
            for what, values in make() if self._rows else ():
                cursor.execute(self._into + what + self._once, values)
                inserted.update(self._key_of[row[0]] for row in cursor.fetchall())
        return inserted

    def _make_rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield statements of as many rows as one may hold."""
        place = f"({', '.join(['%s'] * len(self._fields))})"
        for chunk in batches(self._rows, max(1, _PARAMETERS // len(self._fields))):
            yield (
                "VALUES " + ", ".join([place] * len(chunk)),
                [value for row in chunk for value in (*row, *self._shared)],
            )

    def _make_columns(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield one statement with a list a column: one with a place a value takes longer to read than to run."""
        types = [str(field.db_type(connection)) for field in self._fields]
        n_given = len(self._fields) - len(self._shared)
        lists = ", ".join(f"%s::{kind}[]" for kind in types[:n_given])
        shared = "".join(f", %s::{kind}" for kind in types[n_given:])
        what = f"SELECT given.*{shared} FROM unnest({lists}) AS given"  # noqa: S608  # the models' own names
        yield what, [*self._shared, *map(list, zip(*self._rows, strict=True))]


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
    plain = _POSTGRESQL_FIELDS if connection.vendor == "postgresql" else _PLAIN_FIELDS
    return [(at, _preparer(field)) for at, field in enumerate(given) if type(field) not in plain]


def _preparer(field: models.Field[Any, Any]) -> _Prepare:
    # Found once: asked for a field of every row, the way through the thread's own connection would take as long.
    own = connections[DEFAULT_DB_ALIAS]
    return lambda value: field.get_db_prep_save(value, own)


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
