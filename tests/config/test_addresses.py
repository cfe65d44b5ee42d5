"""Which addresses are open to everybody, and whose address counts when signing in fails."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.access.town import build_town, give_account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", ["signup/", "email/", "password/reset/", "confirm-email/", "inactive/"])
def test_screens_for_mail_and_signing_up_are_not_there(place: str) -> None:
    client = Client()
    assert client.get(f"/accounts/{place}").status_code == 404
    assert client.post(f"/accounts/{place}", {"email": "a@example.org"}).status_code == 404


def test_the_page_for_signing_in_is_there() -> None:
    give_account("duty_officer", area=build_town()["2207"])
    assert Client().get("/accounts/login/").status_code == 200


def _fail_to_sign_in(client: Client, times: int, browser: str) -> bool:
    """Fail as several people, and tell whether the last attempt was still looked at."""
    answers = [
        client.post(
            "/accounts/login/",
            {"login": f"nobody{browser}{number}", "password": "wrong"},
            headers={"x-forwarded-for": browser},
        )
        for number in range(times)
    ]
    return answers[-1].status_code == 200


def test_failures_are_counted_by_browser_behind_a_proxy_that_is_known(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    give_account("duty_officer", area=build_town()["2207"])
    client = Client()
    assert not _fail_to_sign_in(client, 40, "203.0.113.1")
    assert _fail_to_sign_in(client, 1, "203.0.113.2")


def test_nobody_escapes_the_count_by_a_header_of_their_own() -> None:
    client = Client()
    assert not _fail_to_sign_in(client, 40, "203.0.113.3")
    assert not _fail_to_sign_in(client, 1, "203.0.113.4")


def test_what_fails_on_a_server_is_told_to_whoever_runs_it() -> None:
    handlers = logging.getLogger().handlers
    assert any(isinstance(handler, logging.StreamHandler) and handler.level == logging.ERROR for handler in handlers)
