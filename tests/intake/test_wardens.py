"""A community's list of wardens becomes people who answer for their doors."""

from __future__ import annotations

from pathlib import Path

from muster.coverage.models import Appointment
from muster.coverage.queries import count_gaps
from muster.intake.actions import bring, check, confirm_columns, take, undo
from muster.intake.models import Import
from muster.people.models import Person
from muster.people.rules import blind_index, normalize_phone
from tests.coverage.city import NOON, OFFICER, City, settle
from tests.intake.offices import write_wardens


def bring_wardens(folder: Path, city: City, *, consented: bool = True) -> Import:
    path = folder / "单元长.xlsx"
    write_wardens(path)
    brought = bring(actor=OFFICER, now=NOON, area=city.area("C1"), path=path, file_name=path.name)
    day = NOON.date() if consented else None
    confirm_columns(actor=OFFICER, now=NOON, brought=brought, columns=brought.columns, consented_on=day)
    return brought


def test_wardens_are_appointed_to_their_doors_and_gaps_close(tmp_path: Path, city: City) -> None:
    gaps = count_gaps(city.emergency, city.area("2207"))["area_without_warden"]
    brought = bring_wardens(tmp_path, city)
    assert brought.kind == "wardens"
    found = check(actor=OFFICER, now=NOON, brought=brought)
    assert (found.created, [(flaw.index, flaw.column, flaw.what) for flaw in found.flaws]) == (
        2,
        [(2, "in_unit", "There is no place 9 in 2号楼.")],
    )
    assert not Appointment.objects.exists()
    take(actor=OFFICER, now=NOON, brought=brought, is_partial=True)
    appointed = Appointment.objects.values_list("area__code", "person__name", "role")
    assert set(appointed) == {("C1-A-1-2", "郑一", "warden"), ("C1-A-2-1", "郑二", "warden")}
    assert count_gaps(city.emergency, city.area("2207"))["area_without_warden"] == gaps - 2


def test_the_same_list_again_changes_nothing(tmp_path: Path, city: City) -> None:
    take(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city), is_partial=True)
    again = take(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city), is_partial=True)
    assert (again.created, again.unchanged, Appointment.objects.count()) == (0, 2, 2)


def test_nobody_is_appointed_who_has_not_agreed(tmp_path: Path, city: City) -> None:
    found = check(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city, consented=False))
    assert found.created == 0
    assert "has not consented" in found.flaws[0].what


def test_a_door_that_has_its_warden_keeps_them(tmp_path: Path, city: City) -> None:
    take(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city), is_partial=True)
    Person.objects.filter(name="郑一").update(code="Q", name="钱一", phone_index="")
    found = check(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city))
    assert [flaw.index for flaw in found.flaws if "is already the warden here" in flaw.what] == [0]


def test_undone_the_doors_are_gaps_again(tmp_path: Path, city: City) -> None:
    gaps = count_gaps(city.emergency, city.area("2207"))
    taken = take(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city), is_partial=True)
    undo(actor=OFFICER, now=NOON, brought=taken)
    assert count_gaps(city.emergency, city.area("2207")) == gaps
    assert not Appointment.objects.exists()
    assert not Person.objects.filter(name__startswith="郑").exists()


def test_whoever_lives_elsewhere_and_answers_for_a_door_keeps_their_home(tmp_path: Path, city: City) -> None:
    person = settle("P1", "郑一", "C2-B", phone="13812345691")
    person.phone_index = blind_index(normalize_phone("13812345691"))
    person.save()
    take(actor=OFFICER, now=NOON, brought=bring_wardens(tmp_path, city), is_partial=True)
    person.refresh_from_db()
    assert person.home_area == city.area("C2-B")
    assert Appointment.objects.get(person=person).area == city.area("C1-A-1-2")


def test_whoever_answers_for_two_doors_has_a_row_for_each(tmp_path: Path, city: City) -> None:
    settle("P1", "郑一", "C2-B", max_appointments=2)
    path = tmp_path / "单元长.csv"
    rows = ("P1,郑一,13812345691,明珠小区,1,1", "P1,郑一,13812345691,明珠小区,1,2")
    path.write_text("\n".join(("编号,单元长,联系电话,小区,楼号,单元", *rows)), encoding="utf-8")
    brought = bring(actor=OFFICER, now=NOON, area=city.area("C1"), path=path, file_name=path.name, kind="wardens")
    taken = take(actor=OFFICER, now=NOON, brought=brought)
    assert set(Appointment.objects.values_list("area__code", flat=True)) == {"C1-A-1-1", "C1-A-1-2"}
    assert (taken.created, taken.rejected) == (2, 0)
