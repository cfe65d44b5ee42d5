"""Where and when a measure is taken, what a measure is, and what its rows look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from statistics import pstdev

import numpy as np
from django.db.models import QuerySet

from muster.duty.models import Shift
from muster.duty.queries.fairness import Loads, count_loads
from muster.duty.queries.gaps import unfilled_shifts
from muster.duty.queries.rest import RestViolation, find_rest_violations
from muster.duty.queries.spans import (
    EpochMinutes,
    StandingDuties,
    is_whole,
    local_days,
    planned_duties,
    read_duties,
    shifts_of,
)
from muster.duty.rules import IntArray
from muster.emergencies.models import Emergency
from muster.kernel.errors import NotFoundError
from muster.territory.models import Area

_COUNTS = ("needed", "rostered")

Cell = str | int | float | datetime | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Scope:
    """Where and when measures are taken. Several measures of one scope share what they read.

    Parameters
    ----------
    emergency
        Which emergency; None where none is active, and only what is recorded can be counted.
    area
        The area, with all beneath it.
    now
        As of when.
    """

    emergency: Emergency | None
    area: Area
    now: datetime

    @property
    def event(self) -> Emergency:
        """The emergency.

        Raises
        ------
        NotFoundError
            If none is active.
        """
        if self.emergency is None:
            raise NotFoundError("No emergency is active here.", where=self.area.code, remedy="Activate one first.")
        return self.emergency

    @cached_property
    def standing(self) -> StandingDuties:
        """Every planned duty here, read once for all measures of it."""
        return read_duties(planned_duties(self.event, self.area))

    @property
    def person_days(self) -> tuple[IntArray, IntArray]:
        """Local day of the start and number of the person of every planned duty."""
        return self.standing.spans.day, self.standing.spans.person

    @cached_property
    def shift_days(self) -> IntArray:
        """The local days on which some shift that needs people starts, in order."""
        shifts = shifts_of(self.event, self.area).filter(needed__gt=0)
        starts = shifts.order_by().values_list(EpochMinutes("starts_at"), flat=True).distinct()
        return np.unique(local_days(np.array(list(starts), np.int64)))

    @property
    def unfilled_shifts(self) -> QuerySet[Shift]:
        """The shifts that lack people."""
        return unfilled_shifts(shifts_of(self.event, self.area))

    @cached_property
    def unfilled(self) -> list[tuple[int, int]]:
        """How many people each shift that lacks some needs, and has."""
        return list(self.unfilled_shifts.values_list(*_COUNTS))

    @cached_property
    def loads(self) -> tuple[Loads, Loads]:
        """What people carried in the four weeks up to now, and with all that is planned."""
        return count_loads(self.standing, self.now)

    @cached_property
    def violations(self) -> list[RestViolation]:
        """Every broken rule of rest, overridden ones too."""
        whole = self.standing if is_whole(self.event, self.area) else None
        return find_rest_violations(self.event, self.area, standing=whole)


class Form(StrEnum):
    """How a measure's value follows from its rows."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    SUM = "sum"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a measure's rows, in the two languages."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A defined figure that opens its rows.

    Parameters
    ----------
    name
        As in ``muster status --json``.
    zh, en
        What it is called.
    form
        How the value follows from the rows: how many there are, or the share, the mean, the sum or
        the standard deviation of ``counted``. No rows give 0.
    columns
        Columns of the rows.
    value
        Takes the measure, by its own way through the database.
    rows
        Gives the rows that the value was counted from, each with a cell for each column.
    counted
        For every form but a count, the column that is counted: 0 or 1 for a share.
    """

    name: str
    zh: str
    en: str
    form: Form
    columns: tuple[Column, ...]
    value: Callable[[Scope], float | int]
    rows: Callable[[Scope], Iterable[Row]]
    counted: str = field(default="")

    def count_rows(self, rows: Iterable[Row]) -> float | int:
        """Return the value that follows from the rows."""
        listed = list(rows)
        if self.form is Form.COUNT or not listed:
            return len(listed)
        at = [column.name for column in self.columns].index(self.counted)
        if self.form is Form.SPREAD:
            return pstdev(float(cell) for row in listed if isinstance(cell := row[at], int | float))
        total = sum(float(cell) for row in listed if isinstance(cell := row[at], int | float))
        return int(total) if self.form is Form.SUM else total / len(listed)
