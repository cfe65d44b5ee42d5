"""Wang Xiulan, who stands in the list twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from muster.duty.actions import ensure_shifts
from muster.duty.actions.posts import PostSpec, write_posts
from muster.duty.models import Shift
from muster.membership.actions import join
from muster.organizations.models import Organization
from muster.people.models import Absence, Person
from muster.people.rules import blind_index
from tests.coverage.city import NOON, OFFICER, City, build_city, settle

TODAY = date(2020, 2, 10)


@dataclass(frozen=True)
class Twice:
    """The city, the two records of Wang Xiulan, her organization, and the shifts at the east gate."""

    city: City
    wang: Person
    again: Person
    archive: Organization
    shifts: list[Shift]


def build_twice() -> Twice:
    city = build_city()
    phone = {"phone": "+8613800000001", "phone_index": blind_index("+8613800000001")}
    wang = settle("P1", "王秀兰", "C1-A-1-1", abilities=["driver"], restrictions=["nights"], max_appointments=2)
    again = settle("P9", "王秀兰", "C1-A-1-1", "C1", abilities=["medical"], max_appointments=1, **phone)
    archive = Organization.objects.create(code="O1", name="市档案馆", kind="agency", seat_area=city.area("C1"))
    join(actor=OFFICER, now=NOON - timedelta(days=9), person=again, organization=archive)
    join(actor=OFFICER, now=NOON, person=wang, organization=archive)
    Absence.objects.create(person=again, starts_on=TODAY, ends_on=TODAY + timedelta(days=2), reason="away")
    gate = PostSpec("C1-EAST", "东门卡口", "gate", area="C1", pool="C1", demand={"morning": 2, "evening": 2})
    write_posts(actor=OFFICER, now=NOON, specs=[gate])
    ensure_shifts(
        actor=OFFICER,
        now=NOON,
        emergency=city.emergency,
        area=city.area("2207"),
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=7),
    )
    return Twice(city, wang, again, archive, list(Shift.objects.order_by("starts_at")))


@pytest.fixture
def twice(db: None) -> Twice:
    return build_twice()
