"""Recognizing a list by its headings, and keeping what somebody confirmed: plain values, no database."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from muster.intake.kinds import IDENTITY
from muster.kernel.tables.headings import HEAD_WITHIN_ROWS, Head, find_name, fold, list_heads

NumberedRow = tuple[int, list[str]]

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}
_TEN = "十"
_MOST_DIGITS = 9
_LEAST_OF_IDENTITY = 6
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_BUILDING = re.compile(r"第?([0-9a-z]{1,4}|[零一二三四五六七八九十]{1,3})(?:号楼|号|栋|幢|座|楼|#|-|$)")
_UNIT = re.compile(r"第?([0-9a-z]{1,2}|[一二三四五六七八九十]{1,3})(?:单元|门栋|门洞|门|#|-|$)")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a sheet seems to be.

    Parameters
    ----------
    kind
        Slug of the kind of list.
    head
        Its head.
    columns
        For each column of the sheet that is understood, what it means.
    """

    kind: str
    head: Head
    columns: dict[int, str]


def recognize(
    rows: Sequence[NumberedRow], vocabularies: Mapping[str, Mapping[str, str]], telling: Mapping[str, set[str]]
) -> Recognition | None:
    """Recognize what a sheet lists, by the headings that offices use; None when nothing resembles a list.

    Parameters
    ----------
    rows
        The sheet from its first row.
    vocabularies
        For each kind, the meaning of each folded heading.
    telling
        For each kind, meanings that tell it from the others; each counts for two.
    """
    best: tuple[int, Recognition] | None = None
    for kind, names in vocabularies.items():
        for head in list_heads(rows, names):
            columns = map_columns(head.titles, names)
            said = set(columns.values())
            score = len(said) + len(said & telling[kind])
            if said & telling[kind] and len(said) > 1 and (best is None or score > best[0]):
                best = score, Recognition(kind, head, columns)
    return best[1] if best else None


def map_columns(titles: Sequence[str], names: Mapping[str, str]) -> dict[int, str]:
    """Return what each column means, by its place; of two that mean the same, the first."""
    columns: dict[int, str] = {}
    for place, title in enumerate(titles):
        name = find_name(title, names) if title else None
        if name and name not in columns.values():
            columns[place] = name
    return columns


def find_head_at(rows: Sequence[NumberedRow], position: int, names: Mapping[str, str]) -> Head | None:
    """Find the head that begins at a place somebody chose: of one line, or of two if they say more."""
    return next((head for head in list_heads(rows, names) if head.position == position), None)


def hide_identities(rows: Sequence[NumberedRow]) -> list[NumberedRow]:
    """Return rows without numbers of identity cards: not in a column of them, in whatever form, and nowhere else."""
    names = {fold(heading) for heading in IDENTITY.headings}
    places = {place for _, cells in rows[:HEAD_WITHIN_ROWS] for place, cell in enumerate(cells) if fold(cell) in names}

    def hide(place: int, cell: str) -> str:
        is_number = place in places and sum(map(str.isdigit, cell)) >= _LEAST_OF_IDENTITY
        return "" if is_number else _IDENTITY.sub("", cell)

    return [(number, [hide(place, cell) for place, cell in enumerate(cells)]) for number, cells in rows]


def sign_head(titles: Sequence[str]) -> str:
    """Return the signature of a head: the same for lists made from the same form."""
    return hashlib.sha256("\n".join(fold(title) for title in titles).rstrip("\n").encode()).hexdigest()


def seal(value: object) -> str:
    """Return a plain value as compact text, to be encrypted as one."""
    return base64.b85encode(zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 3)).decode()


def unseal(text: str) -> Any:
    """Return what was sealed."""
    return json.loads(zlib.decompress(base64.b85decode(text)))


def read_number(text: str) -> str:
    """Return a number of a building or unit as plain digits: ``十二`` and ``012`` are both ``12``."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain.isdecimal() and len(plain) <= _MOST_DIGITS:
        return str(int(plain))
    if plain and all(char in _DIGITS or char == _TEN for char in plain):
        tens, has_ten, ones = plain.rpartition(_TEN)
        if not has_ten:
            return str(int("".join(str(_DIGITS[char]) for char in plain)))
        return str((_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0))
    return plain


def read_building(text: str) -> tuple[str, str]:
    """Return the number of a building that a text begins with, or the empty string, and what follows."""
    return _take(_BUILDING, text)


def read_unit(text: str) -> tuple[str, str]:
    """Return the number of a unit that a text begins with, or the empty string, and what follows."""
    return _take(_UNIT, text)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    plain = fold_place(text)
    found = pattern.match(plain)
    return (read_number(found[1]), plain[found.end() :]) if found else ("", plain)


@lru_cache(maxsize=65_536)
def fold_place(text: str) -> str:
    """Return the name of a place as it is compared: one width, without blanks and the marks between its parts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s,，。、·/]+", "", plain)


def list_shorter(text: str) -> Iterator[str]:
    """List the beginnings of a text, the longest first, down to two characters."""
    return (text[:length] for length in range(len(text), 1, -1))
