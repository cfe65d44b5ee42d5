"""Reading a list of people: each cell checked, each fault named by its row and column."""

from __future__ import annotations

from collections import Counter

from muster.kernel.cells import (
    CellError,
    read_code,
    read_count,
    read_day,
    read_hours_as_min,
    read_name,
    read_reference,
    read_yes_no,
)
from muster.kernel.rows import CellReader, CheckedRows, read_checked_rows
from muster.kernel.tables import Table
from muster.people.kinds import Ability, PersonFacts, Restriction
from muster.people.rules import join_name, normalize_phone, read_abilities, read_restrictions

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "人员编号", "人员编码", "工号"),
    "name": ("姓名",),
    "home": ("居住地", "居住地编码", "居住区域", "home_area"),
    "work": ("工作地", "工作地编码", "工作区域", "work_area"),
    "phone": (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "联系方式",
        "电话号码",
        "手机电话",
        "移动电话",
        "phone_number",
        "mobile",
        "telephone",
    ),
    "abilities": ("能力", "特长", "技能"),
    "restrictions": ("限制", "受限", "不能从事"),
    "may_serve": ("可参加", "是否可参加", "同意参加"),
    "max_appointments": ("最多任职", "任职上限"),
    "max_week_hours": ("每周最多小时", "每周工时上限"),
    "consented_on": ("同意日期", "知情同意日期"),
    "absent_from": ("请假日期", "离岗日期"),
    "absent_until": ("返岗日期", "销假日期"),
    "organization": ("单位", "单位编码", "所属单位", "所在单位", "工作单位", "组织"),
    "role": ("职务", "角色"),
    "since": ("加入日期", "起始日期"),
    "synthetic": ("演示数据", "is_synthetic"),
    "why": (),
}
REQUIRED = ("code", "name")
BELONGING = ("organization", "role", "since")
"""Columns that say where a person belongs, which the room of memberships reads."""

_MOST_NAME_CHARS = 80
_MOST_DOORWAYS = 50
_WEEK_H = 168
_READERS: dict[str, CellReader] = {
    "code": ("code", read_code),
    "name": ("name", lambda text: read_name(join_name(text), most_chars=_MOST_NAME_CHARS)),
    "home": ("home", read_reference),
    "work": ("work", read_reference),
    "phone": ("phone", lambda text: normalize_phone(text) or None),
    "abilities": ("abilities", read_abilities),
    "restrictions": ("restrictions", read_restrictions),
    "may_serve": ("may_serve", read_yes_no),
    "max_appointments": ("max_appointments", lambda text: read_count(text, most=_MOST_DOORWAYS)),
    "max_week_hours": ("max_week_min", lambda text: read_hours_as_min(text, most_h=_WEEK_H)),
    "consented_on": ("consented_on", read_day),
    "synthetic": ("is_synthetic", read_yes_no),
}


PeopleRows = CheckedRows[PersonFacts]


def read_rows(table: Table) -> PeopleRows:
    """Read all rows of a table of people.

    Returns
    -------
    PeopleRows
        Sound rows, each code once; an empty cell says nothing.
    """
    rows: PeopleRows = read_checked_rows(table, _READERS, COLUMNS)
    _read_absences(rows)
    rows.notes.extend(_note_strange_slugs(rows))
    return rows


def _read_absences(rows: PeopleRows) -> None:
    starts, ends = rows.table.column("absent_from"), rows.table.column("absent_until")
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if not (start or end):
            continue
        column = "absent_from"
        try:
            first_day = read_day(start)
            column = "absent_until"
            day_back = read_day(end)
        except CellError as error:
            rows.reject(index, column, error.what, error.remedy)
            continue
        if first_day is None or day_back is None or day_back <= first_day:
            what = "An absence has a first day, and a later day on which the person is back."
            rows.reject(index, column, what, "Write both days; the day back may be a guess.")
        elif index in rows.facts:
            rows.facts[index]["absence"] = (first_day, day_back)


def _note_strange_slugs(rows: PeopleRows) -> list[str]:
    strange: Counter[str] = Counter()
    known = {*Ability.values, *Restriction.values}
    for facts in rows.facts.values():
        strange.update({*facts.get("abilities", ()), *facts.get("restrictions", ())} - known)
    return [
        f"{count} rows name {slug}, which is none of the usual abilities and restrictions; it is kept."
        for slug, count in sorted(strange.items())
    ]
