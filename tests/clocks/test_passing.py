"""Time passes, and gaps move on: told once, in order, to whoever has them then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from muster.clocks.actions import GapSpec, close_gaps, open_gaps, run_clocks, set_clock
from muster.clocks.kinds import GapKind, GapStepKind
from muster.clocks.models import ClockRun, Gap, GapStep
from muster.clocks.queries import ClockSetting
from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole
from muster.messages.actions import set_quiet_hours
from muster.messages.kinds import Urgency
from muster.messages.models import Message
from muster.messages.rules import QuietSpan
from muster.messages.wording import render
from tests.coverage.city import NOON, OFFICER, City, build_city, settle
from tests.duty.cast import at_once

KIND = GapKind.NEED_UNANSWERED
UNIT = "C1-A-1-1"


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def prepare() -> City:
    """Build a city whose unanswered needs go to the warden at once, and up after 15, 45, 120 and 240 minutes."""
    city = build_city()
    close_gaps(emergency=city.emergency, now=NOON)
    return city


@pytest.fixture
def city(db: None) -> City:
    return prepare()


def ask(city: City, *subjects: str, code: str = UNIT, kind: GapKind = KIND) -> None:
    area = city.area(code)
    gaps = [GapSpec(kind, subject, area.pk, city.area("C1").pk) for subject in subjects]
    open_gaps(emergency=city.emergency, now=NOON, gaps=gaps)


def run(city: City, minutes: int) -> int:
    return run_clocks(emergency=city.emergency, now=after(minutes))


def list_steps(subject: str = "asked") -> list[tuple[str, str, int]]:
    """List the steps of a gap: what, whose it was then, and minutes after noon."""
    return [
        (step.kind, step.area.code if step.area else "", int((step.at - NOON).total_seconds() // 60))
        for step in GapStep.objects.filter(gap__subject=subject).select_related("area").order_by("pk")
    ]


def list_told() -> list[tuple[str, str, str]]:
    return [
        (str(one.area.code if one.area else one.person), one.wording, one.words["count"])
        for one in Message.objects.select_related("area", "person").order_by("pk")
    ]


def test_a_gap_goes_up_step_by_step_and_whoever_has_it_then_is_told(city: City) -> None:
    ask(city, "asked")
    assert [run(city, minutes) for minutes in (0, 14, 15, 16, 45, 300)] == [1, 0, 1, 0, 1, 1]
    assert list_steps() == [
        ("told", "", 0),
        ("told", "C1", 15),
        ("escalated", "220702001", 45),
        ("escalated", "220702", 120),
        ("escalated", "2207", 240),
    ]
    assert Gap.objects.get(subject="asked").owner_area == city.area("2207")
    assert [code for code, *_ in list_told()] == ["C1", "220702001", "2207"]


def test_after_standing_still_every_step_is_made_with_its_moment_and_only_the_last_is_told(city: City) -> None:
    ask(city, "asked")
    assert run(city, 130) == 1
    assert [minutes for *_, minutes in list_steps()] == [0, 15, 45, 120]
    assert list_told() == [("220702", "gap_escalated", "1")]


def test_an_office_is_told_of_all_its_gaps_in_one_message(city: City) -> None:
    ask(city, *(f"need{number}" for number in range(30)))
    run(city, 15)
    assert list_told() == [("C1", "gaps_escalated", "30")]
    said = render("gaps_escalated", Message.objects.get().words, "en", is_exercise=False)
    assert said.text.startswith("30 gaps are yours to close now. The first, for 15 min: 明珠小区 1号楼 1单元, need")


def test_the_warden_is_told_first_or_whoever_answers_nearest(city: City) -> None:
    fang = settle("F", "Fang", home=UNIT)
    house = city.area("C1-A-1")
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=house, person=fang, role=AppointmentRole.WARDEN)
    Message.objects.all().delete()
    ask(city, "asked")
    run(city, 0)
    assert GapStep.objects.get().person == fang
    message = Message.objects.get()
    assert (message.person, message.urgency) == (fang, Urgency.URGENT)


def test_whoever_has_it_no_more_is_not_told(city: City) -> None:
    ask(city, "asked", "other")
    run(city, 0)
    close_gaps(emergency=city.emergency, now=after(10), kind=KIND, subjects=["asked"])
    run(city, 20)
    assert list_told() == [("C1", "gap_escalated", "1")]
    assert list_steps() == [("told", "", 0)]


def test_what_can_wait_stands_still_in_quiet_hours(city: City) -> None:
    set_quiet_hours(actor=OFFICER, now=NOON, of=city.area("2207"), span=QuietSpan(12 * 60 + 30, 13 * 60))
    ask(city, "watched", kind=GapKind.WATCH_MISSED)
    ask(city, "asked")
    run(city, 0)
    run(city, 40)
    assert list_steps("watched") == [("told", "", 0)]
    run(city, 100)
    assert list_steps("watched") == [("told", "", 0), ("told", "C1", 90)]
    assert list_steps("asked")[1] == ("told", "C1", 15)


def test_a_clock_that_is_set_anew_holds_for_gaps_that_stand_open(city: City) -> None:
    ask(city, "asked")
    run(city, 20)
    setting = ClockSetting(KIND, 0, may_wait=False, hold_min=60, minutes={"community": 5, "county": 30})
    set_clock(actor=OFFICER, now=after(20), emergency=city.emergency, setting=setting)
    run(city, 31)
    assert [code for _, code, _ in list_steps()] == ["", "C1", "220702"]


def test_a_gap_opened_again_stays_whose_it_has_become(city: City) -> None:
    ask(city, "asked")
    run(city, 60)
    ask(city, "asked")
    assert Gap.objects.get(subject="asked").owner_area == city.area("220702001")


def test_levels_that_a_gap_does_not_lie_beneath_are_passed_by(city: City) -> None:
    area = city.area("220702")
    open_gaps(emergency=city.emergency, now=NOON, gaps=[GapSpec(KIND, "asked", area.pk, area.pk)])
    run(city, 500)
    assert [code for _, code, _ in list_steps()] == ["", "220702", "2207"]
    assert run(city, 501) == 0


def test_a_pass_that_broke_off_is_taken_up_by_the_next(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(city, "asked")

    def break_off(**_: object) -> None:
        raise RuntimeError("the worker is killed between moving and telling")

    with monkeypatch.context() as patch:
        patch.setattr("muster.clocks.actions.passing.tell_recipients", break_off)
        with pytest.raises(RuntimeError):
            run(city, 16)
    assert not Message.objects.exists()
    run(city, 17)
    run(city, 18)
    assert list_told() == [("C1", "gap_escalated", "1")]
    assert GapStep.objects.count() == 2
    assert ClockRun.objects.get().passed_at is not None


@pytest.mark.django_db(transaction=True)
def test_several_workers_make_each_step_once_and_tell_each_office_once(monkeypatch: pytest.MonkeyPatch) -> None:
    city = prepare()
    monkeypatch.setattr("muster.clocks.actions.passing.BATCH_GAPS", 7)
    ask(city, *(f"need{number}" for number in range(40)))
    at_once(*[lambda: run(city, 50)] * 4)
    run(city, 50)
    assert GapStep.objects.filter(kind=GapStepKind.ESCALATED).count() == 40
    assert GapStep.objects.count() == 120
    assert sum(int(count) for _, _, count in list_told()) == 40
