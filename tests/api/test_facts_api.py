"""Phones and the desk send facts: by token or session, answered one by one, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client

from muster.access.models import User
from muster.access.queries import COMMAND_LINE
from muster.access.tokens import give_token, revoke_tokens
from muster.duty.models import CheckIn, Duty
from muster.kernel import clock
from muster.kernel.facts import Refusal
from tests.duty.cast import EIGHT, add_person, add_post, build_town, find_shift, lay_out, place

URL = "/api/v1/facts"


@pytest.fixture
def duty(db: None) -> Duty:
    town = build_town()
    post = add_post(town)
    lay_out(town, days=1)
    clock.set_exercise(EIGHT)
    return place(find_shift(post, 0), add_person(town, "Bai"))


@pytest.fixture
def bai(duty: Duty) -> User:
    return User.objects.create(username="bai", person=duty.person)


@pytest.fixture
def token(bai: User) -> str:
    return give_token(actor=COMMAND_LINE, now=EIGHT, user=bai, label="phone")


def _check_in(on: Duty, number: int = 1, **changes: object) -> dict[str, object]:
    fact = {"kind": "check_in", "id": str(UUID(int=number)), "at": EIGHT.isoformat(), "duty": on.pk}
    return {**fact, **changes}


def _post(client: Client, token: str, *facts: object, **more: object) -> Any:
    return client.post(
        URL, {"facts": facts, **more}, content_type="application/json", headers={"authorization": f"Bearer {token}"}
    )


def test_a_phone_reports_by_its_token_and_again_without_harm(client: Client, duty: Duty, token: str) -> None:
    first, again = (_post(client, token, _check_in(duty)).json() for _ in range(2))
    assert first["answers"] == [{"id": str(UUID(int=1)), "state": "taken"}]
    assert again["answers"] == [{"id": str(UUID(int=1)), "state": "seen"}]
    assert (CheckIn.objects.get().is_for_other, first["clock_off_s"]) == (False, 0)


def test_a_phone_says_once_that_its_person_is_ill(client: Client, duty: Duty, token: str) -> None:
    ill = _check_in(duty, kind="notice", notice="ill")
    states = [_post(client, token, ill).json()["answers"][0]["state"] for _ in range(2)]
    assert states == ["taken", "seen"]
    assert Duty.objects.get().state == "cancelled"


def test_a_refused_fact_tells_why_in_both_languages_and_spoils_no_other(client: Client, duty: Duty, token: str) -> None:
    facts = [{"kind": "poem"}, "?", _check_in(duty, 2, duty=0), _check_in(duty, 3, duty=duty.pk + 1), _check_in(duty)]
    facts.append(_check_in(duty, 4, at="yesterday"))
    answers = _post(client, token, *facts).json()["answers"]
    assert [answer.get("code") for answer in answers] == [*["malformed"] * 3, "no_such_duty", None, "malformed"]
    assert (answers[3]["en"], answers[3]["zh"]) == ("There is no such duty.", "没有这个班次。")
    assert [answer["id"] for answer in answers[:3]] == [None, None, str(UUID(int=2))]
    assert CheckIn.objects.count() == 1


def test_a_clock_that_is_wrong_is_told_so(client: Client, duty: Duty, token: str) -> None:
    off = timedelta(hours=-3)
    sent = _check_in(duty, at=(clock.now() + off).isoformat())
    told = _post(client, token, sent, sent_at=(clock.now() + off).isoformat()).json()
    assert told["clock_off_s"] == pytest.approx(10800, abs=5)
    assert told["answers"][0]["state"] == "taken"


def test_without_a_token_that_holds_nothing_is_taken(client: Client, duty: Duty, bai: User, token: str) -> None:
    assert _post(client, "mus_guess", _check_in(duty)).status_code == 401
    assert client.post(URL, {"facts": []}, content_type="application/json").json()["code"] == "not_signed_in"
    revoke_tokens(actor=bai, now=EIGHT, user=bai)
    assert _post(client, token, _check_in(duty)).status_code == 401
    assert not CheckIn.objects.exists()


def test_a_closed_account_has_no_token(client: Client, duty: Duty, bai: User, token: str) -> None:
    User.objects.filter(pk=bai.pk).update(is_active=False)
    assert _post(client, token, _check_in(duty)).status_code == 401


def test_the_desk_reports_by_its_session_and_never_by_a_forged_form(duty: Duty, bai: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bai)
    body = {"facts": [_check_in(duty)]}
    assert client.post(URL, body, content_type="application/json").json()["code"] == "forged"
    client.cookies["csrftoken"] = secret = "a" * 32
    sent = client.post(URL, body, content_type="application/json", headers={"x-csrftoken": secret})
    assert sent.json()["answers"][0]["state"] == "taken"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "not_readable"),
        ("[]", 422, "not_readable"),
        ('{"facts": [' + ",".join(["0"] * 501) + "]}", 422, "too_many"),
        ('{"facts": [], "sent_at": "9999-12-31T23:59:59Z"}', 422, "not_readable"),
    ],
)
def test_what_is_no_batch_is_refused_whole(client: Client, token: str, body: str, status: int, code: str) -> None:
    sent = client.post(URL, body, content_type="application/json", headers={"authorization": f"Bearer {token}"})
    assert (sent.status_code, sent.json()["code"]) == (status, code)
    assert sent.json()["zh"] != sent.json()["en"]


def test_five_hundred_facts_take_few_queries(
    client: Client, duty: Duty, token: str, django_assert_max_num_queries: Any
) -> None:
    facts = [_check_in(duty, number) for number in range(1, 501)]
    with django_assert_max_num_queries(14):
        answers = _post(client, token, *facts).json()["answers"]
    assert {answer["state"] for answer in answers} == {"taken"}


def test_the_interface_describes_itself(client: Client, db: None) -> None:
    described = client.get("/api/v1/openapi.json").json()
    facts = described["paths"]["/api/v1/facts"]["post"]
    assert {"200", "401", "422"} <= set(facts["responses"])
    kinds = described["components"]["schemas"]["FactsIn"]["properties"]["facts"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == {"check_in", "check_out", "handover", "notice", "visit", "watch", "need", "need_step"}


def test_every_reason_is_said_in_both_languages(settings: LazySettings) -> None:
    from muster.api.words import say_refusal  # noqa: PLC0415 - after the settings

    said = [say_refusal(refusal) for refusal in Refusal]
    assert not [one.code for one in said if one.zh == one.en]
