"""The national tree of divisions: searched, and one city or county taken from it as a list to import.

Set-up lays it beside the package (``national_building``); an installation without it does without. Codes are those of
the statistics bureau, in which each begins with that of what it lies in.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from muster.kernel.errors import NotFoundError
from muster.kernel.tables import Table

FOLDER = Path(__file__).parent / "data"
TOP = "national.csv"
BENEATH = "national-{}.csv.gz"
HEAD = ("code", "name", "pinyin")
DEPTHS = ("community", "township")
"""How deep a tree may be taken, the deepest first."""

_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "community"}
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_KINDS = {
    "township": {"0": "subdistrict", "1": "town", "2": "township", "3": "township", "4": "special_area"},
    "community": dict.fromkeys("01", "residents_committee") | dict.fromkeys("23", "villagers_committee"),
}
_TOP_KINDS = {2: "municipality", 4: "prefecture", 6: "county"}
_OTHER_KINDS = {"township": "special_area", "community": "quasi_villagers"}
_SOURCE = "national tree"


@dataclass(frozen=True, slots=True)
class Division:
    """A province, prefecture or county of the national tree.

    Parameters
    ----------
    code, name
        As the statistics bureau has them.
    pinyin
        What else it is found by: full pinyin and initials.
    """

    code: str
    name: str
    pinyin: str

    @staticmethod
    def prefecture_of(code: str) -> str:
        """Return the code of the prefecture that a code lies in."""
        return code[:4]

    @property
    def level(self) -> str:
        """Return its level; a municipality under the state is a city."""
        return "city" if self.code in _MUNICIPALITIES else _LEVELS[len(self.code)]

    @property
    def may_be_taken(self) -> bool:
        """Tell whether Muster can run in it: a city, a county, or a municipality, but not a province."""
        return self.level != "province" and not self.is_placeholder

    @property
    def is_placeholder(self) -> bool:
        """Tell whether it only fills a level of the codes, and nobody lives under its name."""
        return self.name in _PLACEHOLDERS or (len(self.code) == 6 and self.code.endswith("00"))


def has_national_tree() -> bool:
    """Tell whether set-up has laid the national tree beside the package."""
    return (FOLDER / TOP).exists()


@cache
def _read_top() -> dict[str, Division]:
    if not has_national_tree():
        return {}
    with (FOLDER / TOP).open(encoding="utf-8", newline="") as file:
        return {row["code"]: Division(**row) for row in csv.DictReader(file)}


def get_division(code: str) -> Division:
    """Get a province, prefecture or county.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = _read_top().get(code)
    if found is None:
        raise NotFoundError(f"The national tree has no {code}.", remedy="Search for it by its name.")
    return found


def list_divisions(code: str = "") -> list[Division]:
    """List the provinces, or what lies directly beneath a province or a prefecture; placeholders are passed through."""
    lengths = {0: (2,), 2: (4, 6), 4: (6,)}.get(len(code), ())
    found = [each for each in _read_top().values() if each.code.startswith(code) and len(each.code) in lengths]
    if len(code) != 2:
        return [each for each in found if not each.is_placeholder]
    passed = {each.code for each in found if len(each.code) == 4 and each.is_placeholder}
    return [
        each
        for each in found
        if not each.is_placeholder and (len(each.code) == 4 or Division.prefecture_of(each.code) in passed)
    ]


def list_above(division: Division) -> list[Division]:
    """List what a division lies in, from the province down, without itself."""
    above = [_read_top().get(division.code[:length]) for length in (2, 4) if length < len(division.code)]
    return [each for each in above if each is not None and not each.is_placeholder]


def search_divisions(text: str, *, limit: int = 20) -> list[Division]:
    """Search what may be taken, by the beginning of its code, a part of its name, or pinyin or initials from a start.

    Parameters
    ----------
    text
        What was typed.
    limit
        How many to return at most: names that begin so first, cities before counties.
    """
    typed = text.strip().lower().replace(" ", "")
    if not typed:
        return []
    ranked = [(_rank(each, typed), len(each.code), each) for each in _read_top().values() if each.may_be_taken]
    found = sorted((each for each in ranked if each[0]), key=lambda each: (-each[0], each[1], each[2].code))
    return [division for _, _, division in found[:limit]]


def _rank(division: Division, typed: str) -> int:
    """Return how well a division fits what was typed; 0: not at all."""
    if typed.isdigit():
        return 2 * (division.code == typed) or int(division.code.startswith(typed))
    if not typed.isascii():
        return 2 * division.name.startswith(typed) or int(typed in division.name)
    return 2 * any(word.startswith(typed) for word in division.pinyin.split()) or int(typed in division.pinyin)


def read_national(code: str, *, deepest: str = DEPTHS[0]) -> Table:
    """Read a city or a county with all beneath it, as a list of divisions of which it is the top.

    Parameters
    ----------
    code
        Code of a division that may be taken.
    deepest
        The lowest level to read, one of ``DEPTHS``.

    Raises
    ------
    NotFoundError
        If there is none, or it is a province.
    """
    top = get_division(code)
    if not top.may_be_taken:
        raise NotFoundError(f"{top.name} cannot be taken whole.", remedy="Choose a city or a county in it.")
    rows = [(top.level, top.code, top.name, "", _TOP_KINDS[len(top.code)])]
    kept = {top.code}
    for each_code, name in _list_beneath(top):
        level = _LEVELS[len(each_code)]
        parent = _find_parent(each_code, kept)
        if parent and level not in DEPTHS[: DEPTHS.index(deepest)]:
            kept.add(each_code)
            rows.append((level, each_code, name, parent, _find_kind(level, each_code)))
    columns = dict(
        zip(("level", "code", "name", "parent_code", "kind"), map(list, zip(*rows, strict=True)), strict=True)
    )
    return Table(source=_SOURCE, sheet="", columns=columns, row_numbers=list(range(1, len(rows) + 1)))


def count_national(code: str) -> list[tuple[str, int]]:
    """Count what lies beneath a division by level, from the top down."""
    counted = Counter(read_national(code).column("level")[1:])
    return [(level, counted[level]) for level in _LEVELS.values() if counted[level]]


def _list_beneath(top: Division) -> Iterator[tuple[str, str]]:
    """List the codes and names beneath a division, those above before those beneath; placeholders are left out."""
    within = [each for each in _read_top().values() if each.code.startswith(top.code) and each.code != top.code]
    yield from ((each.code, each.name) for each in within if not each.is_placeholder)
    prefectures = {Division.prefecture_of(each.code) for each in (*within, top) if len(each.code) > 2}
    for prefecture in sorted(prefectures):
        path = FOLDER / BENEATH.format(prefecture)
        lines = gzip.decompress(path.read_bytes()).decode().splitlines() if path.exists() else []
        parts = (line.partition(",") for line in lines if line.startswith(top.code))
        yield from ((code, name) for code, _, name in parts)


def _find_parent(code: str, kept: set[str]) -> str:
    """Find the nearest division above that is taken too; a city without counties has its streets beneath itself."""
    above = (code[:length] for length in (9, 6, 4, 2) if length < len(code))
    return next((each for each in above if each in kept), "")


def _find_kind(level: str, code: str) -> str:
    """Find what the bureau calls a division: the third digit from the end says so."""
    if level == "community" and code[-3] == "4":
        return "quasi_residents"
    return _KINDS.get(level, {}).get(code[-3], _OTHER_KINDS.get(level, level))
