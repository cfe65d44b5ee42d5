"""Measures: defined figures, each with the rows that it was counted from.

``MEASURES`` names them all. ``read_measures`` takes them all at one moment; a screen that shows a figure
links to ``find_measure(name).rows(Scope(emergency, area, now))``.
"""

from __future__ import annotations

from datetime import datetime

from muster.emergencies.models import Emergency
from muster.kernel.errors import NotFoundError
from muster.situation.measures import coverage, duties, fairness, records
from muster.situation.measures.scope import Cell, Column, Form, Measure, Row, Scope
from muster.territory.models import Area

__all__ = [
    "MEASURES",
    "Cell",
    "Column",
    "Form",
    "Measure",
    "Row",
    "Scope",
    "find_measure",
    "read_measures",
    "read_records",
]

MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (*coverage.MEASURES, *duties.MEASURES, *fairness.MEASURES, *records.MEASURES)
}


def read_measures(*, emergency: Emergency, area: Area, now: datetime) -> dict[str, float | int]:
    """Take every measure of an area and all beneath it, by name."""
    scope = Scope(emergency, area, now)
    return {name: measure.value(scope) for name, measure in MEASURES.items()}


def read_records(*, area: Area, now: datetime) -> dict[str, float | int]:
    """Take those measures that need no emergency."""
    scope = Scope(None, area, now)
    return {measure.name: measure.value(scope) for measure in records.MEASURES}


def find_measure(name: str) -> Measure:
    """Return a measure by its name.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    measure = MEASURES.get(name)
    if measure is None:
        raise NotFoundError(f"There is no measure {name!r}.", remedy=f"Use one of these: {', '.join(MEASURES)}.")
    return measure
