"""What changed since somebody looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.coverage.actions import appoint, end_appointment
from muster.coverage.kinds import AppointmentRole
from muster.situation import board_changes
from muster.situation.actions import mark_seen
from muster.situation.board_changes import ChangeKind, find_seen_until, read_changes
from tests.coverage.city import NOON, OFFICER, City, build_city, settle

LATER = NOON + timedelta(hours=5)


@pytest.fixture
def city(db: None) -> City:
    return build_city(deputies=False)


@pytest.fixture
def officer(city: City) -> User:
    return create_user(
        actor=OFFICER,
        now=NOON,
        username="officer",
        password="mei-you-ren-luo-xia",
        display_name="值班员",
        role=Role.DUTY_OFFICER,
        area=city.area("2207"),
    )


def _appoint_and_end(city: City) -> None:
    person = settle("P1", "王秀兰", "C1-A-1-1", max_appointments=3)
    given: dict[str, Any] = {
        "actor": OFFICER,
        "emergency": city.emergency,
        "area": city.area("C1-A-1-1"),
        "person": person,
    }
    appointment = appoint(now=NOON + timedelta(hours=2), role=AppointmentRole.WARDEN, **given)
    end_appointment(actor=OFFICER, now=NOON + timedelta(hours=3), appointment=appointment, reason="rest")


def test_what_changed_since_a_look_is_counted_and_listed_newest_first(city: City, officer: User) -> None:
    mark_seen(actor=officer, seen_until=NOON)
    _appoint_and_end(city)
    changes = read_changes(officer, city.emergency, city.area("2207"), LATER, limit=9)
    counts = {kind: count for kind, count in changes.counts.items() if count}
    assert counts == {
        ChangeKind.GAP_OPENED: 1,
        ChangeKind.GAP_CLOSED: 1,
        ChangeKind.APPOINTED: 1,
        ChangeKind.ENDED: 1,
    }
    assert [change.at for change in changes.newest] == sorted((change.at for change in changes.newest), reverse=True)
    assert {change.place for change in changes.newest} == {"明珠小区 1号楼 1单元"}


def test_what_has_been_seen_is_not_told_again(city: City, officer: User) -> None:
    _appoint_and_end(city)
    mark_seen(actor=officer, seen_until=LATER)
    assert read_changes(officer, city.emergency, city.area("2207"), LATER, limit=9).total == 0


def test_a_change_elsewhere_is_not_told_here(city: City, officer: User) -> None:
    mark_seen(actor=officer, seen_until=NOON)
    _appoint_and_end(city)
    assert read_changes(officer, city.emergency, city.area("C2"), LATER, limit=9).total == 0


def test_one_kind_is_listed_alone_and_all_are_counted(city: City, officer: User) -> None:
    mark_seen(actor=officer, seen_until=NOON)
    _appoint_and_end(city)
    changes = read_changes(officer, city.emergency, city.area("2207"), LATER, kind=ChangeKind.ENDED, limit=9)
    assert [change.kind for change in changes.newest] == [ChangeKind.ENDED]
    assert changes.total == 4


def test_whoever_never_looked_is_told_of_the_last_day(city: City, officer: User) -> None:
    changes = read_changes(officer, city.emergency, city.area("2207"), LATER, limit=1)
    assert changes.is_first
    assert changes.since == LATER - timedelta(days=1)


def test_an_older_look_does_not_undo_a_newer_one(officer: User) -> None:
    mark_seen(actor=officer, seen_until=LATER)
    mark_seen(actor=officer, seen_until=NOON)
    assert find_seen_until(officer) == LATER


def test_of_very_many_changes_only_that_there_are_more_is_counted(
    city: City, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_changes, "COUNTED_LIMIT", 3)
    changes = read_changes(officer, city.emergency, city.area("2207"), LATER, limit=9)
    assert changes.counts[ChangeKind.GAP_OPENED] == 4
    assert len(changes.newest) == 7
