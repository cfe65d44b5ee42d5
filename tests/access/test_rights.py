"""Who reaches what: every role, in its own area, beneath it, and elsewhere."""

from __future__ import annotations

import pytest

from muster.access.actions import create_user, end_role
from muster.access.kinds import RIGHTS, Right, Role
from muster.access.models import User
from muster.access.queries import (
    COMMAND_LINE,
    access_area,
    access_organization,
    access_person,
    filter_organizations,
    filter_people,
    list_rights,
    list_scopes,
    may,
)
from muster.kernel.errors import NotAllowedError, NotFoundError
from muster.organizations.models import Organization
from muster.organizations.queries import get_organization
from muster.people.models import Person
from muster.territory.models import Area
from tests.access.town import CLERK, NOON, PASSWORD, build_town, give_account

AREA_ROLES = [Role.DUTY_OFFICER, Role.COMMUNITY_WORKER, Role.WARDEN, Role.AUDITOR]


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return build_town()


@pytest.fixture
def liaison(town: dict[str, Area]) -> User:
    return create_user(
        actor=CLERK,
        now=NOON,
        username="liaison",
        password=PASSWORD,
        display_name="刘联络",
        role=Role.ORGANIZATION_LIAISON,
        organization=get_organization("HOSPITAL"),
    )


@pytest.mark.parametrize("role", AREA_ROLES)
@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize(
    ("code", "is_within"), [("220702", True), ("T1", True), ("C1-A", True), ("2207", False), ("220722", False)]
)
def test_a_role_holds_its_rights_in_its_area_and_beneath_and_nowhere_else(
    town: dict[str, Area], role: Role, right: Right, code: str, is_within: bool
) -> None:
    user = give_account(role, area=town["220702"])
    assert may(user, right, town[code]) == (is_within and right in RIGHTS[role])


@pytest.mark.parametrize("role", AREA_ROLES)
def test_an_area_that_is_absent_and_one_that_is_forbidden_look_the_same(town: dict[str, Area], role: Role) -> None:
    user = give_account(role, area=town["220702"])
    with pytest.raises(NotFoundError) as forbidden:
        access_area(user, "C2")
    with pytest.raises(NotFoundError) as absent:
        access_area(user, "C9")
    assert str(forbidden.value).replace("C2", "C9") == str(absent.value)


def test_a_forbidden_act_on_an_area_that_one_sees_is_refused_by_name(town: dict[str, Area]) -> None:
    warden = give_account(Role.WARDEN, area=town["220702"])
    assert access_area(warden, "C1").name == "松林社区"
    with pytest.raises(NotAllowedError, match="publish"):
        access_area(warden, "C1", right=Right.PUBLISH)


def test_a_forbidden_act_on_an_area_that_one_does_not_see_looks_like_no_area(town: dict[str, Area]) -> None:
    warden = give_account(Role.WARDEN, area=town["220702"])
    with pytest.raises(NotFoundError):
        access_area(warden, "C2", right=Right.PUBLISH)


def test_an_area_whose_code_begins_alike_is_not_beneath(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["220702"])
    assert not may(officer, Right.SEE_AREA, town["220722"])


def test_a_person_is_reached_through_home_and_through_work(town: dict[str, Area]) -> None:
    worker = give_account(Role.COMMUNITY_WORKER, area=town["C1"])
    assert access_person(worker, "WANG").name == "王秀兰"
    assert access_person(worker, "LI").name == "李建国"


@pytest.mark.parametrize("code", ["ZHAO", "SUN", "NOBODY"])
def test_a_person_from_elsewhere_looks_like_no_person(town: dict[str, Area], code: str) -> None:
    worker = give_account(Role.COMMUNITY_WORKER, area=town["C1"])
    with pytest.raises(NotFoundError, match=f"There is no person {code}."):
        access_person(worker, code)


def test_a_warden_sees_the_area_and_no_people(town: dict[str, Area]) -> None:
    warden = give_account(Role.WARDEN, area=town["C1"])
    with pytest.raises(NotFoundError):
        access_person(warden, "WANG")
    assert not filter_people(warden, Person.objects.all()).exists()


def test_a_right_beyond_seeing_a_person_is_asked_for_on_its_own(town: dict[str, Area]) -> None:
    worker = give_account(Role.COMMUNITY_WORKER, area=town["C1"])
    with pytest.raises(NotAllowedError):
        access_person(worker, "WANG", Right.SEE_PHONES)


def test_several_grants_add_up(town: dict[str, Area]) -> None:
    user = give_account(Role.WARDEN, area=town["C1-A"])
    user.grants.create(role=Role.AUDITOR, area=town["220702"], since_at=NOON)
    user.grants.create(role=Role.COMMUNITY_WORKER, area=town["C2"], since_at=NOON)
    assert [area.code for area in list_scopes(user, Right.SEE_AREA)] == ["220702", "C2"]
    assert [area.code for area in list_scopes(user, Right.APPOINT)] == ["C2"]
    assert list_rights(user, town["C1-A"]) == RIGHTS[Role.WARDEN] | RIGHTS[Role.AUDITOR]


def test_a_grant_that_has_ended_gives_nothing(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["2207"])
    assert end_role(actor=CLERK, now=NOON, grant=officer.grants.get())
    assert list_scopes(officer, Right.SEE_AREA) == []
    assert not end_role(actor=CLERK, now=NOON, grant=officer.grants.get())


def test_a_closed_account_reaches_nothing(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["2207"])
    officer.is_active = False
    assert list_rights(officer, town["2207"]) == frozenset()


def test_a_superuser_has_no_right_without_a_grant(town: dict[str, Area]) -> None:
    root = User.objects.create(username="root", is_superuser=True, is_staff=True)
    assert not may(root, Right.SEE_AREA, town["2207"])


def test_the_command_line_reaches_everything(town: dict[str, Area]) -> None:
    assert list_rights(COMMAND_LINE, town["C2"]) == frozenset(Right)
    assert [area.code for area in list_scopes(COMMAND_LINE, Right.PLAN)] == ["2207"]
    assert access_person(COMMAND_LINE, "SUN").name == "孙无家"
    assert access_organization(COMMAND_LINE, "MILL").name == "面粉厂"


def test_a_liaison_reaches_the_organization_and_those_beneath_it(liaison: User) -> None:
    assert access_organization(liaison, "HOSPITAL").people_offered == 20
    assert access_organization(liaison, "WARD").parent is not None
    with pytest.raises(NotFoundError):
        access_organization(liaison, "MILL")
    reached = filter_organizations(liaison, Organization.objects.order_by("code"))
    assert [organization.code for organization in reached] == ["HOSPITAL", "WARD"]


def test_a_liaison_sees_the_neighborhood_of_the_seat_and_plans_nothing(liaison: User, town: dict[str, Area]) -> None:
    assert list_rights(liaison, town["C1-A"]) == {Right.SEE_AREA}
    assert list_rights(liaison, town["220702"]) == frozenset()
    assert list_scopes(liaison, Right.SEE_ORGANIZATION) == []


def test_an_officer_reaches_organizations_by_their_seats(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["220722"])
    reached = filter_organizations(officer, Organization.objects.all())
    assert [organization.code for organization in reached] == ["MILL"]
    with pytest.raises(NotFoundError):
        access_organization(officer, "HOSPITAL")


def test_a_loop_of_organizations_does_not_hang_a_liaison(liaison: User) -> None:
    ward, hospital = get_organization("WARD"), get_organization("HOSPITAL")
    Organization.objects.filter(pk=hospital.pk).update(parent=ward)
    assert access_organization(liaison, "WARD").code == "WARD"
    with pytest.raises(NotFoundError):
        access_organization(liaison, "MILL")
