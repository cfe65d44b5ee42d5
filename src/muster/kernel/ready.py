"""Queries that come with every report: put into words once, and from then on only asked.

Django makes the statement of a query anew each time that it is asked, which takes longer than the database takes to
answer it. What a server is asked hundreds of times a second is made ready once a process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

EXAMPLE = 2**62 - 1
"""A number that no row has and no query says."""

_Converters = Sequence[tuple[int, Any, Sequence[Callable[..., Any]]]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of one database, where its value goes, and how its columns are read."""

    sql: str
    parameters: Sequence[Any]
    places: Sequence[int]
    converters: _Converters

    def fill(self, value: object) -> list[Any]:
        filled = list(self.parameters)
        for place in self.places:
            filled[place] = value
        return filled

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, expression, converters in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)


class ReadyQuery:
    """A query over one value, such as what stands under a number.

    Parameters
    ----------
    make
        From a value to the query, as tuples (``values_list``).
    example
        A value that nothing else in the query equals: its place is where the real ones go.
    """

    def __init__(self, make: Callable[[Any], QuerySet[Any, Any]], example: object) -> None:
        self._make, self._example = make, example
        self._statements: dict[str, _Statement] = {}

    def ask(self, value: object) -> list[tuple[Any, ...]]:
        """Return the rows of the query over a value, one that the database itself takes."""
        statement = self._statements.get(connection.vendor)
        if statement is None:
            statement = self._statements[connection.vendor] = self._put_into_words()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.fill(value))
            rows = cursor.fetchall()
        return [statement.read(row) for row in rows]

    def _put_into_words(self) -> _Statement:
        compiler = self._make(self._example).query.get_compiler(connection.alias)
        sql, parameters = compiler.as_sql()
        places = [place for place, parameter in enumerate(parameters) if parameter == self._example]
        converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
        listed = [(place, expression, list(own)) for place, (own, expression) in converters.items()]
        return _Statement(sql, tuple(parameters), places, listed)
