"""A roster as a grid of days: by people, with their rest as space; or by posts, with what is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from muster.duty.queries import DutyCell, PersonRow, PostRow, RosterOutline, ShiftCell
from muster.kernel.clock import CITY_ZONE
from muster.web.words import is_chinese, say_name, say_weekday

LATE_HOUR = 14
HEAD_ROWS = 1


@dataclass(frozen=True)
class Day:
    """A column."""

    day: date
    head: str
    is_today: bool
    is_weekend: bool
    missing: int = 0


@dataclass(frozen=True)
class Mark:
    """A duty or an empty place in a cell.

    Parameters
    ----------
    query
        What names it in an address: ``duty=12`` or ``shift=7``.
    word, tip
        What is written, and what is told besides.
    face
        How it is drawn.
    number
        Of the duty; 0 for an empty place, which cannot be moved.
    """

    query: str
    word: str
    tip: str
    face: str = ""
    number: int = 0


@dataclass(frozen=True)
class Line:
    """A row of the grid.

    Parameters
    ----------
    key
        Names it to whoever asks for it again: number of the person, or of the post and the pattern.
    name, note, link
        Its head, what stands quietly behind it, and where it leads; the link may be empty.
    cells
        For each day its marks.
    sums
        Figures at its end.
    """

    key: str
    name: str
    note: str
    link: str
    cells: Sequence[tuple[Day, Sequence[Mark]]]
    sums: Sequence[int] = ()


@dataclass(frozen=True)
class Grid:
    """A roster ready for the template.

    Parameters
    ----------
    days
        The columns.
    lines
        Rows that are drawn at once, the first of which is row ``first`` of all, counted from 0.
    keys, heights
        Keys of all rows, and how many marks the fullest cell of each holds; no heights where each holds one.
    """

    days: Sequence[Day]
    lines: Sequence[Line]
    first: int
    keys: Sequence[str]
    heights: Sequence[int] = field(default=())

    @property
    def row_count(self) -> int:
        """Return how many rows there are, heads included, as assistive technology counts them."""
        return HEAD_ROWS + len(self.keys)

    @property
    def has_gaps(self) -> bool:
        """Tell whether some place of some day is empty."""
        return any(day.missing for day in self.days)

    @property
    def rows(self) -> Mapping[str, Sequence[str] | Sequence[int]]:
        """Return what the script of the page needs to know of all rows."""
        return {"keys": self.keys, "heights": self.heights}


def draw_days(days: Sequence[date], today: date, missing: Sequence[int] = ()) -> list[Day]:
    """Draw the heads of the columns: the day of the month and of the week, the month where it begins."""
    heads = []
    for place, day in enumerate(days):
        month = f"{day.month}/" if place == 0 or day.day == 1 else ""
        head = f"{month}{day.day} {say_weekday(day, is_short=True)}"
        heads.append(Day(day, head, day == today, day.isoweekday() >= 6, missing[place] if missing else 0))
    return heads


def draw_people(rows: Sequence[PersonRow], days: Sequence[Day], *, are_named: bool) -> list[Line]:
    """Draw people's rows; whoever may not see people sees that there is somebody."""
    return [
        Line(
            key=str(row.number),
            name=row.name if are_named else _("somebody"),
            note=row.organization if are_named else "",
            link=reverse("person_duties", args=[row.code]) if are_named else "",
            cells=[(day, [draw_duty(duty) for duty in row.cells.get(day.day, ())]) for day in days],
            sums=(round(row.minutes / 60), row.nights),
        )
        for row in rows
    ]


def draw_posts(rows: Sequence[PostRow], days: Sequence[Day], *, are_named: bool) -> list[Line]:
    """Draw the rows of posts on patterns: who stands there, and which places are empty."""
    return [
        Line(
            key=f"{row.post_id}-{row.pattern_id}",
            name=row.post_name,
            note=say_name(row.pattern),
            link=reverse("post", args=[row.post_code]),
            cells=[(day, _draw_shift(row.cells.get(day.day), are_named=are_named)) for day in days],
        )
        for row in rows
    ]


def draw_outline(outline: RosterOutline, lines: Sequence[Line], days: Sequence[Day], *, by: str, first: int) -> Grid:
    """Draw a grid of which some rows are at hand and the others are known by their keys."""
    if by == "posts":
        keys = [f"{key.post_id}-{key.pattern_id}" for key in outline.posts]
        return Grid(days, lines, first, keys, outline.lines)
    return Grid(days, lines, first, [str(number) for number in outline.people])


def draw_duty(duty: DutyCell) -> Mark:
    """Draw a duty in a person's row: the short word of its pattern, its post and times behind it."""
    word = duty.pattern.short_zh if is_chinese() else duty.pattern.short_en
    return Mark(f"duty={duty.duty_id}", word, f"{duty.post_name} {say_times(duty)}", say_face(duty), duty.duty_id)


def _draw_shift(shift: ShiftCell | None, *, are_named: bool) -> list[Mark]:
    if shift is None:
        return []
    marks = [
        Mark(
            f"duty={duty.duty_id}",
            duty.person_name if are_named else "●",
            say_times(duty),
            say_face(duty),
            duty.duty_id,
        )
        for duty in shift.duties
    ]
    if shift.missing:
        word = pgettext("roster", "empty") + (f" {shift.missing}" if shift.missing > 1 else "")
        marks.append(Mark(f"shift={shift.shift_id}", word, say_times(shift), "is-empty"))
    return marks


def say_times(span: DutyCell | ShiftCell) -> str:
    """Return when something begins and ends, by the local clock."""
    start, end = (moment.astimezone(CITY_ZONE) for moment in (span.starts_at, span.ends_at))
    return f"{start:%H:%M}–{end:%H:%M}"


def say_face(duty: DutyCell) -> str:
    """Return how a duty is drawn: as a night, as late, or plainly."""
    if duty.pattern.is_night:
        return "is-night"
    return "is-late" if duty.starts_at.astimezone(CITY_ZONE).hour >= LATE_HOUR else ""
