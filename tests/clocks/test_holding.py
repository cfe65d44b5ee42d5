"""A gap is seen, taken in hand, given back: by name, the first has it, and its clock stands meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from muster.access.actions import give_role
from muster.access.kinds import Role
from muster.access.models import User
from muster.clocks.actions import (
    GapClosedError,
    GapInHandError,
    GapSpec,
    acknowledge,
    close_by_hand,
    close_gaps,
    give_back,
    open_gaps,
    run_clocks,
    take_over,
)
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap, GapStep
from muster.clocks.queries import access_gap, read_gap_clocks
from muster.kernel.errors import NotFoundError, RuleError
from tests.coverage.city import NOON, OFFICER, City, build_city
from tests.duty.cast import at_once

KIND = GapKind.NEED_UNANSWERED


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def prepare() -> City:
    city = build_city()
    close_gaps(emergency=city.emergency, now=NOON)
    area = city.area("C1-A-1-1")
    open_gaps(emergency=city.emergency, now=NOON, gaps=[GapSpec(KIND, "asked", area.pk, city.area("C1").pk)])
    return city


@pytest.fixture
def city(db: None) -> City:
    return prepare()


@pytest.fixture
def gap(city: City) -> Gap:
    return find()


def find() -> Gap:
    return Gap.objects.select_related("area", "owner_area", "emergency__area").get(subject="asked")


def officer(city: City, code: str, role: Role = Role.DUTY_OFFICER) -> User:
    user = User.objects.create(username=f"of-{code}", display_name=f"Officer of {code}")
    give_role(actor=OFFICER, now=NOON, user=user, role=role, area=city.area(code))
    return user


def run(city: City, minutes: int) -> int:
    return run_clocks(emergency=city.emergency, now=after(minutes))


def list_steps() -> list[tuple[str, str, int]]:
    return [
        (step.kind, step.by, int((step.at - NOON).total_seconds() // 60))
        for step in GapStep.objects.filter(rank=None).order_by("pk")
    ]


def test_in_hand_the_clock_stands_and_given_back_it_runs_on_from_there(city: City, gap: Gap) -> None:
    county = officer(city, "220702")
    run(city, 20)
    take_over(actor=county, now=after(20), gap=gap)
    assert find().owner_area == city.area("220702")
    assert run(city, 100) == 0
    give_back(actor=county, now=after(100), gap=gap, note="nobody opens")
    assert find().owner_area == city.area("C1")
    assert [run(city, minutes) for minutes in (124, 125)] == [0, 1]
    assert find().owner_area == city.area("220702001")
    assert list_steps() == [("taken_over", "Officer of 220702", 20), ("given_back", "Officer of 220702", 100)]


def test_held_too_long_the_clock_runs_again_and_its_office_is_told(city: City, gap: Gap) -> None:
    run(city, 20)
    take_over(actor=officer(city, "C1", Role.COMMUNITY_WORKER), now=after(20), gap=gap)
    run(city, 139)
    assert find().taken_over_at is not None
    run(city, 141)
    assert (find().taken_over_at, list_steps()[-1]) == (None, ("lapsed", "", 140))
    assert [run(city, minutes) for minutes in (164, 166)] == [0, 1]


def test_whoever_has_it_keeps_it_but_an_office_above_may_take_it(city: City, gap: Gap) -> None:
    worker, township = officer(city, "C1", Role.COMMUNITY_WORKER), officer(city, "220702001")
    assert take_over(actor=worker, now=after(5), gap=gap)
    assert not take_over(actor=worker, now=after(6), gap=gap)
    with pytest.raises(GapInHandError, match="Officer of C1 has it"):
        take_over(actor=officer(city, "C1-A"), now=after(7), gap=gap)
    assert take_over(actor=township, now=after(8), gap=gap)
    assert find().owner_area == city.area("220702001")


def test_whoever_has_seen_it_leaves_the_clock_running(city: City, gap: Gap) -> None:
    worker = officer(city, "C1", Role.COMMUNITY_WORKER)
    run(city, 20)
    assert acknowledge(actor=worker, now=after(21), gap=gap)
    assert not acknowledge(actor=worker, now=after(22), gap=gap)
    seen = read_gap_clocks(city.emergency, [find()], after(23))[gap.pk].acknowledged
    assert seen is not None
    assert seen.by == "Officer of C1"
    run(city, 45)
    assert read_gap_clocks(city.emergency, [find()], after(46))[gap.pk].acknowledged is None


def test_nothing_is_done_to_a_gap_that_has_closed(city: City, gap: Gap) -> None:
    close_gaps(emergency=city.emergency, now=after(5), kind=KIND)
    for act in (acknowledge, take_over, give_back):
        with pytest.raises(GapClosedError):
            act(actor=OFFICER, now=after(6), gap=gap)


def test_only_what_nothing_else_closes_is_closed_by_hand(city: City, gap: Gap) -> None:
    with pytest.raises(RuleError, match="closes by itself"):
        close_by_hand(actor=OFFICER, now=after(5), gap=gap)


def test_a_gap_out_of_sight_is_not_there(city: City, gap: Gap) -> None:
    with pytest.raises(NotFoundError):
        access_gap(officer(city, "C2"), gap.pk)
    assert access_gap(officer(city, "C1"), gap.pk) == gap


def test_the_stops_of_its_way_are_told_with_their_moments(city: City, gap: Gap) -> None:
    run(city, 20)
    clock = read_gap_clocks(city.emergency, [find()], after(20))[gap.pk]
    told = [(stop.name, (stop.reached_at or stop.due_at or NOON) - NOON) for stop in clock.stops]
    minutes = [int(span.total_seconds() // 60) for _, span in told]
    assert [name for name, _ in told] == ["", "松林社区", "团结街道", "宁江区", "松原市"]
    assert minutes == [0, 15, 45, 120, 240]
    assert clock.following is not None
    assert clock.following.name == "团结街道"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it() -> None:
    city = prepare()
    gap = find()
    people = [officer(city, "220702"), officer(city, "C1", Role.COMMUNITY_WORKER)]
    people[1].grants.update(area=city.area("220702"))
    answers = at_once(*(lambda person=person: take_over(actor=person, now=after(5), gap=gap) for person in people))
    assert sorted(str(answer) if answer is True else type(answer).__name__ for answer in answers) == [
        "GapInHandError",
        "True",
    ]
    assert GapStep.objects.count() == 1
