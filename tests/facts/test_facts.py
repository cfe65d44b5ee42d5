"""A batch of facts leads to one end, whatever order it comes in and however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.access.actions import give_role
from muster.access.kinds import Role
from muster.access.models import User
from muster.duty.actions import CheckInFact, HandoverFact
from muster.duty.kinds import CheckInKind
from muster.duty.models import CheckIn, Duty, Handover
from muster.facts.actions import take_facts
from muster.kernel.facts import Answer, FactState, Refusal, Report, count_taken
from muster.needs.actions import NeedFact, StepFact, VisitFact, WatchFact
from muster.needs.kinds import NeedKind, NeedState, VisitOutcome
from muster.needs.models import Need, NeedStep, Visit, WatchCheck
from muster.needs.queries import list_waiting_steps
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, at_once, build_town, find_shift, lay_out, place
from tests.needs.watches import look_at_stairs

NEED, OTHER_NEED = UUID(int=900), UUID(int=901)


def _staff(town: Town) -> Duty:
    look_at_stairs(town)
    post = add_post(town)
    lay_out(town, days=1)
    return place(find_shift(post, 0), add_person(town, "Bai"))


def _list_facts(duty_id: int) -> list[Report]:
    def fact(make: Callable[..., Report], number: int, *own: object, minutes: int = 0) -> Report:
        return make(*own, client_id=UUID(int=number), at=EIGHT - timedelta(minutes=minutes))

    steps = (NeedState.UNDER_WAY, NeedState.OPEN, NeedState.UNDER_WAY, NeedState.ANSWERED, NeedState.WITHDRAWN)
    return [
        fact(CheckInFact, 1, duty_id, CheckInKind.IN, minutes=30),
        fact(CheckInFact, 2, duty_id, CheckInKind.OUT),
        fact(CheckInFact, 3, duty_id + 1, CheckInKind.IN),
        fact(HandoverFact, 4, duty_id, "key at the gate"),
        fact(VisitFact, 5, "220701", VisitOutcome.MET),
        fact(VisitFact, 6, "nowhere", VisitOutcome.MET),
        fact(WatchFact, 7, "220701", "stairs", True),
        fact(WatchFact, 8, "220701", "unheard-of", True),
        fact(NeedFact, NEED.int, "220701", NeedKind.FOOD, minutes=20),
        fact(StepFact, 20, OTHER_NEED, NeedState.UNDER_WAY),
        *(fact(StepFact, 10 + at, NEED, state, minutes=15 - at) for at, state in enumerate(steps)),
        fact(StepFact, 19, NEED, NeedState.OPEN, minutes=12),
    ]


def _read_all() -> dict[str, list[tuple[object, ...]]]:
    return {
        "check-ins": list(CheckIn.objects.order_by("client_id").values_list("client_id", "kind", "at")),
        "handovers": list(Handover.objects.order_by("client_id").values_list("client_id", "note")),
        "visits": list(Visit.objects.order_by("client_id").values_list("client_id", "outcome")),
        "checks": list(WatchCheck.objects.order_by("client_id").values_list("client_id", "watch__slug")),
        "needs": list(Need.objects.order_by("client_id").values_list("client_id", "state")),
        "steps": list(NeedStep.objects.order_by("client_id").values_list("client_id", "need__client_id", "state")),
    }


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), cuts=st.lists(st.integers(1, 40), max_size=6))
def test_any_order_any_repetition_and_any_cutting_lead_to_one_end(seed: int, cuts: list[int], town: Town) -> None:
    duty = Duty.objects.first() or _staff(town)
    facts = _list_facts(duty.pk)
    chance = Random(seed)
    shuffled = facts + chance.choices(facts, k=12)
    chance.shuffle(shuffled)
    starts = sorted({0, *(cut for cut in cuts if cut < len(shuffled))})
    batches = [shuffled[a:b] for a, b in zip(starts, [*starts[1:], len(shuffled)], strict=True)]
    ends, taken = [], []
    for way in ([facts], batches):
        with transaction.atomic():
            answers = [one for batch in way for one in take_facts(actor=OFFICER, now=EIGHT, facts=batch)]
            ends.append(_read_all())
            taken.append(count_taken(answers))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]
    assert taken == [len(facts) - 3] * 2
    assert ends[0]["needs"] == [(NEED, NeedState.ANSWERED)]
    assert (UUID(int=20), None, NeedState.UNDER_WAY) in ends[0]["steps"]


def test_every_fact_is_answered_in_its_place(town: Town) -> None:
    duty = _staff(town)
    came, left = (fact for fact in _list_facts(duty.pk)[:2])
    nowhere = VisitFact("nowhere", VisitOutcome.MET, client_id=UUID(int=3), at=EIGHT)
    step = StepFact(NEED, NeedState.UNDER_WAY, client_id=UUID(int=4), at=EIGHT)
    take_facts(actor=OFFICER, now=EIGHT, facts=[left])
    assert take_facts(actor=OFFICER, now=EIGHT, facts=[nowhere, came, left, step, came]) == [
        Answer(nowhere.client_id, FactState.REFUSED, Refusal.NO_SUCH_AREA),
        Answer(came.client_id, FactState.TAKEN),
        Answer(left.client_id, FactState.SEEN),
        Answer(step.client_id, FactState.TAKEN, is_waiting=True),
        Answer(came.client_id, FactState.SEEN),
    ]


def test_a_clock_that_is_hours_wrong_is_put_right_and_both_times_are_kept(town: Town) -> None:
    duty = _staff(town)
    off = timedelta(hours=5)
    fact = CheckInFact(duty.pk, CheckInKind.IN, client_id=UUID(int=1), at=EIGHT + off - timedelta(minutes=7))
    answers = take_facts(actor=OFFICER, now=EIGHT, facts=[fact], sent_at=EIGHT + off)
    row = CheckIn.objects.get()
    assert count_taken(answers) == 1
    assert (row.at, row.recorded_at) == (EIGHT - timedelta(minutes=7), EIGHT)
    assert row.at - timedelta(seconds=row.clock_off_s) == fact.at


def test_what_the_database_cannot_hold_keeps_no_other_fact_out(town: Town) -> None:
    _staff(town)
    facts = [
        NeedFact("220701", NeedKind.FOOD, code="same", client_id=UUID(int=number), at=EIGHT) for number in (1, 2, 3)
    ]
    visit = VisitFact("220701", VisitOutcome.MET, client_id=UUID(int=4), at=EIGHT)
    answers = take_facts(actor=OFFICER, now=EIGHT, facts=[*facts, visit])
    refused = [answer.refusal for answer in answers if answer.state == FactState.REFUSED]
    assert refused == [Refusal.NOT_STORED] * 2
    assert (Need.objects.count(), Visit.objects.count()) == (1, 1)


def test_a_step_that_waited_is_dropped_if_whoever_took_it_has_no_right_there(town: Town) -> None:
    stranger = User.objects.create(username="stranger")
    give_role(actor=OFFICER, now=EIGHT, user=stranger, role=Role.COMMUNITY_WORKER, area=town.jinghu)
    step = StepFact(NEED, NeedState.ANSWERED, client_id=UUID(int=1), at=EIGHT)
    need = NeedFact("220701", NeedKind.FOOD, client_id=NEED, at=EIGHT)
    [answer] = take_facts(actor=stranger, now=EIGHT, facts=[step])
    assert (answer.is_waiting, list_waiting_steps().count()) == (True, 1)
    take_facts(actor=OFFICER, now=EIGHT, facts=[need])
    assert (Need.objects.get().state, NeedStep.objects.count()) == (NeedState.OPEN, 0)
    [answer] = take_facts(actor=stranger, now=EIGHT, facts=[step])
    assert answer.refusal == Refusal.NO_SUCH_NEED


@pytest.mark.django_db(transaction=True)
def test_a_need_and_its_step_that_come_at_once_always_meet() -> None:
    build_town()
    for number in range(8):
        need = NeedFact("220701", NeedKind.FOOD, client_id=UUID(int=100 + number), at=EIGHT)
        step = StepFact(need.client_id, NeedState.UNDER_WAY, client_id=UUID(int=200 + number), at=EIGHT)
        at_once(*(lambda fact=fact: take_facts(actor=OFFICER, now=EIGHT, facts=[fact]) for fact in (step, need)))
    assert list(Need.objects.values_list("state", flat=True)) == [NeedState.UNDER_WAY] * 8
