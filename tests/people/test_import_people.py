"""Importing people: what is taken, what is told, what can be mended, and that twice is once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection

from muster.kernel.errors import MusterError
from muster.kernel.models import AuditEntry
from muster.kernel.tables import ImportReport, write_rejects, write_table
from muster.people.actions import note_absence, write_people
from muster.people.importing import import_people
from muster.people.models import Absence, Person
from muster.people.queries import get_person, list_people, search_people
from muster.territory.models import Area
from tests.access.town import CLERK, NOON, build_town, write_csv

HEAD = "code,name,home,work,phone,abilities,restrictions,may_serve,max_appointments,max_week_hours,consented_on"


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return build_town()


def take(path: Path, *, dry_run: bool = False) -> ImportReport:
    return import_people(path, actor=CLERK, now=NOON, dry_run=dry_run)


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def columns_refused(report: ImportReport) -> list[tuple[int, str]]:
    return [(rejection.index, rejection.column) for rejection in report.rejections]


def test_a_chinese_list_is_read_whole(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "名单.csv",
        "编号,姓名,居住地,工作地,手机,能力,限制,可参加,任职上限,每周最多小时,同意日期,请假日期,返岗日期",
        "P1,单小明,C1-A,C2,138 1234 5679,司机；医护,不上夜班、户外,是,3,37.5,2020年2月1日,2020/2/3,20200210",
    )
    assert outcome(take(path)) == (1, 0, 0, 0)
    person = get_person("P1")
    assert (person.home_area, person.work_area) == (town["C1-A"], town["C2"])
    assert (person.abilities, person.restrictions) == (["driver", "medical"], ["nights", "outdoors"])
    assert (person.may_serve, person.max_appointments, person.max_week_min) == (True, 3, 2250)
    assert person.phone == "+8613812345679"
    absence = person.absences.get()
    assert (absence.starts_on, absence.ends_on) == (date(2020, 2, 3), date(2020, 2, 10))


def test_importing_again_changes_nothing(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "people.csv",
        f"{HEAD},absent_from,absent_until",
        "P1,王五,C1,C2,13812345679,driver,nights,no,2,40,2020-02-01,2020-02-03,2020-02-10",
        "P2,赵六,,,,,,,,,,,",
    )
    assert outcome(take(path)) == (2, 0, 0, 0)
    acts = AuditEntry.objects.count()
    assert outcome(take(path)) == (0, 0, 2, 0)
    assert (AuditEntry.objects.count(), Absence.objects.count()) == (acts, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "王老五"),
        ("home", "C2"),
        ("phone", "13812345670"),
        ("abilities", "boat"),
        ("restrictions", "none"),
        ("may_serve", "no"),
        ("max_week_hours", "20"),
        ("consented_on", "2020-02-02"),
    ],
)
def test_a_changed_cell_updates_that_and_leaves_the_rest(
    town: dict[str, Area], tmp_path: Path, column: str, value: str
) -> None:
    cells = ("P1", "王五", "C1", "C2", "13812345679", "driver", "nights", "yes", "2", "40", "2020-02-01")
    row = dict(zip(HEAD.split(","), cells, strict=True))
    take(write_csv(tmp_path / "a.csv", HEAD, ",".join(row.values())))
    before: dict[str, object] = {**Person.objects.filter(code="P1").values().get()}
    report = take(write_csv(tmp_path / "b.csv", HEAD, ",".join({**row, column: value}.values())))
    assert outcome(report) == (0, 1, 0, 0)
    after: dict[str, object] = {**Person.objects.filter(code="P1").values().get()}
    changed = {name for name in before if before[name] != after[name]}
    together = {"name": {"name", "pinyin"}, "phone": {"phone", "phone_index"}, "home": {"home_area_id"}}
    renamed = {"max_week_hours": {"max_week_min"}, "consented_on": {"consented_at"}}
    assert changed == {**together, **renamed}.get(column, {column})


def test_an_empty_cell_and_a_missing_column_leave_what_is_known(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "people.csv", "code,name,phone", "WANG,王秀兰,"))
    assert outcome(report) == (0, 0, 1, 0)
    person = get_person("WANG")
    assert (person.phone, person.home_area) == ("+8613812345678", town["C1-A"])


def test_every_fault_is_named_by_row_and_column_and_sound_rows_are_taken(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "people.csv",
        HEAD,
        "P1,王五,C9,C8,13,flying high!,nights,maybe,200,-1,2020-02-30",
        "P2,赵六,C1,,,,,,,,",
        "P2,赵七,C1,,,,,,,,",
        ",孙八,C1,,,,,,,,",
        "P 4,,C1,,,,,,,,",
        "P5,周九,C1,,,,,,,,,surplus",
    )
    report = take(path)
    assert outcome(report) == (1, 0, 0, 5)
    assert columns_refused(report) == [
        *((0, column) for column in ("phone", "abilities", "may_serve", "max_appointments", "max_week_hours")),
        *((0, column) for column in ("consented_on", "home", "work")),
        (2, "code"),
        (3, "code"),
        (4, "code"),
        (4, "name"),
        (5, ""),
    ]
    assert report.describe(report.rejections[0]).startswith("people.csv, row 2, column phone: ")
    assert all(rejection.remedy for rejection in report.rejections)
    assert get_person("P2").name == "赵六"


def test_rejected_rows_are_mended_in_their_file_and_taken(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "people.csv", "编号,姓名,手机", "P1,王五,138", "P2,赵六,13812345679"))
    rejects = tmp_path / "rejects.csv"
    assert write_rejects(rejects, report.table, report.rejections) == 1
    again = take(rejects)
    assert outcome(again) == (0, 0, 0, 1)
    rejects.write_text(rejects.read_text("utf-8").replace(",138,", ",13812345670,"), "utf-8")
    assert outcome(take(rejects)) == (1, 0, 0, 0)


@pytest.mark.parametrize(("starts", "ends"), [("2020-02-03", ""), ("", "2020-02-03"), ("2020-02-03", "2020-02-03")])
def test_half_an_absence_is_refused(town: dict[str, Area], tmp_path: Path, starts: str, ends: str) -> None:
    path = write_csv(tmp_path / "p.csv", "code,name,absent_from,absent_until", f"P1,王五,{starts},{ends}")
    assert columns_refused(take(path)) == [(0, "absent_until")]


def test_an_absence_that_ends_on_another_day_is_mended(town: dict[str, Area], tmp_path: Path) -> None:
    for back, expected in (("2020-02-10", (1, 0, 0, 0)), ("2020-02-12", (0, 1, 0, 0))):
        path = write_csv(tmp_path / f"{back}.csv", "code,name,absent_from,absent_until", f"P1,王五,2020-02-03,{back}")
        assert outcome(take(path)) == expected
    assert Absence.objects.get().ends_on == date(2020, 2, 12)


def test_a_dry_run_tells_and_writes_nothing(town: dict[str, Area], tmp_path: Path) -> None:
    acts = AuditEntry.objects.count()
    report = take(write_csv(tmp_path / "p.csv", "code,name", "P1,王五", "WANG,王兰"), dry_run=True)
    assert outcome(report) == (1, 1, 0, 0)
    assert not Person.objects.filter(code="P1").exists()
    assert (get_person("WANG").name, AuditEntry.objects.count()) == ("王秀兰", acts)


def test_a_file_that_is_no_list_of_people_changes_nothing(town: dict[str, Area], tmp_path: Path) -> None:
    with pytest.raises(MusterError, match="姓名"):
        take(write_csv(tmp_path / "p.csv", "a,b,c", "1,2,3"))


def test_a_shared_telephone_number_is_noted_and_taken(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", "code,name,phone", "P1,王五,+86 138-1234-5678", "P2,赵六,13912345678")
    report = take(path)
    assert report.created == 2
    assert report.notes == ["One telephone number for P1, WANG."]


def test_an_excel_list_keeps_numbers_and_days(town: dict[str, Area], tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    columns = ["编号", "姓名", "手机", "任职上限", "每周最多小时", "同意日期"]
    write_table(path, columns, [[1001, "王五", 13812345679, 2, 7.5, date(2020, 2, 1)]], file_format="xlsx")
    assert outcome(take(path)) == (1, 0, 0, 0)
    person = get_person("1001")
    assert (person.phone, person.max_appointments, person.max_week_min) == ("+8613812345679", 2, 450)
    assert person.consented_at is not None


def test_a_gb18030_list_is_read(town: dict[str, Area], tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("编号,姓名\nP1,㐀镕\n".encode("gb18030"))
    assert take(path).created == 1
    assert get_person("P1").name == "㐀镕"


def test_a_slug_of_the_citys_own_is_kept_and_noted(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "p.csv", "code,name,abilities", "P1,王五,snow_plow;driver"))
    assert get_person("P1").abilities == ["driver", "snow_plow"]
    assert "snow_plow" in report.notes[0]


def test_columns_of_belonging_are_noted_as_not_used_here(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "p.csv", "code,name,organization,shoe size", "P1,王五,MILL,43"))
    assert report.notes == ["Columns not used: shoe size.", "Columns not used: organization."]


def test_people_are_found_by_name_pinyin_and_initials(town: dict[str, Area]) -> None:
    for typed in ("秀兰", "wangxiulan", "wxl", "WANG"):
        assert [person.code for person in search_people(typed, list_people())] == ["WANG"]


def test_people_of_an_area_live_or_work_there(town: dict[str, Area]) -> None:
    assert [person.code for person in list_people(town["220702"])] == ["LI", "WANG"]


def test_an_absence_is_noted_once_by_its_first_day(town: dict[str, Area]) -> None:
    person = get_person("LI")
    for ends_on in (date(2020, 2, 14), date(2020, 2, 20)):
        note_absence(actor=CLERK, now=NOON, person=person, starts_on=date(2020, 2, 12), ends_on=ends_on)
    assert person.absences.get().ends_on == date(2020, 2, 20)
    with pytest.raises(MusterError):
        note_absence(actor=CLERK, now=NOON, person=person, starts_on=date(2020, 2, 12), ends_on=date(2020, 2, 12))


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_import_one_list_at_once_make_each_person_once() -> None:
    start = Barrier(2)
    outcomes: list[str] = []

    def load() -> None:
        try:
            start.wait()
            write_people([{"code": f"P{number}", "name": "王五"} for number in range(50)], actor=CLERK, now=NOON)
            outcomes.append("taken")
        except MusterError:
            outcomes.append("told to import again")
        finally:
            connection.close()

    offices = [Thread(target=load) for _ in range(2)]
    for office in offices:
        office.start()
    for office in offices:
        office.join()
    assert len(outcomes) == 2
    assert "taken" in outcomes
    assert Person.objects.count() == 50
