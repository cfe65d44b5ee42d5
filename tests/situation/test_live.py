"""What open screens are told: each change once, whatever order it is written in, and nothing of other areas."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from muster.access.queries import COMMAND_LINE
from muster.clocks.actions import close_gaps
from muster.clocks.kinds import GapKind
from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole
from muster.duty.kinds import CheckInKind
from muster.duty.models import CheckIn
from muster.kernel import clock
from muster.situation.live_changes import EVERYWHERE, MOST_ROWS, PATIENCE_S, ChangeReader, Numbers, Stir, Topic
from muster.situation.live_hub import Hub, sum_up
from tests.coverage.city import NOON, City, build_city, settle
from tests.duty.cast import EIGHT, add_person, add_post, build_town, find_shift, lay_out, place


def test_a_number_that_was_skipped_is_taken_when_it_comes() -> None:
    numbers = Numbers(10)
    assert numbers.take([11, 13], 0) == {11, 13}
    assert numbers.is_lacking
    assert numbers.take([13, 12], 1) == {12}
    assert not numbers.is_lacking
    assert numbers.floor == 13


def test_a_number_that_never_comes_is_not_waited_for_longer_than_a_while() -> None:
    numbers = Numbers(10)
    numbers.take([12], 0)
    numbers.take([12], PATIENCE_S + 1)
    assert numbers.floor == 12
    assert not numbers.is_lacking


def test_whoever_looks_at_an_area_is_told_what_lies_in_it_and_what_lies_around() -> None:
    stirs = [Stir(Topic.GAPS, "0001000200"), Stir(Topic.POSTS, "0001000300"), Stir(Topic.NEEDS, "0002")]
    told = sum_up(stirs, 7, "00010002", "0001")
    assert told.here == {Topic.GAPS}
    assert told.around == {Topic.GAPS, Topic.POSTS}
    assert sum_up([Stir(Topic.NEEDS, EVERYWHERE)], 7, "00010002", "0001").here == {Topic.NEEDS}


def test_whoever_comes_from_before_the_hub_looked_is_told_that_everything_may_have_changed() -> None:
    hub = Hub()
    assert {stir.topic for stir in hub.list_since(5)} == set(Topic)
    hub._take(frozenset())
    began = hub.mark
    assert hub.list_since(began) == []
    assert {stir.topic for stir in hub.list_since(began - 1)} == set(Topic)
    hub._take(frozenset({Stir(Topic.GAPS, "0001")}))
    assert hub.list_since(began - 1) or hub.mark == began


@pytest.fixture
def city(db: None) -> City:
    city = build_city()
    clock.set_exercise(NOON)
    return city


def test_nothing_is_told_at_the_first_look_and_nothing_twice(city: City) -> None:
    reader = ChangeReader()
    assert reader.read() == frozenset()
    warden = settle("P1", "Wang", "C1-A-1-1", "C1", max_appointments=3)
    area = city.area("C1-A-1-1")
    role = AppointmentRole.WARDEN
    appoint(actor=COMMAND_LINE, now=NOON, emergency=city.emergency, area=area, person=warden, role=role)
    stirs = reader.read()
    assert Stir(Topic.COVERAGE, area.path) in stirs
    assert Stir(Topic.GAPS, area.path) in stirs
    assert reader.read() == frozenset()


def test_a_gap_that_time_alone_closes_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.situation.live_changes.CLOSED_EVERY_S", -1.0)
    reader = ChangeReader()
    reader.read()
    late = clock.now() + timedelta(seconds=1)
    assert close_gaps(emergency=city.emergency, now=late, kind=GapKind.AREA_WITHOUT_WARDEN)
    assert {stir.topic for stir in reader.read()} == {Topic.GAPS}
    assert reader.read() == frozenset()


@pytest.mark.django_db
def test_a_check_in_is_told_where_its_post_stands_and_a_flood_of_them_everywhere() -> None:
    town = build_town()
    clock.set_exercise(EIGHT)
    post = add_post(town)
    lay_out(town, days=1)
    duty = place(find_shift(post, 0), add_person(town, "Bai"))
    reader = ChangeReader()
    reader.read()
    same = {"duty": duty, "kind": CheckInKind.IN, "at": EIGHT, "recorded_at": EIGHT}
    CheckIn.objects.create(client_id=uuid4(), **same)
    assert reader.read() == {Stir(Topic.POSTS, post.area.path), Stir(Topic.GAPS, post.area.path)}
    CheckIn.objects.bulk_create([CheckIn(client_id=uuid4(), **same) for _ in range(MOST_ROWS + 1)])
    assert reader.read() == {Stir(Topic.POSTS, EVERYWHERE), Stir(Topic.GAPS, EVERYWHERE)}
