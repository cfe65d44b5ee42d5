"""Two records of one person become one, and are parted again exactly as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.coverage.actions import appoint, end_appointment
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.duplicates.actions import KEPT_DAYS, forget_old, keep_apart, merge_people, undo_merge
from muster.duplicates.kinds import Likeness, RecordKind
from muster.duplicates.models import Merge
from muster.duplicates.queries import compare_people, list_people_pairs
from muster.duty.models import Duty, Shift
from muster.kernel.errors import NotAllowedError, NotFoundError, RuleError
from muster.kernel.models import AuditEntry
from muster.membership.models import Membership
from muster.people.actions import write_people
from muster.people.models import Person
from muster.people.queries import get_person
from tests.coverage.city import NOON, OFFICER, settle
from tests.duplicates.conftest import Twice

OWN = {"duplicates.Merge", "kernel.AuditEntry"}


def _read_everything() -> dict[str, list[dict[str, Any]]]:
    """Read every row of every room, but the merges and the trail of what was done."""
    rooms = [app for app in apps.get_app_configs() if app.name.startswith("muster.")]
    models = [model for app in rooms for model in app.get_models() if model._meta.label not in OWN]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def _serve(twice: Twice, person: Person, code: str, role: AppointmentRole = AppointmentRole.WARDEN) -> Appointment:
    city = twice.city
    return appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(code), person=person, role=role)


def _place(shift: Shift, person: Person) -> Duty:
    return Duty.objects.create(
        shift=shift, person=person, starts_at=shift.starts_at, ends_at=shift.ends_at, changed_at=NOON
    )


def _merge(twice: Twice, **choices: str) -> Merge:
    return merge_people(actor=OFFICER, now=NOON, kept=twice.wang, other=twice.again, choices=choices)


def _open_account(username: str, person: Person, twice: Twice) -> User:
    return create_user(
        actor=OFFICER,
        now=NOON,
        username=username,
        password="mei-you-ren-luo-xia",
        display_name=username,
        role=Role.WARDEN,
        area=twice.city.area("C1"),
        person=person,
    )


def test_everything_of_the_other_record_comes_over_and_nothing_is_lost(twice: Twice) -> None:
    _serve(twice, twice.wang, "C1-A-1-1")
    _place(twice.shifts[0], twice.again)
    account = _open_account("wang", twice.again, twice)
    _merge(twice, phone="other")
    wang = get_person("P1")
    account.refresh_from_db()
    assert not Person.objects.filter(code="P9").exists()
    assert (wang.phone, wang.abilities, wang.restrictions) == ("+8613800000001", ["driver", "medical"], ["nights"])
    assert wang.work_area == twice.city.area("C1")
    assert (wang.duties.count(), wang.absences.count(), account.person) == (1, 1, wang)


def test_a_membership_that_both_have_becomes_one_that_began_when_the_earlier_did(twice: Twice) -> None:
    _merge(twice)
    membership = Membership.objects.get()
    assert (membership.person.code, membership.since_on.isoformat()) == ("P1", "2020-02-01")


def test_undoing_it_puts_every_row_of_every_room_back_as_it_was(twice: Twice) -> None:
    twice.again.absences.update(starts_on="2020-01-01", ends_on="2020-01-05")
    _serve(twice, twice.wang, "C1-A-1-1")
    _serve(twice, twice.again, "C1-A-1-2", AppointmentRole.DEPUTY)
    _place(twice.shifts[0], twice.again)
    _open_account("wang", twice.again, twice)
    _open_account("wang2", twice.wang, twice)
    before = _read_everything()
    merge = _merge(twice, name="other", phone="other", abilities="other")
    assert _read_everything() != before
    undo_merge(actor=OFFICER, now=NOON, merge=merge)
    assert _read_everything() == before
    with pytest.raises(RuleError, match="no longer"):
        undo_merge(actor=OFFICER, now=NOON, merge=merge)


def test_of_two_accounts_the_one_of_the_other_record_stays_an_account_of_nobody(twice: Twice) -> None:
    own, others = _open_account("wang", twice.wang, twice), _open_account("wang2", twice.again, twice)
    _merge(twice)
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.person, others.person, others.is_active) == (twice.wang, None, True)


def test_two_who_serve_on_one_area_are_not_one_person(twice: Twice) -> None:
    twice.again.absences.all().delete()
    _serve(twice, twice.wang, "C1-A-1-1")
    _serve(twice, twice.again, "C1-A-1-1", AppointmentRole.DEPUTY)
    with pytest.raises(RuleError, match="Both serve on 1单元"):
        _merge(twice)
    assert Person.objects.filter(code__in=["P1", "P9"]).count() == 2


def test_one_person_does_not_answer_for_more_areas_than_allowed(twice: Twice) -> None:
    twice.again.absences.all().delete()
    _serve(twice, twice.wang, "C1-A-1-1")
    _serve(twice, twice.again, "C1-A-1-2")
    with pytest.raises(RuleError, match="2 areas, and 1 are the most"):
        _merge(twice, max_appointments="other")
    _merge(twice)


def test_nobody_stands_at_two_posts_at_once(twice: Twice) -> None:
    _place(twice.shifts[0], twice.wang)
    other = Shift.objects.get(pk=twice.shifts[0].pk)
    other.pk, other.starts_at = None, other.starts_at + timedelta(hours=1)
    other.save()
    _place(other, twice.again)
    with pytest.raises(RuleError, match="Both are on duty at 东门卡口"):
        _merge(twice)


def test_two_on_one_shift_are_two_people(twice: Twice) -> None:
    _place(twice.shifts[0], twice.wang)
    _place(twice.shifts[0], twice.again)
    with pytest.raises(RuleError, match="Both are on duty"):
        _merge(twice)


def test_a_rest_that_would_be_broken_in_days_to_come_keeps_them_apart(twice: Twice) -> None:
    tomorrow = [shift for shift in twice.shifts if shift.starts_at > NOON + timedelta(hours=12)]
    _place(tomorrow[0], twice.wang)
    _place(tomorrow[1], twice.again)
    found = compare_people(twice.wang, twice.again, {}, NOON).hindrances
    assert "lack rest" in found[0].what
    with pytest.raises(RuleError, match="lack rest"):
        _merge(twice)


def test_the_code_of_before_leads_to_the_record_that_stayed(twice: Twice) -> None:
    _merge(twice)
    assert get_person("P9") == twice.wang
    written = write_people([{"code": "P9", "name": "王秀蓝"}], actor=OFFICER, now=NOON)
    assert (written.ids["P9"], written.created, written.updated) == (twice.wang.pk, set(), set())
    assert get_person("P9").name == "王秀兰"


def test_it_is_not_undone_once_the_record_was_changed_again(twice: Twice) -> None:
    merge = _merge(twice, phone="other")
    write_people([{"code": "P1", "phone": "+8613800000002"}], actor=OFFICER, now=NOON)
    with pytest.raises(RuleError, match="changed again"):
        undo_merge(actor=OFFICER, now=NOON, merge=merge)


def test_whoever_does_not_reach_the_record_that_went_does_not_bring_it_back(twice: Twice) -> None:
    Person.objects.filter(pk=twice.again.pk).update(home_area=twice.city.area("C2-B"), work_area=None)
    merge = _merge(twice)
    local = create_user(
        actor=OFFICER,
        now=NOON,
        username="local",
        password="mei-you-ren-luo-xia",
        display_name="社区值班员",
        role=Role.DUTY_OFFICER,
        area=twice.city.area("C1"),
    )
    with pytest.raises(NotAllowedError):
        undo_merge(actor=local, now=NOON, merge=merge)
    undo_merge(actor=OFFICER, now=NOON, merge=merge)


def test_what_came_over_and_ended_since_goes_back_ended(twice: Twice) -> None:
    twice.again.absences.all().delete()
    appointment = _serve(twice, twice.again, "C1-A-1-2")
    merge = _merge(twice)
    appointment.refresh_from_db()
    end_appointment(actor=OFFICER, now=NOON, appointment=appointment, reason="rest")
    undo_merge(actor=OFFICER, now=NOON, merge=merge)
    appointment.refresh_from_db()
    assert (appointment.person.code, appointment.end_reason) == ("P9", "rest")


def test_after_a_month_it_is_no_longer_known_what_a_merge_changed(twice: Twice) -> None:
    merge = _merge(twice)
    forget_old(NOON + timedelta(days=KEPT_DAYS + 1))
    with pytest.raises(RuleError, match="no longer"):
        undo_merge(actor=OFFICER, now=NOON, merge=merge)


def test_both_records_have_it_in_their_trail(twice: Twice) -> None:
    _merge(twice)
    entries = AuditEntry.objects.filter(verb="merged", subject_kind="person").values_list("subject_id", flat=True)
    assert sorted(entries) == ["P1", "P9"]
    assert not AuditEntry.objects.filter(detail__icontains="138000").exists()


def test_a_record_is_not_merged_with_itself_or_with_one_that_is_gone(twice: Twice) -> None:
    with pytest.raises(RuleError, match="one record already"):
        merge_people(actor=OFFICER, now=NOON, kept=twice.wang, other=twice.wang)
    _merge(twice)
    with pytest.raises(RuleError, match="no longer there"):
        _merge(twice)
    with pytest.raises(NotFoundError, match="another code"):
        _serve(twice, twice.again, "C1-A-1-2")


def test_pairs_are_found_with_their_reasons_until_somebody_keeps_them_apart(twice: Twice) -> None:
    settle("P7", "王秀岚", "C1-A-1-1", pinyin="wangxiulan wxl")
    Person.objects.filter(name="王秀兰").update(pinyin="wangxiulan wxl", phone_index="a" * 64)
    area = twice.city.area("C1")
    pairs = {(pair.first.code, pair.second.code): pair.likenesses for pair in list_people_pairs(OFFICER, area)}
    assert pairs["P1", "P9"] == (Likeness.PHONE, Likeness.NAME_AND_HOME, Likeness.NAME_AND_ORGANIZATION)
    assert len(pairs) == 3
    keep_apart(actor=OFFICER, now=NOON, kind=RecordKind.PERSON, codes=["P9", "P1"])
    assert ("P1", "P9") not in {(pair.first.code, pair.second.code) for pair in list_people_pairs(OFFICER, area)}
    assert not list_people_pairs(OFFICER, twice.city.area("C2"))
