"""Reading a list of organizations: each cell checked, each fault named by its row and column."""

from __future__ import annotations

from muster.kernel.cells import read_code, read_count, read_name, read_reference, read_yes_no, split_words
from muster.kernel.rows import CellReader, CheckedRows, read_checked_rows
from muster.kernel.tables import Table
from muster.organizations.kinds import KIND_WORDS, OrganizationFacts

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "单位编码", "单位编号", "组织编码", "代码"),
    "name": ("名称", "单位名称", "组织名称", "单位"),
    "kind": ("类别", "类型", "单位类别"),
    "parent": ("上级", "上级单位", "上级编码", "parent_code"),
    "seat": ("驻地", "所在地", "驻地编码", "seat_area"),
    "people_offered": ("可派人数", "派出人数"),
    "alliance": ("联盟", "所在联盟", "党建联盟", "alliances"),
    "synthetic": ("演示数据", "is_synthetic"),
    "why": (),
}
REQUIRED = ("code", "name")

_MOST_NAME_CHARS = 120
_MOST_KIND_CHARS = 40
_MOST_OFFERED = 1_000_000
_NOTHING = frozenset({"none", "无"})


def _read_kind(text: str) -> str | None:
    word = text.casefold()
    if not word:
        return None
    return KIND_WORDS.get(word) or read_name(word, most_chars=_MOST_KIND_CHARS)


def _read_parent(text: str) -> str | None:
    return "" if text.casefold() in _NOTHING else read_reference(text)


_READERS: dict[str, CellReader] = {
    "code": ("code", read_code),
    "name": ("name", lambda text: read_name(text, most_chars=_MOST_NAME_CHARS)),
    "kind": ("kind", _read_kind),
    "parent": ("parent", _read_parent),
    "seat": ("seat", read_reference),
    "people_offered": ("people_offered", lambda text: read_count(text, most=_MOST_OFFERED)),
    "alliance": ("alliances", lambda text: tuple(map(read_code, split_words(text))) or None),
    "synthetic": ("is_synthetic", read_yes_no),
}


OrganizationRows = CheckedRows[OrganizationFacts]


def read_rows(table: Table) -> OrganizationRows:
    """Read all rows of a table of organizations.

    Returns
    -------
    OrganizationRows
        Sound rows, each code once; an empty cell says nothing.
    """
    return read_checked_rows(table, _READERS, COLUMNS)
