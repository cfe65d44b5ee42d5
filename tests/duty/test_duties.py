"""Placing people on shifts: the rules of rest hold, or are overridden by name and with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from muster.clocks.models import Gap
from muster.duty.actions import assign, cancel_duty, set_rest_rules, swap_duties
from muster.duty.kinds import DutyState, RestRule
from muster.duty.models import Duty, Post
from muster.duty.queries import count_rest_violations, find_rest_violations, get_rest_limits
from muster.duty.rules import RestLimits
from muster.kernel.audit import list_entries
from muster.kernel.errors import RuleError
from muster.people.models import Absence
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, at_once, build_town, find_shift, lay_out, place

BEFORE = EIGHT - timedelta(days=1)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def gate(town: Town) -> Post:
    post = add_post(town, morning=2, evening=1, night=1)
    lay_out(town)
    return post


def test_a_person_is_never_placed_without_eleven_hours_of_rest(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "evening"), person=bai)
    with pytest.raises(RuleError, match=r"Bai needs the rest: only 8 h of rest are left, 11 h are the least"):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 1, "morning"), person=bai)
    assert Duty.objects.count() == 1


def test_a_shift_slipped_in_before_a_standing_one_is_refused_as_well(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 1, "morning"), person=bai)
    with pytest.raises(RuleError, match="needs the rest"):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "night"), person=bai)


def test_a_seventh_day_in_a_row_and_a_forty_ninth_hour_are_refused(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    for day in range(6):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, day), person=bai)
    with pytest.raises(RuleError, match="day 7 in a row"):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 6), person=bai)
    set_rest_rules(actor=OFFICER, now=BEFORE, emergency=town.emergency, limits=RestLimits(660, 10, 2880))
    with pytest.raises(RuleError, match="the week would come to 56 h, 48 h are the most"):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 6), person=bai)


def test_a_persons_own_shorter_week_holds(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai", max_week_min=600)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0), person=bai)
    with pytest.raises(RuleError, match="the week would come to 16 h, 10 h are the most"):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 2), person=bai)


def test_an_override_carries_a_name_and_a_reason_and_is_told_apart(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "evening"), person=bai)
    shift = find_shift(gate, 1, "morning")
    duty = assign(actor=OFFICER, now=BEFORE, shift=shift, person=bai, override_reason="the dyke is giving way")
    assert (duty.override_by, duty.override_reason) == ("Officer Han", "the dyke is giving way")
    assert count_rest_violations(town.emergency) == 0
    (found,) = find_rest_violations(town.emergency)
    assert (found.person_code, found.rule, found.found, found.is_overridden) == ("Bai", RestRule.REST, 480, True)
    assert list_entries(subject_kind="duty", subject_id=duty.pk)[0].detail["override"] == "the dyke is giving way"


def test_a_reason_given_without_need_overrides_nothing(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0)
    duty = assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Bai"), override_reason="in haste")
    assert (duty.override_by, duty.override_reason) == ("", "")


def test_a_broken_rest_that_nobody_overrode_is_counted_wherever_it_came_from(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    place(find_shift(gate, 0, "evening"), bai)
    place(find_shift(gate, 1, "morning"), bai)
    assert count_rest_violations(town.emergency) == 1
    assert count_rest_violations(town.emergency, town.wenyuan) == 1
    assert count_rest_violations(town.emergency, town.jinghu) == 0


def test_a_full_shift_names_who_holds_it(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0, "evening")
    assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Bai"))
    with pytest.raises(RuleError, match=r"has all the people it needs \(Bai\)"):
        assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Chen"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"may_serve": False}, "has not agreed to serve"),
        ({"consented_at": None}, "has not agreed to serve"),
        ({"restrictions": ["nights"]}, "is not put on nights"),
        ({"restrictions": ["outdoors"]}, "is spared this kind of post"),
    ],
)
def test_who_is_not_fit_is_refused_with_the_reason(town: Town, gate: Post, fields: dict[str, object], why: str) -> None:
    with pytest.raises(RuleError, match=why):
        assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "night"), person=add_person(town, "Bai", **fields))


def test_a_night_that_ends_on_a_day_of_absence_is_refused(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    Absence.objects.create(person=bai, starts_on=date(2020, 2, 12), ends_on=date(2020, 2, 14), reason="care")
    for day, pattern in ((1, "night"), (2, "morning"), (3, "night")):
        with pytest.raises(RuleError, match="absent"):
            assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, day, pattern), person=bai)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 1, "morning"), person=bai)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 4, "morning"), person=bai)


def test_a_cancelled_duty_stays_in_the_books_and_leaves_a_gap(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0, "evening")
    duty = assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Bai"))
    assert Gap.objects.filter(closed_at=None).count() == 0
    cancel_duty(actor=OFFICER, now=BEFORE, duty=duty, reason="ill")
    assert Duty.objects.get().state == DutyState.CANCELLED
    assert Gap.objects.get(closed_at=None).area == town.wenyuan
    with pytest.raises(RuleError, match="cancelled before"):
        cancel_duty(actor=OFFICER, now=BEFORE, duty=Duty.objects.get(), reason="ill")
    assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Chen"))
    assert Gap.objects.filter(closed_at=None).count() == 0


def test_what_is_over_is_neither_filled_nor_cancelled(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0)
    duty = assign(actor=OFFICER, now=BEFORE, shift=shift, person=add_person(town, "Bai"))
    with pytest.raises(RuleError, match="over"):
        cancel_duty(actor=OFFICER, now=shift.ends_at, duty=duty, reason="ill")
    with pytest.raises(RuleError, match="over"):
        assign(actor=OFFICER, now=shift.ends_at, shift=shift, person=add_person(town, "Chen"))


def test_two_people_swap_their_places(town: Town, gate: Post) -> None:
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    first = assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "morning"), person=bai)
    second = assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "evening"), person=chen)
    swap_duties(actor=OFFICER, now=BEFORE, first=first, second=second)
    standing = Duty.objects.filter(state=DutyState.PLANNED).order_by("starts_at")
    assert [duty.person.name for duty in standing] == ["Chen", "Bai"]


def test_a_swap_that_would_break_a_rest_changes_nothing(town: Town, gate: Post) -> None:
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    first = assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 0, "evening"), person=bai)
    second = assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 2, "morning"), person=chen)
    assign(actor=OFFICER, now=BEFORE, shift=find_shift(gate, 1, "evening"), person=bai)
    with pytest.raises(RuleError, match="Bai needs the rest"):
        swap_duties(actor=OFFICER, now=BEFORE, first=first, second=second)
    assert not Duty.objects.filter(state=DutyState.CANCELLED).exists()


@pytest.mark.parametrize("limits", [RestLimits(-1, 6, 2880), RestLimits(660, 0, 2880), RestLimits(660, 6, 0)])
def test_limits_that_are_no_limits_are_refused(town: Town, limits: RestLimits) -> None:
    with pytest.raises(RuleError, match="no limits of rest"):
        set_rest_rules(actor=OFFICER, now=BEFORE, emergency=town.emergency, limits=limits)
    assert get_rest_limits(town.emergency) == RestLimits()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_fill_the_last_place_one_is_told_that_it_is_taken() -> None:
    town = build_town()
    post = add_post(town, morning=1)
    lay_out(town)
    shift = find_shift(post, 0)
    people = [add_person(town, "Bai"), add_person(town, "Chen")]
    results = at_once(*(lambda who=who: assign(actor=OFFICER, now=BEFORE, shift=shift, person=who) for who in people))
    assert sorted(type(result).__name__ for result in results) == ["Duty", "RuleError"]
    assert Duty.objects.filter(state=DutyState.PLANNED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_take_one_person_for_two_shifts_one_is_told_of_the_rest() -> None:
    town = build_town()
    post = add_post(town, evening=1, night=1)
    lay_out(town)
    bai = add_person(town, "Bai")
    shifts = [find_shift(post, 0, "evening"), find_shift(post, 0, "night")]
    results = at_once(
        *(lambda shift=shift: assign(actor=OFFICER, now=BEFORE, shift=shift, person=bai) for shift in shifts)
    )
    assert sorted(type(result).__name__ for result in results) == ["Duty", "RuleError"]
