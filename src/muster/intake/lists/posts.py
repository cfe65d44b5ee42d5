"""Lists of posts: areas found by name, a code made where the list has none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from muster.duty.importing import COLUMNS, list_pattern_columns
from muster.duty.importing import import_posts as take
from muster.duty.models import Demand, Post, PostKind, ShiftPattern
from muster.intake.drafts import Draft, SourceRow
from muster.intake.kinds import ADDRESS, LEVEL_COLUMNS, Column
from muster.kernel.batches import batches
from muster.kernel.trail import Watched

__all__ = ["EXAMPLE", "WATCHED", "list_columns", "list_table_columns", "prepare", "take"]

WATCHED = (Watched(Post, "code"), Watched(Demand, "post__code"))
EXAMPLE = {
    "name": "东门卡口",
    "kind": "卡口",
    "in_community": "松林社区",
    "in_compound": "明珠小区",
    "demand_morning": "2",
    "demand_night": "1",
}

_FOUND = {"code", "area", "pool"}
_MORE_HEADINGS = {
    "name": ("岗位名称", "卡点名称", "点位", "点位名称", "值守点", "卡口名称"),
    "kind": ("岗位类别", "卡点类型"),
    "area": ("所属社区", "位置", "值守地点"),
}


def list_columns() -> tuple[Column, ...]:
    """List the columns that a list of posts may have; one for each shift pattern of the city among them."""
    own = tuple(Column(name, (*headings, *_MORE_HEADINGS.get(name, ()))) for name, headings in COLUMNS.items())
    patterns = [(row, f"demand_{row.slug}") for row in ShiftPattern.objects.all()]
    headings = list_pattern_columns([row for row, _ in patterns])
    demands = tuple(Column(name, (row.name_zh, *headings[name])) for row, name in patterns)
    return (*own, *demands, *LEVEL_COLUMNS[:-2], ADDRESS)


def list_table_columns() -> tuple[str, ...]:
    """List the columns that the room reads."""
    return (*COLUMNS, *list_pattern_columns(list(ShiftPattern.objects.all())))


def prepare(rows: Sequence[SourceRow], draft: Draft) -> None:
    """Make rows of posts: areas found, and a code where the list has none."""
    draft.places.prefetch(row.get(name) for row in rows for name in ("area", "pool", "address"))
    areas = [draft.find_place(row, "area", "address") for row in rows]
    kinds = {name.casefold() for row in PostKind.objects.all() for name in (row.name_zh, row.name_en, row.slug)}
    known = _find_known([row.get("name") for row in rows])
    for row, area in zip(rows, areas, strict=True):
        cells = {name: text for name, text in row.cells.items() if name in draft.columns and name not in _FOUND}
        key = (row.get("name"), area)
        cells["area"] = area
        cells["pool"] = _find_pool(row, draft)
        cells["kind"] = _find_kind(row.get("kind"), kinds)
        cells["code"] = row.get("code") or known.get(key) or (make_code(*key) if row.get("name") else "")
        draft.add(row, cells)


def _find_pool(row: SourceRow, draft: Draft) -> str:
    text = row.get("pool")
    return draft.find_place(SourceRow(row.index, row.number, {"pool": text}), "pool") if text else ""


def _find_kind(text: str, kinds: set[str]) -> str:
    """Return the one kind whose name is a part of what the list says, such as 卡口 of 小区卡口; else what it says."""
    named = [kind for kind in kinds if kind in text.casefold()]
    longest = max(named, key=len, default="")
    return longest if named and all(kind in longest for kind in named) else text


def _find_known(names: Sequence[str]) -> dict[tuple[str, str], str]:
    known: dict[tuple[str, str], str] = {}
    for some in batches(sorted(set(names) - {""})):
        for name, area, code in Post.objects.filter(name__in=some).values_list("name", "area__code", "code"):
            known[name, area] = code
    return known


def make_code(name: str, area: str) -> str:
    """Make the code of a post whose list has none: the same whenever the same post comes again."""
    return f"{area[:40]}-{hashlib.sha256(f'{name}|{area}'.encode()).hexdigest()[:8].upper()}".lstrip("-")
