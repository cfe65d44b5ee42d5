"""Somebody falls ill at twenty to six: who takes what they leave, and that nobody else is troubled for it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from muster.duty.actions import assign, hand_over
from muster.duty.kinds import DutyState
from muster.duty.models import Duty, Post
from muster.duty.planning import ChangeKind, plan_cover, plan_roster, publish_roster, roster_difference
from muster.duty.queries import list_cover
from muster.emergencies.models import Emergency
from muster.kernel.errors import MusterError, RuleError
from muster.people.models import Absence, Person
from tests.duty.cast import (
    EIGHT,
    MONDAY,
    OFFICER,
    PEOPLE,
    Town,
    add_person,
    add_post,
    at_once,
    build_town,
    find_shift,
    lay_out,
    place,
)
from tests.duty.watchful import list_faults

BEFORE = EIGHT - timedelta(days=2)
TWENTY_TO_SIX = EIGHT.replace(hour=5, minute=40)
MIDNIGHT = EIGHT.replace(hour=0)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def gate(town: Town) -> Post:
    return add_post(town, morning=2, evening=1, night=1)


def publish(town: Town, **fields: Any) -> None:
    values: dict[str, Any] = {"area": town.city, "now": BEFORE, "time_limit_s": 30, "starts_on": MONDAY, "days": 14}
    values = {"emergency": town.emergency, **values, **fields}
    publish_roster(actor=OFFICER, now=values["now"], plan=plan_roster(actor=OFFICER, seed=1, **values))


def staff(town: Town) -> None:
    for name in PEOPLE:
        add_person(town, name)


def fall_ill(town: Town, days: int = 7) -> tuple[Person, Any]:
    """Let whoever stands first on Monday morning fall ill, and return them with the plan of cover."""
    ill = Duty.objects.filter(starts_at__gt=TWENTY_TO_SIX).order_by("starts_at", "pk")[0].person
    until_on = MONDAY + timedelta(days=days)
    return ill, plan_cover(
        actor=OFFICER, now=TWENTY_TO_SIX, emergency=town.emergency, person=ill, until_on=until_on, time_limit_s=30
    )


def test_what_the_ill_leave_is_taken_by_others_and_nobody_else_is_moved(town: Town, gate: Post) -> None:
    staff(town)
    publish(town)
    ill, plan = fall_ill(town)
    left = Duty.objects.filter(person=ill, starts_at__lt=MIDNIGHT + timedelta(days=7)).count()
    difference = roster_difference(plan)
    assert difference.count(ChangeKind.DROPPED) == difference.count(ChangeKind.NEW) == left
    assert difference.count(ChangeKind.MOVED) == 0
    assert {change.person_name for change in difference.changes if change.kind is ChangeKind.DROPPED} == {ill.name}
    publish_roster(actor=OFFICER, now=TWENTY_TO_SIX, plan=plan)
    assert list_faults() == []
    assert Duty.objects.filter(state=DutyState.PLANNED).count() == 14 * 4


def test_the_absence_is_noted_and_duties_after_the_day_back_are_kept(town: Town, gate: Post) -> None:
    staff(town)
    publish(town)
    ill, plan = fall_ill(town, days=3)
    assert Absence.objects.get(person=ill).ends_on == MONDAY + timedelta(days=3)
    later = set(
        Duty.objects.filter(person=ill, starts_at__gt=MIDNIGHT + timedelta(days=3)).values_list("pk", flat=True)
    )
    publish_roster(actor=OFFICER, now=TWENTY_TO_SIX, plan=plan)
    assert later == set(Duty.objects.filter(person=ill, state=DutyState.PLANNED).values_list("pk", flat=True))


def test_who_has_no_duty_to_come_needs_no_cover(town: Town, gate: Post) -> None:
    idle = add_person(town, "Bai")
    with pytest.raises(RuleError, match="no duty to come"):
        plan_cover(
            actor=OFFICER,
            now=TWENTY_TO_SIX,
            emergency=town.emergency,
            person=idle,
            until_on=MONDAY + timedelta(days=2),
        )
    assert not Absence.objects.exists()


def test_where_nobody_is_left_the_place_stays_empty_and_is_proven(town: Town) -> None:
    add_post(town, morning=1)
    add_person(town, "Bai")
    publish(town, days=3)
    _, plan = fall_ill(town, days=2)
    difference = roster_difference(plan)
    assert (difference.places_unfilled, difference.places_proven) == (2, 2)
    assert {row.why for row in difference.unfilled} == {"absent"}


def test_everybody_whom_cover_lists_as_ready_may_be_placed_and_the_others_are_refused(town: Town, gate: Post) -> None:
    staff(town)
    publish(town)
    shift = find_shift(gate, 3, "night")
    shift.duties.update(state=DutyState.CANCELLED)
    for one in list_cover(shift):
        person = Person.objects.get(code=one.person_code)
        if one.may_stand:
            assign(actor=OFFICER, now=BEFORE, shift=shift, person=person).delete()
        else:
            with pytest.raises(RuleError):
                assign(actor=OFFICER, now=BEFORE, shift=shift, person=person)


def test_one_person_in_two_emergencies_and_two_pools_keeps_one_rest(town: Town, gate: Post) -> None:
    for name in PEOPLE[:5]:
        add_person(town, name, work_area=town.jinghu)
    publish(town)
    ice = Emergency.objects.create(
        code="ice",
        name_zh="冰冻",
        name_en="ice",
        response_level=3,
        area=town.city,
        starts_at=datetime(2020, 2, 1, tzinfo=UTC),
    )
    south = add_post(town, "south", area=town.jinghu, morning=1, night=1)
    Post.objects.filter(pk=south.pk).update(pool_area=town.jinghu)
    publish(town, emergency=ice)
    publish(town, starts_on=MONDAY + timedelta(days=4))
    assert Duty.objects.filter(shift__emergency=ice, state=DutyState.PLANNED).exists()
    assert list_faults() == []


def test_a_month_of_nights_is_not_called_proven_by_a_limit_of_four_weeks(town: Town) -> None:
    add_post(town, night=1)
    for name in PEOPLE[:3]:
        add_person(town, name, restrictions=["weekends"])
    kept = plan_roster(
        actor=OFFICER,
        now=BEFORE,
        emergency=town.emergency,
        area=town.city,
        starts_on=MONDAY,
        days=31,
        time_limit_s=30,
        seed=1,
    )
    assert kept.counts["places_unfillable"] <= kept.counts["places_unfilled"]
    assert roster_difference(kept).places_proven == kept.counts["places_unfillable"]


def test_beside_duties_that_stand_inside_the_span_nothing_is_called_proven(town: Town, gate: Post) -> None:
    for name in PEOPLE[:3]:
        add_person(town, name)
    lay_out(town)
    publish(town, starts_on=MONDAY + timedelta(days=4), days=3)
    kept = plan_roster(
        actor=OFFICER,
        now=BEFORE,
        emergency=town.emergency,
        area=town.city,
        starts_on=MONDAY,
        days=4,
        time_limit_s=30,
        seed=1,
    )
    difference = roster_difference(kept)
    assert difference.places_unfilled > 0
    # The duties that stand after the span close no day inside it, but they are in reach of the rules.
    assert difference.places_proven == 0


@pytest.mark.parametrize("seed", range(4))
def test_no_town_of_any_shape_is_rostered_against_a_rule(town: Town, seed: int) -> None:
    draw = random.Random(seed)
    for number in range(draw.randint(1, 3)):
        demand = {name: draw.randint(0, 2) for name in ("morning", "forenoon", "afternoon", "evening", "night")}
        area = draw.choice([town.wenyuan, town.jinghu])
        post = add_post(town, f"p{number}", area=area, **{**demand, "night": 1})
        Post.objects.filter(pk=post.pk).update(pool_area=draw.choice([town.township, area]))
    for name in PEOPLE[: draw.randint(3, 12)]:
        where = {key: draw.choice([town.wenyuan, town.jinghu]) for key in ("home_area", "work_area")}
        person = add_person(town, name, max_week_min=draw.choice([None, 1440, 0]), **where)
        if draw.random() < 0.3:
            first = date(2020, 2, 24) + timedelta(days=draw.randint(0, 8))
            Absence.objects.create(person=person, starts_on=first, ends_on=first + timedelta(days=3), reason="care")
    # Over the end of a February that has a twenty-ninth, in two parts that must know of each other.
    publish(town, starts_on=date(2020, 2, 24), days=6)
    publish(town, starts_on=date(2020, 3, 1), days=8)
    assert list_faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_cover_for_one_absence_at_once_one_is_told_that_duties_changed() -> None:
    town = build_town()
    add_post(town, morning=2, evening=1, night=1)
    staff(town)
    publish(town)
    ill, first = fall_ill(town)
    second = plan_roster(
        actor=OFFICER,
        now=TWENTY_TO_SIX,
        emergency=town.emergency,
        area=town.city,
        starts_on=MONDAY,
        days=7,
        time_limit_s=30,
        seed=2,
    )
    acts = [lambda plan=plan: publish_roster(actor=OFFICER, now=TWENTY_TO_SIX, plan=plan) for plan in (first, second)]
    results = at_once(*acts)
    assert sorted(type(result).__name__ for result in results) == ["PublishReport", "StaleBaseError"]
    assert not Duty.objects.filter(
        person=ill, state=DutyState.PLANNED, starts_at__gt=TWENTY_TO_SIX, starts_at__lt=MIDNIGHT + timedelta(days=7)
    ).exists()
    assert list_faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_one_duty_at_once_one_is_told_that_it_is_gone() -> None:
    town = build_town()
    gate = add_post(town, morning=1)
    lay_out(town)
    bai, chen, deng = (add_person(town, name) for name in ("Bai", "Chen", "Deng"))
    duty = place(find_shift(gate, 1), bai)

    def accept(person: Person) -> object:
        return hand_over(actor=OFFICER, now=EIGHT, duty=Duty.objects.get(pk=duty.pk), person=person, reason="stood_in")

    results = at_once(lambda: accept(chen), lambda: accept(deng))
    assert sum(isinstance(result, MusterError) for result in results) == 1
    assert Duty.objects.filter(state=DutyState.PLANNED).count() == 1
