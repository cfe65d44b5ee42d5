"""Search finds codes by their beginning, names and pinyin by any part, and never what is out of sight."""

from __future__ import annotations

import pytest

from muster.kernel.search import search_rows
from muster.people.models import Person
from muster.people.queries import list_people
from muster.territory.models import Area
from muster.territory.queries import search_areas
from tests.coverage.city import City, build_city, settle


@pytest.fixture
def city(db: None) -> City:
    return build_city()


@pytest.fixture
def people(city: City) -> list[Person]:
    rows = [("WX-1", "王秀兰", "wangxiulan wxl"), ("wx-2", "李建国", "lijianguo ljg"), ("T1", "Tom Lee", "tom lee")]
    for code, name, pinyin in rows:
        person = settle(code, name, "C1-A-1")
        Person.objects.filter(pk=person.pk).update(pinyin=pinyin)
    return list(Person.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("秀", ["王秀兰"]),
        ("xiulan", ["王秀兰"]),
        ("wang xiu", ["王秀兰"]),
        ("WXL", ["王秀兰"]),
        ("tom lee", ["Tom Lee"]),
        ("t1", ["Tom Lee"]),
        ("wx-2", ["李建国"]),
        ("%", []),
        ("  ", []),
    ],
)
def test_a_person_is_found_by_what_one_would_type(people: list[Person], typed: str, names: list[str]) -> None:
    assert [person.name for person in search_rows(list_people(), typed, limit=9)] == names


def test_codes_come_first_and_nobody_twice(people: list[Person]) -> None:
    found = search_rows(list_people(), "wx", limit=9)
    assert [person.code for person in found] == ["WX-1", "wx-2"]
    assert search_rows(list_people(), "wx", limit=1) == found[:1]


def test_an_area_is_found_from_the_top_down_and_only_within_reach(city: City) -> None:
    Area.objects.filter(code="C1-A").update(name="江畔小区")
    found = search_areas("江畔", within=[city.area("2207")])
    assert [area.level.slug for area in found] == ["community", "compound"]
    assert search_areas("江畔", within=[city.area("C1-A")]) == [city.area("C1-A")]
    assert search_areas("江畔", within=[city.area("C1-A-1")]) == []
