"""Pages of long lists by key: a page begins after a row, and no row before it is read again.

A list is one or more segments, one after the other, each with an order of its own. A page further on is asked for
by the row that the one before ended with; its keys are looked up, so that nobody's name stands in an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a list.

    Parameters
    ----------
    rows
        Which; no row may lie in two segments of a list.
    keys
        Fields or annotations, never null, by which they are ordered, falling where it begins with ``-``; the number of
        the row comes last of itself.
    """

    rows: QuerySet[Any]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """The numbers of the rows of one page, and whether more follow."""

    numbers: Sequence[int]
    has_more: bool


def read_key_page(segments: Sequence[Segment], *, after: int | None, limit: int) -> KeyPage:
    """Read a page of a list.

    Parameters
    ----------
    segments
        The list.
    after
        Number of the row that the page before ended with; None, or one that is no longer in the list, begins anew.
    limit
        How many rows a page has.
    """
    first, keys = _find_place(segments, after)
    numbers: list[int] = []
    for at, segment in enumerate(segments[first:], first):
        rows = segment.rows.filter(_following(segment.keys, keys)) if at == first and keys else segment.rows
        ordered = rows.order_by(*map(_ordering, segment.keys), "pk").values_list("pk", flat=True)
        numbers += ordered[: limit + 1 - len(numbers)]
        if len(numbers) > limit:
            break
    return KeyPage(numbers[:limit], len(numbers) > limit)


def _find_place(segments: Sequence[Segment], after: int | None) -> tuple[int, tuple[Any, ...]]:
    """Return the segment in which a row lies, and its keys with its number; the beginning where it is in none."""
    if after is not None:
        for at, segment in enumerate(segments):
            found = segment.rows.filter(pk=after).order_by().values_list(*map(_bare, segment.keys), "pk").first()
            if found is not None:
                return at, tuple(found)
    return 0, ()


def _following(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the filter for rows after one: a bound on the first key, which an index takes, and what lies within."""
    condition = Q(pk__gt=values[-1])
    for key, value in zip(reversed(keys), reversed(values[:-1]), strict=True):
        beyond, bound = ("lt", "lte") if key.startswith("-") else ("gt", "gte")
        name = _bare(key)
        condition = Q(**{f"{name}__{bound}": value}) & (Q(**{f"{name}__{beyond}": value}) | condition)
    return condition


def _ordering(key: str) -> Any:
    return F(_bare(key)).desc() if key.startswith("-") else F(key).asc()


def _bare(key: str) -> str:
    return key.removeprefix("-")
