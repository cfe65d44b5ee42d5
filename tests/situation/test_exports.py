"""Exports: stable leading columns, only what one may take, always on record, and importable again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from muster.access.kinds import Role
from muster.access.queries import Actor
from muster.coverage.actions import appoint, end_appointment, pair
from muster.coverage.kinds import AppointmentRole
from muster.duty.actions import PostSpec, check_in, ensure_shifts, write_posts
from muster.duty.importing import import_posts
from muster.duty.kinds import CheckInKind
from muster.duty.models import Duty, Shift
from muster.emergencies.actions import activate, end
from muster.emergencies.models import Emergency
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError
from muster.kernel.models import AuditEntry
from muster.kernel.tables import ImportReport, read_table
from muster.membership.actions import write_memberships
from muster.membership.importing import import_people
from muster.membership.kinds import Belonging
from muster.needs.actions import NeedFact, raise_need
from muster.needs.kinds import NeedKind
from muster.organizations.actions import found_alliances
from muster.organizations.importing import import_organizations
from muster.organizations.queries import get_organization
from muster.people.actions import note_absence, write_people
from muster.people.models import Person
from muster.people.queries import get_person
from muster.situation import exporting
from muster.situation.exporting import EXPORTS, ExportRequest, export_list
from muster.territory.importing import import_divisions, import_places
from muster.territory.models import Area
from tests.access.town import CLERK, NOON, build_town, give_account

CONTRACT = {
    "areas": "code,level,name,parent_code,kind",
    "wardens": "area,level,role,person,person_name,since,until",
    "roster": "person,person_name,post,post_kind,area,starts_at,ends_at,status",
    "pairings": "organization,area,duties,people,since",
    "gaps": "kind,subject,area,since,owner,why",
}
IMPORTS: dict[str, Callable[..., ImportReport]] = {
    "areas": import_divisions,
    "people": import_people,
    "organizations": import_organizations,
    "posts": import_posts,
}
NASTY = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "'quoted", 'a "b", c')


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return build_town()


@pytest.fixture
def emergency(town: dict[str, Area]) -> Emergency:
    return activate(
        actor=CLERK, now=NOON, code="ice", name_zh="冰冻灾害", name_en="Ice", response_level=2, area=town["2207"]
    )


@pytest.fixture
def duty(town: dict[str, Area], emergency: Emergency) -> Duty:
    spec = PostSpec(code="GATE", name="北门", kind="gate", area="C1", pool="T1", demand={"morning": 1})
    write_posts(actor=CLERK, now=NOON, specs=[spec])
    tomorrow = date(2020, 2, 11)
    span = {"starts_on": tomorrow, "ends_on": tomorrow + timedelta(days=1)}
    ensure_shifts(actor=CLERK, now=NOON, emergency=emergency, area=town["2207"], **span)
    shift = Shift.objects.get()
    return Duty.objects.create(
        shift=shift, person=get_person("WANG"), starts_at=shift.starts_at, ends_at=shift.ends_at, changed_at=NOON
    )


def take(name: str, path: Path, *, actor: Actor = CLERK, **options: Any) -> int:
    return export_list(ExportRequest(name, **options), path, actor=actor, now=NOON)


def rows_of(name: str, *, actor: Actor = CLERK, **options: Any) -> list[dict[str, str]]:
    target = io.BytesIO()
    export_list(ExportRequest(name, **options), target, actor=actor, now=NOON)
    text = target.getvalue()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("name", "leading"), CONTRACT.items())
def test_the_leading_columns_are_those_of_the_contract(name: str, leading: str) -> None:
    assert ",".join(EXPORTS[name].columns).startswith(leading)


def test_areas_come_parents_first(town: dict[str, Area]) -> None:
    rows = rows_of("areas")
    seen = {""}
    for row in rows:
        assert row["parent_code"] in seen
        seen.add(row["code"])
    assert len(rows) == len(town)


def test_an_export_of_an_area_holds_what_lies_beneath_it_alone(town: dict[str, Area]) -> None:
    assert [row["code"] for row in rows_of("areas", area_code="T1")] == ["T1", "C1", "C1-A"]
    assert [row["code"] for row in rows_of("organizations", area_code="220722")] == ["MILL"]
    assert [row["code"] for row in rows_of("people", area_code="220702")] == ["LI", "WANG"]


def test_people_without_an_area_are_exported_with_everything(town: dict[str, Area]) -> None:
    assert [row["code"] for row in rows_of("people")] == ["LI", "SUN", "WANG", "ZHAO"]


def test_somebody_who_lives_in_one_scope_and_works_in_another_stands_there_once(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["220702"])
    officer.grants.create(role=Role.DUTY_OFFICER, area=town["220722"], since_at=NOON)
    assert sorted(row["code"] for row in rows_of("people", actor=officer)) == ["LI", "WANG", "ZHAO"]


def fill(town: dict[str, Area]) -> None:
    """Give every importable list rows that are hard to carry."""
    people = [{"code": f"N{number}", "name": name, "home": "C2"} for number, name in enumerate(NASTY)]
    write_people(people, actor=CLERK, now=NOON)  # type: ignore[arg-type]  # plain facts
    write_people(
        [
            {
                "code": "FULL",
                "name": "周全",
                "home": "C1",
                "work": "C2",
                "abilities": ["driver", "medical"],
                "restrictions": ["nights"],
                "may_serve": False,
                "max_appointments": 3,
                "max_week_min": 2275,
                "consented_on": date(2020, 2, 1),
                "absence": (date(2020, 2, 9), date(2020, 2, 14)),
                "is_synthetic": True,
            }
        ],
        actor=CLERK,
        now=NOON,
    )
    belongings = [Belonging("FULL", "MILL", "secretary", date(2019, 1, 1)), Belonging("FULL", "WARD", "member")]
    write_memberships(belongings, actor=CLERK, now=NOON)
    found_alliances(actor=CLERK, now=NOON, areas_level="township")
    Area.objects.filter(pk=town["C2"].pk).update(name="=江畔", lon=-0.5, lat=60.25)
    demand = {"morning": 2, "night": 1}
    write_posts(actor=CLERK, now=NOON, specs=[PostSpec("GATE", "+北门", "gate", "C1", "T1", demand=demand)])


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("name", IMPORTS)
def test_an_export_imports_again_unchanged(town: dict[str, Area], tmp_path: Path, name: str, file_format: str) -> None:
    fill(town)
    path = tmp_path / f"{name}.{file_format}"
    count = take(name, path, file_format=file_format)
    report = IMPORTS[name](path, actor=CLERK, now=NOON)
    assert (report.created, report.updated, report.unchanged, list(report.rejections)) == (0, 0, count, [])
    assert count > 0


def test_an_export_of_areas_imports_as_places_too(town: dict[str, Area], tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    count = take("areas", path, area_code="C1")
    assert import_places(path, actor=CLERK, now=NOON).unchanged == count == 2


def test_people_with_phones_import_again_unchanged(town: dict[str, Area], tmp_path: Path) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["2207"])
    path = tmp_path / "people.csv"
    count = take("people", path, actor=officer, with_phones=True)
    report = import_people(path, actor=CLERK, now=NOON)
    assert (report.unchanged, report.rejected) == (count, 0) == (3, 0)


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(town: dict[str, Area]) -> None:
    write_people([{"code": "EVIL", "name": "=HYPERLINK(0)"}], actor=CLERK, now=NOON)
    assert rows_of("people")[0]["name"] == "'=HYPERLINK(0)"


def test_a_city_can_be_carried_to_an_empty_database(town: dict[str, Area], tmp_path: Path) -> None:
    fill(town)
    paths = {name: tmp_path / f"{name}.csv" for name in ("areas", "organizations", "people")}
    before = {name: (take(name, path), path.read_bytes()) for name, path in paths.items()}
    Person.objects.all().delete()
    for name, path in paths.items():
        report = IMPORTS[name](path, actor=CLERK, now=NOON)
        assert report.rejected == 0
        assert take(name, path) == before[name][0]
        assert path.read_bytes() == before[name][1]


def test_an_absence_that_is_over_is_nobodys_business(town: dict[str, Area]) -> None:
    note_absence(
        actor=CLERK, now=NOON, person=get_person("WANG"), starts_on=date(2020, 2, 1), ends_on=date(2020, 2, 10)
    )
    assert {row["absent_from"] for row in rows_of("people")} == {""}


def test_active_wardens_are_listed_in_local_time(town: dict[str, Area], emergency: Emergency) -> None:
    sides: dict[str, Any] = {"actor": CLERK, "now": NOON, "emergency": emergency, "area": town["C1-A"]}
    write_people(
        [{"code": code, "name": code, "home": "C1-A", "consented_on": date(2020, 2, 1)} for code in ("A", "B")],
        actor=CLERK,
        now=NOON,
    )
    first = appoint(person=get_person("A"), role=AppointmentRole.WARDEN, **sides)
    end_appointment(actor=CLERK, now=NOON, appointment=first, reason="moved")
    appoint(person=get_person("B"), role=AppointmentRole.WARDEN, **sides)
    rows = rows_of("wardens")
    assert [(row["area"], row["level"], row["role"], row["person"]) for row in rows] == [
        ("C1-A", "compound", "warden", "B")
    ]
    assert (rows[0]["since"], rows[0]["until"]) == ("2020-02-10T12:00:00+08:00", "")
    assert [row["kind"] for row in rows_of("gaps")] == ["area_without_deputy"]
    assert rows_of("wardens", area_code="220722") == []


def test_pairings_are_listed_with_their_duties(town: dict[str, Area], emergency: Emergency) -> None:
    pair(
        actor=CLERK,
        now=NOON,
        emergency=emergency,
        organization=get_organization("HOSPITAL"),
        area=town["C1"],
        duties=["gate", "delivery"],
        people=5,
    )
    row = rows_of("pairings")[0]
    assert (row["organization"], row["area"], row["people"]) == ("HOSPITAL", "C1", "5")
    assert sorted(row["duties"].split(";")) == ["delivery", "gate"]


def test_the_roster_and_its_check_ins_are_listed(duty: Duty) -> None:
    row = rows_of("roster")[0]
    assert (row["person"], row["post"], row["post_kind"], row["area"]) == ("WANG", "GATE", "gate", "C1")
    assert (row["starts_at"], row["status"]) == ("2020-02-11T07:00:00+08:00", "planned")
    assert rows_of("checkins") == []
    came = duty.starts_at + timedelta(minutes=2)
    check_in(actor=CLERK, now=came, client_id=UUID(int=1), duty=duty, kind=CheckInKind.IN, at=came)
    row = rows_of("checkins")[0]
    assert (row["person"], row["kind"], row["at"]) == ("WANG", "in", "2020-02-11T07:02:00+08:00")


def test_needs_are_listed_with_the_door_and_not_the_asker(town: dict[str, Area], emergency: Emergency) -> None:
    fact = NeedFact("C1", NeedKind.MEDICINE, "=降压药", "N1", client_id=UUID(int=1), at=NOON)
    raise_need(actor=CLERK, now=NOON, fact=fact)
    row = rows_of("needs")[0]
    assert (row["code"], row["area"], row["kind"], row["state"]) == ("N1", "C1", "medicine", "open")
    assert row["words"] == "'=降压药"


def test_without_an_emergency_its_lists_say_so_and_a_past_one_can_be_named(
    town: dict[str, Area], duty: Duty, emergency: Emergency
) -> None:
    end(actor=CLERK, now=duty.starts_at + timedelta(minutes=1), emergency=emergency)
    with pytest.raises(NotFoundError, match="No emergency"):
        rows_of("roster")
    assert len(rows_of("roster", emergency_code="ice")) == 1


def test_an_area_above_the_emergencys_own_finds_it(town: dict[str, Area], duty: Duty, emergency: Emergency) -> None:
    Emergency.objects.filter(pk=emergency.pk).update(area=town["220702"])
    assert len(rows_of("roster", area_code="2207")) == 1


@pytest.mark.parametrize(
    ("role", "may_export", "may_take_phones"),
    [
        (Role.DUTY_OFFICER, True, True),
        (Role.COMMUNITY_WORKER, True, False),
        (Role.WARDEN, False, False),
        (Role.AUDITOR, False, False),
    ],
)
@pytest.mark.parametrize("area_code", ["", "C1"])
def test_who_may_export_people_and_their_phones(
    town: dict[str, Area], role: Role, area_code: str, may_export: bool, may_take_phones: bool
) -> None:
    user = give_account(role, area=town["C1"])
    for with_phones, is_allowed in ((False, may_export), (True, may_take_phones)):
        options: dict[str, Any] = {"actor": user, "area_code": area_code, "with_phones": with_phones}
        if is_allowed:
            rows = rows_of("people", **options)
            assert [row["code"] for row in rows] == ["LI", "WANG"]
            assert ("phone" in rows[0]) == with_phones
        else:
            with pytest.raises(NotAllowedError, match="see phones" if may_export else "export"):
                rows_of("people", **options)


def test_an_area_elsewhere_looks_like_none(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["C1"])
    for code in ("C2", "C9"):
        with pytest.raises(NotFoundError, match=f"There is no area {code}"):
            rows_of("areas", actor=officer, area_code=code)


def test_the_system_gets_no_phones_and_only_people_have_them(town: dict[str, Area]) -> None:
    with pytest.raises(NotAllowedError, match="named officer"):
        rows_of("people", with_phones=True)
    with pytest.raises(NotFoundError, match="no telephone numbers in areas"):
        rows_of("areas", actor=give_account(Role.DUTY_OFFICER, area=town["C1"]), with_phones=True)


def test_every_export_is_on_record_under_its_name(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["2207"])
    rows_of("people", actor=officer, area_code="C1", with_phones=True)
    entry = AuditEntry.objects.filter(verb="exported").get()
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (officer.pk, "people", "C1")
    assert entry.detail == {"format": "csv", "with_phones": True}


def test_a_refused_export_leaves_no_file_and_no_record(town: dict[str, Area], tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        take("wardens", tmp_path / "w.csv")
    assert list(tmp_path.iterdir()) == []
    assert not AuditEntry.objects.filter(verb="exported").exists()


def test_more_rows_than_a_sheet_holds_leave_the_file_that_was_there(
    town: dict[str, Area], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "XLSX_ROWS", 3)
    path = tmp_path / "areas.xlsx"
    path.write_text("before")
    with pytest.raises(MusterError, match="holds 3 rows"):
        take("areas", path, file_format="xlsx")
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["areas.xlsx"]


def test_a_list_that_is_not_there_is_refused_by_name(town: dict[str, Area]) -> None:
    with pytest.raises(NotFoundError, match="no list secrets"):
        rows_of("secrets")


def test_an_excel_export_holds_text_as_text(town: dict[str, Area], tmp_path: Path) -> None:
    write_people([{"code": "0012", "name": "=1+1"}], actor=CLERK, now=NOON)
    path = tmp_path / "people.xlsx"
    take("people", path, file_format="xlsx")
    table = read_table(path, {"code": (), "name": ()}, ["code", "name"])
    assert (table.columns["code"][0], table.columns["name"][0]) == ("0012", "=1+1")
