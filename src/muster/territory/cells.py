"""Reading the cells of a list of areas: each value checked, each fault named by its column."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
_YES = frozenset({"true", "yes", "y", "1", "是", "有"})
_NO = frozenset({"false", "no", "n", "0", "否", "无"})
_MAX_CODE_CHARS = 64
_MAX_NAME_CHARS = 120
_MAX_WORD_CHARS = 40
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


class _CellError(ValueError):
    def __init__(self, column: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.remedy = remedy


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
        try:
            row = _read_row(table, index, {name: cells[index] for name, cells in columns.items()})
            if row.code in first_rows:
                first = table.row_numbers[first_rows[row.code]]
                raise _CellError("code", f"{row.code} stands in row {first} already.", "Keep one of the rows.")
        except _CellError as error:
            rejections.append(Rejection(index, error.column, error.what, error.remedy))
        else:
            first_rows[row.code] = index
            rows.append(row)
    return rows, rejections


def _read_row(table: Table, index: int, cells: dict[str, str]) -> AreaCells:
    if index in table.broken_rows:
        raise _CellError("", table.broken_rows[index], "Put text that holds a comma into quotation marks.")
    level = _required(cells, "level", _MAX_WORD_CHARS)
    return AreaCells(
        index=index,
        level=_LEVEL_ALIASES.get(level, level.lower()),
        code=_code(cells, "code"),
        name=_required(cells, "name", _MAX_NAME_CHARS),
        parent_code=_code(cells, "parent_code") if cells["parent_code"] else "",
        kind=_short(cells, "kind", _MAX_WORD_CHARS) or None,
        households=_whole_number(cells, "households"),
        is_managed=_yes_or_no(cells, "managed"),
        lon=_degrees(cells, "lon", 180.0),
        lat=_degrees(cells, "lat", 90.0),
        is_synthetic=_yes_or_no(cells, "synthetic"),
        is_position_synthetic=_yes_or_no(cells, "position_synthetic"),
    )


def _required(cells: dict[str, str], column: str, max_chars: int) -> str:
    if not cells[column]:
        raise _CellError(column, "The cell is empty.", "Fill it in.")
    return _short(cells, column, max_chars)


def _short(cells: dict[str, str], column: str, max_chars: int) -> str:
    text = cells[column]
    if len(text) > max_chars:
        raise _CellError(column, f"The text has {len(text)} characters.", f"Shorten it to {max_chars}.")
    return text


def _code(cells: dict[str, str], column: str) -> str:
    code = _required(cells, column, _MAX_CODE_CHARS)
    if any(char.isspace() or not char.isprintable() for char in code):
        raise _CellError(column, f"The code {code!r} holds a space or a hidden character.", "Take it out.")
    return code


def _whole_number(cells: dict[str, str], column: str) -> int | None:
    text = cells[column].replace(",", "")
    if not text:
        return None
    if not text.isdecimal() or int(text) > 2_000_000_000:
        raise _CellError(column, f"{cells[column]!r} is not a whole number.", "Write digits only, or leave it empty.")
    return int(text)


def _yes_or_no(cells: dict[str, str], column: str) -> bool | None:
    text = cells[column].lower()
    if not text:
        return None
    if text not in _YES | _NO:
        raise _CellError(column, f"{cells[column]!r} is neither yes nor no.", "Write yes, no, 是 or 否.")
    return text in _YES


def _degrees(cells: dict[str, str], column: str, limit: float) -> float | None:
    text = cells[column]
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= limit:
        raise _CellError(
            column, f"{text!r} is not a number of degrees from -{limit:.0f} to {limit:.0f}.", "Correct or empty it."
        )
    return value
