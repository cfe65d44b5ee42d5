"""What a roster is planned from, as plain values and arrays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from muster.duty.queries.spans import StandingDuties
from muster.duty.rules import DAY_MIN, BoolArray, IntArray, RestLimits

Position = tuple[float, float] | None
"""Longitude and latitude in degrees, where known."""


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """The shifts to be filled, as arrays of one length in the order of their numbers.

    Parameters
    ----------
    number, post, kind, pool
        Numbers of the rows: shift, post, kind of post, area of the pool.
    start_min, end_min
        Minutes since 1970.
    local_min
        Local minutes of the start, as in ``rules.DutySpans``.
    needed
        People.
    is_night
        Whether the pattern is a night.
    """

    number: IntArray
    post: IntArray
    kind: IntArray
    pool: IntArray
    start_min: IntArray
    end_min: IntArray
    needed: IntArray
    is_night: BoolArray
    local_min: IntArray

    @property
    def day(self) -> IntArray:
        """Local day of the start, as ``date.toordinal``."""
        return self.local_min // DAY_MIN

    def __len__(self) -> int:
        return len(self.number)


class Candidate(NamedTuple):
    """Somebody who serves and consented; paths are those of home and work, empty where unknown."""

    number: int
    code: str
    home_path: str
    work_path: str
    home_at: Position
    work_at: Position
    abilities: frozenset[str]
    restrictions: frozenset[str]
    max_week_min: int | None


class KindNeeds(NamedTuple):
    """What a kind of post asks for: abilities needed, restrictions that bar."""

    abilities: frozenset[str]
    barred_by: frozenset[str]


class PoolNeed(NamedTuple):
    """An area whose people staff posts, the minutes a week that these need, and their shortest shift."""

    number: int
    path: str
    week_min: int
    shortest_min: int


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Everything that a roster of a span is planned from.

    Parameters
    ----------
    starts_on, ends_on
        Half-open span of local days.
    shifts
        What is to be filled.
    people
        Who serves and has something to do with the pools, in the order of their codes.
    paired, seated
        Paths of the areas that a person's organizations are paired with, and of where they are seated, by
        number of the person.
    pools
        The pools of the posts in the planned area.
    absences
        Half-open spans of days (``date.toordinal``) by number of the person.
    standing
        The duties of these people, and of whoever stands on the shifts, within reach of the span, in every emergency.
    kinds, posts_at
        What kinds of post need, and where posts are, by number.
    limits
        The limits of rest.
    parts
        Digest of each part by name, to tell what has changed.
    """

    starts_on: date
    ends_on: date
    shifts: Shifts
    people: Sequence[Candidate]
    paired: Mapping[int, Sequence[str]]
    seated: Mapping[int, Sequence[str]]
    pools: Sequence[PoolNeed]
    absences: Mapping[int, Sequence[tuple[int, int]]]
    standing: StandingDuties
    kinds: Mapping[int, KindNeeds]
    posts_at: Mapping[int, Position]
    limits: RestLimits
    parts: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Digest of the whole."""
        return digest_of(sorted(self.parts.items()))


def digest_of(value: Any) -> str:
    """Return the SHA-256 digest of plain values, their order included."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return sets in order, and days and whatever else as their text."""
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
