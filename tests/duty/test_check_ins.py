"""Check-ins are facts: taken once, only while the emergency is on, marked when somebody else enters them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from muster.access.actions import give_role
from muster.access.kinds import Role
from muster.access.models import User
from muster.duty.actions import CheckInFact, HandoverFact, check_in, take_check_ins, take_handovers
from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty
from muster.kernel.errors import RuleError
from muster.kernel.facts import Answer, FactState, Refusal, count_taken
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, at_once, build_town, find_shift, lay_out, place

ID = UUID("5f0c3a52-98e6-4bb8-8e4c-1d8d6b2ff001")
OTHER_ID = UUID("5f0c3a52-98e6-4bb8-8e4c-1d8d6b2ff002")


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


@pytest.fixture
def duty(town: Town) -> Duty:
    post = add_post(town)
    lay_out(town, days=1)
    return place(find_shift(post, 0), add_person(town, "Bai"))


def test_the_same_report_sent_twice_is_taken_once(duty: Duty) -> None:
    first = check_in(actor=OFFICER, now=EIGHT, client_id=ID, duty=duty, kind=CheckInKind.IN, at=EIGHT)
    later = EIGHT + timedelta(hours=1)
    again = check_in(actor=OFFICER, now=later, client_id=ID, duty=duty, kind=CheckInKind.IN, at=EIGHT)
    assert again.pk == first.pk
    assert again.recorded_at == EIGHT
    assert CheckIn.objects.count() == 1


def test_a_report_entered_by_the_person_is_theirs_and_by_anybody_else_is_marked(town: Town, duty: Duty) -> None:
    own = User.objects.create(username="bai", person=duty.person)
    other = User.objects.create(username="worker")
    give_role(actor=OFFICER, now=EIGHT, user=other, role=Role.WARDEN, area=town.wenyuan)
    mine = check_in(actor=own, now=EIGHT, client_id=ID, duty=duty, kind=CheckInKind.IN, at=EIGHT)
    theirs = check_in(actor=other, now=EIGHT, client_id=OTHER_ID, duty=duty, kind=CheckInKind.OUT, at=EIGHT)
    assert (mine.is_for_other, theirs.is_for_other) == (False, True)


def test_nobody_checks_in_once_the_emergency_has_ended(town: Town, duty: Duty) -> None:
    town.emergency.ends_at = EIGHT
    town.emergency.save()
    duty.refresh_from_db()
    with pytest.raises(RuleError, match="ended"):
        check_in(actor=OFFICER, now=EIGHT, client_id=ID, duty=Duty.objects.get(), kind=CheckInKind.IN, at=EIGHT)


@pytest.mark.parametrize(("hours", "why"), [(1, "from the future"), (-9, "not near yet")])
def test_a_time_that_cannot_be_right_is_refused(duty: Duty, hours: int, why: str) -> None:
    at = EIGHT + timedelta(hours=hours)
    with pytest.raises(RuleError, match=why):
        check_in(actor=OFFICER, now=EIGHT, client_id=ID, duty=duty, kind=CheckInKind.IN, at=at)


def test_nobody_checks_in_to_a_cancelled_duty(duty: Duty) -> None:
    Duty.objects.update(state=DutyState.CANCELLED)
    with pytest.raises(RuleError, match="cancelled"):
        check_in(actor=OFFICER, now=EIGHT, client_id=ID, duty=duty, kind=CheckInKind.IN, at=EIGHT)


def test_many_reports_come_at_once_and_in_any_order(town: Town, duty: Duty) -> None:
    facts = [
        CheckInFact(duty.pk, CheckInKind.OUT, client_id=ID, at=EIGHT),
        CheckInFact(duty.pk, CheckInKind.IN, client_id=OTHER_ID, at=EIGHT - timedelta(hours=1)),
    ]
    assert count_taken(take_check_ins(actor=OFFICER, now=EIGHT, facts=facts)) == 2
    assert count_taken(take_check_ins(actor=OFFICER, now=EIGHT, facts=reversed(facts))) == 0


def test_one_report_that_cannot_be_right_keeps_no_other_out(duty: Duty) -> None:
    facts = [
        CheckInFact(duty.pk, CheckInKind.IN, client_id=ID, at=EIGHT),
        CheckInFact(duty.pk + 1, CheckInKind.IN, client_id=OTHER_ID, at=EIGHT),
    ]
    assert take_check_ins(actor=OFFICER, now=EIGHT, facts=facts) == [
        Answer(ID, FactState.TAKEN),
        Answer(OTHER_ID, FactState.REFUSED, Refusal.NO_SUCH_DUTY),
    ]
    assert CheckIn.objects.get().client_id == ID


def test_whoever_reports_for_others_may_do_so_only_where_they_have_the_right(town: Town, duty: Duty) -> None:
    worker, stranger = User.objects.create(username="worker"), User.objects.create(username="stranger")
    give_role(actor=OFFICER, now=EIGHT, user=worker, role=Role.COMMUNITY_WORKER, area=town.wenyuan)
    give_role(actor=OFFICER, now=EIGHT, user=stranger, role=Role.COMMUNITY_WORKER, area=town.jinghu)
    fact = CheckInFact(duty.pk, CheckInKind.IN, client_id=ID, at=EIGHT)
    refused = take_check_ins(actor=stranger, now=EIGHT, facts=[fact])
    assert refused == [Answer(ID, FactState.REFUSED, Refusal.NO_SUCH_DUTY)]
    assert count_taken(take_check_ins(actor=worker, now=EIGHT, facts=[fact])) == 1
    assert (CheckIn.objects.get().entered_by, CheckIn.objects.get().is_for_other) == (worker.pk, True)


def test_whoever_leaves_a_post_tells_the_next_what_they_must_know(duty: Duty) -> None:
    own = User.objects.create(username="bai", person=duty.person)
    fact = HandoverFact(duty.pk, "Key is with the guard.", client_id=ID, at=EIGHT)
    assert count_taken(take_handovers(actor=own, now=EIGHT, facts=[fact])) == 1
    assert count_taken(take_handovers(actor=own, now=EIGHT, facts=[fact])) == 0
    assert duty.handovers.get().note == "Key is with the guard."


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_reports_at_once_are_told_apart() -> None:
    town = build_town()
    post = add_post(town)
    lay_out(town, days=1)
    duty = place(find_shift(post, 0), add_person(town, "Bai"))
    facts = [CheckInFact(duty.pk, CheckInKind.IN, client_id=UUID(int=number), at=EIGHT) for number in range(200)]

    def send(facts: list[CheckInFact]) -> Callable[[], int]:
        return lambda: count_taken(take_check_ins(actor=OFFICER, now=EIGHT, facts=facts))

    taken = at_once(*(send(facts[::step]) for step in (1, -1, 1, -1)))
    assert sum(int(str(count)) for count in taken) == CheckIn.objects.count() == 200
