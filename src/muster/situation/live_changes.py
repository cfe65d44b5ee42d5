"""What changed since the last look, read from the rows that acts and reports leave behind: no row is written for it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from muster.clocks.models import Gap, GapStep
from muster.coverage.models import Appointment, PairingStep
from muster.duty.models import CheckIn, Duty, Shift
from muster.emergencies.models import Emergency
from muster.kernel import clock
from muster.kernel.models import AuditEntry
from muster.needs.models import Need, NeedStep
from muster.plans.models import Plan
from muster.territory.models import Area

EVERYWHERE = ""
"""The path that every area lies beneath."""
MOST_ROWS = 500
"""Of more rows of a kind than this it is not told where they are: it may be everywhere."""
PATIENCE_S = 60.0
"""So long a row may come that has a lower number than others that were seen: it was written in a longer act."""
LATE = timedelta(seconds=30)
"""So long an act may wait for the database after it read the clock."""
CLOSED_EVERY_S = 1.0
"""Gaps close with rows of other kinds beside them; those that only time closes are looked for so often."""
_LOOKED_BACK = 200


def stamp() -> int:
    """Return the mark of the present moment, from which on somebody wants to be told (milliseconds, real time)."""
    return time.time_ns() // 1_000_000


class Topic(StrEnum):
    """What a part of a screen can be about."""

    COVERAGE = "coverage"
    GAPS = "gaps"
    POSTS = "posts"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class Stir:
    """Something changed at the path of an area."""

    topic: Topic
    path: str

    def touches(self, path: str) -> bool:
        """Tell whether it lies in an area or beneath it, or may."""
        return not self.path or self.path.startswith(path)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of row that is only ever added: what it is about, and how its area is found."""

    model: type[Model]
    topics: tuple[Topic, ...]
    path: str

    @property
    def table(self) -> str:
        """Return its table."""
        return self.model._meta.db_table


SOURCES = (
    Source(Appointment, (Topic.COVERAGE,), "area__path"),
    Source(PairingStep, (Topic.COVERAGE,), "pairing__area__path"),
    Source(Gap, (Topic.GAPS,), "area__path"),
    Source(GapStep, (Topic.GAPS,), "gap__area__path"),
    Source(Shift, (Topic.POSTS,), "post__area__path"),
    Source(Duty, (Topic.POSTS,), "shift__post__area__path"),
    Source(CheckIn, (Topic.POSTS, Topic.GAPS), "duty__shift__post__area__path"),
    Source(Need, (Topic.NEEDS,), "area__path"),
    Source(NeedStep, (Topic.NEEDS, Topic.GAPS), "need__area__path"),
)
_ALL = tuple(Topic)
_ACTS: Mapping[str, tuple[tuple[Topic, ...], type[Model], str, str]] = {
    "area": ((Topic.COVERAGE, Topic.GAPS), Area, "code", "path"),
    "shifts": ((Topic.POSTS, Topic.GAPS), Area, "code", "path"),
    "duty": ((Topic.POSTS, Topic.GAPS), Duty, "pk", "shift__post__area__path"),
    "plan": (_ALL, Plan, "pk", "area__path"),
    "emergency": (_ALL, Emergency, "code", "area__path"),
}
"""What acts of the audit trail change, by the kind of their subject: how it is named, and where its path is."""


@dataclass
class Numbers:
    """Numbers of rows that were seen. A later one may be seen first: it is waited for the earlier a while.

    Parameters
    ----------
    floor
        Every number up to it was seen, or is not waited for any more.
    """

    floor: int
    _seen: set[int] = field(default_factory=set)
    _lacking_since_s: float | None = None

    @property
    def is_lacking(self) -> bool:
        """Tell whether earlier numbers than the highest may yet come."""
        return bool(self._seen)

    @property
    def top(self) -> int:
        """Return the highest that was seen."""
        return max(self._seen, default=self.floor)

    def take(self, numbers: Iterable[int], now_s: float) -> set[int]:
        """Take what stands above the floor, and return what was not seen before."""
        new = set(numbers) - self._seen
        self._seen |= new
        while self.floor + 1 in self._seen:
            self.floor += 1
            self._seen.remove(self.floor)
        if not self._seen:
            self._lacking_since_s = None
        elif self._lacking_since_s is None:
            self._lacking_since_s = now_s
        elif now_s - self._lacking_since_s > PATIENCE_S:
            self.jump(self.top)
        return new

    def jump(self, top: int) -> None:
        """Wait for nothing up to a number."""
        self.floor = max(top, self.floor)
        self._seen = {number for number in self._seen if number > self.floor}
        self._lacking_since_s = None


class ChangeReader:
    """Reads what changed since it last read: one query where nothing did."""

    def __init__(self) -> None:
        self._numbers: dict[str, Numbers] = {}
        self._looked_at: datetime | None = None
        self._closed_read_s = 0.0
        self._closed: set[int] = set()
        tops = (f'(SELECT MAX(id) FROM "{each.table}")' for each in (*SOURCES, _AUDIT))  # noqa: S608  # our own tables
        self._tops_query = f"SELECT {', '.join(tops)}"

    def forget(self) -> None:
        """Begin anew at the present."""
        self._numbers.clear()
        self._closed.clear()
        self._looked_at = None

    def read(self) -> frozenset[Stir]:
        """Read what changed since the last time; nothing at the first."""
        tops = self._read_tops()
        now_s = time.monotonic()
        if not self._numbers:
            self._numbers = {source.table: _begin(source, tops[source.table], now_s) for source in (*SOURCES, _AUDIT)}
            self._read_closed()
            return frozenset()
        has_rows = any(tops[table] > numbers.top for table, numbers in self._numbers.items())
        stirs: set[Stir] = set()
        if has_rows or now_s - self._closed_read_s > CLOSED_EVERY_S:
            self._closed_read_s = now_s
            stirs |= self._read_closed()
        for source in SOURCES:
            stirs |= {Stir(topic, path) for path in self._read_paths(source, tops, now_s) for topic in source.topics}
        return frozenset(stirs | self._read_acts(tops, now_s))

    def _read_tops(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(self._tops_query)
            row = cursor.fetchone()
        return {source.table: top or 0 for source, top in zip((*SOURCES, _AUDIT), row, strict=True)}

    def _read_new(self, source: Source, tops: Mapping[str, int], now_s: float, *fields: str) -> Sequence[Any] | None:
        """Return the fields of rows that are new; None where they are too many to be told one by one."""
        numbers, top = self._numbers[source.table], tops[source.table]
        if top <= numbers.top and not numbers.is_lacking:
            return ()
        rows = list(_above(source.model, numbers.floor).values_list("pk", *fields)[: MOST_ROWS + 1])
        if len(rows) > MOST_ROWS:
            numbers.jump(top)
            return None
        new = numbers.take((row[0] for row in rows), now_s)
        return [row[1:] for row in rows if row[0] in new]

    def _read_paths(self, source: Source, tops: Mapping[str, int], now_s: float) -> set[str]:
        rows = self._read_new(source, tops, now_s, source.path)
        # A step whose need has not come yet is nowhere, and is told when the need is.
        return {EVERYWHERE} if rows is None else {path for (path,) in rows if path is not None}

    def _read_acts(self, tops: Mapping[str, int], now_s: float) -> set[Stir]:
        rows = self._read_new(_AUDIT, tops, now_s, "subject_kind", "subject_id")
        if rows is None:
            return {Stir(topic, EVERYWHERE) for topic in Topic}
        stirs = set()
        for kind, (topics, model, key, path) in _ACTS.items():
            subjects = {subject for each, subject in rows if each == kind}
            paths = _find_paths(model, key, path, subjects)
            stirs |= {Stir(topic, found) for found in paths for topic in topics}
        return stirs

    def _read_closed(self) -> set[Stir]:
        """Read which gaps have closed: they leave a moment behind, and no row of their own."""
        now = clock.now()
        since = min(now, self._looked_at or now) - LATE * clock.read_speed()
        self._looked_at = now
        closed = Gap.objects.filter(closed_at__gt=since).order_by().values_list("pk", "area__path")
        rows = dict(closed[: MOST_ROWS + 1])
        new, self._closed = rows.keys() - self._closed, set(rows)
        if len(rows) > MOST_ROWS:
            return {Stir(Topic.GAPS, EVERYWHERE)} if new else set()
        return {Stir(Topic.GAPS, rows[pk]) for pk in new}


_AUDIT = Source(AuditEntry, (), "")


def _above(model: type[Model], floor: int) -> QuerySet[Any]:
    return model._default_manager.filter(pk__gt=floor).order_by("pk")


def _begin(source: Source, top: int, now_s: float) -> Numbers:
    """Begin a little before the present: acts may be under way whose rows have numbers already."""
    numbers = Numbers(max(0, top - _LOOKED_BACK))
    numbers.take(_above(source.model, numbers.floor).values_list("pk", flat=True), now_s)
    return numbers


def _find_paths(model: type[Model], key: str, path: str, subjects: Collection[str]) -> set[str]:
    if not subjects:
        return set()
    return set(model._default_manager.filter(**{f"{key}__in": subjects}).values_list(path, flat=True))
