"""Figures, each a link that opens the rows it was counted from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from muster.duty.queries.gaps import GapName, read_gap_subject
from muster.situation.board import Frame
from muster.situation.board_history import follow_figures, read_history
from muster.situation.board_names import name_areas, name_posts
from muster.situation.measures import MEASURES, Cell, Form, Measure, Row, Scope, find_measure
from muster.territory.queries import list_levels
from muster.web import words
from muster.web.frame import open_frame, screen, show
from muster.web.paging import PAGE_ROWS, Page
from muster.web.sparks import Spark, draw_columns, draw_spark

PERSONAL = frozenset({"wardens_people", "duties", "rest_violations", "rest_overrides", "people"}) | {
    name for name, measure in MEASURES.items() if measure.form is Form.SPREAD
}
"""Measures whose rows are people: opened only by who may see people."""
PERSONAL_COLUMNS = frozenset({"warden", "deputy"})

AREA_COLUMNS = ("area", "areas", "home", "work", "seat", "owner")
ADDRESSES = {"person": "person", "organization": "organization", **dict.fromkeys(AREA_COLUMNS, "area")}


def _name_levels(_slugs: Sequence[str]) -> dict[str, str]:
    return {level.slug: words.say_name(level) for level in list_levels()}


def _name_subjects(subjects: Sequence[str]) -> dict[str, str]:
    """Say the subjects of gaps: an area by its place, a shift by its post and when it begins."""
    shifts = {subject: name for subject in subjects if (name := _find_shift(subject))}
    posts = name_posts(name.post_code for name in shifts.values())
    said = {
        subject: f"{posts.get(name.post_code, name.post_code)} {words.say_moment(name.starts_at)}"
        for subject, name in shifts.items()
    }
    return {**name_areas(subject for subject in subjects if subject not in shifts), **said}


def _find_shift(subject: str) -> GapName | None:
    try:
        return read_gap_subject(subject)
    except ValueError:
        return None


NAMES = {
    "post": name_posts,
    "level": _name_levels,
    "subject": _name_subjects,
    **dict.fromkeys(AREA_COLUMNS, name_areas),
}
"""Columns of codes that are said by name."""
CODES = {"areas": "area", "people": "person", "organizations": "organization"}
"""What the column ``code`` of some measures is a code of."""


@dataclass(frozen=True)
class Figure:
    """A measure's value in words, the name that opens its rows, and its last days."""

    name: str
    words: str
    value: str
    spark: Spark | None = None


@dataclass(frozen=True)
class Part:
    """A word of a cell; without an address it is plain text, with a code that is what it stands for."""

    words: str
    address: str = ""
    code: str = ""


@dataclass(frozen=True)
class Shown:
    """A cell as the page shows it."""

    parts: Sequence[Part]
    is_number: bool = False


@screen
@require_safe
def show_figures(request: HttpRequest, code: str) -> HttpResponse:
    """Show the figures of an area: as a part of its page, or on a page of their own."""
    frame = open_frame(request, code)
    figures = read_figures(frame)
    if request.headers.get("HX-Target") == "figures":
        return render(request, "parts/figures.html", {"frame": frame, "figures": figures})
    return show(request, "figures.html", frame, tab="figures", figures=figures)


def read_figures(frame: Frame) -> list[Figure]:
    """Read every measure of the frame's area with its last days; none without an emergency."""
    if frame.emergency is None:
        return []
    scope = Scope(frame.emergency, frame.area, frame.now)
    values = {name: measure.value(scope) for name, measure in MEASURES.items()}
    days = follow_figures(frame.emergency, frame.area, frame.now, values)
    return [_figure(measure, values[name], days[name]) for name, measure in MEASURES.items()]


def _figure(measure: Measure, value: float, days: Mapping[date, float]) -> Figure:
    spark = draw_spark(measure.name, days, lambda each: _say(measure, each))
    return Figure(measure.name, _title(measure), _say(measure, value), spark)


def _title(measure: Measure) -> str:
    return measure.zh if words.is_chinese() else measure.en


def _say(measure: Measure, value: float) -> str:
    if measure.form is Form.SHARE:
        return words.say_share(value, 1) + "%"
    if measure.form is Form.SPREAD:
        return f"{value:,.2f}"
    return f"{value:,.0f}"


@screen
@require_safe
def show_measure(request: HttpRequest, name: str) -> HttpResponse:
    """Show the rows that a figure was counted from."""
    frame = open_frame(request, request.GET.get("area") or None)
    measure = find_measure(name)
    if frame.emergency is None:
        return show(request, "measure.html", frame, tab="figures", measure=measure, title=_title(measure))
    scope = Scope(frame.emergency, frame.area, frame.now)
    is_open = frame.may_see_people or name not in PERSONAL
    number = request.GET.get("page", "1")
    page = Page(max(1, int(number)) if number.isascii() and number.isdigit() else 1, 0)
    rows = list(islice(measure.rows(scope), page.offset, page.offset + PAGE_ROWS + 1)) if is_open else []
    shown = _show_rows(measure, rows[:PAGE_ROWS], frame)
    heads = [column.zh if words.is_chinese() else column.en for column in measure.columns]
    numbers = [cell.is_number for cell in shown[0]] if shown else [False] * len(heads)
    return show(
        request,
        "measure.html",
        frame,
        tab="figures",
        measure=measure,
        title=_title(measure),
        value=_say(measure, measure.value(scope)),
        days=draw_columns(read_history(frame.emergency, frame.area, name, frame.now), lambda each: _say(measure, each)),
        is_open=is_open,
        heads=list(zip(heads, numbers, strict=True)),
        rows=shown,
        previous=page.previous,
        next=page.number + 1 if len(rows) > PAGE_ROWS else None,
    )


def _show_rows(measure: Measure, rows: Sequence[Row], frame: Frame) -> list[list[Shown]]:
    columns = [column.name for column in measure.columns]
    sayings = [_saying(measure, column, frame, [row[at] for row in rows]) for at, column in enumerate(columns)]
    return [[say(cell) for say, cell in zip(sayings, row, strict=True)] for row in rows]


def _saying(measure: Measure, column: str, frame: Frame, cells: Sequence[Cell]) -> Callable[[Cell], Shown]:
    kind = CODES.get(measure.name) if column == "code" else ADDRESSES.get(column)
    is_hidden = column in PERSONAL_COLUMNS and not frame.may_see_people
    codes = [code for cell in cells if isinstance(cell, str) for code in cell.split()]
    names = NAMES[column](codes) if column in NAMES else {}

    def say(cell: Cell) -> Shown:
        if is_hidden or cell in {None, ""}:
            return Shown([Part("–")])
        if isinstance(cell, datetime):
            return Shown([Part(words.say_moment(cell, frame.now))], is_number=True)
        if kind or names:
            return Shown([_say_code(code, kind, names) for code in str(cell).split()])
        return Shown([Part(words.say_cell(column, cell))], is_number=isinstance(cell, int | float))

    return say


def _say_code(code: str, kind: str | None, names: Mapping[str, str]) -> Part:
    address = reverse(kind, args=[code]) if kind else ""
    return Part(names.get(code, code), address, code if code in names else "")
