"""Two people change a duty between them: the rules hold for both, one transaction, and no third is surprised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.access.queries import SystemActor
from muster.duty.actions import (
    SwapError,
    accept_swap,
    approve_swap,
    ask_for_cover,
    cancel_duty,
    decline_swap,
    pass_cover_time,
    propose_swap,
    refuse_swap,
    set_cover_rules,
    withdraw_swap,
)
from muster.duty.kinds import CoverReason, CoverRefusal, DutyState, SwapState
from muster.duty.models import Duty, Post, Swap, SwapStep
from muster.duty.queries.swapping import list_own_swaps, list_swap_choices, list_swaps
from muster.kernel.errors import RuleError
from muster.messages.models import Message
from muster.people.models import Person
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, at_once, build_town, find_shift, lay_out, place

BEFORE = EIGHT - timedelta(days=1)
DESK = SystemActor("Desk")


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def gate(town: Town) -> Post:
    post = add_post(town, morning=1, evening=1, night=1)
    lay_out(town)
    return post


@pytest.fixture
def duties(town: Town, gate: Post) -> tuple[Duty, Duty]:
    bai, chen = (add_person(town, name, phone_index=name) for name in ("Bai", "Chen"))
    return place(find_shift(gate, 0), bai), place(find_shift(gate, 1), chen)


def _propose(first: Duty, person: Person, other: Duty | None = None) -> Swap:
    return propose_swap(actor=DESK, now=BEFORE, duty=first, person=person, other_duty=other)


def _standing() -> list[tuple[int, str]]:
    duties = Duty.objects.filter(state=DutyState.PLANNED).order_by("starts_at")
    return [(duty.starts_at.day, duty.person.name) for duty in duties]


def test_two_who_agree_change_places_at_once_and_hear_of_it(duties: tuple[Duty, Duty]) -> None:
    first, second = duties
    swap = _propose(first, second.person, second)
    answer = accept_swap(actor=DESK, now=BEFORE, swap=swap, is_for_other=True)
    assert (answer.refusal, answer.swap.state) == (None, SwapState.DONE)
    assert _standing() == [(9, "Chen"), (10, "Bai")]
    assert accept_swap(actor=DESK, now=BEFORE, swap=swap).refusal is None
    assert list(SwapStep.objects.values_list("state", "by", "is_for_other").order_by("pk")) == [
        ("proposed", "Desk", False),
        ("done", "Desk", True),
    ]
    assert Message.objects.filter(wording="swap_done").count() == 4


def test_a_duty_given_away_is_taken_over_by_the_named_person(town: Town, duties: tuple[Duty, Duty]) -> None:
    deng = add_person(town, "Deng")
    swap = _propose(duties[0], deng)
    assert list_own_swaps(deng, BEFORE) == list_swaps(town.emergency, town.wenyuan, BEFORE) == [swap]
    accept_swap(actor=DESK, now=BEFORE, swap=swap)
    assert _standing() == [(9, "Deng"), (10, "Chen")]


def test_what_would_break_a_rest_is_neither_proposed_nor_carried_out(gate: Post, duties: tuple[Duty, Duty]) -> None:
    first, second = duties
    swap = _propose(first, second.person, second)
    place(find_shift(gate, 0, "evening"), second.person)
    answer = accept_swap(actor=DESK, now=BEFORE, swap=swap)
    assert (answer.refusal, answer.person) == (CoverRefusal.NEEDS_REST, second.person)
    assert Swap.objects.get().state == SwapState.PROPOSED
    withdraw_swap(actor=DESK, now=BEFORE, swap=swap)
    with pytest.raises(SwapError) as refused:
        _propose(first, second.person, second)
    assert refused.value.refusal == CoverRefusal.NEEDS_REST


def test_neighboring_shifts_can_be_swapped_since_both_places_are_free_meanwhile(town: Town, gate: Post) -> None:
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    first, second = place(find_shift(gate, 0, "morning"), bai), place(find_shift(gate, 0, "evening"), chen)
    assert list_swap_choices(first, BEFORE) == [second]
    assert accept_swap(actor=DESK, now=BEFORE, swap=_propose(first, chen, second)).refusal is None


def test_an_officer_has_the_last_word_where_that_is_the_rule(town: Town, duties: tuple[Duty, Duty]) -> None:
    set_cover_rules(
        actor=OFFICER,
        now=BEFORE,
        emergency=town.emergency,
        wave_people=5,
        wave_min=10,
        most_people=40,
        swaps_need_officer=True,
    )
    first, second = duties
    swap = _propose(first, second.person, second)
    assert accept_swap(actor=DESK, now=BEFORE, swap=swap).swap.state == SwapState.AGREED
    assert _standing() == [(9, "Bai"), (10, "Chen")]
    assert approve_swap(actor=OFFICER, now=BEFORE, swap=swap).refusal is None
    assert _standing() == [(9, "Chen"), (10, "Bai")]
    back = _propose(Duty.objects.get(person=second.person, state="planned"), first.person)
    accept_swap(actor=DESK, now=BEFORE, swap=back)
    refuse_swap(actor=OFFICER, now=BEFORE, swap=back, reason="two in a row")
    assert SwapStep.objects.latest("pk").reason == "two in a row"
    assert approve_swap(actor=OFFICER, now=BEFORE, swap=back).refusal == CoverRefusal.ANSWERED


def test_a_no_leaves_the_roster_and_is_told_to_whoever_asked(duties: tuple[Duty, Duty]) -> None:
    first, second = duties
    swap = _propose(first, second.person, second)
    decline_swap(actor=DESK, now=BEFORE, swap=swap)
    assert accept_swap(actor=DESK, now=BEFORE, swap=swap).refusal == CoverRefusal.ANSWERED
    assert Message.objects.get(wording="swap_declined").person == first.person
    with pytest.raises(RuleError, match="answered before"):
        withdraw_swap(actor=DESK, now=BEFORE, swap=swap)


def test_a_duty_is_in_one_open_business_at_a_time(town: Town, duties: tuple[Duty, Duty]) -> None:
    first, second = duties
    _propose(first, second.person, second)
    deng = add_person(town, "Deng")
    with pytest.raises(SwapError, match="open already"):
        _propose(second, deng)
    third = place(find_shift(first.shift.post, 3), deng)
    ask_for_cover(actor=DESK, now=BEFORE, shift=third.shift, reason=CoverReason.LATE, replaces=third)
    with pytest.raises(SwapError, match="open already"):
        _propose(third, first.person)
    with pytest.raises(SwapError, match="between two people"):
        _propose(third, deng)


def test_time_closes_a_swap_of_what_has_begun_or_was_called_off(town: Town, duties: tuple[Duty, Duty]) -> None:
    first, second = duties
    swap = _propose(first, second.person, second)
    pass_cover_time(emergency=town.emergency, now=BEFORE)
    assert Swap.objects.get(pk=swap.pk).state == SwapState.PROPOSED
    cancel_duty(actor=OFFICER, now=BEFORE, duty=second, reason="moved")
    assert accept_swap(actor=DESK, now=BEFORE, swap=swap).refusal == CoverRefusal.CHANGED
    pass_cover_time(emergency=town.emergency, now=BEFORE)
    assert accept_swap(actor=DESK, now=BEFORE, swap=swap).refusal == CoverRefusal.OVER


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_changes_the_roster() -> None:
    town = build_town()
    gate = add_post(town, morning=1)
    lay_out(town)
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    first, second = place(find_shift(gate, 0), bai), place(find_shift(gate, 1), chen)
    swap = _propose(first, chen, second)
    at_once(
        *[lambda: accept_swap(actor=DESK, now=BEFORE, swap=Swap.objects.get(pk=swap.pk))] * 3,
        lambda: decline_swap(actor=DESK, now=BEFORE, swap=Swap.objects.get(pk=swap.pk)),
    )
    done = SwapStep.objects.exclude(state=SwapState.PROPOSED)
    assert done.count() == 1
    assert len(_standing()) == 2
