"""Finding the head of a table: beneath titles, in one line or two, by headings of several names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HEAD_WITHIN_ROWS = 20
BETWEEN_LINES = " / "
"""Stands between the upper and the lower heading of a head of two lines."""

_STRAY = " \t\r\n\u00a0\u3000\x00"
# Marks without width that come along when text is copied; the joiners U+200C and U+200D belong to some scripts.
_WITHOUT_WIDTH = str.maketrans("", "", "\u200b\u2060\ufeff\u00ad")
_BESIDE = re.compile(r"^[*＊]+|[*＊:：]+$|[(（](?:必填|选填|可选|required|optional)[)）]")
_SPACES = re.compile(r"\s+")
# What stands under a list, and is no row of it.
_SUMS = re.compile(r"(?:合计|总计|小计|共计|累计|total|sum|subtotal)(?:\s*[:：(（].*)?", re.IGNORECASE)
_NOTES = re.compile(
    r"(?:填表人?|填报人?|填报单位|制表人?|制表单位|审核人?|审批人?|负责人签[字名]|签字|单位[(（]?(?:公章|盖章)[)）]?"
    r"|[附备]?注|说明|填表说明|填报日期|填表日期|note|notes|filled in by|prepared by|checked by)"
    r"\s*\d*\s*[:：.、].*",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_CELLS = 3


def clean(cell: str) -> str:
    """Return the text of a cell without what came along with it: blanks around, marks without width, a guard."""
    if not cell.isascii():
        cell = cell.translate(_WITHOUT_WIDTH)
    cell = cell.strip(_STRAY)
    # The guard that ``write_table`` puts before a formula; a CSV saved as Excel file carries it along.
    if cell.startswith("'") and cell.lstrip("'").startswith(("=", "+", "-", "@")):
        return cell[1:]
    return cell


def fold(heading: str) -> str:
    """Return a heading as it is compared: one width, small letters, without the blanks that spread it out."""
    plain = _BESIDE.sub("", unicodedata.normalize("NFKC", clean(heading)).casefold()).strip()
    return _SPACES.sub("_" if plain.isascii() else "", plain)


def name_headings(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the canonical column of each folded heading."""
    return {fold(alias): name for name, aliases in columns.items() for alias in (name, *aliases)}


def find_name(heading: str, names: Mapping[str, str]) -> str | None:
    """Find the canonical column of a heading; of one in two lines by both together, else by the lower."""
    upper, between, lower = heading.rpartition(BETWEEN_LINES)
    if not between:
        return names.get(fold(heading))
    return names.get(fold(upper + lower)) or names.get(fold(lower))


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table.

    Parameters
    ----------
    position
        Place of its first row among the rows.
    height
        How many rows it has: one or two.
    titles
        Heading of each column.
    """

    position: int
    height: int
    titles: list[str]

    @property
    def ends_at(self) -> int:
        """Place of the first row beneath it."""
        return self.position + self.height


def list_heads(rows: Sequence[tuple[int, list[str]]], names: Mapping[str, str]) -> Iterator[Head]:
    """List what may be the head of a table: every row near the top, two rows first where they say more.

    Two rows are one head only if together they name more columns than either of them: a title above a head adds none.
    """
    for position, (_, cells) in enumerate(rows[:HEAD_WITHIN_ROWS]):
        if not any(cells):
            continue
        if position + 1 < len(rows):
            lower = rows[position + 1][1]
            both = _join(cells, lower)
            if count_known(both, names) > max(count_known(cells, names), count_known(lower, names)):
                yield Head(position, 2, both)
        yield Head(position, 1, cells)


def _join(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip(_pad(upper, width), _pad(lower, width), strict=True)
    return [f"{top}{BETWEEN_LINES}{below}" if top and below and top != below else top or below for top, below in pairs]


def _pad(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def find_head(
    rows: Sequence[tuple[int, list[str]]], names: Mapping[str, str], required: Sequence[str]
) -> tuple[Head | None, list[str]]:
    """Find the first head that names every required column, and what the nearest one lacks."""
    lacking = list(required)
    for head in list_heads(rows, names):
        present = {find_name(title, names) for title in head.titles}
        missing = [name for name in required if name not in present]
        if not missing:
            return head, []
        lacking = min(lacking, missing, key=len)
    return None, lacking


def count_known(titles: Sequence[str], names: Mapping[str, str]) -> int:
    """Count the different columns that headings name."""
    return len({name for title in titles if title and (name := find_name(title, names))})


def is_beside_list(cells: Sequence[str]) -> bool:
    """Tell whether a row is none of the list: a sum, a note, a signature, or a title across the whole width."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return True
    if _SUMS.fullmatch(filled[0].replace(" ", "").replace("\u3000", "")) or _NOTES.fullmatch(filled[0]):
        return True
    return len(filled) >= _SECTION_CELLS and len(set(filled)) == 1 and not filled[0].isdecimal()


def repeats_head(cells: Sequence[str], titles: Sequence[str], names: Mapping[str, str]) -> bool:
    """Tell whether a row is the head again: in a second language, or on top of each printed page."""
    filled = [(cell, title) for cell, title in zip(cells, titles, strict=False) if cell]
    same = ((find_name(cell, names) or cell) == (find_name(title, names) or title) for cell, title in filled)
    return len(filled) > 1 and all(same)
