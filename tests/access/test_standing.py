"""By what right a stream was opened, and when that falls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from muster.access.models import Grant, User
from muster.access.queries import COMMAND_LINE
from muster.access.standing import Standing, find_standing, list_fallen

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create(username="lin", password="scrambled")  # no password


@pytest.fixture
def standing(user: User) -> Standing:
    session = SessionStore()
    session.create()
    found = find_standing(user, session.session_key)
    assert found is not None
    return found


def test_it_stands_while_nothing_is_taken_away(standing: Standing) -> None:
    assert list_fallen([standing]) == set()


def test_whoever_has_no_account_or_no_session_has_none(user: User) -> None:
    assert find_standing(COMMAND_LINE, "key") is None
    assert find_standing(user, None) is None


def test_it_falls_with_the_session(standing: Standing) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert list_fallen([standing]) == {standing}


def test_it_falls_with_the_account_and_with_its_password(user: User, standing: Standing) -> None:
    User.objects.update(is_active=False)
    assert list_fallen([standing]) == {standing}
    User.objects.update(is_active=True, password="another")  # no password
    assert list_fallen([standing]) == {standing}


def test_it_falls_when_a_grant_comes_or_goes(user: User, standing: Standing) -> None:
    from tests.coverage.city import NOON, build_city  # noqa: PLC0415  # only here is there a city

    Grant.objects.create(user=user, role="auditor", area=build_city().area("2207"), since_at=NOON)
    assert list_fallen([standing]) == {standing}
