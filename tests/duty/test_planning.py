"""A roster is planned, looked at and published: rest is never broken, and what stays empty says why."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from muster.clocks.models import Gap
from muster.coverage.models import Pairing
from muster.duty.actions import assign, cancel_duty
from muster.duty.kinds import DutyState
from muster.duty.models import Demand, Duty, Post
from muster.duty.planning import (
    ChangeKind,
    is_same_choice,
    plan_roster,
    publish_roster,
    resolve_roster,
    roster_difference,
)
from muster.duty.planning.archive import pack_problems, unpack_problems
from muster.duty.planning.checking import check_joined
from muster.duty.planning.explaining import spans_of_places
from muster.duty.planning.mending import mend
from muster.duty.planning.pools import share_out_people
from muster.duty.planning.problems import build_pools
from muster.duty.planning.reading import read_base
from muster.duty.planning.stance import take_stance
from muster.duty.queries import count_rest_violations, find_rest_violations
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError, StaleBaseError
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.people.models import Absence, Person
from muster.plans.actions import set_aside
from muster.plans.models import Plan
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

BEFORE = EIGHT - timedelta(days=2)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def crew(town: Town) -> list[Person]:
    return [add_person(town, name) for name in PEOPLE]


@pytest.fixture
def gate(town: Town) -> Post:
    return add_post(town, morning=2, evening=1, night=1)


def plan(town: Town, *, starts_on: date = MONDAY, days: int = 14, seed: int = 1, **fields: Any) -> Plan:
    values: dict[str, Any] = {"area": town.city, "now": BEFORE, "time_limit_s": 20}
    return plan_roster(
        actor=OFFICER, emergency=town.emergency, starts_on=starts_on, days=days, seed=seed, **{**values, **fields}
    )


def publish(kept: Plan, now: Any = BEFORE) -> Any:
    return publish_roster(actor=OFFICER, now=now, plan=kept)


def standing() -> set[tuple[str, str]]:
    """Return who stands when, by name and local start."""
    return {
        (duty.person.name, duty.starts_at.astimezone(CITY_ZONE).strftime("%d %H"))
        for duty in Duty.objects.filter(state=DutyState.PLANNED).select_related("person")
    }


def test_a_published_roster_fills_every_place_that_people_suffice_for_and_breaks_no_rest(
    town: Town, crew: list[Person], gate: Post
) -> None:
    kept = plan(town)
    assert Duty.objects.count() == 0
    report = publish(kept)
    assert (report.begun, report.ended, report.gaps) == (14 * 4, 0, 0)
    assert find_rest_violations(town.emergency) == []
    assert Duty.objects.filter(plan=kept).count() == 14 * 4


def test_where_people_do_not_suffice_places_stay_empty_with_a_reason_and_no_rest_is_broken(
    town: Town, gate: Post
) -> None:
    for name in PEOPLE[:3]:
        add_person(town, name)
    kept = plan(town)
    difference = roster_difference(kept)
    assert difference.places_unfilled > 10
    assert {row.why for row in difference.unfilled} <= {"on_duty", "rest", "days_in_row", "week"}
    assert all(sum(row.by_reason.values()) == 3 for row in difference.unfilled)
    publish(kept)
    assert count_rest_violations(town.emergency) == 0
    gap = Gap.objects.filter(closed_at=None).first()
    assert gap is not None
    assert gap.why in {"on_duty", "rest", "days_in_row", "week"}
    assert sum(Gap.objects.filter(closed_at=None).values_list("people_missing", flat=True)) == (
        difference.places_unfilled
    )


def test_a_pool_without_people_says_so(town: Town, gate: Post) -> None:
    difference = roster_difference(plan(town, days=1))
    assert {row.why for row in difference.unfilled} == {"no_people"}


def test_the_same_seed_gives_the_same_plan_and_a_kept_plan_can_be_solved_again(
    town: Town, crew: list[Person], gate: Post
) -> None:
    first, second = plan(town), plan(town)
    assert bytes(first.plan) == bytes(second.plan)
    assert first.fingerprint == second.fingerprint
    assert is_same_choice(first, resolve_roster(first))


def test_problems_come_out_of_the_archive_as_they_went_in(town: Town, crew: list[Person], gate: Post) -> None:
    publish(plan(town, days=7))
    base = read_base(town.emergency, town.city, MONDAY + timedelta(days=5), MONDAY + timedelta(days=9), BEFORE)
    pools = build_pools(base)
    arrays = pack_problems(pools, base.parts)
    again = unpack_problems(arrays)
    assert [problem.people for problem in again] == [pool.problem.people for pool in pools]
    for problem, pool in zip(again, pools, strict=True):
        for name in ("demand", "allowed", "standing", "under_weight", "max_cover"):
            assert (getattr(problem, name) == getattr(pool.problem, name)).all()


def test_who_is_absent_restricted_or_unwilling_is_left_alone(town: Town, crew: list[Person], gate: Post) -> None:
    bai, chen, deng, fan = crew[:4]
    Absence.objects.create(person=bai, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=7), reason="care")
    Person.objects.filter(pk=chen.pk).update(restrictions=["nights", "weekends"])
    Person.objects.filter(pk=deng.pk).update(may_serve=False)
    Person.objects.filter(pk=fan.pk).update(max_week_min=0)
    publish(plan(town))
    days = {name: {when for who, when in standing() if who == name} for name in PEOPLE}
    assert not days["Deng"]
    assert not days["Fan"]
    assert {when[:2] for when in days["Bai"]}.isdisjoint({f"{day:02d}" for day in range(10, 17)})
    assert all(not when.endswith("23") for when in days["Chen"])
    assert {when[:2] for when in days["Chen"]}.isdisjoint({"15", "16", "22", "23"})


def test_a_second_roster_remembers_who_came_off_nights_and_how_long_they_have_worked(
    town: Town, crew: list[Person], gate: Post
) -> None:
    publish(plan(town, days=10))
    publish(plan(town, starts_on=MONDAY + timedelta(days=10), days=10))
    assert find_rest_violations(town.emergency) == []
    assert len(standing()) == 80


def test_a_roster_put_between_two_others_leaves_them_and_breaks_no_rest(
    town: Town, crew: list[Person], gate: Post
) -> None:
    publish(plan(town, days=5))
    publish(plan(town, starts_on=MONDAY + timedelta(days=9), days=5))
    before = standing()
    publish(plan(town, starts_on=MONDAY + timedelta(days=5), days=4))
    assert before < standing()
    assert find_rest_violations(town.emergency) == []


def test_planning_again_after_one_falls_ill_changes_little(town: Town, crew: list[Person], gate: Post) -> None:
    publish(plan(town))
    ill = Duty.objects.filter(starts_at__gt=EIGHT).order_by("starts_at")[0].person
    before = standing()
    Absence.objects.create(person=ill, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=30), reason="ill")
    again = plan(town)
    difference = roster_difference(again)
    mine = sum(who == ill.name for who, _ in before)
    assert difference.count(ChangeKind.DROPPED) + difference.count(ChangeKind.MOVED) <= 3 * mine
    assert difference.kept >= len(before) - 3 * mine
    publish(again)
    assert not any(who == ill.name for who, _ in standing())
    assert find_rest_violations(town.emergency) == []


@pytest.mark.parametrize("days", [3, 7])
def test_planning_a_part_of_what_stands_again_changes_nothing(
    town: Town, crew: list[Person], gate: Post, days: int
) -> None:
    publish(plan(town))
    difference = roster_difference(plan(town, starts_on=MONDAY + timedelta(days=4), days=days))
    assert list(difference.changes) == []


def test_the_difference_tells_new_moved_and_dropped_by_person_and_day(
    town: Town, crew: list[Person], gate: Post
) -> None:
    first = plan(town, days=3)
    assert roster_difference(first).count(ChangeKind.NEW) == 12
    publish(first)
    stayed = roster_difference(first)
    assert (stayed.kept, len(stayed.changes)) == (12, 0)
    Demand.objects.filter(pattern__slug="night").delete()
    second = roster_difference(plan(town, days=3))
    assert second.count(ChangeKind.NEW) == 0


def test_a_plan_whose_base_has_changed_is_refused_by_what_changed(town: Town, crew: list[Person], gate: Post) -> None:
    kept = plan(town)
    Absence.objects.create(person=crew[0], starts_on=MONDAY, ends_on=MONDAY + timedelta(days=3), reason="ill")
    with pytest.raises(StaleBaseError, match="absences changed"):
        publish(kept)
    assert Duty.objects.count() == 0


def test_a_duty_assigned_since_makes_a_plan_stale(town: Town, crew: list[Person], gate: Post) -> None:
    kept = plan(town)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0), person=crew[0])
    with pytest.raises(StaleBaseError, match="duties changed"):
        publish(kept)


def test_a_plan_is_published_once_and_not_after_it_was_put_aside(town: Town, crew: list[Person], gate: Post) -> None:
    first, second = plan(town, days=2), plan(town, days=2)
    set_aside(actor=OFFICER, now=BEFORE, plan=second)
    publish(first)
    for done in (first, second):
        with pytest.raises(RuleError, match="already published or put aside"):
            publish(done)


def test_publishing_late_leaves_the_shifts_that_have_begun(town: Town, crew: list[Person], gate: Post) -> None:
    kept = plan(town, days=3)
    report = publish(kept, now=EIGHT)
    assert report.begun == 12 - 2
    assert "10 07" not in {when for _, when in standing()}
    assert "10 15" in {when for _, when in standing()}


def test_a_plan_made_in_the_middle_of_a_day_keeps_what_has_begun_and_works_around_it(
    town: Town, crew: list[Person], gate: Post
) -> None:
    publish(plan(town, days=7))
    before = {duty.pk for duty in Duty.objects.filter(starts_at__lte=EIGHT, state=DutyState.PLANNED)}
    again = plan(town, days=14, now=EIGHT, seed=7)
    publish(again, now=EIGHT)
    assert before == {duty.pk for duty in Duty.objects.filter(starts_at__lte=EIGHT, state=DutyState.PLANNED)}
    assert find_rest_violations(town.emergency) == []


def test_what_an_officer_overrode_stays_through_a_new_plan(town: Town, crew: list[Person], gate: Post) -> None:
    kept = plan(town, days=3)
    publish(kept)
    evening = Duty.objects.get(shift=find_shift(gate, 0, "evening"))
    morning = find_shift(gate, 1, "morning")
    cancel_duty(actor=OFFICER, now=BEFORE, duty=morning.duties.filter(state="planned")[0], reason="ill")
    extra = assign(
        actor=OFFICER, now=BEFORE, shift=morning, person=evening.person, override_reason="nobody else can open the lock"
    )
    publish(plan(town, days=3))
    extra.refresh_from_db()
    assert extra.state == DutyState.PLANNED
    assert count_rest_violations(town.emergency) == 0
    assert morning.duties.filter(state="planned").count() == 2


def test_everybody_is_in_one_pool_and_in_the_first_that_lacks_people(town: Town) -> None:
    add_post(town, "north", area=town.wenyuan, morning=1)
    Post.objects.update(pool_area=town.wenyuan)
    add_post(town, "south", area=town.jinghu, morning=1)
    Post.objects.filter(code="south").update(pool_area=town.jinghu)
    for name in PEOPLE:
        add_person(town, name, home_area=town.wenyuan, work_area=town.jinghu)
    base = read_base(town.emergency, town.city, MONDAY, MONDAY + timedelta(days=1), BEFORE)
    members = share_out_people(base)
    sizes = {number: len(people) for number, people in members.items()}
    # Three people of twenty-four hours a week fill one morning post of fifty-six hours.
    assert sizes == {town.jinghu.pk: len(PEOPLE) - 3, town.wenyuan.pk: 3}


def test_an_organization_brings_its_people_where_it_is_paired_or_seated(town: Town) -> None:
    add_post(town, "north", area=town.wenyuan)
    Post.objects.update(pool_area=town.wenyuan)
    archive = Organization.objects.create(code="o", name="Archive", kind="agency", seat_area=town.jinghu)
    Pairing.objects.create(
        emergency=town.emergency, organization=archive, area=town.wenyuan, people=3, starts_at=BEFORE
    )
    bai = add_person(town, "Bai", home_area=town.jinghu)
    add_person(town, "Chen", home_area=town.jinghu)
    Membership.objects.create(person=bai, organization=archive, since_on=date(2019, 1, 1))
    base = read_base(town.emergency, town.city, MONDAY, MONDAY + timedelta(days=1), BEFORE)
    assert [person.code for person in share_out_people(base)[town.wenyuan.pk]] == ["Bai"]


def test_planning_one_community_takes_nobody_from_a_pool_next_door(town: Town, crew: list[Person]) -> None:
    north = add_post(town, "north", area=town.wenyuan, morning=1)
    south = add_post(town, "south", area=town.jinghu, morning=1)
    Post.objects.filter(pk=south.pk).update(pool_area=town.jinghu)
    Post.objects.filter(pk=north.pk).update(pool_area=town.wenyuan)
    kept = plan(town, area=town.jinghu, days=2)
    assert kept.counts["places_unfilled"] == 2
    publish(kept)
    publish(plan(town, area=town.wenyuan, days=2))
    assert Duty.objects.filter(shift__post=north).count() == 2
    assert not Duty.objects.filter(shift__post=south).exists()


def test_people_lent_from_another_pool_stay_and_count(town: Town, crew: list[Person], gate: Post) -> None:
    jinghu = add_person(town, "Lender", home_area=town.jinghu)
    Post.objects.update(pool_area=town.wenyuan)
    south = add_post(town, "south", area=town.jinghu, morning=1)
    Post.objects.filter(pk=south.pk).update(pool_area=town.jinghu)
    publish(plan(town, area=town.wenyuan, days=3))
    lent = find_shift(gate, 1, "night")
    cancel_duty(actor=OFFICER, now=BEFORE, duty=lent.duties.get(state="planned"), reason="ill")
    duty = assign(actor=OFFICER, now=BEFORE, shift=lent, person=jinghu)
    publish(plan(town, days=3))
    duty.refresh_from_db()
    assert duty.state == DutyState.PLANNED
    assert lent.duties.filter(state="planned").count() == 1
    assert find_rest_violations(town.emergency) == []


def test_nothing_to_fill_is_said_and_not_planned(town: Town) -> None:
    with pytest.raises(RuleError, match="No post here needs anybody"):
        plan(town)


def test_a_person_stays_at_one_post_where_it_costs_nothing(town: Town, crew: list[Person]) -> None:
    add_post(town, "north", area=town.wenyuan, morning=2)
    add_post(town, "south", area=town.wenyuan, morning=2)
    publish(plan(town))
    posts = {
        name: [duty.shift.post.code for duty in Duty.objects.filter(person__name=name).order_by("starts_at")]
        for name in PEOPLE
    }
    changes = sum(first != second for own in posts.values() for first, second in pairwise(own))
    assert changes < Duty.objects.count() / 3


def test_duties_before_and_after_hold_the_planner_back(town: Town, crew: list[Person], gate: Post) -> None:
    plan(town, starts_on=MONDAY, days=14)
    for day in range(9, 14):
        place(find_shift(gate, day, "morning"), crew[0])
    publish(plan(town, days=9))
    assert find_rest_violations(town.emergency) == []


def test_a_week_that_is_too_long_by_the_clock_is_mended_and_whoever_is_free_takes_what_is_empty(
    town: Town, gate: Post
) -> None:
    for name in PEOPLE[:3]:
        add_person(town, name)
    lay_out(town)
    base = read_base(town.emergency, town.city, MONDAY, MONDAY + timedelta(days=14), BEFORE)
    (pool,) = build_pools(base)
    stance = take_stance(base, share_out_people(base))
    number_of = {number: at for at, number in enumerate(base.shifts.number.tolist())}
    week = [(6, "night"), *((day, "evening") for day in (8, 9, 10, 11, 12)), (13, "night")]
    crowded = [*week, (7, "night")]
    placed = [(number_of[find_shift(gate, day, pattern).pk], 0) for day, pattern in crowded]
    mended = mend(base, pool, stance, placed)
    assert not set(placed) <= set(mended)
    duties = np.array([(place, pool.people[row].number) for place, row in mended], np.int64)
    check_joined(spans_of_places(base, duties[:, 1], duties[:, 0]), stance.beside, base.limits, {})
    assert {row for _, row in mended} == {0, 1, 2}


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_publish_at_once_one_is_told_that_the_duties_changed() -> None:
    town = build_town()
    add_post(town, morning=1)
    for name in PEOPLE[:3]:
        add_person(town, name)
    plans = [plan(town, days=2), plan(town, days=2)]
    results = at_once(*(lambda kept=kept: publish(kept) for kept in plans))
    assert sorted(type(result).__name__ for result in results) == ["PublishReport", "StaleBaseError"]
    assert Duty.objects.filter(state=DutyState.PLANNED).count() == 2
