"""Measures of what is recorded: areas, people, organizations."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from muster.organizations.models import Organization
from muster.people.queries import count_people, living_or_working
from muster.situation.measures.scope import Column, Form, Measure, Row, Scope
from muster.territory.models import Area
from muster.territory.queries import beneath, beneath_filter


def _areas(scope: Scope) -> QuerySet[Area]:
    return beneath(scope.area)


def _area_rows(scope: Scope) -> Iterator[Row]:
    yield from _areas(scope).order_by("path").values_list("code", "level__slug", "name").iterator(chunk_size=5000)


def _person_rows(scope: Scope) -> Iterator[Row]:
    cells = ("code", "name", "home_area__code", "work_area__code")
    yield from living_or_working(scope.area).order_by("code").values_list(*cells).iterator(chunk_size=5000)


def _organizations(scope: Scope) -> QuerySet[Organization]:
    return Organization.objects.filter(beneath_filter(scope.area, "seat_area__path"))


def _organization_rows(scope: Scope) -> Iterator[Row]:
    cells = ("code", "name", "kind", "seat_area__code", "people_offered")
    yield from _organizations(scope).order_by("code").values_list(*cells).iterator(chunk_size=5000)


_CODE_AND_NAME = (Column("code", "编码", "code"), Column("name", "名称", "name"))

MEASURES = (
    Measure(
        name="areas",
        zh="区域",
        en="areas",
        form=Form.COUNT,
        columns=(_CODE_AND_NAME[0], Column("level", "层级", "level"), _CODE_AND_NAME[1]),
        value=lambda scope: _areas(scope).count(),
        rows=_area_rows,
    ),
    Measure(
        name="people",
        zh="在册人员",
        en="people who live or work here",
        form=Form.COUNT,
        columns=(*_CODE_AND_NAME, Column("home", "住处", "home"), Column("work", "工作处", "work")),
        value=lambda scope: count_people(scope.area),
        rows=_person_rows,
    ),
    Measure(
        name="organizations",
        zh="单位",
        en="organizations seated here",
        form=Form.COUNT,
        columns=(
            *_CODE_AND_NAME,
            Column("kind", "类型", "kind"),
            Column("seat", "驻地", "seat"),
            Column("people_offered", "可派人数", "people offered"),
        ),
        value=lambda scope: _organizations(scope).count(),
        rows=_organization_rows,
    ),
)
