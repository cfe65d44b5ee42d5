"""A roster as a grid of days: by people, with their rest as space; or by posts, with what is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from muster.duty.queries import Change, DutyCell, PersonRow, PostRow, RosterView, ShiftCell
from muster.kernel.clock import CITY_ZONE
from muster.web.words import is_chinese, say_weekday

LATE_HOUR = 14


@dataclass(frozen=True)
class Day:
    """A column."""

    day: date
    head: str
    is_today: bool
    is_weekend: bool


@dataclass(frozen=True)
class Mark:
    """A duty in a cell: the short word of its pattern, and how it is drawn."""

    duty: DutyCell
    word: str
    face: str


@dataclass(frozen=True)
class PersonLine:
    """A person's row: for each day its marks."""

    row: PersonRow
    cells: Sequence[tuple[Day, Sequence[Mark]]]

    @property
    def hours(self) -> int:
        """Return the hours of duty in the span."""
        return round(self.row.minutes / 60)


@dataclass(frozen=True)
class PostLine:
    """A post's row on one pattern: for each day its shift, or None where there is none."""

    row: PostRow
    face: str
    cells: Sequence[tuple[Day, ShiftCell | None]]


@dataclass(frozen=True)
class Grid:
    """A roster ready for the template."""

    days: Sequence[Day]
    missing: Sequence[tuple[Day, int]]
    people: Sequence[PersonLine]
    posts: Sequence[PostLine]


@dataclass(frozen=True)
class Bar:
    """A bar of a plot: where it stands in percent of the width, and how high in points."""

    start: str
    middle: str
    width: str
    top: int
    height: int
    people: int
    amount: int
    is_after: bool

    @property
    def opacity(self) -> float:
        """How strongly it is drawn: what was is a shade of what is."""
        return 1.0 if self.is_after else 0.35


PLOT_HEIGHT = 84
PLOT_TOP = 18


def draw_days(days: Sequence[date], today: date) -> list[Day]:
    """Draw the heads of the columns: the day of the month and of the week, the month where it begins."""
    heads = []
    for place, day in enumerate(days):
        month = f"{day.month}/" if place == 0 or day.day == 1 else ""
        head = f"{month}{day.day} {say_weekday(day, is_short=True)}"
        heads.append(Day(day, head, day == today, day.isoweekday() >= 6))
    return heads


def draw_grid(roster: RosterView, today: date, people: Sequence[PersonRow]) -> Grid:
    """Draw a roster; only the given people's rows, all posts."""
    days = draw_days(roster.days, today)
    missing = [(day, _count_missing(roster, day.day)) for day in days]
    return Grid(
        days=days,
        missing=missing,
        people=[PersonLine(row, [(day, _marks(row, day)) for day in days]) for row in people],
        posts=[PostLine(row, _post_face(row), [(day, row.cells.get(day.day)) for day in days]) for row in roster.posts],
    )


def _count_missing(roster: RosterView, day: date) -> int:
    return sum(row.cells[day].missing for row in roster.posts if day in row.cells)


def _marks(row: PersonRow, day: Day) -> list[Mark]:
    return [Mark(duty, _word(duty), _face(duty)) for duty in row.cells.get(day.day, ())]


def _word(duty: DutyCell) -> str:
    return duty.pattern.short_zh if is_chinese() else duty.pattern.short_en


def _face(duty: DutyCell) -> str:
    if duty.pattern.is_night:
        return "is-night"
    return "is-late" if duty.starts_at.astimezone(CITY_ZONE).hour >= LATE_HOUR else ""


def _post_face(row: PostRow) -> str:
    first = next((duty for cell in row.cells.values() for duty in cell.duties), None)
    return _face(first) if first else ""


def draw_change(change: Change) -> list[Bar]:
    """Draw how many people carry how much, from zero: before and after side by side at each amount."""
    before, after = dict(change.before.bars), dict(change.after.bars)
    amounts = sorted(before.keys() | after.keys())
    most = max((*before.values(), *after.values()), default=0)
    step = 100 / max(len(amounts), 1)
    return [
        Bar(
            start=f"{(place + 0.12 + 0.4 * is_after) * step:.2f}%",
            middle=f"{(place + 0.3 + 0.4 * is_after) * step:.2f}%",
            width=f"{step * 0.36:.2f}%",
            top=PLOT_TOP + PLOT_HEIGHT - _height(people, most),
            height=_height(people, most),
            people=people,
            amount=amount,
            is_after=bool(is_after),
        )
        for place, amount in enumerate(amounts)
        for is_after, people in enumerate((before.get(amount, 0), after.get(amount, 0)))
    ]


def _height(people: int, most: int) -> int:
    return round(PLOT_HEIGHT * people / most) if most else 0
