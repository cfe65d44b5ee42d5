"""The history of a figure: a line beside it, from the least to the most; and columns from zero on its own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from muster.web.words import say_day

WIDTH, HEIGHT = 96, 20
EDGE = 2.0
FALLING_IS_WORSE = frozenset({"warden_coverage", "deputy_coverage", "wardens_people", "pairings", "organizations"})
RISING_IS_WORSE = frozenset({"gaps_open", "shifts_unfilled", "places_unfilled", "rest_violations", "rest_overrides"})


@dataclass(frozen=True)
class Spark:
    """A line of days.

    Parameters
    ----------
    points
        For a polyline within ``WIDTH`` by ``HEIGHT``.
    end_y
        Height of its last point, at the right edge.
    words
        The same for whoever cannot see it: the first and the last value, with their days.
    is_worse
        Whether the last day is worse than the first, for a figure of which that can be said.
    """

    points: str
    end_y: float
    words: str
    is_worse: bool
    width: int = WIDTH
    height: int = HEIGHT


def draw_spark(name: str, days: Mapping[date, float], say: Callable[[float], str]) -> Spark | None:
    """Draw the history of a measure; None where fewer than two days are known.

    Parameters
    ----------
    name
        Of the measure.
    days
        Its value on each day.
    say
        Says a value in words.
    """
    if len(days) < 2:
        return None
    ordered = sorted(days.items())
    (first, was), (last, value) = ordered[0], ordered[-1]
    least, most = min(days.values()), max(days.values())
    span = (last - first).days
    points = [((day - first).days * WIDTH / span, _height(each, least, most)) for day, each in ordered]
    return Spark(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        end_y=round(points[-1][1], 1),
        words=_("%(was)s on %(first)s, %(value)s on %(last)s")
        % {"was": say(was), "first": say_day(first), "value": say(value), "last": say_day(last)},
        is_worse=(name in RISING_IS_WORSE and value > was) or (name in FALLING_IS_WORSE and value < was),
    )


def _height(value: float, least: float, most: float) -> float:
    """Return a value's height in the plot; what never changes lies in the middle."""
    if most == least:
        return HEIGHT / 2
    return HEIGHT - EDGE - (value - least) / (most - least) * (HEIGHT - 2 * EDGE)


COLUMN, PLOT_HEIGHT = 48, 112
FOOT, HEAD = 18, 18
COLUMNS_LIMIT = 14


@dataclass(frozen=True)
class DayColumn:
    """A day of a figure: its words, and its column from zero."""

    day: str
    value: str
    left: int
    top: int
    height: int
    width: int = COLUMN - 14

    @property
    def middle(self) -> float:
        """Return the middle of the column."""
        return self.left + self.width / 2


@dataclass(frozen=True)
class Columns:
    """The last days of a figure as columns, oldest first."""

    columns: tuple[DayColumn, ...]
    words: str
    height: int = PLOT_HEIGHT

    @property
    def width(self) -> int:
        """Return the width of the plot."""
        return len(self.columns) * COLUMN


def draw_columns(days: Mapping[date, float], say: Callable[[float], str]) -> Columns | None:
    """Draw the last days that are known as columns from zero; None where fewer than two are.

    Parameters
    ----------
    days
        A figure's value on each day, none below zero.
    say
        Says a value in words.
    """
    if len(days) < 2:
        return None
    shown = sorted(days.items())[-COLUMNS_LIMIT:]
    most = max(value for _day, value in shown)
    columns = tuple(_column(at, day, value, most, say) for at, (day, value) in enumerate(shown))
    return Columns(columns, " · ".join(f"{column.day} {column.value}" for column in columns))


def _column(at: int, day: date, value: float, most: float, say: Callable[[float], str]) -> DayColumn:
    height = round(value / most * (PLOT_HEIGHT - FOOT - HEAD)) if most > 0 else 0
    return DayColumn(say_day(day), say(value), at * COLUMN + 7, PLOT_HEIGHT - FOOT - height, height)
