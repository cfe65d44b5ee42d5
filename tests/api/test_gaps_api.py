"""Programs read the gaps of an area with their clocks, and take them in hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from muster.access.actions import give_role
from muster.access.kinds import Role
from muster.access.models import User
from muster.access.tokens import give_token
from muster.clocks.actions import run_clocks
from muster.clocks.models import Gap
from muster.kernel import clock
from tests.coverage.city import NOON, OFFICER, City, build_city


@pytest.fixture
def city(db: None) -> City:
    built = build_city()
    clock.set_exercise(NOON)
    run_clocks(emergency=built.emergency, now=NOON)
    return built


def sign(city: City, code: str) -> dict[str, str]:
    user = User.objects.create(username=f"of-{code}", display_name=f"Officer of {code}")
    give_role(actor=OFFICER, now=NOON, user=user, role=Role.DUTY_OFFICER, area=city.area(code))
    return {"authorization": f"Bearer {give_token(actor=OFFICER, now=NOON, user=user, label='phone')}"}


def act(client: Client, token: dict[str, str], gap: Gap, what: str) -> Any:
    return client.post(f"/api/v1/gaps/{gap.pk}/{what}", headers=token)


def test_the_gaps_of_an_area_come_with_their_stops(client: Client, city: City) -> None:
    answer = client.get("/api/v1/gaps", {"area": "C1", "limit": "2"}, headers=sign(city, "C1")).json()
    assert [gap["kind"] for gap in answer["gaps"]] == ["area_without_warden"] * 2
    stops = answer["gaps"][0]["stops"]
    assert [(stop["level"], stop["reached_at"]) for stop in stops][:2] == [("community", None), ("township", None)]


def test_one_takes_it_and_another_is_told_so(client: Client, city: City) -> None:
    gap = Gap.objects.filter(area__code="C1-A").get()
    first, second = sign(city, "C1"), sign(city, "C1-A")
    taken = act(client, first, gap, "take").json()
    assert (taken["in_hand_by"], taken["steps"][0]["kind"]) == ("Officer of C1", "taken_over")
    refused = act(client, second, gap, "take")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_hand")
    assert act(client, first, gap, "give-back").json()["in_hand_by"] is None
    assert act(client, first, gap, "acknowledge").json()["seen_by"] == "Officer of C1"


def test_what_is_not_there_and_what_is_not_for_them_look_the_same(client: Client, city: City) -> None:
    stranger = sign(city, "C2")
    gap = Gap.objects.filter(area__code="C1-A").get()
    answers = [act(client, stranger, gap, "take"), client.post("/api/v1/gaps/999999/take", headers=stranger)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_there")}
    assert client.get("/api/v1/gaps", {"area": "C1"}, headers=stranger).status_code == 404
