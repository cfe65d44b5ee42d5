"""The screens of watch duties: set, seen at a glance, entered from paper, a need raised; and cards for doors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from muster.kernel import clock
from muster.kernel.clock import CITY_ZONE
from muster.needs.actions import pass_watch_time
from muster.needs.models import DoorCard, MarkedDoor, Need, WatchCheck, WatchDuty, WatchRound
from tests.coverage.city import NOON
from tests.web.cast import Cast

TERMS = {
    "name_zh": "独居老人",
    "name_en": "Old people alone",
    "look_zh": "敲门看看，问一声缺什么",
    "level": "unit",
    "times": "13:00 20:00",
    "weekdays": list("1234567"),
    "deputy_after_min": "60",
    "community_after_min": "120",
    "starts_on": "2020-02-10",
}


def _read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


@pytest.fixture
def duty(cast: Cast, officer: Client) -> WatchDuty:
    """Return a watch duty of all units at one and at eight in the afternoon, as the officer sets it at noon."""
    answer = officer.post("/watch/2207/duties", TERMS)
    assert answer.status_code == 302, answer.content.decode()
    return WatchDuty.objects.get()


def _at(hours: float, cast: Cast) -> None:
    clock.set_exercise(NOON + timedelta(hours=hours))
    pass_watch_time(emergency=cast.city.emergency, now=clock.now())


def test_a_duty_is_set_changed_and_ended_at_the_desk(duty, officer):
    assert (duty.slug, duty.times_min) == ("old-people-alone", [780, 1200])
    assert "独居老人" in _read(officer, "/watch/2207/duties/old-people-alone")
    hourly = {**TERMS, "times": "08:00 20:00", "every_h": "6"}
    assert officer.post("/watch/2207/duties/old-people-alone", hourly).status_code == 302
    duty.refresh_from_db()
    assert duty.times_min == [480, 840, 1200]
    refused = officer.post("/watch/2207/duties/old-people-alone", {**TERMS, "times": "25:00"})
    assert refused.status_code == 409
    assert "25:00" in refused.content.decode()
    assert officer.post("/watch/2207/duties/old-people-alone/end").status_code == 302
    duty.refresh_from_db()
    assert duty.ends_on is not None


def test_the_day_shows_what_is_due_missed_and_found(cast, duty, officer):
    _at(1, cast)
    one = WatchRound.objects.order_by("starts_at")[0]
    assert "待查" in _read(officer, "/watch/C1")
    sent = {"round": one.pk, "place": "C1-A-1-1", "at": "13:00", "outcome": "found", "note": "没人开门"}
    for _ in range(2):
        assert officer.post("/watch/C1/check", sent).status_code == 302
    check = WatchCheck.objects.get()
    assert (check.is_for_other, check.is_well) == (True, False)
    place = f"/watch/C1?round={one.pk}&place=C1-A-1-1"
    assert "没人开门" in _read(officer, place)
    need = {"round": one.pk, "place": "C1-A-1-1", "check": check.pk, "kind": "care", "words": "没人开门"}
    assert officer.post("/watch/C1/need", need).status_code == 302
    assert Need.objects.get().words == "没人开门"
    _at(4, cast)
    assert "漏查" in _read(officer, "/watch/2207")


def test_a_sheet_of_paper_is_entered_at_once_and_never_twice(cast, duty, officer):
    _at(1.5, cast)
    one = WatchRound.objects.order_by("starts_at")[0]
    address = f"/watch/C1/paper/{one.pk}"
    assert "C1-A-1-2" in _read(officer, address)
    sent = {
        "csrfmiddlewaretoken": "sheet",
        "at": "13:10",
        "seen": ["C1-A-1-1#", "C1-A-1-2#"],
        "found-C1-A-1-2#": "on",
        "note-C1-A-1-2#": "灯坏了",
    }
    for _ in range(2):
        assert officer.post(address, sent).status_code == 302
    checks = WatchCheck.objects.order_by("area__code")
    assert [(one.area.code, one.is_well, one.note) for one in checks] == [
        ("C1-A-1-1", True, ""),
        ("C1-A-1-2", False, "灯坏了"),
    ]
    assert checks[0].at.astimezone(CITY_ZONE).strftime("%H:%M") == "13:10"
    assert officer.post(address, {**sent, "at": "23:00"}).status_code == 409


def test_doors_are_named_for_a_duty_and_taken_off_again(cast, officer):
    officer.post("/watch/C1/duties", {**TERMS, "level": ""})
    address = "/watch/C1/duties/old-people-alone"
    assert officer.post(f"{address}/doors", {"place": "C1-A-1-1", "door": "301"}).status_code == 302
    assert "301" in _read(officer, address)
    _at(1, cast)
    assert "301" in _read(officer, "/watch/C1")
    officer.post(f"{address}/doors", {"off": MarkedDoor.objects.get().pk})
    assert MarkedDoor.objects.get().until_at is not None


def test_who_may_not_report_or_plan_sees_but_changes_nothing(cast, duty, sign_in):
    _at(1, cast)
    auditor = sign_in("auditor")
    one = WatchRound.objects.order_by("starts_at")[0]
    assert "13:00" in _read(auditor, "/watch/C1")
    assert auditor.post("/watch/C1/check", {"round": one.pk, "place": "C1-A-1-1", "at": "13:00"}).status_code == 403
    assert auditor.post("/watch/2207/duties", TERMS).status_code == 403
    assert auditor.get("/areas/C1/door-cards").status_code == 403
    assert sign_in("worker").get("/watch/C1").status_code == 404


def test_cards_are_printed_and_again_only_where_somebody_changed(cast, officer):
    assert "门牌卡" in _read(officer, "/areas/C1/door-cards")
    terms = {"level": "unit", "size": "a6x4", "language": "both", "which": "all", "base_url": "https://city.example"}
    answer = officer.post("/areas/C1/door-cards", terms)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    printed = DoorCard.objects.count()
    assert printed > 1
    again = officer.post("/areas/C1/door-cards", {**terms, "which": "changed"})
    assert again.status_code == 409
    assert DoorCard.objects.count() == printed
