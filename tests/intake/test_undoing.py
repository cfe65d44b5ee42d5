"""An import is undone whole, unless something builds on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import Grant
from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole
from muster.intake.actions import (
    KEPT_DAYS,
    bring,
    check,
    choose_sheet,
    confirm_columns,
    drop,
    forget_old,
    mend,
    take,
    undo,
)
from muster.intake.models import Import
from muster.intake.queries import list_obstacles
from muster.intake.rules import seal
from muster.kernel.errors import RuleError
from muster.kernel.trail import RowChange
from muster.organizations.models import AllianceSeat
from muster.people.models import Person
from muster.territory.models import Area
from tests.coverage.city import NOON, OFFICER, City
from tests.intake.offices import LISTS, OfficeList

FOLLOWING = {"intake", "kernel"}


def take_in(path: Path, city: City, **facts: Any) -> Import:
    brought = bring(actor=OFFICER, now=NOON, area=city.area("2207"), path=path, file_name=path.name)
    confirm_columns(actor=OFFICER, now=NOON, brought=brought, columns=brought.columns, **facts)
    check(actor=OFFICER, now=NOON, brought=brought)
    return take(actor=OFFICER, now=NOON, brought=brought, is_partial=True)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all rooms; numbers of rows that only follow from others are left out."""
    rooms = [app for app in apps.get_app_configs() if app.name.startswith("muster.") and app.label not in FOLLOWING]
    rows: dict[str, list[dict[str, Any]]] = {}
    for model in (model for app in rooms for model in app.get_models()):
        values = [{**row} for row in model._default_manager.values()]
        if model.__name__ in {"AreaTally", "CoverageTally", "Gap"}:
            values = [{name: value for name, value in row.items() if name != "id"} for row in values]
        rows[model.__name__] = sorted(values, key=repr)
    return rows


@pytest.mark.parametrize("office", LISTS, ids=lambda office: office.file_name)
def test_everything_is_as_it_was_before(tmp_path: Path, city: City, office: OfficeList) -> None:
    # What follows from the areas is made once more, so that both readings follow from the same.
    undo(actor=OFFICER, now=NOON, brought=take_in(write(tmp_path, "小区,社区", "临时小区,松林社区"), city))
    before = read_everything()
    path = tmp_path / office.file_name
    office.write(path)
    taken = take_in(path, city)
    assert read_everything() != before
    undo(actor=OFFICER, now=NOON, brought=taken)
    assert read_everything() == before


def test_what_was_changed_is_put_back_from_each_field(tmp_path: Path, city: City) -> None:
    take_in(write(tmp_path, "编号,姓名,电话,居住地,特长,同意日期", "P1,王五,13812345601,C1-A,驾驶,2020-02-01"), city)
    before = Person.objects.values().get(code="P1")
    taken = take_in(write(tmp_path, "编号,姓名,电话,居住地,特长", "P1,王老五,13812345602,C2,急救"), city)
    assert taken.updated == 1
    undo(actor=OFFICER, now=NOON, brought=taken)
    assert Person.objects.values().get(code="P1") == before


def test_an_area_that_was_moved_goes_back_with_all_beneath_it(tmp_path: Path, city: City) -> None:
    before = set(Area.objects.values_list("code", "parent__code", "name"))
    taken = take_in(write(tmp_path, "级别,代码,名称,上级代码", "小区,C1-A,明珠花园,C2"), city)
    assert Area.objects.get(code="C1-A-1").path.startswith(city.area("C2").path)
    undo(actor=OFFICER, now=NOON, brought=taken)
    assert set(Area.objects.values_list("code", "parent__code", "name")) == before
    assert Area.objects.get(code="C1-A-1-2").path.startswith(city.area("C1").path)


def test_somebody_appointed_keeps_the_import_that_brought_them(tmp_path: Path, city: City) -> None:
    day = NOON.date()
    taken = take_in(write(tmp_path, "姓名,电话,居住地", "王五,13812345601,C1-A"), city, consented_on=day)
    person = Person.objects.get(name="王五")
    appoint(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        area=city.area("C1-A-1-1"),
        person=person,
        role=AppointmentRole.WARDEN,
    )
    obstacles = list_obstacles(taken)
    assert [(each.label, each.count, each.examples) for each in obstacles] == [("coverage.Appointment", 1, ())]
    with pytest.raises(RuleError, match="1 rows build on this import"):
        undo(actor=OFFICER, now=NOON, brought=taken)
    assert Person.objects.filter(name="王五").exists()


def test_a_row_that_was_changed_again_keeps_the_import(tmp_path: Path, city: City) -> None:
    taken = take_in(write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A"), city)
    take_in(write(tmp_path, "编号,姓名", "P1,王老五"), city)
    obstacles = list_obstacles(taken)
    assert [(each.label, each.is_changed, each.examples) for each in obstacles] == [
        ("people.Person", True, ("王老五 (P1)",))
    ]


def test_areas_with_people_in_them_keep_the_import_that_made_them(tmp_path: Path, city: City) -> None:
    taken = take_in(write(tmp_path, "社区,小区,楼栋", "松林社区,松江花园,1"), city)
    take_in(write(tmp_path, "姓名,电话,住址", "王五,13812345601,松江花园1号楼"), city)
    assert [each.label for each in list_obstacles(taken)] == ["people.Person"]


def test_an_import_is_undone_once_and_not_after_its_time(tmp_path: Path, city: City) -> None:
    taken = take_in(write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A"), city)
    undo(actor=OFFICER, now=NOON, brought=taken)
    with pytest.raises(RuleError, match="no longer be undone"):
        undo(actor=OFFICER, now=NOON, brought=taken)
    again = take_in(write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A"), city)
    forget_old(NOON + timedelta(days=KEPT_DAYS, minutes=1))
    with pytest.raises(RuleError, match="no longer be undone"):
        undo(actor=OFFICER, now=NOON, brought=again)


def test_nothing_of_an_import_can_be_read_in_the_database(tmp_path: Path, city: City) -> None:
    from django.db import connection  # noqa: PLC0415

    take_in(write(tmp_path, "姓名,电话,居住地", "王秀兰,13812345601,C1-A", "李四,1,C1-A"), city)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, changes, checked FROM intake_import")
        kept = str(cursor.fetchall())
    assert "gAAAA" in kept
    assert "王秀兰" not in kept
    assert "13812345601" not in kept


def test_roles_given_over_an_area_keep_the_import_that_made_it(tmp_path: Path, city: City) -> None:
    taken = take_in(write(tmp_path, "社区,小区", "松林社区,松江花园"), city)
    create_user(
        actor=OFFICER,
        now=NOON,
        username="guard",
        password="long enough for a rule",
        display_name="门卫",
        role=Role.WARDEN,
        area=Area.objects.get(name="松江花园"),
    )
    assert [each.label for each in list_obstacles(taken)] == ["access.Grant"]
    with pytest.raises(RuleError, match="build on this import"):
        undo(actor=OFFICER, now=NOON, brought=taken)
    assert Grant.objects.count() == 1


def test_codes_that_a_program_wrote_as_numbers_are_undone_as_well(tmp_path: Path, city: City) -> None:
    taken = take_in(write(tmp_path, "编号,姓名,居住地", "1001.0,王五,C1-A", "Ｐ１００２,李四,C1-A"), city)
    assert set(Person.objects.values_list("code", flat=True)) >= {"1001", "P1002"}
    undo(actor=OFFICER, now=NOON, brought=taken)
    assert not Person.objects.filter(name__in=["王五", "李四"]).exists()


def test_a_seat_in_an_alliance_that_others_sit_in_is_undone_alone(tmp_path: Path, city: City) -> None:
    head = "单位名称,驻地,联盟"
    take_in(write(tmp_path, head, "市供电公司,松林社区,松林社区"), city)
    taken = take_in(write(tmp_path, head, "江滨超市,松林社区,松林社区"), city)
    assert list_obstacles(taken) == []
    undo(actor=OFFICER, now=NOON, brought=taken)
    seats = AllianceSeat.objects.values_list("alliance__area__code", "organization__name")
    assert list(seats) == [("C1", "市供电公司")]


def test_what_was_given_anew_since_keeps_the_import_instead_of_failing(tmp_path: Path, city: City) -> None:
    take_in(write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A"), city)
    person = Person.objects.get(code="P1")
    change = RowChange("people.Person", person.pk + 1, {"code": "P1", "name": "王五", "max_appointments": 1}, None)
    taken = Import.objects.latest("pk")
    taken.changes = seal([change.as_list()])
    taken.save()
    with pytest.raises(RuleError, match="made since"):
        undo(actor=OFFICER, now=NOON, brought=taken)
    assert Import.objects.get(pk=taken.pk).state == "taken"


def test_whoever_read_the_list_before_it_was_taken_changes_nothing_any_more(tmp_path: Path, city: City) -> None:
    path = write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A")
    brought = bring(actor=OFFICER, now=NOON, area=city.area("2207"), path=path, file_name=path.name)
    late = [Import.objects.get(pk=brought.pk) for _ in range(5)]
    take(actor=OFFICER, now=NOON, brought=brought)
    acts: list[Callable[[], object]] = [
        lambda: drop(brought=late[0]),
        lambda: confirm_columns(actor=OFFICER, now=NOON, brought=late[1], columns=brought.columns),
        lambda: choose_sheet(brought=late[2], kind="people", sheet="", head_at=0, area=city.area("2207")),
        lambda: mend(brought=late[3], cells={(0, "name"): "王六"}, left_out=frozenset()),
        lambda: check(actor=OFFICER, now=NOON, brought=late[4]),
    ]
    for act in acts:
        with pytest.raises(RuleError, match="taken or dropped before"):
            act()
    undo(actor=OFFICER, now=NOON, brought=Import.objects.get(pk=brought.pk))
    assert not Person.objects.filter(code="P1").exists()


def test_a_check_of_what_was_mended_meanwhile_is_not_kept(tmp_path: Path, city: City) -> None:
    path = write(tmp_path, "编号,姓名,居住地", "P1,王五,C1-A")
    brought = bring(actor=OFFICER, now=NOON, area=city.area("2207"), path=path, file_name=path.name)
    late = Import.objects.get(pk=brought.pk)
    mend(brought=brought, cells={}, left_out=frozenset({0}))
    with pytest.raises(RuleError, match="changed while it was checked"):
        check(actor=OFFICER, now=NOON, brought=late)
    assert Import.objects.get(pk=brought.pk).checked is None
