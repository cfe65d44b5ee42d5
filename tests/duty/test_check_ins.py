"""Check-ins are facts: taken once, only while the emergency is on, marked when somebody else enters them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from muster.access.models import User
from muster.clocks.models import Gap
from muster.duty.actions import CheckInFact, check_in, take_check_ins
from muster.duty.actions.gaps import match_gaps
from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty, Shift
from muster.kernel.errors import RuleError
from tests.duty.cast import EIGHT, OFFICER, Town, add_person, add_post, build_town, find_shift, lay_out, place

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


def test_a_report_entered_by_the_person_is_theirs_and_by_anybody_else_is_marked(duty: Duty) -> None:
    own = User.objects.create(username="bai", person=duty.person)
    other = User.objects.create(username="worker")
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
        CheckInFact(ID, duty.pk, CheckInKind.OUT, EIGHT),
        CheckInFact(OTHER_ID, duty.pk, CheckInKind.IN, EIGHT - timedelta(hours=1)),
        CheckInFact(ID, duty.pk, CheckInKind.OUT, EIGHT),
    ]
    assert take_check_ins(actor=OFFICER, now=EIGHT, emergency=town.emergency, facts=facts) == 2
    assert take_check_ins(actor=OFFICER, now=EIGHT, emergency=town.emergency, facts=reversed(facts)) == 0


def test_one_report_that_cannot_be_right_keeps_the_others_out_too(town: Town, duty: Duty) -> None:
    facts = [
        CheckInFact(ID, duty.pk, CheckInKind.IN, EIGHT),
        CheckInFact(OTHER_ID, duty.pk + 1, CheckInKind.IN, EIGHT),
    ]
    with pytest.raises(RuleError, match="no such duty"):
        take_check_ins(actor=OFFICER, now=EIGHT, emergency=town.emergency, facts=facts)
    assert not CheckIn.objects.exists()


def test_as_people_report_the_gaps_of_shifts_that_are_over_close(town: Town, duty: Duty) -> None:
    match_gaps(emergency=town.emergency, now=EIGHT, shifts=Shift.objects.all())
    assert Gap.objects.filter(closed_at=None).count() == 1
    after = duty.ends_at + timedelta(minutes=5)
    check_in(actor=OFFICER, now=after, client_id=ID, duty=duty, kind=CheckInKind.OUT, at=duty.ends_at)
    assert Gap.objects.get().closed_at == after
