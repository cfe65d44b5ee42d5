"""Lists of organizations: seats and organizations above by name, a kind guessed from the name where it is not said."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from muster.intake.drafts import Draft, SourceRow
from muster.intake.kinds import ADDRESS, LEVEL_COLUMNS, Column
from muster.kernel.batches import batches
from muster.kernel.cells import split_words
from muster.kernel.trail import Watched
from muster.organizations.importing import import_organizations as take
from muster.organizations.kinds import OrganizationKind
from muster.organizations.models import Alliance, AllianceSeat, Organization
from muster.organizations.rows import COLUMNS

__all__ = ["EXAMPLE", "WATCHED", "find_codes", "list_columns", "list_table_columns", "prepare", "take"]

WATCHED = (
    Watched(Organization, "code"),
    Watched(Alliance, "area__code", column="alliance"),
    Watched(AllianceSeat, "organization__code"),
)
EXAMPLE = {"name": "市档案馆", "kind": "机关", "seat": "松林社区", "people_offered": "12", "alliance": "松林社区"}

_NONE = frozenset({"none", "无"})
_ENDINGS = (
    (("医院", "卫生院", "卫生服务中心", "诊所"), OrganizationKind.HOSPITAL),
    (("学校", "小学", "中学", "大学", "学院", "幼儿园"), OrganizationKind.SCHOOL),
    (("公司", "厂", "集团", "银行", "支行", "商场", "超市"), OrganizationKind.ENTERPRISE),
    (("支部", "党委", "总支"), OrganizationKind.BRANCH),
    (("居委会", "村委会", "委员会"), OrganizationKind.COMMITTEE),
    (("志愿队", "志愿者队伍", "服务队", "协会"), OrganizationKind.VOLUNTEERS),
)
_MORE_HEADINGS = {
    "name": ("单位全称", "机构名称", "部门", "包保单位", "成员单位"),
    "kind": ("单位性质", "性质", "单位类型"),
    "seat": ("驻地社区", "单位地址", "办公地址", "所在地址"),
    "people_offered": ("可派出人数", "人数", "党员人数", "下沉人数", "可下沉人数"),
}


def list_columns() -> tuple[Column, ...]:
    """List the columns that a list of organizations may have."""
    own = (
        Column(name, (*headings, *_MORE_HEADINGS.get(name, ()))) for name, headings in COLUMNS.items() if name != "why"
    )
    return (*own, *LEVEL_COLUMNS[:-2], ADDRESS)


def list_table_columns() -> tuple[str, ...]:
    """List the columns that the room reads."""
    return tuple(COLUMNS)


def prepare(rows: Sequence[SourceRow], draft: Draft) -> None:
    """Make rows of organizations: seats and alliances found, those above named by code, and a code and a kind."""
    draft.places.prefetch(row.get(name) for row in rows for name in ("seat", "address"))
    draft.places.prefetch(word for row in rows for word in split_words(row.get("alliance")))
    known = find_codes(text for row in rows for text in (row.get("name"), row.get("parent")))
    for row in rows:
        if row.get("name"):
            known.setdefault(row.get("name"), row.get("code") or make_code(row.get("name")))
    for row in rows:
        cells = {name: text for name, text in row.cells.items() if name in {"people_offered", "synthetic"}}
        cells["name"] = row.get("name")
        cells["code"] = row.get("code") or known.get(row.get("name"), "")
        cells["kind"] = row.get("kind") or guess_kind(row.get("name"))
        cells["seat"] = draft.find_place(row, "seat", "address")
        if not cells["seat"] and not (row.get("seat") or row.get("address")):
            cells["seat"] = draft.places.within.code
        cells["parent"] = _name_parent(row, known, draft)
        cells["alliance"] = _find_alliances(row, draft)
        draft.add(row, cells)


def find_codes(texts: Iterable[str]) -> dict[str, str]:
    """Return the code of each organization that a text names by name or by code; of no name that two have."""
    wanted = sorted({text for text in texts if text})
    by_name: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, str] = {}
    for some in batches(wanted):
        codes.update((code, code) for code in Organization.objects.filter(code__in=some).values_list("code", flat=True))
        for name, code in Organization.objects.filter(name__in=some).values_list("name", "code"):
            by_name[name].add(code)
    return {**{name: min(found) for name, found in by_name.items() if len(found) == 1}, **codes}


def make_code(name: str) -> str:
    """Make the code of an organization whose list has none: the same whenever its name comes again."""
    return f"O-{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"


def guess_kind(name: str) -> str:
    """Return the kind that the end of a name tells, an agency where it tells none."""
    for endings, kind in _ENDINGS:
        if name.endswith(endings):
            return kind.value
    return OrganizationKind.AGENCY.value


def _name_parent(row: SourceRow, known: dict[str, str], draft: Draft) -> str:
    text = row.get("parent")
    if not text or text.casefold() in _NONE:
        return text
    if text not in known:
        draft.refuse(row, "parent", f"There is no organization {text}.", "Choose or correct it, or empty the cell.")
    return known.get(text, "")


def _find_alliances(row: SourceRow, draft: Draft) -> str:
    codes = []
    for word in split_words(row.get("alliance")):
        part = SourceRow(row.index, row.number, {"alliance": word.removesuffix("党建联盟").removesuffix("联盟")})
        codes.append(draft.find_place(part, "alliance"))
    return ";".join(code for code in codes if code)
