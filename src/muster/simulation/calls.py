"""Calls for help as a file has them, and the doors of a running city that they are laid upon.

The file is that of the Henan flood of July 2021 (see ``docs/operating/replay.md`` for its columns). It holds no
words and no names; what a call asked is told by flags, and its place by a township and a rounded position. A
call of another province's city cannot have a door here: each township of the file is laid upon one of the
running city, always the same, and within it upon doors by position, so that calls from one spot stay together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from muster.kernel.errors import MusterError
from muster.needs.kinds import NeedKind
from muster.territory.models import Area
from muster.territory.queries import beneath

COLUMNS = ("id", "time", "address_township", "lon_bd09_2dp", "lat_bd09_2dp")
REPLAYED = "〔重放〕"
"""What the words of a replayed call begin with, so that nobody takes it for a real one."""

_TOWNSHIP = re.compile(r"(街道|镇|乡|办事处|管委会|开发区)$")
_WEST, _EAST, _SOUTH, _NORTH = 110.3, 116.7, 31.3, 36.4
"""The box of Henan: a position outside it is that of whoever wrote, and not of whoever needs help."""
_KINDS = (
    *(("trapped", NeedKind.RESCUE), ("need_boat", NeedKind.RESCUE), ("medical", NeedKind.MEDICAL)),
    *(("need_water_food", NeedKind.FOOD), ("elderly_child", NeedKind.CARE), ("no_power", NeedKind.REPAIR)),
)
_WORDS = {
    "trapped": "被困出不来",
    "need_boat": "需要船",
    "medical": "有人需要就医",
    "need_water_food": "没水没吃的",
    "no_power": "停电",
    "no_signal": "没有信号",
    "elderly_child": "有老人和孩子",
    "missing": "有人失联",
}


class Nearness(StrEnum):
    """How near to a door a call says where it is; the first two wait for a person to place them."""

    CITY = "city"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    COMPOUND = "compound"
    BUILDING = "building"
    UNIT = "unit"


_NAMED = (
    *(("names_unit", Nearness.UNIT), ("names_building", Nearness.BUILDING), ("names_compound", Nearness.COMPOUND)),
    *(("names_community", Nearness.COMMUNITY), ("names_village", Nearness.COMMUNITY)),
)


class Call(NamedTuple):
    """A call for help.

    Parameters
    ----------
    key, at
        Its id in the file, and when it was made.
    township, spot
        What it says of its place: an address down to the township at most, and a rounded position as text.
    nearness
        How near to a door that is.
    kind, words
        What was asked.
    """

    key: str
    at: datetime
    township: str
    spot: str
    nearness: Nearness
    kind: NeedKind
    words: str


class Span(NamedTuple):
    """Which calls of a file are meant: half-open, None on an open side."""

    from_at: datetime | None = None
    until_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment lies within."""
        return (self.from_at is None or at >= self.from_at) and (self.until_at is None or at < self.until_at)


def read_calls(path: Path, span: Span) -> tuple[list[Call], int]:
    """Read the calls of a file by their moments, and how many rows were none: offers of help, and later news.

    Raises
    ------
    MusterError
        If the file lacks a column, or a row cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise MusterError("This is not a file of calls.", where=str(path), remedy=f"It lacks {', '.join(missing)}.")
        calls, others = [], 0
        for number, row in enumerate(rows, start=2):
            call = _read_row(row, path, number)
            if span.holds(call.at):
                is_call = row.get("offer") != "1" and row.get("update") != "1"
                others += not is_call
                calls += [call] if is_call else []
    return sorted(calls, key=lambda call: (call.at, call.key)), others


def _read_row(row: Mapping[str, str], path: Path, number: int) -> Call:
    try:
        at = datetime.fromisoformat(row["time"])
    except ValueError as error:
        raise MusterError("A row cannot be read.", where=f"{path}:{number}", remedy=str(error)) from error
    flags = {name for name, value in row.items() if value == "1"}
    spot = f"{row['lon_bd09_2dp']},{row['lat_bd09_2dp']}"
    township = row["address_township"].strip()
    return Call(
        key=row["id"],
        at=at,
        township=township,
        spot=spot,
        nearness=_find_nearness(township, flags, is_believable=_is_believable(spot)),
        kind=next((kind for flag, kind in _KINDS if flag in flags), NeedKind.OTHER),
        words=REPLAYED + "，".join(words for flag, words in _WORDS.items() if flag in flags),
    )


def _is_believable(spot: str) -> bool:
    """Tell whether a position is there at all, and lies in the province."""
    try:
        lon, lat = map(float, spot.split(","))
    except ValueError:
        return False
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _find_nearness(township: str, flags: Iterable[str], *, is_believable: bool) -> Nearness:
    if not _TOWNSHIP.search(township):
        return Nearness.CITY
    named = next((near for flag, near in _NAMED if flag in flags), Nearness.TOWNSHIP)
    return named if is_believable else Nearness.TOWNSHIP


class Doors:
    """The doors of an area of the running city, to lay calls upon.

    Parameters
    ----------
    area
        Where all calls go.
    """

    def __init__(self, area: Area) -> None:
        self._area = area
        self._beneath: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def find(self, call: Call) -> str:
        """Find the code of the area that a call is laid upon: the nearest to a door that it can be believed of."""
        if call.nearness == Nearness.CITY or not self._townships:
            return self._area.code
        code, path = _choose(self._townships, call.township)
        if call.nearness == Nearness.TOWNSHIP:
            return code
        for level in _list_levels(call.nearness):
            found = self._list(path, level)
            if not found:
                break
            code, path = _choose(found, f"{level}:{call.township}:{call.spot}")
        return code

    @cached_property
    def _townships(self) -> list[tuple[str, str]]:
        return self._list(self._area.path, Nearness.TOWNSHIP)

    def _list(self, path: str, level: str) -> list[tuple[str, str]]:
        """Return code and path of the areas of a level beneath a path, in the order of the tree."""
        if (path, level) not in self._beneath:
            found = beneath(Area(path=path)).filter(level__slug=level).order_by("path")
            self._beneath[path, level] = list(found.values_list("code", "path"))
        return self._beneath[path, level]


def _list_levels(nearness: Nearness) -> Iterator[str]:
    """Yield the levels on the way down from a township."""
    for level in (Nearness.COMMUNITY, Nearness.COMPOUND, Nearness.BUILDING, Nearness.UNIT):
        yield level
        if level == nearness:
            return


def _choose(areas: Sequence[tuple[str, str]], name: str) -> tuple[str, str]:
    """Choose one of some areas for a name, always the same."""
    return areas[crc32(name.encode()) % len(areas)]
