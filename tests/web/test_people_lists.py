"""The lists of people and organizations on the desk, filters that save, files, and who may see what."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from muster.coverage.kinds import AppointmentRole
from muster.duty.actions import assign
from muster.duty.models import Shift
from muster.kernel.models import AuditEntry
from muster.membership.actions import join
from muster.organizations.models import Organization
from muster.people.actions import note_absence
from muster.people.models import Person
from muster.people.rules import blind_index
from muster.situation.lists import people as people_lists
from muster.situation.lists.kinds import PeopleSort
from muster.situation.lists.people_found import PeopleFilter
from muster.situation.models import SavedFilter
from tests.coverage.city import NOON
from tests.web.cast import ADMINISTRATOR, Cast
from tests.web.conftest import SignIn

PEOPLE = "/areas/2207/people"


def _names(client: Client, address: str) -> list[str]:
    return [line.person.name for line in client.get(address).context["page"].lines]


@pytest.fixture
def facts(cast: Cast) -> None:
    """Give the cast something to be told apart by."""
    people = cast.people
    Person.objects.filter(code="P2").update(abilities=["driver", "medical"])
    Person.objects.filter(code="P3").update(phone_index=blind_index("+8613800000003"))
    for code, person in people.items():
        Person.objects.filter(code=code).update(pinyin=f"{code.lower()} {person.name}")
    join(actor=ADMINISTRATOR, now=NOON, person=people["P4"], organization=Organization.objects.get(code="O1"))
    today = NOON.date()
    note_absence(actor=ADMINISTRATOR, now=NOON, person=people["P5"], starts_on=today, ends_on=today + timedelta(days=2))
    shift = Shift.objects.filter(starts_at__lte=NOON + timedelta(hours=2)).order_by("starts_at").first()
    if shift is not None and shift.ends_at > NOON:
        assign(actor=ADMINISTRATOR, now=NOON, shift=shift, person=people["P6"])


FILTERS = {
    "": {"P1", "P2", "P3", "P4", "P5", "P6"},
    "q=王秀": {"P1"},
    "q=P3": {"P3"},
    "role=warden": {"P1"},
    "role=none": {"P2", "P3", "P4", "P5", "P6"},
    "can=driver": {"P2"},
    "can=drive": set(),
    "free=away": {"P5"},
    "free=free": {"P1", "P2", "P3", "P4", "P6"},
    "phone=yes": {"P3"},
    "organization=O1": {"P4"},
    "organization=NOWHERE": set(),
    "place=home&q=吴": {"P6"},
    "role=warden&can=driver": set(),
}


def test_a_filter_leaves_whom_it_names(officer: Client, facts: None) -> None:
    for query, codes in FILTERS.items():
        page = officer.get(f"{PEOPLE}?{query}").context["page"]
        assert {line.person.code for line in page.lines} == codes, query
        assert page.total.count == len(codes), query


def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    officer: Client, facts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_lists, "ROWS", 2)
    for sort in PeopleSort.values:
        seen: list[str] = []
        address = f"{PEOPLE}?sort={sort}"
        while address:
            page = officer.get(address).context["page"]
            seen += [line.person.code for line in page.lines]
            address = f"{PEOPLE}?sort={sort}&after={page.next_code}" if page.next_code else ""
        assert sorted(seen) == ["P1", "P2", "P3", "P4", "P5", "P6"], sort


def test_wardens_come_first_where_people_are_sorted_by_role(officer: Client, facts: None) -> None:
    assert _names(officer, f"{PEOPLE}?sort=role")[0] == "王秀兰"


def test_a_walked_list_says_the_same_as_a_sorted_one(cast: Cast, facts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    area = cast.city.area("2207")
    few = people_lists.read_people(PeopleFilter(), area, cast.city.emergency, NOON)
    monkeypatch.setattr("muster.situation.lists.people_found.FEW", 0)
    monkeypatch.setattr("muster.situation.lists.people_found.COUNTED", 0)
    walked = people_lists.read_people(PeopleFilter(), area, cast.city.emergency, NOON)
    assert [line.person for line in few.lines] == [line.person for line in walked.lines]
    assert people_lists.read_people(PeopleFilter(text="p"), area, None, NOON).total.is_exact is False


def test_an_address_with_empty_fields_leads_to_the_one_that_says_only_what_is_asked(officer: Client) -> None:
    answer = officer.get(f"{PEOPLE}?q=&role=warden&sort=")
    assert (answer.status_code, answer["Location"]) == (302, f"{PEOPLE}?role=warden")


def test_a_filter_is_saved_renamed_and_deleted_and_only_its_owner_sees_it(
    officer: Client, sign_in: SignIn, cast: Cast
) -> None:
    save = reverse("save_filter", args=["2207"])
    officer.post(save, {"list": "people", "name": " 会开车的 ", "can": "driver", "csrfmiddlewaretoken": "x"})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == ("会开车的", "can=driver")
    assert "会开车的" in officer.get(PEOPLE).content.decode()
    assert "会开车的" not in sign_in("worker").get("/areas/C2/people").content.decode()
    change = [saved.pk]
    assert sign_in("worker").post(reverse("delete_filter", args=["C2", *change]), {}).status_code == 404
    officer.post(reverse("rename_filter", args=["2207", *change]), {"list": "people", "name": "司机"})
    assert SavedFilter.objects.get().name == "司机"
    officer.post(reverse("delete_filter", args=["2207", *change]), {"list": "people"})
    assert not SavedFilter.objects.exists()


def test_two_filters_do_not_share_a_name_and_none_goes_without(officer: Client) -> None:
    save = reverse("save_filter", args=["2207"])
    officer.post(save, {"list": "people", "name": "甲", "q": "王"})
    officer.post(save, {"list": "people", "name": "乙", "q": "李"})
    second = SavedFilter.objects.get(name="乙")
    page = officer.post(reverse("rename_filter", args=["2207", second.pk]), {"name": "甲"}, follow=True)
    assert "已有名为“甲”的筛选" in page.content.decode()
    page = officer.post(save, {"list": "people", "name": " "}, follow=True)
    assert "请给筛选起个名字" in page.content.decode()
    officer.post(save, {"list": "people", "name": "甲", "q": "赵"})
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_what_is_filtered_is_taken_along_and_written_down(officer: Client, facts: None, file_format: str) -> None:
    answer = officer.post(f"{PEOPLE}/export", {"format": file_format, "can": "driver"})
    content = answer.getvalue()
    assert answer["Content-Disposition"] == f'attachment; filename="people-2207.{file_format}"'
    if file_format == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == ["P2"]
        assert "phone" not in rows[0]
    entry = AuditEntry.objects.get(verb="exported")
    assert (entry.subject_kind, entry.subject_id, entry.detail["filter"]) == ("people", "2207", "can=driver")


def test_organizations_are_listed_with_what_they_answer_for(officer: Client, facts: None) -> None:
    page = officer.get("/areas/2207/organizations").context["page"]
    line = page.lines[0]
    assert (line.organization.code, line.members, [each.area.code for each in line.pairings]) == ("O1", 1, ["C2"])
    for query, count in (("kind=agency", 1), ("kind=school", 0), ("paired=yes", 1), ("paired=no", 0), ("q=档案", 1)):
        assert officer.get(f"/areas/2207/organizations?{query}").context["page"].total.count == count, query
    answer = officer.post("/areas/2207/organizations/export", {"format": "csv", "paired": "yes"})
    assert b"O1" in answer.getvalue()


def test_whoever_may_not_see_people_sees_no_list_of_them_and_takes_none(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    answer = auditor.get(PEOPLE)
    assert answer.status_code == 403
    assert "王秀兰" not in answer.content.decode()
    assert auditor.post(f"{PEOPLE}/export", {"format": "csv"}).status_code == 403
    assert auditor.get("/areas/2207/organizations").status_code == 200


def test_a_number_is_shown_to_whoever_may_call_and_that_they_looked_is_kept(
    officer: Client, sign_in: SignIn, cast: Cast
) -> None:
    person = cast.people["P1"]
    person.phone, person.phone_index = "+8613800000001", blind_index("+8613800000001")
    person.save()
    assert "13800000001" not in officer.get("/people/P1").content.decode()
    answer = officer.post("/people/P1/phone")
    assert "13800000001" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert AuditEntry.objects.get(verb="phone_shown").subject_id == "P1"
    assert officer.get("/people/P1/phone").status_code == 405
    Person.objects.filter(code="P1").update(home_area=cast.city.area("C2-B"), work_area=None)
    assert sign_in("worker").post("/people/P1/phone").status_code == 403


def test_the_page_of_a_person_says_what_is_kept_and_why(officer: Client, facts: None) -> None:
    page = officer.get("/people/P1")
    assert {fact.name for fact in page.context["facts"]} >= {"name", "phone", "restrictions", "consented_at"}
    assert all(fact.why for fact in page.context["facts"])
    kinds = [event.kind for event in page.context["view"].history]
    assert kinds == ["appointed"]
    assert [event.row.role for event in page.context["view"].history] == [AppointmentRole.WARDEN]
