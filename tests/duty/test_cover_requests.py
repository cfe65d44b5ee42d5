"""A place stands empty: who could go is asked in waves, the first to accept has it, and nobody goes tired."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from muster.access.models import User
from muster.access.queries import SystemActor
from muster.clocks.models import Gap
from muster.duty.actions import (
    CoverAnswer,
    accept_offer,
    ask_for_cover,
    ask_next,
    assign,
    check_in,
    decline_offer,
    give_notice,
    hand_over,
    pass_cover_time,
    set_cover_rules,
    withdraw_cover,
)
from muster.duty.actions.ending import end_duties
from muster.duty.actions.gaps import match_gaps
from muster.duty.kinds import CheckInKind, CoverReason, CoverRefusal, CoverState, DutyState, NoticeKind, OfferState
from muster.duty.models import CoverOffer, CoverRequest, Duty, Handover, Post
from muster.duty.queries.brief import read_brief
from muster.duty.queries.covering import get_request, list_late, list_own_offers, list_requests
from muster.kernel.errors import NotFoundError, RuleError
from muster.kernel.models import AuditEntry
from muster.messages.models import Message
from tests.duty.cast import EIGHT, OFFICER, PEOPLE, Town, add_person, add_post, at_once, build_town, find_shift, lay_out
from tests.duty.cast import place as put

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


def _add_people(town: Town, count: int) -> None:
    for name in PEOPLE[1 : count + 1]:
        add_person(town, name, phone_index=name)


def _ask(
    gate: Post, *, wave: int = 3, most: int = 8, now: datetime = BEFORE, replaces: Duty | None = None
) -> CoverRequest:
    shift = find_shift(gate, 0)
    set_cover_rules(
        actor=OFFICER,
        now=BEFORE,
        emergency=shift.emergency,
        wave_people=wave,
        wave_min=10,
        most_people=most,
        swaps_need_officer=False,
    )
    reason = CoverReason.ILL if replaces else CoverReason.EMPTY
    return ask_for_cover(actor=OFFICER, now=now, shift=shift, reason=reason, replaces=replaces)


def _first(request: CoverRequest) -> CoverOffer:
    return request.offers.order_by("rank")[0]


def _states(request: CoverRequest) -> list[str]:
    return list(request.offers.order_by("rank").values_list("state", flat=True))


def _accept(offer: CoverOffer, now: datetime = BEFORE) -> CoverAnswer:
    return accept_offer(actor=DESK, now=now, offer=CoverOffer.objects.get(pk=offer.pk))


def _wordings() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("person__name", "wording"))


def test_the_best_are_asked_first_and_the_next_when_nobody_answers(town: Town, gate: Post) -> None:
    _add_people(town, 7)
    request = _ask(gate)
    assert list(request.offers.values_list("person__name", flat=True)) == ["Chen", "Deng", "Fan"]
    assert pass_cover_time(emergency=town.emergency, now=BEFORE + timedelta(minutes=9)) == 0
    assert pass_cover_time(emergency=town.emergency, now=BEFORE + timedelta(minutes=10)) == 3
    assert pass_cover_time(emergency=town.emergency, now=BEFORE + timedelta(minutes=10)) == 0
    assert pass_cover_time(emergency=town.emergency, now=BEFORE + timedelta(minutes=20)) == 1
    request.refresh_from_db()
    assert (request.wave, request.next_wave_at, request.offers.count()) == (3, None, 7)
    assert [offer.rank for offer in request.offers.order_by("pk")] == list(range(1, 8))
    assert set(Message.objects.values_list("wording", flat=True)) == {"cover_offered"}


def test_who_accepts_first_has_the_place_and_the_others_hear_that_it_is_filled(town: Town, gate: Post) -> None:
    _add_people(town, 3)
    request = _ask(gate)
    match_gaps(emergency=town.emergency, now=BEFORE, shifts=gate.shifts.all())
    assert Gap.objects.filter(closed_at=None, subject__startswith="gate@20200210T0700").count() == 1
    _, deng, fan = request.offers.order_by("rank")
    answer = _accept(deng)
    assert (answer.refusal, answer.offer.duty) == (None, Duty.objects.get(person=deng.person))
    assert Gap.objects.filter(closed_at=None, subject__startswith="gate@20200210T0700").count() == 0
    assert _states(request) == [OfferState.WITHDRAWN, OfferState.ACCEPTED, OfferState.WITHDRAWN]
    late = _accept(fan)
    assert (late.refusal, late.offer.state) == (CoverRefusal.TOO_LATE, OfferState.TOO_LATE)
    assert _accept(deng).refusal is None
    assert Duty.objects.filter(shift=request.shift, state=DutyState.PLANNED).count() == 1
    told = [("Chen", "cover_filled"), ("Chen", "cover_offered"), ("Deng", "cover_accepted"), ("Deng", "cover_offered")]
    assert _wordings() == [*told, ("Fan", "cover_filled"), ("Fan", "cover_offered")]
    acts = AuditEntry.objects.filter(subject_kind="cover_offer").values_list("actor_name", "detail__act")
    assert list(acts.order_by("pk")) == [("Desk", "accepted"), ("Desk", "too_late")]


def test_who_was_replaced_keeps_the_place_until_another_accepts(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai", phone_index="Bai")
    duty = put(find_shift(gate, 0), bai)
    _add_people(town, 1)
    request = _ask(gate, replaces=duty)
    duty.refresh_from_db()
    assert duty.state == DutyState.PLANNED
    assert _accept(request.offers.get()).refusal is None
    duty.refresh_from_db()
    assert duty.state == DutyState.CANCELLED
    assert ("Bai", "cover_found") in _wordings()


def test_who_is_no_longer_rested_is_refused_with_the_rule_and_the_place_stays_open(town: Town, gate: Post) -> None:
    _add_people(town, 2)
    request = _ask(gate)
    chen, deng = request.offers.order_by("rank")
    put(find_shift(gate, 0, "evening"), chen.person)
    answer = _accept(chen)
    assert (answer.refusal, answer.offer.state) == (CoverRefusal.NEEDS_REST, OfferState.HINDERED)
    assert answer.broken is not None
    assert Duty.objects.filter(shift=request.shift).count() == 0
    assert _accept(deng).refusal is None


def test_when_all_have_said_no_the_next_are_asked_at_once_and_a_no_may_become_a_yes(town: Town, gate: Post) -> None:
    _add_people(town, 3)
    request = _ask(gate, wave=2)
    first, second = request.offers.order_by("rank")
    decline_offer(actor=DESK, now=BEFORE, offer=first)
    assert request.offers.count() == 2
    decline_offer(actor=DESK, now=BEFORE, offer=second, is_for_other=True)
    assert _states(request) == [OfferState.DECLINED, OfferState.DECLINED, OfferState.OFFERED]
    second.refresh_from_db()
    assert (second.answered_by, second.is_for_other) == ("Desk", True)
    assert _accept(first).refusal is None
    assert decline_offer(actor=DESK, now=BEFORE, offer=first).refusal == CoverRefusal.ANSWERED


def test_nobody_is_asked_twice_at_a_time_nor_who_is_ill(town: Town, gate: Post) -> None:
    bai, chen, _ = (add_person(town, name) for name in ("Bai", "Chen", "Deng"))
    yard = add_post(town, "yard", morning=2)
    lay_out(town)
    duty = put(find_shift(gate, 0), bai)
    give_notice(actor=DESK, now=BEFORE, client_id=UUID(int=1), duty=duty, kind=NoticeKind.ILL)
    asked = CoverOffer.objects.values_list("person__name", flat=True)
    assert set(asked) == {"Chen", "Deng"}
    request = ask_for_cover(actor=OFFICER, now=BEFORE, shift=find_shift(yard, 0), reason=CoverReason.EMPTY)
    assert (request.offers.count(), request.next_wave_at) == (0, None)
    withdraw_cover(actor=OFFICER, now=BEFORE, request=CoverRequest.objects.exclude(pk=request.pk).get())
    assert ask_next(actor=OFFICER, now=BEFORE, request=request) == 2
    assert chen.pk in set(request.offers.values_list("person", flat=True))


def test_who_falls_ill_gives_the_place_up_and_others_are_asked_at_once(town: Town, gate: Post) -> None:
    bai = add_person(town, "Bai")
    duty = put(find_shift(gate, 0), bai)
    _add_people(town, 2)
    user = User.objects.create(username="bai", person=bai)
    for _ in range(2):
        notice = give_notice(actor=user, now=BEFORE, client_id=UUID(int=7), duty=duty, kind=NoticeKind.ILL)
    assert (notice.is_for_other, notice.kind) == (False, "ill")
    request = CoverRequest.objects.get()
    assert (request.replaces, request.reason, request.asked_by, request.offers.count()) == (duty, "ill", "bai", 2)
    assert Gap.objects.filter(closed_at=None, subject__startswith="gate@20200210T0700").count() == 1
    assert _accept(_first(request)).refusal is None
    with pytest.raises(RuleError, match="cancelled"):
        give_notice(actor=user, now=BEFORE, client_id=UUID(int=8), duty=duty, kind=NoticeKind.UNABLE)


def test_who_is_late_keeps_the_place_with_a_mark(town: Town, gate: Post) -> None:
    duty = put(find_shift(gate, 0), add_person(town, "Bai"))
    for number, minutes in enumerate((90, 20)):
        give_notice(
            actor=DESK,
            now=BEFORE,
            client_id=UUID(int=number),
            duty=duty,
            kind=NoticeKind.LATE,
            late_min=minutes,
        )
    assert list_late([duty.pk]) == {duty.pk: duty.starts_at + timedelta(minutes=20)}
    assert not CoverRequest.objects.exists()
    with pytest.raises(RuleError, match="over"):
        give_notice(actor=DESK, now=duty.ends_at, client_id=UUID(int=3), duty=duty, kind=NoticeKind.ILL)


def test_as_many_are_asked_for_as_places_are_empty_and_a_filled_one_closes_its_request(town: Town) -> None:
    gate = add_post(town, morning=2)
    lay_out(town)
    _add_people(town, 4)
    first, second = _ask(gate, wave=1), _ask(gate, wave=1)
    with pytest.raises(RuleError, match="asked for already"):
        _ask(gate)
    person = second.offers.get().person
    assign(actor=OFFICER, now=BEFORE, shift=first.shift, person=person)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.state, second.state] == [CoverState.FILLED, CoverState.OPEN]
    assert _accept(second.offers.get()).refusal == CoverRefusal.NEEDS_REST
    assert CoverRequest.objects.filter(state=CoverState.OPEN).get() == second


def test_a_place_handed_over_by_hand_closes_the_request_for_it(town: Town, gate: Post) -> None:
    duty = put(find_shift(gate, 0), add_person(town, "Bai"))
    _add_people(town, 3)
    request = _ask(gate, wave=2, replaces=duty)
    third = add_person(town, "Niu")
    hand_over(actor=OFFICER, now=BEFORE, duty=duty, person=third, reason="replaced")
    request.refresh_from_db()
    assert (request.state, request.closed_by) == (CoverState.FILLED, "Officer Han")
    assert _accept(_first(request)).refusal == CoverRefusal.TOO_LATE


def test_time_closes_what_is_over_and_what_came_right_by_itself(town: Town) -> None:
    gate = add_post(town, morning=2)
    lay_out(town)
    duty = put(find_shift(gate, 0), add_person(town, "Bai"))
    _add_people(town, 1)
    empty = _ask(gate, now=EIGHT)
    absent = ask_for_cover(actor=OFFICER, now=EIGHT, shift=duty.shift, reason=CoverReason.ABSENT, replaces=duty)
    came = EIGHT + timedelta(minutes=5)
    check_in(actor=DESK, now=came, client_id=UUID(int=1), duty=duty, kind=CheckInKind.IN, at=came)
    pass_cover_time(emergency=town.emergency, now=came)
    pass_cover_time(emergency=town.emergency, now=empty.shift.ends_at)
    states = dict(CoverRequest.objects.values_list("pk", "state"))
    assert states == {empty.pk: CoverState.EXPIRED, absent.pk: CoverState.WITHDRAWN}
    assert _states(empty) == [OfferState.EXPIRED]
    assert _accept(empty.offers.get(), now=came).refusal == CoverRefusal.OVER


def test_an_emergency_that_ends_asks_nobody_any_more(town: Town, gate: Post) -> None:
    _add_people(town, 1)
    request = _ask(gate)
    end_duties(town.emergency, BEFORE)
    request.refresh_from_db()
    assert request.state == CoverState.EXPIRED
    type(town.emergency).objects.update(ends_at=BEFORE)
    assert _accept(request.offers.get()).refusal == CoverRefusal.EMERGENCY_ENDED


def test_who_has_no_telephone_is_asked_by_the_desk_and_gets_no_message(town: Town, gate: Post) -> None:
    add_person(town, "Chen")
    offer = _ask(gate).offers.get()
    assert (offer.is_told, Message.objects.count()) == (False, 0)
    answer = accept_offer(actor=DESK, now=BEFORE, offer=offer, is_for_other=True)
    assert (answer.offer.is_for_other, answer.offer.answered_by) == (True, "Desk")


def test_what_was_asked_is_found_where_it_is_asked_and_by_whom_it_is_asked(town: Town, gate: Post) -> None:
    _add_people(town, 1)
    request = _ask(gate)
    assert list(list_requests(town.emergency, town.wenyuan, BEFORE)) == [request]
    assert list(list_requests(town.emergency, town.jinghu, BEFORE)) == []
    with pytest.raises(NotFoundError):
        get_request(town.emergency, town.jinghu, request.pk)
    offer = request.offers.get()
    assert list_own_offers(offer.person, BEFORE) == [offer]


def test_the_brief_says_where_who_and_what_was_left(town: Town, gate: Post) -> None:
    shift = find_shift(gate, 0, "evening")
    before = put(find_shift(gate, 0), add_person(town, "Bai"))
    for number, note in enumerate(("keys with Ma", "gate 2 is stuck", "")):
        at = EIGHT + timedelta(minutes=number)
        Handover.objects.create(client_id=UUID(int=number), at=at, recorded_at=at, duty=before, note=note)
    brief = read_brief(shift, now=EIGHT + timedelta(hours=1))
    assert [(note.by, note.text) for note in brief.notes] == [("Bai", "gate 2 is stuck"), ("Bai", "keys with Ma")]
    assert (list(brief.way), brief.before, brief.office) == (["City", "Wenhua", "Wenyuan"], ["Bai"], "Wenyuan")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_accept_at_once_one_has_the_place() -> None:
    town = build_town()
    gate = add_post(town, morning=1)
    lay_out(town)
    for number in range(20):
        add_person(town, f"P{number:02d}")
    request = _ask(gate, wave=20, most=20)
    offers = list(request.offers.all())
    answers = at_once(*(partial(_accept, offer) for offer in offers))
    refusals = [answer.refusal for answer in answers if isinstance(answer, CoverAnswer)]
    assert sorted(refusals, key=str) == [None, *[CoverRefusal.TOO_LATE] * 19]
    assert Duty.objects.filter(shift=request.shift, state=DutyState.PLANNED).count() == 1
    assert sorted(_states(request)) == [OfferState.ACCEPTED, *[OfferState.TOO_LATE] * 19]
