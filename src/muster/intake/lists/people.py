"""Lists of people: names and numbers; where they live, by address or by level; where they belong, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.utils.crypto import salted_hmac

from muster.intake.drafts import Draft, SourceRow
from muster.intake.kinds import ADDRESS, IDENTITY, LEVEL_COLUMNS, Column
from muster.intake.lists.organizations import find_codes
from muster.kernel.batches import batches
from muster.kernel.cells import CellError, split_words
from muster.kernel.trail import Watched
from muster.membership.importing import import_people as take
from muster.membership.models import Membership
from muster.people.models import Absence, Person
from muster.people.rows import COLUMNS
from muster.people.rules import blind_index, join_name, normalize_phone

__all__ = ["EXAMPLE", "WATCHED", "list_columns", "list_table_columns", "prepare", "take"]

WATCHED = (Watched(Person, "code"), Watched(Membership, "person__code"), Watched(Absence, "person__code"))
EXAMPLE = {
    "name": "王秀兰",
    "phone": "13800000000",
    "in_community": "松林社区",
    "in_compound": "明珠小区",
    "in_building": "1号楼",
    "in_unit": "2单元",
    "organization": "市档案馆",
    "abilities": "驾驶；急救",
    "restrictions": "不上夜班",
    "may_serve": "是",
    "consented_on": "2020-02-05",
}

_FOUND = {"code", "name", "home", "work", "organization", "consented_on", "why"}
_CODE_CHARS = 12
_MORE_HEADINGS = {"name": ("名字", "人员姓名", "志愿者姓名", "党员姓名", "联系人")}


def list_columns() -> tuple[Column, ...]:
    """List the columns that a list of people may have."""
    own = (
        Column(name, (*headings, *_MORE_HEADINGS.get(name, ()))) for name, headings in COLUMNS.items() if name != "why"
    )
    return (*own, *LEVEL_COLUMNS, ADDRESS, IDENTITY)


def list_table_columns() -> tuple[str, ...]:
    """List the columns that the room reads."""
    return tuple(COLUMNS)


def prepare(rows: Sequence[SourceRow], draft: Draft) -> None:
    """Make rows of people: homes found, organizations named by code, and a code where the list has none."""
    draft.places.prefetch(row.get(name) for row in rows for name in ("home", "work", "address"))
    organizations = find_codes(name for row in rows for name in split_words(row.get("organization")))
    known = _find_known(rows)
    day = draft.consented_on.isoformat() if draft.consented_on else ""
    for row in rows:
        cells = {name: text for name, text in row.cells.items() if name in COLUMNS and name not in _FOUND}
        cells["name"] = join_name(row.get("name"))
        cells["home"] = draft.find_place(row, "home", "address")
        cells["work"] = _find_work(row, draft)
        cells["organization"] = _name_organizations(row, organizations, draft)
        cells["consented_on"] = row.get("consented_on") or day
        cells["code"] = (
            row.get("code") or known.get(_identify(row)) or make_code(cells["name"], _identify(row)[1], cells)
        )
        draft.add(row, cells)


def _find_work(row: SourceRow, draft: Draft) -> str:
    text = row.get("work")
    return draft.find_place(SourceRow(row.index, row.number, {"work": text}), "work") if text else ""


def _name_organizations(row: SourceRow, known: dict[str, str], draft: Draft) -> str:
    names = split_words(row.get("organization"))
    lacking = [name for name in names if name not in known]
    for name in lacking:
        draft.refuse(
            row, "organization", f"There is no organization {name}.", "Choose or correct it, or empty the cell."
        )
    return ";".join(known[name] for name in names if name in known)


def _identify(row: SourceRow) -> tuple[str, str]:
    """Return by what somebody without a code is known again: the name, and the number in its one form."""
    try:
        phone = normalize_phone(row.get("phone"))
    except CellError:
        phone = ""
    return join_name(row.get("name")), phone


def _find_known(rows: Sequence[SourceRow]) -> dict[tuple[str, str], str]:
    """Return the codes of people who are known already, by name and number; of none that two people share."""
    wanted = {_identify(row) for row in rows if not row.get("code")}
    indexes = {blind_index(phone): phone for _, phone in wanted if phone}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for some in batches(sorted(indexes)):
        people = Person.objects.filter(phone_index__in=some).values_list("name", "phone_index", "code")
        for name, index, code in people:
            found[name, indexes[index]].append(code)
    return {key: codes[0] for key, codes in found.items() if len(codes) == 1}


def make_code(name: str, phone: str, cells: dict[str, str]) -> str:
    """Make the code of somebody whose list has none: the same whenever the same list comes again."""
    if not name:
        return ""
    told_apart_by = phone or f"{cells.get('home', '')}|{cells.get('organization', '')}"
    digest = salted_hmac(
        "muster.intake.person", f"{name}|{told_apart_by}", secret=settings.SALT_KEY, algorithm="sha256"
    )
    return f"P-{digest.hexdigest()[:_CODE_CHARS].upper()}"
