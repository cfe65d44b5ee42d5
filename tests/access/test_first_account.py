"""The first account: made once, by whoever holds the code, and what it may do before there is an area."""

from __future__ import annotations

import pytest

from muster.access.actions import create_first_user
from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.access.queries import COMMAND_LINE, get_first_code, has_accounts, may_found
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.models import AuditEntry
from tests.access.town import NOON, PASSWORD, build_town
from tests.coverage.test_concurrency import run_together


def make(username: str = "wang", *, code: str | None = None, password: str = PASSWORD) -> User:
    return create_first_user(
        now=NOON,
        code=get_first_code() if code is None else code,
        username=username,
        password=password,
        display_name="王主任",
    )


@pytest.mark.django_db
def test_whoever_holds_the_code_makes_the_first_account_and_may_found_the_city() -> None:
    assert not has_accounts()
    user = make(code=f" {get_first_code().upper()} ")
    assert may_found(user)
    assert not may_found(COMMAND_LINE)
    assert not Grant.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_name, entry.subject_id) == ("user_created", "first use", "wang")


@pytest.mark.django_db
def test_where_areas_are_known_the_first_account_is_their_duty_officer() -> None:
    town = build_town()
    user = make()
    assert not may_found(user)
    assert [(grant.role, grant.area) for grant in Grant.objects.all()] == [(Role.DUTY_OFFICER, town["2207"])]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "abcd-efgh-ijkl"])
def test_another_code_makes_nothing(code: str) -> None:
    with pytest.raises(NotAllowedError, match="not the code"):
        make(code=code)
    assert not has_accounts()


@pytest.mark.django_db
def test_the_code_serves_once() -> None:
    make()
    with pytest.raises(RuleError, match="an account already"):
        make("li")


@pytest.mark.django_db
def test_a_weak_password_makes_no_first_account() -> None:
    with pytest.raises(MusterError):
        make(password="password123")
    assert not has_accounts()


@pytest.mark.django_db
def test_the_only_account_may_no_longer_found_once_there_is_another() -> None:
    user = make()
    User.objects.create(username="second")
    assert not may_found(user)


@pytest.mark.django_db(transaction=True)
def test_two_who_hold_the_code_at_once_make_one_account() -> None:
    outcomes = run_together(lambda: make("wang"), lambda: make("li"))
    assert sorted(type(each).__name__ for each in outcomes) == ["RuleError", "User"]
    assert User.objects.count() == 1
