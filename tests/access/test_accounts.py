"""Making accounts: who may, what is refused and how, and what the audit trail keeps."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from muster.access.actions import (
    authenticate,
    create_user,
    give_password_link,
    give_role,
    set_password_by_link,
)
from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.access.queries import list_accounts
from muster.kernel.errors import MusterError, NotAllowedError
from muster.kernel.models import AuditEntry
from muster.organizations.queries import get_organization
from muster.territory.models import Area
from tests.access.town import CLERK, NOON, PASSWORD, build_town, give_account


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return build_town()


def test_an_account_is_made_with_its_role_and_both_are_audited(town: dict[str, Area]) -> None:
    user = give_account(Role.DUTY_OFFICER, area=town["2207"], username="officer")
    assert user.check_password(PASSWORD)
    acts = AuditEntry.objects.filter(subject_kind="user").order_by("pk")
    assert list(acts.values_list("verb", "subject_id")) == [("user_created", "officer"), ("granted", "officer")]
    assert acts.last().detail == {"role": "duty_officer", "scope": "area 2207"}  # type: ignore[union-attr]


def test_the_audit_trail_never_holds_a_password(town: dict[str, Area]) -> None:
    give_account(Role.DUTY_OFFICER, area=town["2207"])
    assert all(PASSWORD not in str(entry.detail) for entry in AuditEntry.objects.all())


@pytest.mark.parametrize("password", ["short", "password123", "qwertyuiop"])
def test_a_weak_password_makes_no_account(town: dict[str, Area], password: str) -> None:
    with pytest.raises(MusterError):
        create_user(
            actor=CLERK,
            now=NOON,
            username="officer",
            password=password,
            display_name="",
            role=Role.AUDITOR,
            area=town["2207"],
        )
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused(town: dict[str, Area]) -> None:
    give_account(Role.AUDITOR, area=town["2207"], username="officer")
    with pytest.raises(MusterError, match="officer already"):
        give_account(Role.WARDEN, area=town["C1"], username="officer")


def test_a_name_with_a_space_is_refused(town: dict[str, Area]) -> None:
    with pytest.raises(MusterError):
        give_account(Role.WARDEN, area=town["C1"], username="li hua")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.ORGANIZATION_LIAISON, {"area": "C1"}),
        (Role.WARDEN, {"organization": "MILL"}),
        (Role.WARDEN, {}),
        (Role.WARDEN, {"area": "C1", "organization": "MILL"}),
        ("king", {"area": "C1"}),
    ],
)
def test_a_role_is_refused_a_scope_that_does_not_fit(town: dict[str, Area], role: str, scope: dict[str, str]) -> None:
    area = town[scope["area"]] if "area" in scope else None
    organization = get_organization(scope["organization"]) if "organization" in scope else None
    with pytest.raises(MusterError, match="role"):
        create_user(
            actor=CLERK,
            now=NOON,
            username="x",
            password=PASSWORD,
            display_name="",
            role=role,
            area=area,
            organization=organization,
        )
    assert not User.objects.exists()


def test_a_duty_officer_makes_no_accounts(town: dict[str, Area]) -> None:
    officer = give_account(Role.DUTY_OFFICER, area=town["2207"])
    with pytest.raises(NotAllowedError):
        give_role(actor=officer, now=NOON, user=officer, role=Role.AUDITOR, area=town["2207"])


def test_giving_a_role_again_changes_nothing(town: dict[str, Area]) -> None:
    user = give_account(Role.AUDITOR, area=town["2207"])
    give_role(actor=CLERK, now=NOON, user=user, role=Role.AUDITOR, area=town["2207"])
    assert Grant.objects.count() == 1


def test_the_database_refuses_a_second_open_grant_and_one_without_a_scope(town: dict[str, Area]) -> None:
    user = give_account(Role.AUDITOR, area=town["2207"])
    with pytest.raises(IntegrityError), transaction.atomic():
        user.grants.create(role=Role.AUDITOR, area=town["2207"], since_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        user.grants.create(role=Role.AUDITOR, since_at=NOON)


def test_an_account_is_proved_by_its_password_alone(town: dict[str, Area]) -> None:
    user = give_account(Role.AUDITOR, area=town["2207"], username="officer")
    assert authenticate(username="officer", password=PASSWORD) == user
    messages = set()
    for username, password in (("officer", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(NotAllowedError) as refused:
            authenticate(username=username, password=password)
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_a_closed_account_cannot_be_proved(town: dict[str, Area]) -> None:
    user = give_account(Role.AUDITOR, area=town["2207"], username="officer")
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(NotAllowedError):
        authenticate(username="officer", password=PASSWORD)


def test_accounts_are_listed_with_their_open_roles(town: dict[str, Area]) -> None:
    give_account(Role.AUDITOR, area=town["2207"], username="b")
    give_account(Role.WARDEN, area=town["C1"], username="a")
    accounts = list_accounts()
    assert [(account.username, account.roles) for account in accounts] == [
        ("a", [("warden", "松林社区 (C1)")]),
        ("b", [("auditor", "松原市 (2207)")]),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_one_name_at_once_make_one_account() -> None:
    town = build_town()
    start = Barrier(2)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            start.wait()
            give_account(Role.AUDITOR, area=town["2207"], username="officer")
            outcomes.append("made")
        except MusterError:
            outcomes.append("refused")
        finally:
            connection.close()

    both = [Thread(target=ask) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert (User.objects.count(), Grant.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hold_one_link_the_second_sets_no_password() -> None:
    town = build_town()
    user = give_account(Role.WARDEN, area=town["C1"], username="warden")
    key = give_password_link(actor=CLERK, now=NOON, user=user)
    together, refused = Barrier(2), []

    def set_one(password: str) -> None:
        together.wait()
        try:
            set_password_by_link(now=NOON, key=key, password=password)
        except NotAllowedError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=set_one, args=(f"{PASSWORD}-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert AuditEntry.objects.filter(verb="password_set").count() == 1
