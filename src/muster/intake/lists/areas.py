"""Lists of areas: one row each with level and parent, or one row a door with a column for each level."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from muster.coverage.importing import bring_ledgers_up_to_date
from muster.coverage.importing import import_divisions as take_divisions
from muster.coverage.importing import import_places as take_places
from muster.intake.drafts import Draft, SourceRow
from muster.intake.kinds import LEVEL_COLUMNS, LEVELS_SAID, Column
from muster.intake.places import Node, number_door
from muster.intake.rules import fold_place
from muster.kernel.cells import CellError, find_reference, read_count
from muster.kernel.pinyin import spell
from muster.kernel.trail import RowChange, Watched
from muster.territory.actions import move_area
from muster.territory.cells import COLUMNS
from muster.territory.models import Area
from muster.territory.tallies import rebuild_tallies

__all__ = [
    "DIVISION_EXAMPLE",
    "PLACE_EXAMPLE",
    "WATCHED",
    "follow_undo",
    "list_columns",
    "list_place_columns",
    "list_table_columns",
    "move_back",
    "prepare",
    "take_divisions",
    "take_places",
]

WATCHED = (Watched(Area, "code", ignored=("path",)),)
DIVISION_EXAMPLE = {"level": "社区村", "code": "220702001001", "name": "松林社区", "parent_code": "220702001"}
PLACE_EXAMPLE = {
    "in_community": "松林社区",
    "in_compound": "明珠小区",
    "in_building": "3号楼",
    "in_unit": "2单元",
    "households": "30",
    "managed": "是",
}

COUNTS = {"buildings": "building", "units": "unit"}
"""Columns that say how many there are beneath, which are then numbered from 1."""

_MADE_LEVELS = ("compound", "building", "unit")
_MOST_COUNTED = 99
_DIGITS_OF_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "community"}
_FACTS = ("kind", "households", "managed", "lon", "lat", "synthetic", "position_synthetic")
_CODE_CHARS = 58
_DOOR_NAMES = {"building": "号楼", "unit": "单元"}
_MORE_HEADINGS = {
    "code": ("统计用区划代码", "行政区划代码", "代码", "区划编码"),
    "name": ("区划名称", "单位名称", "行政区划名称", "行政区划"),
    "households": ("住户数", "户数(户)", "总户数", "户数(户)"),
    "managed": ("有无物业", "是否有物业", "物业管理"),
}


def list_columns() -> tuple[Column, ...]:
    """List the columns that a list of divisions may have."""
    return tuple(
        Column(name, (*headings, *_MORE_HEADINGS.get(name, ()))) for name, headings in COLUMNS.items() if name != "why"
    )


def list_place_columns() -> tuple[Column, ...]:
    """List the columns that a list of compounds, buildings and units may have."""
    counted = (Column("buildings", ("楼栋数", "栋数", "楼数")), Column("units", ("单元数", "门数")))
    return (*list_columns(), *LEVEL_COLUMNS, *counted)


def list_table_columns() -> tuple[str, ...]:
    """List the columns that the room reads."""
    return tuple(COLUMNS)


def prepare(rows: Sequence[SourceRow], draft: Draft) -> None:
    """Make rows of areas: those that have a name by level and parent, the others from the columns of their levels."""
    maker = _Maker(draft, {_read_code(row) for row in rows})
    draft.places.prefetch(row.get("parent_code") for row in rows)
    for row in rows:
        if row.get("name"):
            maker.add_named(row)
        else:
            maker.add_by_levels(row)


def move_back(changes: Sequence[RowChange]) -> None:
    """Move areas back to where they stood, with all beneath them."""
    for change in changes:
        if change.before is not None and "parent_id" in change.before:
            area = Area.objects.get(pk=change.pk)
            parent = Area.objects.filter(pk=change.before["parent_id"]).first()
            move_area(area.code, parent.code if parent else "")


def follow_undo(now: datetime) -> None:
    """Bring up to date what follows from the areas that there are."""
    rebuild_tallies()
    bring_ledgers_up_to_date(now)


@dataclass(slots=True)
class _Maker:
    """Makes rows of areas, each area once."""

    draft: Draft
    codes_in_list: set[str]
    made: dict[tuple[str, str, str], Node] = field(default_factory=dict)
    new_codes: set[str] = field(default_factory=set)

    def add_named(self, row: SourceRow) -> None:
        """Add an area that has a row of its own."""
        cells = {name: row.get(name) for name in ("name", "level", *_FACTS)}
        code = _read_code(row)
        if code.isdecimal() and not cells["level"]:
            cells["level"] = _DIGITS_OF_LEVELS.get(len(_trim(code)), "")
        cells["parent_code"] = self._find_parent(row)
        cells["code"] = code
        if not code and cells["level"]:
            cells["code"] = self._make_code(cells["parent_code"], cells["level"], cells["name"])
        self.draft.add(row, cells)

    def add_by_levels(self, row: SourceRow) -> None:
        """Add the areas that a row names level by level, those that there are not yet."""
        said = [(LEVELS_SAID[column.name], row.get(column.name)) for column in LEVEL_COLUMNS if row.get(column.name)]
        above = [each for each in said if each[0] not in _MADE_LEVELS]
        below = [each for each in said if each[0] in _MADE_LEVELS]
        if not below:
            self.draft.refuse(row, "", "The row names no compound, building or unit.", "Fill one in.")
            return
        node = self.draft.places.top
        if above:
            part = {f"in_{level}": text for level, text in above}
            if not self.draft.find_place(SourceRow(row.index, row.number, part)):
                return
            node = self.draft.places.find(*above).node or node
        facts = {name: row.get(name) for name in _FACTS}
        for level, text in below:
            node = self._add_beneath(row, node, level, text, facts if (level, text) == below[-1] else {})
        self._add_counted(row, node)

    def _add_beneath(self, row: SourceRow, parent: Node, level: str, text: str, facts: dict[str, str]) -> Node:
        key = (parent.code, level, number_door(level, text) or fold_place(text))
        node = self.made.get(key) or self._find_standing(parent, level, text)
        if node is not None and not any(facts.values()):
            self.made[key] = node
            return node
        if node is None:
            name = _name_door(level, text)
            node = Node(0, self._make_code(parent.code, level, name), name, level, "", parent.pk)
        self.made[key] = node
        cells = {"level": level, "code": node.code, "name": node.name, "parent_code": parent.code, **facts}
        self.draft.add(row, cells)
        return node

    def _find_standing(self, parent: Node, level: str, text: str) -> Node | None:
        if not parent.pk:
            return None
        if level != "compound":
            return self.draft.places.find_door(parent, level, text)
        return self.draft.places.find_named(parent, level, text)

    def _add_counted(self, row: SourceRow, node: Node) -> None:
        for column, level in COUNTS.items():
            try:
                count = read_count(row.get(column), most=_MOST_COUNTED) or 0
            except CellError as error:
                self.draft.refuse(row, column, error.what, error.remedy)
                continue
            for number in range(1, count + 1):
                self._add_beneath(row, node, level, str(number), {})

    def _find_parent(self, row: SourceRow) -> str:
        said = row.get("parent_code")
        if said and said in self.codes_in_list:
            return said
        if said or any(row.get(column.name) for column in LEVEL_COLUMNS):
            return self.draft.find_place(row, "parent_code") or said
        code = _read_code(row)
        shorter = [length for length in _DIGITS_OF_LEVELS if length < len(_trim(code))] if code.isdecimal() else []
        for length in reversed(shorter):
            for parent in (code[:length], code[:length].ljust(len(code), "0")):
                if parent in self.codes_in_list or self.draft.places.has_code(parent):
                    return parent
        within = self.draft.places.within.code
        return within if within != code else ""

    def _make_code(self, parent_code: str, level: str, name: str) -> str:
        number = number_door(level, name)
        initials = re.sub(r"[^A-Z0-9]", "", spell(name).split(" ")[-1].upper())
        code = f"{parent_code[:_CODE_CHARS]}-{number or initials or _digest(name)}"[:_CODE_CHARS].lstrip("-")
        if code in self.new_codes or Area.objects.filter(code=code).exists():
            code = f"{code[:_CODE_CHARS]}-{_digest(f'{level}{name}')}"
        self.new_codes.add(code)
        return code


def _read_code(row: SourceRow) -> str:
    """Return a row's code in its plain form; what is none is left to be refused in its cell."""
    return find_reference(row.get("code")) or row.get("code")


def _trim(code: str) -> str:
    """Return a code of a division without the zeros that fill it up."""
    lengths = (length for length in _DIGITS_OF_LEVELS if len(code) >= length and not code[length:].strip("0"))
    return code[: next(lengths, len(code))]


def _name_door(level: str, text: str) -> str:
    """Return the name of a building or unit, of which lists often give the number alone."""
    ending = _DOOR_NAMES.get(level, "")
    return f"{text}{ending}" if ending and text.isalnum() and text.isascii() else text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:4].upper()
