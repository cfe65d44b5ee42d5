"""Who belongs to what: read with the people's list, added and mended, never ended by a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from muster.kernel.errors import NotFoundError
from muster.kernel.models import AuditEntry
from muster.kernel.tables import ImportReport
from muster.membership.actions import join, leave, write_memberships
from muster.membership.importing import import_people
from muster.membership.kinds import Belonging
from muster.membership.models import Membership
from muster.membership.queries import count_members, list_open
from muster.organizations.queries import get_organization
from muster.people.models import Person
from muster.people.queries import get_person
from tests.access.town import CLERK, NOON, build_town, write_csv

HEAD = "code,name,organization,role,since"


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    build_town()


def take(path: Path, *, dry_run: bool = False) -> ImportReport:
    return import_people(path, actor=CLERK, now=NOON, dry_run=dry_run)


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def belongings(code: str) -> list[tuple[str, str, date]]:
    return [(one.organization.code, one.role, one.since_on) for one in list_open(person_ids=[get_person(code).pk])]


def test_a_person_and_their_memberships_come_from_one_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", HEAD, "P1,王五,HOSPITAL；MILL,member;secretary,2019-01-01")
    assert outcome(take(path)) == (1, 0, 0, 0)
    assert belongings("P1") == [
        ("HOSPITAL", "member", date(2019, 1, 1)),
        ("MILL", "secretary", date(2019, 1, 1)),
    ]


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", HEAD, "P1,王五,MILL,,")
    assert outcome(take(path)) == (1, 0, 0, 0)
    acts = AuditEntry.objects.count()
    assert outcome(take(path)) == (0, 0, 1, 0)
    assert belongings("P1") == [("MILL", "member", date(2020, 2, 10))]
    assert AuditEntry.objects.count() == acts


def test_a_new_membership_alone_counts_as_an_update(tmp_path: Path) -> None:
    assert outcome(take(write_csv(tmp_path / "p.csv", HEAD, "WANG,王秀兰,MILL,,"))) == (0, 1, 0, 0)


def test_another_organization_is_added_and_the_first_stays(tmp_path: Path) -> None:
    take(write_csv(tmp_path / "a.csv", HEAD, "WANG,王秀兰,MILL,,2019-01-01"))
    take(write_csv(tmp_path / "b.csv", HEAD, "WANG,王秀兰,WARD,secretary,2020-01-01"))
    assert belongings("WANG") == [
        ("MILL", "member", date(2019, 1, 1)),
        ("WARD", "secretary", date(2020, 1, 1)),
    ]


def test_a_role_and_a_first_day_are_mended(tmp_path: Path) -> None:
    take(write_csv(tmp_path / "a.csv", HEAD, "WANG,王秀兰,MILL,,2019-01-01"))
    assert outcome(take(write_csv(tmp_path / "b.csv", HEAD, "WANG,王秀兰,MILL,secretary,2018-01-01"))) == (0, 1, 0, 0)
    assert belongings("WANG") == [("MILL", "secretary", date(2018, 1, 1))]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("NOBODY,,", "organization"),
        ("MILL,a;b,", "role"),
        ("MILL,,2019-13-01", "since"),
        ("MILL;WARD;HOSPITAL,,2019-01-01;2019-01-02", "since"),
        (",secretary,", "role"),
    ],
)
def test_what_cannot_be_understood_takes_the_row_back(tmp_path: Path, cells: str, column: str) -> None:
    report = take(write_csv(tmp_path / "p.csv", HEAD, f"P1,王五,{cells}"))
    assert [(rejection.index, rejection.column) for rejection in report.rejections] == [(0, column)]
    assert not Person.objects.filter(code="P1").exists()


def test_faults_of_belonging_are_told_beside_the_others(tmp_path: Path) -> None:
    report = take(write_csv(tmp_path / "p.csv", f"{HEAD},phone", "P1,王五,NOBODY,,,12"))
    assert [rejection.column for rejection in report.rejections] == ["phone", "organization"]
    assert report.rejected == 1


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", HEAD, "P1,王五,MILL,,", "WANG,王秀兰,MILL,,")
    assert outcome(take(path, dry_run=True)) == (1, 1, 0, 0)
    assert not Membership.objects.exists()


def test_a_membership_is_ended_not_deleted_and_can_begin_again() -> None:
    person, mill = get_person("WANG"), get_organization("MILL")
    first = join(actor=CLERK, now=NOON, person=person, organization=mill)
    assert join(actor=CLERK, now=NOON, person=person, organization=mill) == first
    assert count_members(mill) == 1
    assert leave(actor=CLERK, now=NOON, membership=first)
    assert not leave(actor=CLERK, now=NOON, membership=first)
    assert count_members(mill) == 0
    assert join(actor=CLERK, now=NOON, person=person, organization=mill) != first
    acts = AuditEntry.objects.filter(subject_kind="person").order_by("pk").values_list("verb", flat=True)
    assert list(acts) == ["member_joined", "member_left", "member_joined"]


def test_an_unknown_person_or_organization_writes_nothing() -> None:
    for belonging in (Belonging("NOBODY", "MILL"), Belonging("WANG", "NOWHERE")):
        with pytest.raises(NotFoundError):
            write_memberships([Belonging("LI", "MILL"), belonging], actor=CLERK, now=NOON)
    assert not Membership.objects.exists()
