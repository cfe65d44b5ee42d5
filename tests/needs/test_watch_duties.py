"""Watch duties come round each local day, are anybody's who looks, fall in turn, and are missed in rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.messages.models import Message
from muster.needs.actions import (
    WatchFact,
    end_watch_duty,
    mark_doors,
    pass_watch_time,
    raise_from_check,
    take_watch_checks,
)
from muster.needs.kinds import NeedKind
from muster.needs.models import MarkedDoor, Need, WatchCheck, WatchDuty, WatchMiss, WatchRound
from muster.needs.queries.watching import list_own_tasks
from muster.needs.rules.watching import (
    Hand,
    RoundSpan,
    Schedule,
    WatchState,
    find_hand,
    judge_round,
    list_hourly,
    list_rounds,
    read_times,
    write_times,
)
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, at_once, build_town
from tests.needs.watches import look_at_stairs

HOUR = timedelta(hours=1)
TWENTY = EIGHT + 12 * HOUR
FIRST_DAY = date(2020, 2, 10)

schedules = st.builds(
    Schedule,
    times_min=st.lists(st.integers(0, 1439), min_size=1, max_size=6, unique=True).map(
        lambda times: tuple(sorted(times))
    ),
    weekdays=st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days))),
    starts_on=st.just(FIRST_DAY),
    ends_on=st.none(),
    early_min=st.integers(0, 180),
    deputy_after_min=st.integers(0, 90),
    community_after_min=st.integers(90, 300),
)


@given(schedules, st.integers(0, 20), st.integers(1, 10))
def test_rounds_follow_each_other_and_do_not_depend_on_the_days_asked_for(schedule, skipped, days):
    first = FIRST_DAY + timedelta(days=skipped)
    together = list_rounds(schedule, CITY_ZONE, first, first + timedelta(days=days))
    each = [
        span
        for day in range(days)
        for span in list_rounds(schedule, CITY_ZONE, first + timedelta(days=day), first + timedelta(days=day + 1))
    ]
    assert together == each
    for span in together:
        assert span.opens_at <= span.starts_at <= span.deputy_at <= span.community_at <= span.closes_at
        assert str(span.starts_at.isoweekday()) in schedule.weekdays
    assert all(one.closes_at <= after.opens_at for one, after in pairwise(together))


def test_a_round_goes_from_hand_to_hand():
    span = RoundSpan(*(EIGHT + hours * HOUR for hours in (-1, 0, 1, 2, 11)))
    states = {hours: judge_round(span, EIGHT + hours * HOUR, []) for hours in (-2, -1, 1, 2)}
    assert list(states.values()) == [WatchState.TO_COME, WatchState.DUE, WatchState.LATE, WatchState.MISSED]
    assert judge_round(span, EIGHT + 9 * HOUR, [True, False]) == WatchState.FOUND
    hands = [find_hand(span, EIGHT + hours * HOUR, has_warden=True, has_deputy=True) for hours in (0, 1, 2)]
    assert hands == [Hand.WARDEN, Hand.DEPUTY, Hand.OFFICE]
    assert find_hand(span, EIGHT, has_warden=False, has_deputy=True) == Hand.DEPUTY
    assert find_hand(span, EIGHT, has_warden=False, has_deputy=False) == Hand.OFFICE


def test_times_of_the_day_are_read_as_people_write_them():
    assert read_times("20:00，8:30 12时") == (510, 720, 1200)
    assert write_times((510, 1200)) == "08:30 20:00"
    assert list_hourly(360, 1320, 4) == (360, 600, 840, 1080, 1320)
    for wrong in ("25:00", "8:75", "noon"):
        with pytest.raises(ValueError, match=wrong):
            read_times(wrong)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def _appoint(town: Town, name: str, role: AppointmentRole) -> None:
    Appointment.objects.create(
        emergency=town.emergency, area=town.wenyuan, role=role, person=add_person(town, name), starts_at=EIGHT
    )


def _look(number: int, at: datetime, *, is_well: bool = True, area: str = "220701", door: str = "") -> WatchFact:
    return WatchFact(area, "stairs", is_well, "", door, client_id=UUID(int=number), at=at)


def _take(now: datetime, *facts: WatchFact) -> None:
    take_watch_checks(actor=OFFICER, now=now, facts=facts)


def _pass(town: Town, now: datetime) -> None:
    pass_watch_time(emergency=town.emergency, now=now)


def _list_gaps() -> Iterator[tuple[str, datetime, bool]]:
    gaps = Gap.objects.filter(kind=GapKind.WATCH_MISSED).order_by("since_at", "subject")
    return ((gap.area.code, gap.since_at.astimezone(CITY_ZONE), gap.closed_at is None) for gap in gaps)


def test_rounds_are_laid_out_once_however_many_workers_and_also_for_days_when_none_was_there(town):
    look_at_stairs(town)
    assert WatchRound.objects.count() == 4
    for _ in range(2):
        _pass(town, EIGHT + 5 * 24 * HOUR)
    starts = [start.astimezone(CITY_ZONE) for start in WatchRound.objects.values_list("starts_at", flat=True)]
    assert sorted(starts) == [EIGHT + 12 * HOUR * count for count in range(14)]


def test_what_nobody_has_seen_falls_to_the_deputy_then_to_the_community_and_is_closed_by_the_next_look(town):
    look_at_stairs(town)
    _appoint(town, "Bai", AppointmentRole.DEPUTY)
    _take(EIGHT, _look(1, EIGHT, area="220702"))
    _pass(town, EIGHT + HOUR)
    _pass(town, EIGHT + HOUR)
    assert [message.words["place"] for message in Message.objects.all()] == ["WenhuaWenyuan"]
    assert list(_list_gaps()) == []
    for _ in range(2):
        _pass(town, EIGHT + 3 * HOUR)
    assert list(_list_gaps()) == [("220701", EIGHT + 2 * HOUR, True)]
    assert list(WatchMiss.objects.values_list("area__code", flat=True)) == ["220701"]
    _take(EIGHT + 4 * HOUR, _look(2, EIGHT + 4 * HOUR))
    assert list(_list_gaps()) == [("220701", EIGHT + 2 * HOUR, False)]
    assert WatchRound.objects.get(starts_at=EIGHT).places == 2


def test_a_report_of_the_morning_that_comes_at_night_does_not_answer_for_the_evening(town):
    look_at_stairs(town)
    _take(TWENTY, _look(1, EIGHT, area="220702"), _look(2, TWENTY, area="220702"))
    _pass(town, TWENTY + 2 * HOUR)
    assert list(_list_gaps()) == [("220701", EIGHT + 2 * HOUR, True)]
    _take(TWENTY + 3 * HOUR, _look(3, EIGHT + HOUR))
    assert [is_open for *_, is_open in _list_gaps()] == [True]
    _take(TWENTY + 3 * HOUR, _look(4, TWENTY + HOUR))
    assert [is_open for *_, is_open in _list_gaps()] == [False]


def test_the_order_of_reports_changes_nothing(town):
    look_at_stairs(town)
    facts = [_look(1, EIGHT), _look(2, TWENTY, is_well=False), _look(1, EIGHT), _look(3, EIGHT, area="220702")]
    for seed in range(3):
        _take(TWENTY, *Random(seed).sample(facts, 4)[:3])
    _take(TWENTY, *facts)
    assert WatchCheck.objects.count() == 3


def test_doors_with_a_mark_are_looked_after_one_by_one(town):
    look_at_stairs(town, level=None, times_min=(480,))
    doors = [(town.wenyuan, "3-201"), (town.wenyuan, "3-402"), (town.wenyuan, "3-201")]
    assert mark_doors(actor=OFFICER, now=EIGHT, emergency=town.emergency, mark="stairs", doors=doors) == 2
    assert mark_doors(actor=OFFICER, now=EIGHT, emergency=town.emergency, mark="stairs", doors=doors) == 0
    _take(EIGHT, _look(1, EIGHT, door="3-402"))
    _pass(town, EIGHT + 2 * HOUR)
    assert list(WatchMiss.objects.values_list("door", flat=True)) == ["3-201"]
    assert MarkedDoor.objects.count() == 2


def test_a_duty_that_changes_keeps_what_was_and_lays_out_anew_what_comes(town):
    watch = look_at_stairs(town)
    _pass(town, EIGHT + 3 * HOUR)
    now = EIGHT + 3 * HOUR
    spec_times = (8 * 60, 15 * 60)
    look = look_at_stairs(town, times_min=spec_times)
    assert look.pk == watch.pk
    _pass(town, now)
    today = WatchRound.objects.filter(starts_at__lt=EIGHT + 16 * HOUR).order_by("starts_at")
    assert [start.astimezone(CITY_ZONE).hour for start in today.values_list("starts_at", flat=True)] == [8, 15]
    assert WatchMiss.objects.count() == 2
    end_watch_duty(actor=OFFICER, now=now, watch=WatchDuty.objects.get())
    _pass(town, now + 48 * HOUR)
    assert not WatchRound.objects.filter(opens_at__gt=now).exists()


def test_a_duty_without_times_or_out_of_turn_is_refused(town):
    for wrong in ({"times_min": ()}, {"deputy_after_min": 130}, {"weekdays": "8"}, {"name_zh": ""}):
        with pytest.raises(RuleError):
            look_at_stairs(town, **wrong)


def test_what_a_check_found_becomes_one_need(town):
    look_at_stairs(town)
    _take(EIGHT, _look(1, EIGHT, is_well=False))
    check = WatchCheck.objects.select_related("area").get()
    for _ in range(2):
        raise_from_check(actor=OFFICER, now=EIGHT, check=check, kind=NeedKind.REPAIR, words="灯坏了")
    assert Need.objects.get().words == "灯坏了"


def test_a_warden_has_the_rounds_of_today_and_a_deputy_those_that_have_fallen(town):
    look_at_stairs(town)
    _appoint(town, "Bai", AppointmentRole.WARDEN)
    _appoint(town, "Chen", AppointmentRole.DEPUTY)
    warden, deputy = (Appointment.objects.get(person__name=name).person_id for name in ("Bai", "Chen"))

    def tell(person_id: int, now: datetime) -> list[tuple[object, ...]]:
        tasks = list_own_tasks(person_id, now)
        return [(task.round.starts_at.astimezone(CITY_ZONE).hour, task.cell.state, task.hand) for task in tasks]

    assert tell(warden, EIGHT) == [(8, "due", "warden"), (20, "to_come", "warden")]
    assert tell(deputy, EIGHT) == []
    assert tell(deputy, EIGHT + HOUR) == [(8, "late", "deputy")]
    _take(EIGHT + HOUR, _look(1, EIGHT + HOUR, is_well=False))
    assert tell(warden, EIGHT + HOUR)[0][1] == "found"
    _pass(town, EIGHT + 3 * HOUR)
    assert tell(warden, EIGHT + 3 * HOUR)[0][1] == "found"
    assert list_own_tasks(None, EIGHT) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_report_at_one_moment_end_in_one_state():
    town = build_town()
    look_at_stairs(town)
    _appoint(town, "Bai", AppointmentRole.DEPUTY)
    now = EIGHT + 3 * HOUR
    at_once(
        lambda: _pass(town, now),
        lambda: _take(now, _look(1, now)),
        lambda: _pass(town, now),
    )
    _pass(town, now)
    assert [(code, is_open) for code, _, is_open in _list_gaps() if is_open] == [("220702", True)]
    assert WatchRound.objects.filter(settled_at__isnull=False).count() == 1
    assert WatchMiss.objects.count() in {1, 2}
