"""Measures of who is on duty, what stays empty, and whether rest is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from django.db.models import QuerySet

from muster.duty.models import Duty
from muster.duty.queries.spans import planned_duties
from muster.duty.rules import IntArray
from muster.kernel.clock import CITY_ZONE
from muster.situation.measures.scope import Column, Form, Measure, Row, Scope

_DUTY = (
    Column("person", "人员", "person"),
    Column("name", "姓名", "name"),
    Column("post", "岗位", "post"),
    Column("area", "区域", "area"),
    Column("starts_at", "开始", "starts"),
    Column("ends_at", "结束", "ends"),
)
_BROKEN = (
    *_DUTY,
    Column("rule", "规定", "rule"),
    Column("found", "实际（分钟或天）", "found, minutes or days"),
    Column("limit", "限度（分钟或天）", "limit, minutes or days"),
)
_DAY = (Column("day", "日期", "day"), Column("people", "在岗人数", "people on duty"))
_SHIFT = (
    Column("post", "岗位", "post"),
    Column("name", "名称", "name"),
    Column("area", "区域", "area"),
    Column("starts_at", "开始", "starts"),
    Column("needed", "需要", "needed"),
    Column("missing", "缺", "missing"),
)


def _people_by_day(scope: Scope) -> IntArray:
    """Return the number of different people with a duty on each day that has shifts."""
    days, people = scope.person_days
    pairs = np.unique(np.stack([days, people]), axis=1)
    places = np.searchsorted(scope.shift_days, pairs[0])
    return np.bincount(places, minlength=len(scope.shift_days)).astype(np.int64)


def _people_per_day_mean(scope: Scope) -> float:
    people = _people_by_day(scope)
    return float(people.mean()) if len(people) else 0.0


def _day_rows(scope: Scope) -> Iterator[Row]:
    for day, people in zip(scope.shift_days.tolist(), _people_by_day(scope).tolist(), strict=True):
        yield date.fromordinal(day).isoformat(), people


def _duty_rows(scope: Scope) -> Iterator[Row]:
    yield from map(_duty_cells, _listed(planned_duties(scope.event, scope.area)))


def _override_rows(scope: Scope) -> Iterator[Row]:
    for duty in _listed(_overridden(scope)):
        yield *_duty_cells(duty), duty.override_by, duty.override_reason


def _overridden(scope: Scope) -> QuerySet[Duty]:
    return planned_duties(scope.event, scope.area).exclude(override_by="")


def _listed(duties: QuerySet[Duty]) -> Iterator[Duty]:
    ordered = duties.select_related("person", "shift__post__area").order_by("starts_at", "pk")
    return ordered.iterator(chunk_size=2000)


def _duty_cells(duty: Duty) -> Row:
    post = duty.shift.post
    starts_at, ends_at = duty.starts_at.astimezone(CITY_ZONE), duty.ends_at.astimezone(CITY_ZONE)
    return duty.person.code, duty.person.name, post.code, post.area.code, starts_at, ends_at


def _violation_rows(scope: Scope) -> Iterator[Row]:
    for row in scope.violations:
        if not row.is_overridden:
            starts_at, ends_at = row.starts_at.astimezone(CITY_ZONE), row.ends_at.astimezone(CITY_ZONE)
            where = (row.post_code, row.area_code, starts_at, ends_at)
            yield row.person_code, row.person_name, *where, row.rule.value, row.found, row.limit


def _places_unfilled(scope: Scope) -> int:
    return sum(needed - rostered for needed, rostered in scope.unfilled)


def _unfilled_rows(scope: Scope) -> Iterator[Row]:
    cells = ("post__code", "post__name", "post__area__code", "starts_at", "needed", "rostered")
    for post, name, area, starts_at, needed, rostered in scope.unfilled_shifts.order_by("starts_at", "pk").values_list(
        *cells
    ):
        yield post, name, area, starts_at.astimezone(CITY_ZONE), needed, needed - rostered


MEASURES = (
    Measure(
        name="duty_people_per_day_mean",
        zh="日均在岗人数",
        en="people on duty a day, on average over the days that have shifts",
        form=Form.MEAN,
        counted="people",
        columns=_DAY,
        value=_people_per_day_mean,
        rows=_day_rows,
    ),
    Measure(
        name="duty_days",
        zh="有班次的天数",
        en="days that have shifts",
        form=Form.COUNT,
        columns=_DAY,
        value=lambda scope: len(scope.shift_days),
        rows=_day_rows,
    ),
    Measure(
        name="duties",
        zh="值班人次",
        en="duties",
        form=Form.COUNT,
        columns=_DUTY,
        value=lambda scope: len(scope.standing.duty),
        rows=_duty_rows,
    ),
    Measure(
        name="rest_violations",
        zh="违反休息规定",
        en="broken rules of rest that nobody decided on",
        form=Form.COUNT,
        columns=_BROKEN,
        value=lambda scope: sum(not row.is_overridden for row in scope.violations),
        rows=_violation_rows,
    ),
    Measure(
        name="rest_overrides",
        zh="经批准的休息例外",
        en="duties for which an officer overrode a rule of rest, by name",
        form=Form.COUNT,
        columns=(*_DUTY, Column("by", "批准人", "by"), Column("reason", "理由", "reason")),
        value=lambda scope: int(scope.standing.is_overridden.sum()),
        rows=_override_rows,
    ),
    Measure(
        name="shifts_unfilled",
        zh="缺人的班次",
        en="shifts that lack people",
        form=Form.COUNT,
        columns=_SHIFT,
        value=lambda scope: len(scope.unfilled),
        rows=_unfilled_rows,
    ),
    Measure(
        name="places_unfilled",
        zh="空着的名额",
        en="places that nobody fills",
        form=Form.SUM,
        counted="missing",
        columns=_SHIFT,
        value=_places_unfilled,
        rows=_unfilled_rows,
    ),
)
