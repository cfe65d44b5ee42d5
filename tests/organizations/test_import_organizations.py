"""Importing organizations: the tree in any order, loops named, alliances seated once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.errors import NotFoundError
from muster.kernel.models import AuditEntry
from muster.kernel.tables import ImportReport
from muster.organizations.actions import found_alliances, join_alliance, leave_alliance, write_organizations
from muster.organizations.importing import import_organizations
from muster.organizations.models import Alliance, AllianceSeat, Organization
from muster.organizations.queries import (
    count_organizations,
    get_organization,
    list_alliances,
    list_organizations,
    list_seats,
    search_organizations,
)
from muster.organizations.rules import find_loops
from muster.territory.models import Area
from tests.access.town import CLERK, NOON, build_town, write_csv

HEAD = "code,name,kind,parent,seat,people_offered,alliance"


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return build_town()


def take(path: Path, *, dry_run: bool = False) -> ImportReport:
    return import_organizations(path, actor=CLERK, now=NOON, dry_run=dry_run)


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def test_a_chinese_list_is_read_with_parents_in_any_order(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "单位.csv",
        "单位编码,单位名称,单位类别,上级单位,驻地,可派人数,所在联盟",
        "B1,一支部,党支部,A1,C1,3,",
        "A1,市档案馆,机关,,C1,12,C1；T1",
    )
    assert outcome(take(path)) == (2, 0, 0, 0)
    branch = get_organization("B1")
    assert branch.parent == get_organization("A1")
    assert (branch.kind, get_organization("A1").kind) == ("branch", "agency")
    assert set(AllianceSeat.objects.values_list("alliance__area__code", "organization__code")) == {
        ("C1", "A1"),
        ("T1", "A1"),
    }


def test_importing_again_changes_nothing(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "o.csv", HEAD, "A1,档案馆,agency,,C1,12,C1", "B1,支部,branch,A1,C1,3,")
    assert outcome(take(path)) == (2, 0, 0, 0)
    acts = AuditEntry.objects.count()
    assert outcome(take(path)) == (0, 0, 2, 0)
    assert (AuditEntry.objects.count(), AllianceSeat.objects.count()) == (acts, 1)


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("WARD,内科支部,branch,none,C1,0,", "parent", None),
        ("MILL,新面粉厂,enterprise,,C2,0,", "name", "新面粉厂"),
        ("MILL,面粉厂,bakery,,C2,0,", "kind", "bakery"),
        ("MILL,面粉厂,,,,5,", "people_offered", 5),
    ],
)
def test_a_changed_cell_updates_the_organization(
    town: dict[str, Area], tmp_path: Path, row: str, field: str, value: object
) -> None:
    assert outcome(take(write_csv(tmp_path / "o.csv", HEAD, row))) == (0, 1, 0, 0)
    assert getattr(get_organization(row.split(",", maxsplit=1)[0]), field) == value


def test_an_empty_parent_leaves_the_one_that_is_known(town: dict[str, Area], tmp_path: Path) -> None:
    assert outcome(take(write_csv(tmp_path / "o.csv", HEAD, "WARD,内科支部,branch,,C1,,"))) == (0, 0, 1, 0)
    assert get_organization("WARD").parent == get_organization("HOSPITAL")


def test_a_loop_in_the_file_is_named_with_its_way(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "o.csv",
        HEAD,
        "A,甲,agency,C,C1,,",
        "B,乙,agency,A,C1,,",
        "C,丙,agency,B,C1,,",
        "D,丁,agency,C,C1,,",
        "E,戊,agency,,C1,,",
    )
    report = take(path)
    assert outcome(report) == (1, 0, 0, 4)
    assert "A under C under B under A" in report.rejections[0].what
    assert report.rejections[3].what == "The organization above, C, is neither known nor taken from this file."


def test_a_loop_through_what_is_known_is_named(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "o.csv", HEAD, "HOSPITAL,中心医院,hospital,WARD,C1,,"))
    assert [(rejection.index, rejection.column) for rejection in report.rejections] == [(0, "parent")]
    assert get_organization("HOSPITAL").parent is None


def test_a_row_taken_back_takes_back_the_move_that_rested_on_it(town: dict[str, Area], tmp_path: Path) -> None:
    # WARD would leave HOSPITAL, and HOSPITAL go under WARD; but WARD's row cannot be taken.
    report = take(
        write_csv(tmp_path / "o.csv", HEAD, "WARD,内科支部,branch,none,C9,,", "HOSPITAL,中心医院,hospital,WARD,C1,,")
    )
    assert outcome(report) == (0, 0, 0, 2)
    assert get_organization("WARD").parent == get_organization("HOSPITAL")


def test_every_fault_is_named_by_row_and_column(town: dict[str, Area], tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "o.csv",
        HEAD,
        "A1,甲,agency,,C9,12,",
        "A2,乙,agency,A9,C1,many,",
        "A3,丙,,,C1,,",
        "A4,丁,agency,,,,",
        "A5,戊,agency,,C1,,C1;C8",
        "A5,己,agency,,C1,,",
    )
    report = take(path)
    assert [(rejection.index, rejection.column) for rejection in report.rejections] == [
        (0, "seat"),
        (1, "people_offered"),
        (2, "kind"),
        (3, "seat"),
        (4, "alliance"),
        (5, "code"),
    ]


def test_a_dry_run_tells_and_writes_nothing(town: dict[str, Area], tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "o.csv", HEAD, "A1,甲,agency,,C1,,C1"), dry_run=True)
    assert outcome(report) == (1, 0, 0, 0)
    assert (count_organizations(), Alliance.objects.count()) == (3, 0)


def test_alliances_are_founded_where_organizations_sit_and_only_once(town: dict[str, Area]) -> None:
    township = found_alliances(actor=CLERK, now=NOON, areas_level="township")
    assert (township.alliances, township.seats) == (2, 3)
    community = found_alliances(actor=CLERK, now=NOON, areas_level="community", within=town["220702"])
    assert (community.alliances, community.seats) == (1, 2)
    again = found_alliances(actor=CLERK, now=NOON, areas_level="township")
    assert (again.alliances, again.seats) == (0, 0)
    assert [alliance.name for alliance in list_alliances(town["220702"])] == ["团结街道联盟", "松林社区联盟"]


def test_a_seat_has_dates_and_can_be_taken_again(town: dict[str, Area]) -> None:
    mill = get_organization("MILL")
    assert join_alliance(actor=CLERK, now=NOON, organization=mill, area=town["T1"])
    assert not join_alliance(actor=CLERK, now=NOON, organization=mill, area=town["T1"])
    assert leave_alliance(actor=CLERK, now=NOON, organization=mill, area=town["T1"])
    assert not leave_alliance(actor=CLERK, now=NOON, organization=mill, area=town["T1"])
    assert join_alliance(actor=CLERK, now=NOON, organization=mill, area=town["T1"])
    assert list(AllianceSeat.objects.order_by("pk").values_list("since_on", "until_on")) == [
        (date(2020, 2, 10), date(2020, 2, 10)),
        (date(2020, 2, 10), None),
    ]
    assert [seat.organization for seat in list_seats(Alliance.objects.get())] == [mill]


def test_an_unknown_area_or_parent_writes_nothing(town: dict[str, Area]) -> None:
    for facts in ({"seat": "C9"}, {"seat": "C1", "parent": "NOBODY"}, {"seat": "C1", "alliances": ["C9"]}):
        with pytest.raises(NotFoundError):
            write_organizations([{"code": "X", "name": "x", "kind": "agency", **facts}], actor=CLERK, now=NOON)  # type: ignore[typeddict-item]  # facts of three shapes
    assert not Organization.objects.filter(code="X").exists()


def test_organizations_of_an_area_are_those_seated_there(town: dict[str, Area]) -> None:
    assert [organization.code for organization in list_organizations(town["220722"])] == ["MILL"]
    assert [one.code for one in search_organizations("mfc", list_organizations())] == ["MILL"]


codes = st.sampled_from("abcdefg")


@given(st.dictionaries(codes, st.one_of(codes, st.just(""))))
def test_loops_are_exactly_the_codes_that_come_back_to_themselves(parents: dict[str, str]) -> None:
    def returns(code: str) -> bool:
        above = parents.get(code, "")
        for _ in parents:
            if above == code:
                return True
            above = parents.get(above, "")
        return False

    loops = find_loops(parents)
    found = [code for loop in loops for code in loop]
    assert sorted(found) == sorted(code for code in parents if returns(code))
    assert all(parents[code] == loop[(place + 1) % len(loop)] for loop in loops for place, code in enumerate(loop))
