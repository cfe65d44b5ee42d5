"""Taking things in batches: queries by code and bulk writes have a size that the databases bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

QUERY_CODES = 900
"""How many codes or numbers one query asks for: SQLite takes at most 999 parameters in its oldest builds."""

_Item = TypeVar("_Item")


def batches(items: Iterable[_Item], size: int = QUERY_CODES) -> Iterator[list[_Item]]:
    """Yield the items in lists of at most ``size``, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
