"""The desk shows whose hands a gap is in and how far its clock has come, and sets the clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from muster.clocks.actions import GapSpec, open_gaps, run_clocks
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import list_clock_settings
from muster.kernel import clock
from muster.messages.queries import find_own_quiet_span
from muster.messages.rules import QuietSpan
from muster.web.gaps.minutes import read_minutes, say_minutes
from tests.coverage.city import NOON
from tests.web.cast import Cast
from tests.web.conftest import SignIn


@pytest.fixture
def gap(cast: Cast) -> Gap:
    """Return the gap of a door nine hours after noon, when its community has been told."""
    later = NOON + timedelta(hours=9)
    clock.set_exercise(later)
    run_clocks(emergency=cast.city.emergency, now=later)
    return Gap.objects.get(area__code="C1-A-1-2", closed_at=None)


def read(client: Client, gap: Gap) -> str:
    return client.get("/gaps/2207", {"gap": gap.pk}).content.decode()


def test_a_gap_is_taken_in_hand_seen_and_given_back_in_place(officer: Client, gap: Gap) -> None:
    page = read(officer, gap)
    assert 'class="way"' in page
    assert "后报乡镇街道" in page
    back = f"/gaps/2207?gap={gap.pk}"
    assert officer.post(f"/gap/{gap.pk}/acknowledge", {"back": back})["Location"] == back
    assert "值班员 21:00 已知悉" in read(officer, gap)
    officer.post(f"/gap/{gap.pk}/take", {"back": back})
    assert "值班员 21:00 接手" in read(officer, gap)
    assert "时限暂停" in read(officer, gap)
    officer.post(f"/gap/{gap.pk}/give-back", {"back": back, "note": "没人开门"})
    assert "没人开门" in read(officer, gap)


def test_a_missed_watch_names_its_duty_and_its_door(officer: Client, cast: Cast, gap: Gap) -> None:
    detail = {"watch": "old", "name_zh": "独居老人", "name_en": "Old people alone", "door": "101"}
    area = gap.area_id
    missed = GapSpec(GapKind.WATCH_MISSED, "1:C1-A-1-2:101", area_id=area, owner_area_id=area, why_detail=detail)
    open_gaps(emergency=cast.city.emergency, now=NOON, gaps=[missed])
    assert "独居老人 · 101" in officer.get("/gaps/2207?kind=watch_missed").content.decode()


def test_a_gap_out_of_sight_is_not_there(sign_in: SignIn, gap: Gap) -> None:
    assert sign_in("worker").post(f"/gap/{gap.pk}/take").status_code == 404
    assert sign_in("auditor").post(f"/gap/{gap.pk}/take").status_code == 403
    assert "接手</button>" not in read(sign_in("auditor"), gap)


def form(officer: Client, cast: Cast, **changes: str) -> dict[str, str]:
    """Return what the form of the clocks says, with some of it changed."""
    fields: dict[str, str] = {}
    for setting in list_clock_settings(cast.city.emergency):
        fields[f"{setting.kind}-opens"] = say_minutes(setting.opens_after_min)
        fields[f"{setting.kind}-hold"] = say_minutes(setting.hold_min)
        fields |= {f"{setting.kind}-{slug or 'warden'}": say_minutes(n) for slug, n in setting.minutes.items()}
        fields |= {f"{setting.kind}-waits": "on"} if setting.may_wait else {}
    return {**fields, **changes}


def test_headquarters_sets_the_clocks_and_the_quiet_hours(officer: Client, cast: Cast) -> None:
    changes = {"need_unanswered-township": "1 小时", "quiet-from": "22:00", "quiet-until": "07:00"}
    assert officer.post("/clocks/2207", form(officer, cast, **changes)).status_code == 302
    setting = {each.kind: each for each in list_clock_settings(cast.city.emergency)}[GapKind.NEED_UNANSWERED]
    assert setting.minutes["township"] == 60
    assert find_own_quiet_span(cast.city.area("2207")) == QuietSpan(22 * 60, 7 * 60)


@pytest.mark.parametrize("said", ["soon", "1"])
def test_a_clock_that_makes_no_sense_is_said_where_it_stands(officer: Client, cast: Cast, said: str) -> None:
    answer = officer.post("/clocks/2207", form(officer, cast, **{"need_unanswered-county": said}))
    assert answer.status_code == 409
    assert f'value="{said}"' in answer.content.decode()


def test_others_read_the_clocks_and_cannot_set_them(sign_in: SignIn, cast: Cast) -> None:
    worker = sign_in("worker")
    assert "disabled" in worker.get("/clocks/C2").content.decode()
    assert worker.post("/clocks/C2", {}).status_code in {403, 404}


@pytest.mark.parametrize(("text", "minutes"), [("15", 15), ("90 min", 90), ("8h", 480), ("3 天", 4320), ("", None)])
def test_spans_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert read_minutes(text) == minutes
    assert minutes is None or read_minutes(say_minutes(minutes)) == minutes
