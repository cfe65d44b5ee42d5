"""Searching rows that have a code, a name and its pinyin, in the same way for areas, people and organizations."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

_Row = TypeVar("_Row", bound=Model)
_LAST = "\U0010ffff"


def search_rows(rows: QuerySet[_Row], text: str, *, limit: int) -> list[_Row]:
    """Search rows: those whose code begins with what was typed, then those whose name or pinyin holds it.

    Each half walks one index, which ``code``, ``name`` and ``pinyin`` therefore need, in its order, and stops when
    it has found enough: a million names that do not fit are passed over without reading their rows.

    Parameters
    ----------
    rows
        Among which, in any order.
    text
        The beginning of a code, a part of a name, or a part of its pinyin or initials, with or without spaces.
    limit
        At most so many are returned.
    """
    typed = text.strip().lower()
    if not typed:
        return []
    found = list(rows.filter(_begins(typed)).order_by("code").values_list("pk", flat=True)[:limit])
    if len(found) < limit:
        column = "pinyin" if typed.isascii() else "name"
        found += rows.filter(_holds(typed)).order_by(column, "pk").values_list("pk", flat=True)[:limit]
    # Read whole only now: joined while searching, another table would lead the way.
    whole = rows.in_bulk(list(dict.fromkeys(found))[:limit])
    return [whole[pk] for pk in dict.fromkeys(found) if pk in whole]


def list_matches(text: str) -> list[Q]:
    """List the filters of what ``search_rows`` finds, each with an index: codes that begin so, names that hold it."""
    typed = text.strip().lower()
    return [_begins(typed), _holds(typed)]


def _holds(typed: str) -> Q:
    if not typed.isascii():
        return Q(name__icontains=typed)
    together = typed.replace(" ", "")
    return Q(pinyin__contains=typed) if together == typed else Q(pinyin__contains=typed) | Q(pinyin__contains=together)


def _begins(typed: str) -> Q:
    begins = Q()
    for code in {typed, typed.upper()}:
        if connection.vendor == "sqlite":
            # Its LIKE, which ignores case, reads every code; a range finds them.
            begins |= Q(code__gte=code, code__lt=code + _LAST)
        else:
            begins |= Q(code__startswith=code)
    return begins
