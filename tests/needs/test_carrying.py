"""Needs go into somebody's hands, from hand to hand, and back; what was asked twice is answered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.queries import SystemActor
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.actions import appoint, pair
from muster.coverage.kinds import AppointmentRole
from muster.kernel.errors import NotFoundError, RuleError
from muster.kernel.facts import FactState, Refusal
from muster.messages.models import Message
from muster.needs.actions import NeedFact, StepFact, raise_need, raise_needs, take_steps
from muster.needs.actions.alike import join_needs, keep_needs_apart, part_need
from muster.needs.actions.carrying import accept_need, give_need, give_needs
from muster.needs.actions.triage import place_need, set_urgency
from muster.needs.kinds import CarrierKind, NeedKind, NeedState, NeedUrgency
from muster.needs.models import Need, NeedPair
from muster.needs.queries import (
    CarrierName,
    QueueFilters,
    QueueState,
    access_need,
    list_alike_pairs,
    list_carry_panels,
    list_history,
    list_queue,
    read_counts,
)
from muster.organizations.models import Organization
from tests.coverage.city import NOON, City, build_city, settle

WORKER = SystemActor("Xu Jing")
WARDEN, OFFICE = CarrierName(CarrierKind.WARDEN), CarrierName(CarrierKind.OFFICE)
ARCHIVE = CarrierName(CarrierKind.ORGANIZATION, "O1")
DOOR = "C1-A-1-1"


@pytest.fixture
def city(db: None) -> City:
    """Return the city, with a warden at one door and an organization paired with its community."""
    return _build()


def _build() -> City:
    city = build_city()
    warden = settle("P1", "王秀兰", DOOR)
    role = AppointmentRole.WARDEN
    appoint(actor=WORKER, now=NOON, emergency=city.emergency, area=city.area(DOOR), person=warden, role=role)
    archive = Organization.objects.create(code="O1", name="市档案馆", kind="agency", seat_area=city.area("C2"))
    Organization.objects.filter(pk=archive.pk).update(people_offered=3)
    archive.refresh_from_db()
    duties = ["delivery"]
    pair(
        actor=WORKER,
        now=NOON,
        emergency=city.emergency,
        organization=archive,
        area=city.area("C1"),
        duties=duties,
        people=3,
    )
    return city


def _ask(area: str = DOOR, words: str = "降压药没了", kind: NeedKind = NeedKind.MEDICINE, minutes: int = 0) -> Need:
    at = NOON + timedelta(minutes=minutes)
    return raise_need(actor=WORKER, now=at, fact=NeedFact(area, kind, words, client_id=uuid4(), at=at))


def _open_gaps() -> set[str]:
    return set(Gap.objects.filter(kind=GapKind.NEED_UNANSWERED, closed_at=None).values_list("subject", flat=True))


def test_a_need_goes_to_the_warden_who_is_told_without_the_askers_words(city: City) -> None:
    need = _ask()
    give_need(actor=WORKER, now=NOON, need=need, carrier=WARDEN)
    assert need.carrier_person is not None
    assert (need.state, need.carrier_person.name) == (NeedState.GIVEN, "王秀兰")
    told = Message.objects.get(wording="need_given")
    assert told.person == need.carrier_person
    assert "降压药" not in str(told.words)
    assert _open_gaps() == {need.code}
    accept_need(actor=WORKER, now=NOON + timedelta(minutes=4), need=need)
    assert (need.state, need.taken_at, _open_gaps()) == (NeedState.ACCEPTED, NOON + timedelta(minutes=4), set())


def test_a_need_is_handed_on_with_a_reason_and_every_hand_is_a_row(city: City) -> None:
    need = _ask()
    give_need(actor=WORKER, now=NOON, need=need, carrier=WARDEN)
    with pytest.raises(RuleError, match="with a reason"):
        give_need(actor=WORKER, now=NOON, need=need, carrier=ARCHIVE)
    give_need(actor=WORKER, now=NOON + timedelta(minutes=1), need=need, carrier=ARCHIVE, note="no car")
    assert need.carrier_organization is not None
    assert need.carrier_organization.code == "O1"
    assert [(step.carrier_kind, step.note) for step in list_history(need)] == [
        ("warden", ""),
        ("organization", "no car"),
    ]


def test_nobody_is_given_a_need_who_has_nothing_to_do_with_its_door(city: City) -> None:
    need = _ask("C2-B")
    for carrier in (ARCHIVE, WARDEN, CarrierName(CarrierKind.OFFICE, "C1"), CarrierName(CarrierKind.ON_DUTY, "P1")):
        with pytest.raises(RuleError, match="could carry"):
            give_need(actor=WORKER, now=NOON, need=need, carrier=carrier)
    give_need(actor=WORKER, now=NOON, need=need, carrier=OFFICE)
    assert need.carrier_office is not None
    assert need.carrier_office.code == "C2"


def test_a_step_that_names_a_carrier_may_come_before_its_need(city: City) -> None:
    number = UUID(int=7)
    step = StepFact(number, NeedState.GIVEN, carrier=WARDEN, client_id=uuid4(), at=NOON)
    unknown = StepFact(number, NeedState.GIVEN, carrier=CarrierName("organization", "?"), client_id=uuid4(), at=NOON)
    answers = take_steps(actor=WORKER, now=NOON, facts=[step, unknown])
    assert [answer.is_waiting for answer in answers] == [True, True]
    raise_needs(actor=WORKER, now=NOON, facts=[NeedFact(DOOR, NeedKind.FOOD, client_id=number, at=NOON)])
    need = Need.objects.get()
    assert (need.carrier_kind, need.steps.count()) == ("warden", 1)


def test_a_step_that_gives_to_nobody_is_refused(city: City) -> None:
    need = _ask()
    [answer] = take_steps(
        actor=WORKER, now=NOON, facts=[StepFact(need.client_id, NeedState.GIVEN, client_id=uuid4(), at=NOON)]
    )
    assert (answer.state, answer.refusal) == (FactState.REFUSED, Refusal.NO_SUCH_CARRIER)


def test_many_needs_are_given_at_once_and_those_in_hand_stay(city: City) -> None:
    first, second, far = _ask(), _ask(minutes=1), _ask("C2-B")
    give_need(actor=WORKER, now=NOON, need=first, carrier=OFFICE)
    report = give_needs(actor=WORKER, now=NOON, gifts=[(need, WARDEN) for need in (first, second, far)])
    assert (list(report.given), set(report.refused)) == ([second], {first, far})


def test_a_person_s_word_on_urgency_outweighs_the_proposal_and_orders_the_queue(city: City) -> None:
    calm, grave = _ask(kind=NeedKind.OTHER, words="开证明"), _ask(kind=NeedKind.MEDICAL, words="胸痛", minutes=5)
    queue = list_queue(city.emergency, city.area("2207"), QueueFilters(), limit=9)
    assert [need.code for need in queue] == [grave.code, calm.code]
    assert (grave.urgency, grave.is_triaged) == (NeedUrgency.LIFE, False)
    set_urgency(actor=WORKER, now=NOON, needs=[calm, grave], urgency=NeedUrgency.TODAY)
    queue = list_queue(city.emergency, city.area("2207"), QueueFilters(urgency=NeedUrgency.TODAY), limit=9)
    assert [(need.code, need.is_triaged) for need in queue] == [(calm.code, True), (grave.code, True)]


def test_a_need_without_a_door_waits_in_the_township_until_somebody_places_it(city: City) -> None:
    need = _ask("220702001")
    assert read_counts(city.emergency, city.area("2207")).unplaced == 1
    place_need(actor=WORKER, now=NOON, need=need, area=city.area(DOOR))
    assert need.area.code == DOOR
    assert Gap.objects.get(subject=need.code, closed_at=None).area.code == DOOR
    assert read_counts(city.emergency, city.area("2207")).unplaced == 0
    assert list_queue(city.emergency, city.area(DOOR), QueueFilters(is_unplaced=True), limit=9) == []


def test_one_answer_reaches_both_who_asked_and_parting_takes_it_back(city: City) -> None:
    first, again = _ask(), _ask(minutes=9)
    [found] = list_alike_pairs(city.emergency, city.area("2207"))
    assert (found.older, found.newer) == (first, again)
    join_needs(actor=WORKER, now=NOON, kept=first, other=again)
    assert _open_gaps() == {first.code}
    take_steps(
        actor=WORKER,
        now=NOON + timedelta(minutes=20),
        facts=[StepFact(first.client_id, NeedState.ANSWERED, client_id=uuid4(), at=NOON + timedelta(minutes=20))],
    )
    again.refresh_from_db()
    assert (again.state, [step.state for step in list_history(again)]) == (NeedState.ANSWERED, ["answered"])
    part_need(actor=WORKER, now=NOON + timedelta(hours=1), need=again)
    assert (again.state, _open_gaps()) == (NeedState.OPEN, {again.code})
    assert NeedPair.objects.get().undone_by == "Xu Jing"


def test_two_that_were_kept_apart_are_not_proposed_again(city: City) -> None:
    first, second = _ask(), _ask(minutes=3)
    keep_needs_apart(actor=WORKER, now=NOON, one=second, other=first)
    assert list_alike_pairs(city.emergency, city.area("2207")) == []
    with pytest.raises(RuleError, match="not two needs"):
        join_needs(actor=WORKER, now=NOON, kept=first, other=first)


def test_whoever_joined_another_takes_those_along_that_were_joined_to_it(city: City) -> None:
    first, second, third = _ask(), _ask(minutes=1), _ask(minutes=2)
    join_needs(actor=WORKER, now=NOON, kept=second, other=third)
    join_needs(actor=WORKER, now=NOON, kept=first, other=second)
    assert set(Need.objects.filter(joined_to=first)) == {second, third}
    with pytest.raises(RuleError, match="joined to another"):
        join_needs(actor=WORKER, now=NOON, kept=first, other=third)


def test_a_community_sees_what_its_paired_organization_could_carry(city: City) -> None:
    food, boat = _ask(kind=NeedKind.FOOD, words="没菜了"), _ask(kind=NeedKind.RESCUE, words="")
    [panel] = list_carry_panels(city.emergency, city.area("2207"))
    assert (panel.area.code, panel.kinds) == ("C1", {"food": 1, "rescue": 1})
    assert [(each.need, each.crew.name, each.duty) for each in panel.suggestions] == [(food, ARCHIVE, "delivery")]
    give_need(actor=WORKER, now=NOON, need=food, carrier=ARCHIVE)
    [panel] = list_carry_panels(city.emergency, city.area("2207"))
    assert (panel.kinds, panel.crews[0].carried, panel.suggestions) == ({"rescue": 1}, 1, [])
    assert boat.code in _open_gaps()


def test_a_liaison_takes_the_needs_of_their_organization_further_and_sees_no_other(city: City) -> None:
    account: dict[str, Any] = {
        "username": "liaison",
        "password": "mei-you-ren-luo-xia",
        "display_name": "L",
        "area": None,
    }
    archive = Organization.objects.get(code="O1")
    liaison = create_user(actor=WORKER, now=NOON, role=Role.ORGANIZATION_LIAISON, organization=archive, **account)
    given, other = _ask(), _ask(minutes=2)
    give_need(actor=WORKER, now=NOON, need=given, carrier=ARCHIVE)
    accept_need(actor=liaison, now=NOON + timedelta(minutes=1), need=access_need(liaison, given.code))
    given.refresh_from_db()
    assert given.state == NeedState.ACCEPTED
    with pytest.raises(NotFoundError):
        access_need(liaison, other.code)
    queue = list_queue(city.emergency, city.area("2207"), QueueFilters(QueueState.IN_HAND, carrier=ARCHIVE), limit=9)
    assert [need.code for need in queue] == [given.code]


@pytest.mark.django_db(transaction=True)
def test_steps_and_a_joining_at_one_moment_end_in_one_state_for_both() -> None:
    city = _build()
    first, again = _ask(), _ask(minutes=1)
    late = NOON + timedelta(minutes=30)

    def answer(need: Need) -> None:
        fact = StepFact(need.client_id, NeedState.UNDER_WAY, client_id=uuid4(), at=late)
        take_steps(actor=WORKER, now=late, facts=[fact])

    def run(act: int) -> None:
        try:
            if act == 0:
                join_needs(actor=WORKER, now=late, kept=first, other=again)
            else:
                answer(first if act % 2 else again)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, [1, 0, 2, 3]))
    states = set(Need.objects.filter(emergency=city.emergency).values_list("state", flat=True))
    assert states == {NeedState.UNDER_WAY}
    assert _open_gaps() == set()
