"""Whoever lives or works in an area is counted once, however the count is made."""

from __future__ import annotations

import pytest

from muster.people.models import Person
from muster.people.queries import FEW_AREAS, count_people, living_or_working
from muster.territory.models import Area
from tests.coverage.city import City, build_city, settle


@pytest.fixture
def city(db: None) -> City:
    built = build_city()
    settle("P1", "王秀兰", "C1-A-1-1")
    both = settle("P2", "李建国", "C1-A-1")
    Person.objects.filter(pk=both.pk).update(work_area=built.area("C2"))
    nowhere = settle("P3", "赵敏", "C2")
    Person.objects.filter(pk=nowhere.pk).update(home_area=None)
    return built


@pytest.mark.parametrize(("code", "expected"), [("2207", 2), ("C1-A", 2), ("C1-A-1-1", 1), ("C2", 1)])
def test_a_person_is_counted_once_where_they_live_or_work(city: City, code: str, expected: int) -> None:
    assert count_people(city.area(code)) == living_or_working(city.area(code)).count() == expected


def test_many_areas_outside_change_no_count(city: City) -> None:
    level = city.area("2207").level
    far = [Area(code=f"F{k}", name="远", level=level, path=f"zz{k:05d}") for k in range(FEW_AREAS + 1)]
    Area.objects.bulk_create(far)
    Person.objects.filter(code="P3").update(home_area=Area.objects.get(code="F0"))
    assert count_people(city.area("2207")) == 2
    assert count_people(Area.objects.get(code="F0")) == 1
