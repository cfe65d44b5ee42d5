"""Importing posts from files: checked whole before anything changes, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from muster.duty.actions.posts import PostSpec, write_posts
from muster.duty.models import PostKind, ShiftPattern
from muster.kernel.audit import Actor
from muster.kernel.cells import CellError, find_reference, read_code, read_count, read_name, read_reference
from muster.kernel.tables import ImportReport, Rejection, Table, as_table
from muster.territory.queries import find_area_ids

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "编号", "岗位编码"),
    "name": ("名称", "岗位", "岗位名称"),
    "kind": ("类型", "岗位类型", "类别"),
    "area": ("所在区域", "区域", "区域编码", "area_code"),
    "pool": ("人员来源", "人员来源区域", "pool_code"),
    "lon": ("经度", "longitude"),
    "lat": ("纬度", "latitude"),
    "demand": ("人数", "班次人数", "需求"),
}
REQUIRED = ("code", "name", "kind", "area")
MOST_PEOPLE = 500
NAME_CHARS = 120
_Value = TypeVar("_Value")


def import_posts(
    source: Path | Table,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import posts and what they need from a CSV or Excel file.

    Columns are code, name, kind, area, pool (the area itself where empty), lon, lat, and what is needed:
    either in ``demand`` as ``morning:2;night:1@67`` (people on a pattern, on these ISO days of the week), or
    in one column per pattern, named by its slug or its Chinese or English name.

    Parameters
    ----------
    source
        The file, or the table that was read from one.
    actor, now
        Who imports, and when.
    dry_run
        Whether only to tell what would be done.
    progress
        Called with rows done and rows in all.

    Returns
    -------
    ImportReport
        Rows that cannot be taken are named and left out; the others are written in one transaction.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood; then nothing is changed.
    """
    patterns = list(ShiftPattern.objects.all())
    table = as_table(source, {**COLUMNS, **list_pattern_columns(patterns)}, REQUIRED)
    reader = _Reader(table, _names_of_kinds(), _names_of_patterns(patterns), _known_areas(table))
    specs = [spec for index in range(len(table)) if (spec := reader.read(index)) is not None]
    with transaction.atomic():
        report = write_posts(actor=actor, now=now, specs=specs)
        transaction.set_rollback(dry_run)
    if progress is not None:
        progress(len(table), len(table))
    return ImportReport(
        table=table,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        rejections=reader.rejections,
        notes=table.remarks,
        is_dry_run=dry_run,
    )


def list_pattern_columns(patterns: list[ShiftPattern]) -> dict[str, tuple[str, ...]]:
    """List the columns in which people are asked for by pattern, with the headings they go by."""
    return {f"demand_{row.slug}": (row.slug, row.name_zh, row.name_en) for row in patterns}


def _names_of_patterns(patterns: list[ShiftPattern]) -> dict[str, str]:
    return {
        name.casefold(): row.slug
        for row in patterns
        for name in (row.short_en, row.short_zh, row.name_en, row.name_zh, row.slug)
    }


def _names_of_kinds() -> dict[str, str]:
    return {
        name.casefold(): row.slug for row in PostKind.objects.all() for name in (row.name_en, row.name_zh, row.slug)
    }


def _known_areas(table: Table) -> set[str]:
    cells = {*table.column("area"), *table.column("pool")}
    return set(find_area_ids(code for cell in cells if (code := find_reference(cell))))


@dataclass(slots=True)
class _Reader:
    """Reads rows into posts, and keeps why rows could not be read."""

    table: Table
    kinds: Mapping[str, str]
    patterns: Mapping[str, str]
    areas: set[str]
    rejections: list[Rejection] = field(default_factory=list)
    first_rows: dict[str, int] = field(default_factory=dict)

    def read(self, index: int) -> PostSpec | None:
        """Read a row, or keep every reason why it cannot be read and return None."""
        reasons_before = len(self.rejections)
        if index in self.table.broken_rows:
            self._reject(index, "", *self.table.broken_rows[index])
        code = self._text(index, "code", read_code)
        if code and code in self.first_rows:
            first = self.table.row_numbers[self.first_rows[code]]
            self._reject(index, "code", f"The code {code} stands in row {first} already.", "Give each post its own.")
        self.first_rows.setdefault(code, index)
        area = self._area(index, "area")
        demand, weekdays = self._demand(index)
        spec = PostSpec(
            code=code,
            name=self._text(index, "name", _read_name),
            kind=self._kind(index),
            area=area,
            pool=self._area(index, "pool") or area,
            demand=demand,
            weekdays=weekdays,
            lon=self._degrees(index, "lon", 180),
            lat=self._degrees(index, "lat", 90),
        )
        return spec if len(self.rejections) == reasons_before else None

    def _cell(self, index: int, column: str) -> str:
        return self.table.column(column)[index]

    def _reject(self, index: int, column: str, what: str, remedy: str) -> None:
        self.rejections.append(Rejection(index, column, what, remedy))

    def _read(self, index: int, column: str, text: str, read: Callable[[str], _Value]) -> _Value | None:
        """Return what a cell says, or keep why it says nothing and return None."""
        try:
            return read(text)
        except CellError as error:
            self._reject(index, column, error.what, error.remedy)
            return None

    def _text(self, index: int, column: str, read: Callable[[str], str]) -> str:
        return self._read(index, column, self._cell(index, column), read) or ""

    def _kind(self, index: int) -> str:
        text = self._text(index, "kind", _read_name)
        slug = self.kinds.get(text.casefold(), "")
        if text and not slug:
            known = ", ".join(sorted(set(self.kinds.values())))
            self._reject(index, "kind", f"There is no kind of post {text!r}.", f"Use one of these: {known}.")
        return slug

    def _area(self, index: int, column: str) -> str:
        cell = self._cell(index, column)
        if not cell and column == "area":
            self._reject(index, column, "The cell is empty.", "Fill it in.")
        code = self._read(index, column, cell, read_reference) or ""
        if code and code not in self.areas:
            self._reject(index, column, f"There is no area {code}.", "Import the areas first, or correct the code.")
        return code

    def _degrees(self, index: int, column: str, most: int) -> float | None:
        text = self._cell(index, column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not -most <= value <= most:
            self._reject(index, column, f"{text} is not degrees.", f"Give a number from -{most} to {most}.")
            return None
        return value

    def _demand(self, index: int) -> tuple[dict[str, int], dict[str, str]]:
        demand: dict[str, int] = {}
        weekdays: dict[str, str] = {}
        for part in self._cell(index, "demand").replace("；", ";").split(";"):
            if part.strip():
                self._demand_part(index, part.replace("：", ":").strip(), demand, weekdays)
        for slug in set(self.patterns.values()):
            text = self._cell(index, f"demand_{slug}")
            if text and (people := self._people(index, f"demand_{slug}", text)) is not None:
                demand[slug] = people
        return {slug: demand[slug] for slug in sorted(demand)}, weekdays

    def _demand_part(self, index: int, part: str, demand: dict[str, int], weekdays: dict[str, str]) -> None:
        name, _, rest = part.partition(":")
        number, _, days = rest.partition("@")
        slug = self.patterns.get(name.strip().casefold())
        if slug is None:
            known = ", ".join(sorted(set(self.patterns.values())))
            self._reject(index, "demand", f"There is no shift pattern {name!r}.", f"Use one of these: {known}.")
            return
        people = self._people(index, "demand", number.strip())
        if people is not None:
            demand[slug] = people
        if days.strip():
            self._weekdays(index, slug, days.strip(), weekdays)

    def _weekdays(self, index: int, slug: str, days: str, weekdays: dict[str, str]) -> None:
        if not set(days) <= set("1234567"):
            self._reject(index, "demand", f"{days!r} are not days of the week.", "Write 1 for Monday to 7 for Sunday.")
        weekdays[slug] = "".join(sorted(set(days)))

    def _people(self, index: int, column: str, text: str) -> int | None:
        people = self._read(index, column, text, _read_people)
        if people is None and not text:
            self._reject(index, column, "The number of people is missing.", f"Write 0 to {MOST_PEOPLE}.")
        return people


_read_people = partial(read_count, most=MOST_PEOPLE)
_read_name = partial(read_name, most_chars=NAME_CHARS)
