"""Somebody asks at a door, follows what becomes of it, and is forgotten when the emergency sets."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole
from muster.emergencies.actions import end
from muster.emergencies.models import Emergency
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError, RuleError
from muster.kernel.models import AuditEntry
from muster.messages.models import Message
from muster.needs.actions import StepFact, give_door_addresses, take_step, take_steps
from muster.needs.actions.askers import forget_askers, set_office_phone, show_contact
from muster.needs.actions.asking import DOOR_PAGE, Asked, Asking, ask_for_help
from muster.needs.actions.relaying import add_word, settle_for_asker
from muster.needs.kinds import CarrierKind, NeedKind, NeedState
from muster.needs.models import Asker, DoorAddress, Need, NeedPicture
from muster.needs.queries import CarrierName
from muster.needs.queries.askers import access_picture, find_picture, get_followed
from muster.needs.queries.doors import get_door
from muster.needs.rules import make_door_code, make_need_code, read_code, say_code
from muster.needs.rules.asking import clean_words, is_phone
from muster.needs.rules.doors import DOOR_SIGNS
from muster.needs.rules.pictures import redraw_picture
from tests.coverage.city import NOON, OFFICER, City, build_city, settle
from tests.coverage.test_concurrency import run_together

MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(db: None) -> City:
    """Give the small city, with a warden on one of its units."""
    built = build_city()
    _appoint(built)
    return built


def _appoint(city: City) -> None:
    appoint(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        area=city.area("C1-A-1-1"),
        person=settle("P1", "王秀兰", "C1-A-1-1"),
        role=AppointmentRole.WARDEN,
    )


def _ask(city: City, area: str = "C1-A-1-1", *, client_id: UUID | None = None, **said: Any) -> Asked:
    asking = Asking(client_id=client_id or uuid4(), **{"kind": NeedKind.MEDICINE, **said})
    return ask_for_help(actor=DOOR_PAGE, now=NOON, area=city.area(area), asking=asking)


def _is_open(need: Need) -> bool:
    return Gap.objects.filter(kind=GapKind.NEED_UNANSWERED, subject=need.code, closed_at=None).exists()


def _account(city: City, role: Role, area: str, **more: Any) -> User:
    return create_user(
        actor=OFFICER,
        now=NOON,
        username=f"{role}-{area}".lower(),
        password="mei-you-ren-luo-xia",
        display_name="x",
        role=role,
        area=city.area(area),
        **more,
    )


def _photograph() -> bytes:
    written, notes = io.BytesIO(), Image.Exif()
    notes[0x010F] = "SecretCamera"
    Image.new("RGB", (2000, 1000), "teal").save(written, "JPEG", exif=notes)
    return written.getvalue()


def test_an_address_is_read_whatever_way_somebody_types_it() -> None:
    code = make_door_code()
    assert read_code(f" {say_code(code)}-".replace(" ", "-")) == code
    assert set(code) <= set(DOOR_SIGNS)
    assert read_code(say_code(make_need_code())).isdigit()


@given(st.text(max_size=600))
def test_words_are_kept_plain_whatever_is_typed(typed: str) -> None:
    kept = clean_words(typed)
    assert clean_words(kept) == kept or "[…]" in kept or "<" in kept
    assert len(kept) <= 400
    assert kept.isprintable()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("看这里http://evil.example/a?b，谢谢", "看这里[…]，谢谢"),
        ("<b onclick=x>药</b>没了", "药 没了"),
        ("三天  的\n量\u202e", "三天 的 量"),
        ("水<30厘米", "水<30厘米"),
    ],
)
def test_links_and_markup_are_taken_out_of_words(typed: str, kept: str) -> None:
    assert clean_words(typed) == kept


@pytest.mark.parametrize(("text", "is_one"), [("0438-212 3456", True), ("12345 转 8", True), ("打给老王", False)])
def test_a_public_number_is_a_number(text: str, is_one: bool) -> None:
    assert is_phone(text) is is_one


def test_a_picture_keeps_what_is_seen_and_nothing_else() -> None:
    drawn = redraw_picture(_photograph())
    assert drawn is not None
    assert b"SecretCamera" not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (1280, 640)
    assert redraw_picture(b"no picture") is None
    assert redraw_picture(_photograph()[:900]) is None


def test_a_door_keeps_its_address(city: City) -> None:
    units = [city.area("C1-A-1-1"), city.area("C1-A-1-2")]
    first = give_door_addresses(units[:1])
    both = give_door_addresses(units)
    assert both[units[0].pk] == first[units[0].pk]
    assert len(set(both.values())) == 2


def test_a_door_tells_who_answers_for_it_and_whom_to_ring(city: City) -> None:
    set_office_phone(actor=OFFICER, now=NOON, area=city.area("C1"), phone="0438-212 3456")
    [code] = give_door_addresses([city.area("C1-A-1-1")]).values()
    door = get_door(say_code(code))
    assert (door.place, door.office.name) == ("明珠小区 1号楼 1单元", "松林社区")
    assert [(holder.name, holder.role) for holder in door.nearest] == [("王秀兰", AppointmentRole.WARDEN)]
    assert [line.phone for line in door.offices] == ["0438-212 3456"]
    with pytest.raises(NotFoundError):
        get_door("zzzz")


def test_a_door_without_anybody_of_its_own_names_who_answers_around_it(city: City) -> None:
    appoint(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        area=city.area("C1-A"),
        person=settle("P2", "李建国", "C1-A-1-2"),
        role=AppointmentRole.WARDEN,
    )
    door = get_door(give_door_addresses([city.area("C1-A-1-2")])[city.area("C1-A-1-2").pk])
    assert [holder.name for holder in door.nearest] == ["李建国"]
    assert not door.has_own_holder


def test_what_is_sent_twice_is_one_need_with_one_code(city: City) -> None:
    client_id = uuid4()
    first, again = (_ask(city, client_id=client_id, contact="13900001234") for _ in range(2))
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.need.code, Asker.objects.count()) == (again.need.code, 1)
    assert (len(first.need.code), first.need.code.isdigit()) == (8, True)


def test_an_id_of_another_door_opens_nothing(city: City) -> None:
    client_id = uuid4()
    _ask(city, client_id=client_id)
    with pytest.raises(RuleError, match="used before"):
        _ask(city, "C2-B", client_id=client_id)


@pytest.mark.parametrize("said", [{"kind": None}, {"kind": NeedKind.OTHER, "words": " … "}, {"kind": NeedKind.WORD}])
def test_nothing_is_raised_where_nothing_is_said(city: City, said: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="Nothing is said"):
        _ask(city, **said)
    assert not Need.objects.exists()


def test_nobody_asks_where_no_emergency_is(city: City) -> None:
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    with pytest.raises(RuleError, match="No emergency"):
        _ask(city)


def test_a_need_is_a_gap_until_somebody_takes_it_up_and_again_when_it_is_handed_back(city: City) -> None:
    need = _ask(city).need
    gap = Gap.objects.get(kind=GapKind.NEED_UNANSWERED)
    assert (gap.subject, gap.owner_area.code, gap.since_at) == (need.code, "C1", NOON)
    warden = CarrierName(CarrierKind.WARDEN, "")
    take_step(actor=OFFICER, now=NOON, need=need, state=NeedState.GIVEN, carrier=warden)
    assert _is_open(need)
    take_step(actor=OFFICER, now=NOON + MINUTE, need=need, state=NeedState.ACCEPTED)
    assert not _is_open(need)
    take_step(actor=OFFICER, now=NOON + 2 * MINUTE, need=need, state=NeedState.OPEN)
    assert _is_open(need)
    settle_for_asker(now=NOON + 3 * MINUTE, need=need, state=NeedState.WITHDRAWN)
    assert not _is_open(need)


def test_a_need_that_is_put_elsewhere_is_a_gap_there_with_its_age(city: City) -> None:
    need = _ask(city, "C1").need
    placed = StepFact(need.client_id, place="C2-B", client_id=uuid4(), at=NOON + MINUTE)
    take_steps(actor=OFFICER, now=NOON + MINUTE, facts=[placed])
    [gap] = Gap.objects.filter(kind=GapKind.NEED_UNANSWERED, closed_at=None).select_related("area", "owner_area")
    assert (gap.area.code, gap.owner_area.code, gap.since_at) == ("C2-B", "C2", NOON)


def test_the_warden_is_told_without_the_words_and_gets_a_word_that_is_meant_for_them(city: City) -> None:
    _ask(city, words="糖尿病，胰岛素没了", contact="13900001234")
    _ask(city, kind=NeedKind.WORD, words="楼道灯坏了")
    told = {message.wording: message for message in Message.objects.all()}
    assert {message.person.code for message in told.values() if message.person} == {"P1"}
    assert "胰岛素" not in str(told["need_asked"].words)
    assert told["need_word"].words["words"] == "楼道灯坏了"
    assert "1390000" not in str([message.words for message in told.values()])


def test_the_office_is_told_where_nobody_answers_for_a_door(city: City) -> None:
    _ask(city, "C2-B")
    message = Message.objects.get()
    assert message.area is not None
    assert message.area.code == "C2"


def test_an_asker_follows_every_step_and_what_is_written_for_them(city: City) -> None:
    need = _ask(city, words="降压药").need
    warden = CarrierName(CarrierKind.WARDEN, "")
    take_step(actor=OFFICER, now=NOON, need=need, state=NeedState.GIVEN, note="嫌远", carrier=warden)
    add_word(now=NOON + MINUTE, need=need, words="今天就断了")
    take_step(actor=OFFICER, now=NOON + 2 * MINUTE, need=need, state=NeedState.ANSWERED, note="放在门口了")
    followed = get_followed(city.area("C1-A-1-1"), say_code(need.code))
    assert [(step.state, step.note, step.is_asker) for step in followed.steps] == [
        ("given", "", False),
        ("", "今天就断了", True),
        ("answered", "放在门口了", False),
    ]
    assert followed.hands is not None
    assert followed.hands.name == "王秀兰"
    with pytest.raises(RuleError):
        settle_for_asker(now=NOON + 3 * MINUTE, need=need, state=NeedState.WITHDRAWN)


def test_a_code_opens_nothing_at_another_door(city: City) -> None:
    need = _ask(city, pictures=[_photograph()]).need
    with pytest.raises(NotFoundError):
        get_followed(city.area("C2-B"), need.code)
    number = NeedPicture.objects.get().pk
    assert find_picture(city.area("C1-A-1-1"), need.code, number)
    assert find_picture(city.area("C2-B"), need.code, number) is None


def test_a_picture_that_cannot_be_opened_keeps_no_need_from_being_raised(city: City) -> None:
    asked = _ask(city, pictures=[b"broken", _photograph()])
    assert (asked.pictures_lost, NeedPicture.objects.count()) == (1, 1)


def test_only_who_carries_a_need_sees_how_its_asker_is_reached_and_who_looked_is_written_down(city: City) -> None:
    need = _ask(city, contact="13900001234", pictures=[_photograph()]).need
    warden = _account(city, Role.WARDEN, "C1-A-1-1", person=settle("P3", "赵桂英"))
    worker, stranger = _account(city, Role.COMMUNITY_WORKER, "C1"), _account(city, Role.COMMUNITY_WORKER, "C2")
    with pytest.raises(NotAllowedError):
        show_contact(actor=worker, now=NOON, need=need)
    take_step(actor=worker, now=NOON, need=need, state=NeedState.ACCEPTED)
    assert show_contact(actor=worker, now=NOON, need=need) == "13900001234"
    for other in (warden, stranger):
        with pytest.raises(NotAllowedError):
            show_contact(actor=other, now=NOON, need=need)
    assert AuditEntry.objects.get(verb="phone_shown").subject_id == need.code
    number = NeedPicture.objects.get().pk
    assert access_picture(worker, number)
    with pytest.raises(NotFoundError):
        access_picture(stranger, number)


def test_the_contact_is_not_readable_in_the_database(city: City) -> None:
    from django.db import connection  # noqa: PLC0415

    _ask(city, contact="13900001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM needs_asker")
        assert "1390000" not in cursor.fetchone()[0]


@pytest.mark.parametrize(("sunset_on", "days"), [(date(2020, 3, 1), 20), (None, 31)])
def test_askers_are_forgotten_at_the_sunset_and_not_before(city: City, sunset_on: date | None, days: int) -> None:
    _ask(city, contact="13900001234", pictures=[_photograph()])
    Emergency.objects.update(sunset_on=sunset_on)
    assert forget_askers(now=NOON + timedelta(days=90)) == 0
    end(actor=OFFICER, now=NOON, emergency=city.emergency)
    assert forget_askers(now=NOON + timedelta(days=days - 3)) == 0
    assert forget_askers(now=NOON + timedelta(days=days)) == 1
    assert forget_askers(now=NOON + timedelta(days=days)) == 0
    assert (Asker.objects.count(), NeedPicture.objects.count(), Need.objects.count()) == (0, 0, 1)
    assert AuditEntry.objects.get(verb="forgotten").detail == {"askers": 1}


def test_no_office_is_given_words_for_a_number(city: City) -> None:
    with pytest.raises(MusterError, match="no telephone"):
        set_office_phone(actor=OFFICER, now=NOON, area=city.area("C1"), phone="ring me")
    with pytest.raises(NotAllowedError):
        set_office_phone(actor=_account(city, Role.WARDEN, "C1"), now=NOON, area=city.area("C1"), phone="1")


@pytest.mark.django_db(transaction=True)
def test_of_two_taps_at_the_same_moment_one_raises_the_need() -> None:
    city, client_id = build_city(), uuid4()
    asked = run_together(*[lambda: _ask(city, client_id=client_id)] * 3)
    results = [one for one in asked if isinstance(one, Asked)]
    assert len(results) == 3
    assert sum(one.is_new for one in results) == 1
    assert (Need.objects.count(), Asker.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_a_door_its_address_at_the_same_moment_both_tell_the_same() -> None:
    unit = build_city().area("C1-A-1-1")
    first, second = run_together(*[lambda: give_door_addresses([unit])] * 2)
    assert first == second
    assert DoorAddress.objects.count() == 1
