"""Moving a duty to another person, day or post: where it may go, and that it goes nowhere unseen."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from muster.duty.actions import assign, move_duty
from muster.duty.kinds import DutyState, RestRule, Unfit
from muster.duty.models import Duty
from muster.duty.queries import RosterSpan, find_hindrances, list_open_shifts
from muster.duty.queries.outline import find_carriers, list_person_rows, list_pool, list_post_rows, read_outline
from muster.kernel.errors import RuleError
from muster.kernel.models import AuditEntry
from muster.people.models import Absence, Person
from tests.duty.cast import EIGHT, MONDAY, OFFICER, Town, add_person, add_post, at_once, build_town, find_shift, lay_out
from tests.duty.cast import place as put

BEFORE = EIGHT - timedelta(days=1)
LATER = EIGHT + timedelta(minutes=5)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def _span(town: Town, days: int = 7) -> RosterSpan:
    return RosterSpan(town.emergency, town.township, MONDAY, MONDAY + timedelta(days=days))


def _standing(person: Person) -> list[date]:
    duties = person.duties.filter(state=DutyState.PLANNED).order_by("starts_at")
    return [duty.starts_at.date() for duty in duties]


def test_a_duty_moves_to_another_person_and_back_again(town: Town) -> None:
    gate = add_post(town)
    lay_out(town)
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    shift = find_shift(gate, 2)
    duty = put(shift, bai)
    moved = move_duty(actor=OFFICER, now=LATER, duty=duty, person=chen, shift=shift, seen_at=EIGHT)
    assert (moved.person, Duty.objects.get(pk=duty.pk).state) == (chen, DutyState.CANCELLED)
    back = move_duty(actor=OFFICER, now=LATER, duty=moved, person=bai, shift=shift, seen_at=LATER)
    assert (back.person, len(_standing(chen))) == (bai, 0)
    acts = AuditEntry.objects.filter(verb="duty_changed", subject_kind="duty").values_list("detail__act", flat=True)
    assert sorted(acts) == ["assigned", "assigned", "cancelled", "cancelled"]


def test_a_duty_moves_to_another_day_beside_the_persons_others(town: Town) -> None:
    gate = add_post(town, morning=1, evening=1)
    lay_out(town)
    bai = add_person(town, "Bai")
    duty = put(find_shift(gate, 2, "morning"), bai)
    target = find_shift(gate, 2, "evening")
    assert find_hindrances(duty, [target], [bai.pk]) == {}
    moved = move_duty(actor=OFFICER, now=LATER, duty=duty, person=bai, shift=target, seen_at=EIGHT)
    assert moved.shift == target


def test_a_move_against_the_rest_leaves_everything_as_it_was(town: Town) -> None:
    gate = add_post(town, morning=1, evening=1)
    lay_out(town)
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    duty, night_before = put(find_shift(gate, 2, "morning"), bai), put(find_shift(gate, 1, "evening"), chen)
    with pytest.raises(RuleError, match="needs the rest"):
        move_duty(actor=OFFICER, now=LATER, duty=duty, person=chen, shift=duty.shift, seen_at=EIGHT)
    assert set(Duty.objects.filter(state=DutyState.PLANNED)) == {duty, night_before}


def test_a_move_is_refused_once_somebody_else_has_changed_the_roster(town: Town) -> None:
    gate = add_post(town)
    lay_out(town)
    bai, chen = add_person(town, "Bai"), add_person(town, "Chen")
    duty = put(find_shift(gate, 2), bai)
    assign(actor=OFFICER, now=LATER, shift=find_shift(gate, 5), person=chen)
    with pytest.raises(RuleError, match="changed meanwhile"):
        move_duty(actor=OFFICER, now=LATER, duty=duty, person=chen, shift=duty.shift, seen_at=EIGHT)


def test_a_duty_is_not_moved_to_where_it_is(town: Town) -> None:
    gate = add_post(town)
    lay_out(town)
    bai = add_person(town, "Bai")
    duty = put(find_shift(gate, 2), bai)
    with pytest.raises(RuleError, match="there already"):
        move_duty(actor=OFFICER, now=LATER, duty=duty, person=bai, shift=duty.shift, seen_at=EIGHT)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_duty_at_once_one_is_told_to_look_again() -> None:
    town = build_town()
    gate = add_post(town)
    lay_out(town)
    bai, chen, deng = (add_person(town, name) for name in ("Bai", "Chen", "Deng"))
    duty = put(find_shift(gate, 2), bai)
    move = partial(move_duty, actor=OFFICER, now=LATER, shift=duty.shift, seen_at=EIGHT)
    done = at_once(
        lambda: move(duty=Duty.objects.select_related("shift__emergency").get(pk=duty.pk), person=chen),
        lambda: move(duty=Duty.objects.select_related("shift__emergency").get(pk=duty.pk), person=deng),
    )
    assert sorted(type(each).__name__ for each in done) == ["Duty", "RuleError"]
    assert Duty.objects.filter(state=DutyState.PLANNED).count() == 1


def test_what_keeps_people_from_a_duty_is_found_for_all_of_them_at_once(town: Town) -> None:
    gate = add_post(town, morning=2, evening=1)
    lay_out(town)
    bai, chen, deng, fan, gao = (add_person(town, name) for name in ("Bai", "Chen", "Deng", "Fan", "Gao"))
    shift = find_shift(gate, 2)
    duty = put(shift, bai)
    put(shift, chen)
    put(find_shift(gate, 1, "evening"), deng)
    Absence.objects.create(person=fan, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=5), reason="leave")
    found = find_hindrances(duty, [shift], [bai.pk, chen.pk, deng.pk, fan.pk, gao.pk])
    told = {pair.person: (one.unfit, one.broken.rule if one.broken else None) for pair, one in found.items()}
    assert told == {
        chen.pk: (None, None),
        deng.pk: (None, RestRule.REST),
        fan.pk: (Unfit.ABSENT, None),
    }


def test_each_day_is_judged_by_itself_for_a_person_who_could_move_to_several(town: Town) -> None:
    gate = add_post(town, morning=1, evening=1)
    lay_out(town)
    bai = add_person(town, "Bai")
    duty = put(find_shift(gate, 0), bai)
    put(find_shift(gate, 3, "evening"), bai)
    shifts = [find_shift(gate, day) for day in range(1, 7)]
    refused = {pair.shift for pair in find_hindrances(duty, shifts, [bai.pk])}
    assert refused == {find_shift(gate, 4).pk, find_shift(gate, 3).pk}


def test_the_open_shifts_of_a_roster_are_those_that_lack_people(town: Town) -> None:
    gate, yard = add_post(town, morning=1), add_post(town, "yard", evening=1)
    lay_out(town)
    put(find_shift(gate, 1), add_person(town, "Bai"))
    assert list_open_shifts(_span(town, 3), BEFORE, like=find_shift(gate, 0)) == [
        find_shift(gate, 0),
        find_shift(gate, 2),
    ]
    assert len(list_open_shifts(_span(town, 3), BEFORE)) == 5
    assert find_shift(yard, 0, "evening") in list_open_shifts(_span(town, 3), BEFORE)


def test_an_outline_names_the_rows_that_its_windows_then_read(town: Town) -> None:
    gate = add_post(town, morning=2, night=1)
    lay_out(town)
    bai, chen, deng = add_person(town, "Bai"), add_person(town, "Chen"), add_person(town, "Deng")
    for day in (0, 2):
        put(find_shift(gate, day), bai)
    put(find_shift(gate, 1, "night"), chen)
    span = _span(town, 3)
    outline = read_outline(span)
    assert (outline.people, outline.missing, outline.places, outline.places_unfilled) == (
        [bai.pk, chen.pk],
        [2, 2, 2],
        9,
        6,
    )
    assert outline.lines == [2, 1]
    (row,) = list_person_rows(span, [bai.pk, deng.pk], among=Person.objects.none())
    assert (row.number, len(row.cells), row.minutes) == (bai.pk, 2, 960)
    (night,) = list_post_rows(span, outline.posts[1:])
    assert [duty.person_name for cell in night.cells.values() for duty in cell.duties] == ["Chen"]


def test_an_outline_is_narrowed_by_name_by_pool_by_load_and_by_what_is_lacking(town: Town) -> None:
    gate = add_post(town, morning=1, night=1)
    lay_out(town)
    bai, chen = add_person(town, "Bai", pinyin="bai b"), add_person(town, "Chen", pinyin="chen c")
    put(find_shift(gate, 0), bai)
    span = _span(town, 1)
    assert read_outline(span, text="ba").people == [bai.pk]
    assert read_outline(span, pool=list_pool(span), is_by_name=True).people == [bai.pk, chen.pk]
    assert read_outline(span, among=find_carriers(span, "nights", 1)).people == []
    assert read_outline(span, among=find_carriers(span, "hours", 8)).people == [bai.pk]
    assert len(read_outline(span, lacking_on=[MONDAY]).posts) == 1
