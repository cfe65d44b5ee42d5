"""Reading the cells of a list of areas: each value checked, each fault named by its column."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from muster.kernel.cells import CellError, read_code, read_count, read_name, read_reference, read_yes_no
from muster.kernel.tables import Rejection, Table
from muster.territory.kinds import LEVELS, AreaSpec

COLUMNS: dict[str, tuple[str, ...]] = {
    "level": ("级别", "层级", "区划级别"),
    "code": ("代码", "编码", "编号", "区划代码"),
    "name": ("名称", "区划名称"),
    "parent_code": ("上级代码", "上级编码", "上级", "parent"),
    "kind": ("类别", "类型"),
    "households": ("户数",),
    "managed": ("有物业", "物业", "is_managed"),
    "lon": ("经度", "lng", "longitude"),
    "lat": ("纬度", "latitude"),
    "synthetic": ("演示数据", "is_synthetic"),
    "position_synthetic": ("演示位置", "is_position_synthetic"),
    "why": (),
}
_MOST_NAME_CHARS = 120
_MOST_WORD_CHARS = 40
_MOST_HOUSEHOLDS = 2_000_000_000
_LEVEL_ALIASES = {
    **{level.name_zh: level.slug for level in LEVELS},
    "县": "county",
    "区": "county",
    "街道": "township",
    "乡镇": "township",
    "社区": "community",
    "村": "community",
    "楼": "building",
    "栋": "building",
    "门": "unit",
}


@dataclass(frozen=True, slots=True)
class AreaCells:
    """A row whose cells can be read; None says that the file does not tell."""

    index: int
    level: str
    code: str
    name: str
    parent_code: str
    kind: str | None
    households: int | None
    is_managed: bool | None
    lon: float | None
    lat: float | None
    is_synthetic: bool | None
    is_position_synthetic: bool | None

    def spec(self) -> AreaSpec:
        """Return the row as an area to be made."""
        return AreaSpec(
            level=self.level,
            code=self.code,
            name=self.name,
            parent_code=self.parent_code,
            kind=self.kind or "",
            households=self.households,
            is_managed=self.is_managed,
            lon=self.lon,
            lat=self.lat,
            is_synthetic=bool(self.is_synthetic),
            is_position_synthetic=bool(self.is_position_synthetic),
        )


def read_cells(table: Table) -> tuple[list[AreaCells], list[Rejection]]:
    """Read all rows of a table of areas.

    Returns
    -------
    list of AreaCells
        Rows that can be read, each code once.
    list of Rejection
        Why the others cannot.
    """
    columns = {name: table.column(name) for name in COLUMNS}
    rows: list[AreaCells] = []
    rejections: list[Rejection] = []
    first_rows: dict[str, int] = {}
    for index in range(len(table)):
        row = _read_row(table, index, {name: cells[index] for name, cells in columns.items()})
        if isinstance(row, Rejection):
            rejections.append(row)
        elif row.code in first_rows:
            what = f"{row.code} stands in row {table.row_numbers[first_rows[row.code]]} already."
            rejections.append(Rejection(index, "code", what, "Keep one of the rows."))
        else:
            first_rows[row.code] = index
            rows.append(row)
    return rows, rejections


def _read_row(table: Table, index: int, cells: dict[str, str]) -> AreaCells | Rejection:
    """Return what a row says, or the first thing that is wrong with it."""
    if index in table.broken_rows:
        return Rejection(index, "", *table.broken_rows[index])
    values: dict[str, Any] = {}
    for column, (key, read) in _READERS.items():
        try:
            values[key] = read(cells[column])
        except CellError as error:
            return Rejection(index, column, error.what, error.remedy)
    return AreaCells(index=index, **values)


def read_level(text: str) -> str:
    """Return the level that a cell names, by its one word where it is known by several.

    Raises
    ------
    CellError
        If the cell is empty, or says what cannot be the name of a level.
    """
    if not text:
        raise CellError("The level is missing.", "Fill it in.")
    return _LEVEL_ALIASES.get(text) or read_name(text, most_chars=_MOST_WORD_CHARS).lower()


def _read_kind(text: str) -> str | None:
    return read_name(text, most_chars=_MOST_WORD_CHARS) if text else None


def _read_households(text: str) -> int | None:
    return read_count(text.replace(",", ""), most=_MOST_HOUSEHOLDS)


def _read_degrees(text: str, *, limit: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= limit:
        raise CellError(
            f"{text!r} is not a number of degrees from -{limit:.0f} to {limit:.0f}.", "Correct or empty it."
        )
    return value


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "level": ("level", read_level),
    "code": ("code", read_code),
    "name": ("name", partial(read_name, most_chars=_MOST_NAME_CHARS)),
    "parent_code": ("parent_code", lambda text: read_reference(text) or ""),
    "kind": ("kind", _read_kind),
    "households": ("households", _read_households),
    "managed": ("is_managed", read_yes_no),
    "lon": ("lon", partial(_read_degrees, limit=180.0)),
    "lat": ("lat", partial(_read_degrees, limit=90.0)),
    "synthetic": ("is_synthetic", read_yes_no),
    "position_synthetic": ("is_position_synthetic", read_yes_no),
}
"""The key of each value, and how to read its cell."""
