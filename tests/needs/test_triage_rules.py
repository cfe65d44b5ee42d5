"""What plain rules say of needs: how pressing, whether asked twice, who could carry; and what steps make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.needs.kinds import SETTLED, WAITING, NeedKind, NeedState, NeedUrgency
from muster.needs.rules import StepMark, find_danger, fold_steps, propose_urgency
from muster.needs.rules.carrying import Crew, find_duty, suggest_carriers
from muster.needs.rules.likeness import Asked, Likeness, compare_words, find_alike

NOON = datetime(2021, 7, 21, 4, tzinfo=UTC)
DOOR, NEIGHBOR, ELSEWHERE = (
    "0001000100010001000100010001",
    "0001000100010001000100010002",
    "0001000100010002000100010001",
)

_STEPS = st.builds(
    StepMark,
    st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.integers(0, 2**32).map(lambda number: UUID(int=number)),
    st.sampled_from([*NeedState.values, ""]),
    st.sampled_from([None, ("warden", 1), ("organization", 2)]),
    st.sampled_from([None, 0, 1, 2]),
    st.sampled_from([None, 10, 11]),
)


@given(st.lists(_STEPS, max_size=12, unique_by=lambda step: step.client_id), st.randoms())
def test_steps_make_the_same_of_a_need_in_whatever_order_they_come(steps: list[StepMark], random: Random) -> None:
    shuffled = list(steps)
    random.shuffle(shuffled)
    assert fold_steps(shuffled) == fold_steps(steps)


@given(st.lists(_STEPS, max_size=12, unique_by=lambda step: step.client_id))
def test_a_need_is_settled_for_good_and_waits_in_nobodys_hands_only_when_open(steps: list[StepMark]) -> None:
    folded = fold_steps(steps)
    assert (folded.settled_at is not None) == (folded.state in SETTLED)
    assert folded.state != NeedState.OPEN or folded.carrier is None
    assert folded.state in WAITING | {NeedState.WITHDRAWN} or folded.taken_at is not None


def test_whoever_accepts_first_has_it_until_it_is_handed_on() -> None:
    steps = [
        StepMark(NOON, UUID(int=1), NeedState.GIVEN, ("warden", 1)),
        StepMark(NOON + timedelta(minutes=2), UUID(int=2), NeedState.ACCEPTED),
        StepMark(NOON + timedelta(minutes=3), UUID(int=3), NeedState.ACCEPTED, ("organization", 2)),
        StepMark(NOON + timedelta(minutes=9), UUID(int=4), NeedState.GIVEN, ("organization", 2)),
    ]
    assert fold_steps(steps[:3]).carrier == ("warden", 1)
    handed_on = fold_steps(steps)
    assert (handed_on.state, handed_on.carrier, handed_on.taken_at) == (
        NeedState.GIVEN,
        ("organization", 2),
        NOON + timedelta(minutes=2),
    )


@pytest.mark.parametrize(
    ("kind", "words", "urgency"),
    [
        (NeedKind.MEDICAL, "爸爸呼吸困难，快来", NeedUrgency.LIFE),
        (NeedKind.OTHER, "We are trapped on the roof, water rising", NeedUrgency.LIFE),
        (NeedKind.RESCUE, "", NeedUrgency.LIFE),
        (NeedKind.FOOD, "家里没菜了", NeedUrgency.CAN_WAIT),
        (NeedKind.FOOD, "孩子奶粉没了", NeedUrgency.TODAY),
        (NeedKind.REPAIR, "没有被困，只是灯坏了", NeedUrgency.CAN_WAIT),
        (NeedKind.OTHER, "no fire here, only smoke from the stove", NeedUrgency.CAN_WAIT),
        (NeedKind.MEDICINE, "", NeedUrgency.TODAY),
    ],
)
def test_words_and_kind_propose_how_pressing_a_need_is(kind: NeedKind, words: str, urgency: NeedUrgency) -> None:
    assert propose_urgency(kind, words) == urgency
    assert bool(find_danger(words)) <= (urgency == NeedUrgency.LIFE)


@given(st.sampled_from(NeedKind), st.text(max_size=60))
def test_any_words_propose_some_urgency(kind: NeedKind, words: str) -> None:
    assert propose_urgency(kind, words) in NeedUrgency


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_of_words_has_no_direction_and_is_whole_for_the_same(one: str, other: str) -> None:
    assert compare_words(one, other) == compare_words(other, one)
    assert compare_words(one, one) in {0.0, 1.0}


def test_the_same_call_twice_is_found_and_a_call_across_town_is_not() -> None:
    words = "母亲的胰岛素只剩一支了"
    needs = [
        Asked(1, NOON, DOOR, "medicine", words),
        Asked(2, NOON + timedelta(minutes=20), DOOR, "medicine", f"{words}，还没人来"),
        Asked(3, NOON + timedelta(minutes=21), ELSEWHERE, "medicine", words),
        Asked(4, NOON + timedelta(minutes=25), NEIGHBOR, "repair", "水管爆了"),
        Asked(5, NOON + timedelta(days=2), DOOR, "medicine", words),
    ]
    [pair] = find_alike(needs)
    assert (pair.older, pair.newer) == (1, 2)
    assert pair.likenesses == (Likeness.SAME_DOOR, Likeness.SAME_KIND, Likeness.SIMILAR_WORDS)


def test_suggestions_follow_duties_and_share_the_load_by_people() -> None:
    crews = [Crew("big", ("delivery",), 4, 0), Crew("small", ("delivery", "hotline"), 1, 0)]
    found = suggest_carriers([(f"food-{number}", "food") for number in range(5)] + [("boat", "rescue")], crews)
    assert sorted(found.values()) == ["big"] * 4 + ["small"]
    assert "boat" not in found
    assert find_duty("food", ["gate"]) == ""


@given(st.lists(st.sampled_from(NeedKind), max_size=30), st.integers(1, 3))
def test_nobody_is_suggested_more_than_twice_their_people(kinds: list[NeedKind], people: int) -> None:
    crews = [Crew("one", ("delivery", "hotline", "gate", "registration"), people, 0)]
    found = suggest_carriers([(str(number), kind) for number, kind in enumerate(kinds)], crews)
    assert len(found) <= 2 * people
