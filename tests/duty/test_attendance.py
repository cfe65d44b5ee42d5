"""A post to which nobody has come is a gap, from a while after its start until somebody is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.duty.actions import cancel_duty, check_in, watch_posts
from muster.duty.kinds import CheckInKind
from muster.duty.models import Duty
from tests.duty.cast import OFFICER, add_person, add_post, build_town, find_shift, lay_out, place


@pytest.fixture
def duties(db: None) -> list[Duty]:
    """Place Bai and Chen on the same morning."""
    town = build_town()
    post = add_post(town)
    lay_out(town, days=1)
    return [place(find_shift(post, 0), add_person(town, name)) for name in ("Bai", "Chen")]


def look(duty: Duty, minutes: int) -> int:
    return watch_posts(emergency=duty.shift.emergency, now=duty.starts_at + timedelta(minutes=minutes))


def come(duty: Duty, minutes: int) -> None:
    at = duty.starts_at + timedelta(minutes=minutes)
    check_in(actor=OFFICER, now=at, client_id=uuid4(), duty=duty, kind=CheckInKind.IN, at=at)


def list_standing() -> list[tuple[datetime, int]]:
    gaps = Gap.objects.filter(kind=GapKind.POST_UNATTENDED, closed_at=None)
    return [(gap.since_at, gap.people_missing) for gap in gaps]


def test_a_post_is_a_gap_ten_minutes_after_its_start_and_as_old_as_that(duties: list[Duty]) -> None:
    assert [look(duties[0], minutes) for minutes in (-30, 9, 10, 11)] == [0, 0, 1, 1]
    assert list_standing() == [(duties[0].starts_at, 2)]


def test_whoever_comes_late_closes_it_at_once(duties: list[Duty]) -> None:
    look(duties[0], 10)
    come(duties[0], 12)
    assert list_standing() == [(duties[0].starts_at, 1)]
    come(duties[1], 13)
    assert list_standing() == []


def test_whoever_came_in_time_leaves_none(duties: list[Duty]) -> None:
    come(duties[0], -10)
    come(duties[1], 5)
    assert look(duties[0], 30) == 0
    assert not Gap.objects.filter(kind=GapKind.POST_UNATTENDED).exists()


def test_whoever_is_taken_off_is_waited_for_no_more(duties: list[Duty]) -> None:
    look(duties[0], 10)
    come(duties[0], 12)
    now = duties[1].starts_at + timedelta(minutes=15)
    cancel_duty(actor=OFFICER, now=now, duty=duties[1], reason="ill")
    assert look(duties[0], 16) == 0
    assert list_standing() == []


def test_it_closes_when_the_shift_is_over(duties: list[Duty]) -> None:
    look(duties[0], 10)
    length_min = int((duties[0].ends_at - duties[0].starts_at).total_seconds() // 60)
    assert look(duties[0], length_min) == 0
    assert list_standing() == []
