"""When a gap moves on, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.clocks.rules import (
    ALWAYS,
    UNTOLD_RANK,
    WARDEN_RANK,
    Clock,
    Leg,
    Waking,
    find_latest_due,
    find_next,
    list_due,
    move_start,
    read_waking,
)
from muster.messages.rules import QuietSpan

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = read_waking([QuietSpan(22 * 60, 7 * 60)], ZONE)
EVENING = datetime(2020, 2, 10, 21, 30, tzinfo=ZONE)
RANKS = (WARDEN_RANK, 600, 500, 400, 300)

moments = st.integers(0, 80_000).map(lambda minute: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))
spans = st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)).map(lambda pair: QuietSpan(*pair)), max_size=3)
wakings = spans.map(lambda some: read_waking(some, ZONE))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    ranks = draw(st.lists(st.sampled_from(RANKS), unique=True, min_size=1))
    minutes = sorted(draw(st.lists(st.integers(0, 3000), min_size=len(ranks), max_size=len(ranks))))
    legs = tuple(
        Leg(rank, timedelta(minutes=after)) for rank, after in zip(sorted(ranks, reverse=True), minutes, strict=True)
    )
    return Clock(legs, draw(st.booleans()), timedelta(hours=2))


def minutes(*numbers: int) -> Clock:
    legs = tuple(Leg(rank, timedelta(minutes=number)) for rank, number in zip(RANKS, numbers, strict=False))
    return Clock(legs, may_wait=True, hold=timedelta(hours=2))


def test_a_clock_stands_still_over_the_night_and_keeps_its_distances() -> None:
    due = list_due(
        minutes(10, 60, 90), NIGHT, counts_from=EVENING, told_rank=UNTOLD_RANK, now=EVENING + timedelta(days=1)
    )
    local = [(step.rank, step.at.astimezone(ZONE).strftime("%d %H:%M")) for step in due]
    assert local == [(WARDEN_RANK, "10 21:40"), (600, "11 07:30"), (500, "11 08:00")]


def test_what_opens_at_night_and_can_wait_is_told_in_the_morning() -> None:
    midnight = EVENING + timedelta(hours=3)
    step = find_next(minutes(0), NIGHT, counts_from=midnight, told_rank=UNTOLD_RANK)
    assert step is not None
    assert step.at.astimezone(ZONE).strftime("%d %H:%M") == "11 07:00"
    assert not list_due(minutes(0), NIGHT, counts_from=midnight, told_rank=UNTOLD_RANK, now=midnight)


def test_what_cannot_wait_runs_through_the_night() -> None:
    urgent = Clock(minutes(0, 15).legs, may_wait=False, hold=timedelta(hours=2))
    midnight = EVENING + timedelta(hours=3)
    due = list_due(urgent, NIGHT, counts_from=midnight, told_rank=UNTOLD_RANK, now=midnight + timedelta(minutes=15))
    assert [step.rank for step in due] == [WARDEN_RANK, 600]


def test_a_rank_that_a_clock_set_anew_has_passed_is_not_told_again() -> None:
    due = list_due(minutes(0, 10, 20), ALWAYS, counts_from=EVENING, told_rank=600, now=EVENING + timedelta(hours=1))
    assert [step.rank for step in due] == [500]


def test_quiet_hours_around_the_clock_are_none() -> None:
    assert read_waking([QuietSpan(0, 720), QuietSpan(720, 0)], ZONE).of_a_day == timedelta(days=1)


@given(wakings, moments, st.integers(0, 10_000))
def test_so_much_later_so_much_has_run(waking: Waking, at: datetime, many: int) -> None:
    count = timedelta(minutes=many)
    later = waking.find_latest(waking.count_until(at) + count)
    assert later >= at
    assert waking.is_running(later)
    assert waking.count_until(later) - waking.count_until(at) == count


@given(clocks(), wakings, moments, moments, st.sampled_from((UNTOLD_RANK, *RANKS)))
@settings(max_examples=150)
def test_a_gap_is_in_the_range_that_is_asked_for_just_when_a_step_is_due(
    clock: Clock, waking: Waking, counts_from: datetime, now: datetime, told_rank: int
) -> None:
    due = list_due(clock, waking, counts_from=counts_from, told_rank=told_rank, now=now)
    latest = find_latest_due(clock, waking, told_rank=told_rank, now=now)
    assert bool(due) == (latest is not None and counts_from <= latest)


@given(clocks(), wakings, moments, moments)
def test_steps_go_up_and_never_sooner_and_each_is_made_once(
    clock: Clock, waking: Waking, counts_from: datetime, now: datetime
) -> None:
    due = list_due(clock, waking, counts_from=counts_from, told_rank=UNTOLD_RANK, now=now)
    assert all(first.rank > then.rank and first.at <= then.at for first, then in pairwise(due))
    assert all(counts_from <= step.at <= now for step in due)
    if due:
        again = list_due(clock, waking, counts_from=counts_from, told_rank=due[-1].rank, now=now)
        assert again == []


@given(clocks(), wakings, moments, st.lists(st.integers(1, 5000), min_size=1, max_size=6))
def test_looking_seldom_or_often_makes_the_same_steps(
    clock: Clock, waking: Waking, counts_from: datetime, looks: list[int]
) -> None:
    made, told_rank, now = [], UNTOLD_RANK, counts_from
    for wait in looks:
        now += timedelta(minutes=wait)
        some = list_due(clock, waking, counts_from=counts_from, told_rank=told_rank, now=now)
        made += some
        told_rank = some[-1].rank if some else told_rank
    if clock.hours(waking).is_running(now):
        assert made == list_due(clock, waking, counts_from=counts_from, told_rank=UNTOLD_RANK, now=now)


@given(clocks(), wakings, moments, st.integers(0, 5000), st.integers(0, 5000))
def test_what_stood_in_hand_does_not_count(
    clock: Clock, waking: Waking, counts_from: datetime, ran: int, stood: int
) -> None:
    stood_at = counts_from + timedelta(minutes=ran)
    now = stood_at + timedelta(minutes=stood)
    moved = move_start(clock, waking, counts_from=counts_from, stood_at=stood_at, now=now)
    hours = clock.hours(waking)
    assert hours.count_until(now) - hours.count_until(moved) == hours.count_until(stood_at) - hours.count_until(
        counts_from
    )


@pytest.mark.parametrize("told_rank", [300, 100])
def test_a_clock_that_has_run_out_asks_for_nothing(told_rank: int) -> None:
    clock = minutes(0, 1, 2, 3, 4)
    assert find_next(clock, ALWAYS, counts_from=EVENING, told_rank=told_rank) is None
    assert find_latest_due(clock, ALWAYS, told_rank=told_rank, now=EVENING) is None
