"""Whether two needs may be one that was asked twice: near in place and time, of one kind, in similar words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from muster.territory.rules import STEP_CHARS

WITHIN = timedelta(hours=12)
ALIKE_FROM = 0.6
"""Likeness from which two needs are shown as a pair."""
_SAME_WORDS_FROM = 0.5
_NEAR_STEPS = 2
"""So many levels up, two doors still lie in one building or compound."""


class Asked(NamedTuple):
    """A need as it is compared.

    Parameters
    ----------
    number, at, path, kind, words
        Its row, when it was asked, where, what, and in which words.
    """

    number: int
    at: datetime
    path: str
    kind: str
    words: str


class Likeness(StrEnum):
    """What two needs have in common."""

    SAME_DOOR = "same_door"
    NEARBY = "nearby"
    SAME_KIND = "same_kind"
    SAME_WORDS = "same_words"
    SIMILAR_WORDS = "similar_words"


class Pair(NamedTuple):
    """Two needs that may be one, the older first, how alike they are (0 to 1), and in what."""

    older: int
    newer: int
    score: float
    likenesses: tuple[Likeness, ...]


def find_alike(needs: Iterable[Asked]) -> list[Pair]:
    """Find the pairs that may be one need, most alike first.

    Compared are only needs of doors that lie near one another, asked within ``WITHIN``: what was asked at
    opposite ends of a city is never one, however alike its words.
    """
    near: dict[str, list[Asked]] = defaultdict(list)
    for need in sorted(needs, key=lambda need: (need.at, need.number)):
        near[_neighborhood(need.path)].append(need)
    pairs = [pair for group in near.values() for pair in _compare_all(group)]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.older, pair.newer))


def _neighborhood(path: str) -> str:
    # Above the doors there is no compound to share: two needs of a township without a door are compared as they are.
    return path[: -_NEAR_STEPS * STEP_CHARS] if len(path) > 5 * STEP_CHARS else path


def _compare_all(group: Sequence[Asked]) -> Iterator[Pair]:
    for older, newer in combinations(group, 2):
        if newer.at - older.at <= WITHIN:
            pair = compare(older, newer)
            if pair.score >= ALIKE_FROM:
                yield pair


def compare(older: Asked, newer: Asked) -> Pair:
    """Return how alike two needs are, and in what.

    Place counts for 0.3 at one door and 0.15 nearby, kind for 0.2, words for up to 0.4, and the hours between
    them for up to 0.1. Without words on either side, one door and one kind within an hour are alike enough.
    """
    is_same_door, is_same_kind = older.path == newer.path, older.kind == newer.kind
    words = compare_words(older.words, newer.words)
    closeness = 1 - (newer.at - older.at) / WITHIN
    likenesses = [
        Likeness.SAME_DOOR if is_same_door else Likeness.NEARBY,
        *([Likeness.SAME_KIND] if is_same_kind else []),
        *([Likeness.SAME_WORDS] if words == 1 else [Likeness.SIMILAR_WORDS] if words >= _SAME_WORDS_FROM else []),
    ]
    score = (0.3 if is_same_door else 0.15) + 0.2 * is_same_kind + 0.4 * words + 0.1 * closeness
    if is_same_door and is_same_kind and not (older.words and newer.words):
        score = 0.5 + 0.2 * closeness**12
    return Pair(older.number, newer.number, round(min(score, 1.0), 3), tuple(likenesses))


def compare_words(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1: Dice's coefficient of the pairs of neighboring characters.

    Chinese is written without spaces, so that characters serve where other languages have words (Dice 1945).
    """
    first, second = _bigrams(one), _bigrams(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _bigrams(text: str) -> set[str]:
    plain = "".join(re.findall(r"\w", text.lower()))
    return {plain[at : at + 2] for at in range(len(plain) - 1)} or ({plain} if plain else set())
