"""The national tree as set-up lays it beside the package: built from its lists, searched, a city taken from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.kernel.errors import NotFoundError
from muster.territory import national
from muster.territory.national import (
    count_national,
    get_division,
    list_above,
    list_divisions,
    read_national,
    search_divisions,
)
from muster.territory.national_building import build_national

LISTS = {
    "provinces": [("22", "吉林省"), ("11", "北京市"), ("44", "广东省"), ("42", "湖北省")],
    "cities": [
        ("2207", "松原市"),
        ("1101", "市辖区"),
        ("4419", "东莞市"),
        ("4290", "省直辖县级行政区划"),
        ("4201", "武汉市"),
    ],
    "areas": [
        ("220702", "宁江区"),
        ("220723", "乾安县"),
        ("110101", "东城区"),
        ("441900", "东莞市"),
        ("429004", "仙桃市"),
    ],
    "streets": [
        ("220702001", "团结街道"),
        ("220723100", "乾安镇"),
        ("110101001", "东华门街道"),
        ("441900003", "东城街道"),
    ],
    "villages": [
        ("220702001001", "松林社区居委会"),
        ("220723100201", "字井村委会"),
        ("110101001001", "多福巷社区居委会"),
    ],
}


@pytest.fixture(autouse=True)
def small_country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Build a country of a few rows in place of the whole one."""
    source = tmp_path / "dist"
    source.mkdir()
    for name, rows in LISTS.items():
        lines = "".join(f'{code},"{title}"\n' for code, title in rows)
        (source / f"{name}.csv").write_text(f"code,name\n{lines}", encoding="utf-8")
    folder = tmp_path / "built"
    assert build_national(source, folder) == 3
    monkeypatch.setattr(national, "FOLDER", folder)
    national._read_top.cache_clear()
    yield
    national._read_top.cache_clear()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("松原", "2207"),
        ("songyuan", "2207"),
        ("sy", "2207"),
        ("song yuan", "2207"),
        ("220723", "220723"),
        ("qa", "220723"),
    ],
)
def test_a_city_or_county_is_found_by_name_pinyin_initials_or_code(typed: str, first: str) -> None:
    assert search_divisions(typed)[0].code == first


def test_provinces_and_placeholders_are_not_found_for_nobody_runs_them() -> None:
    assert not search_divisions("吉林")
    assert not search_divisions("市辖")
    assert not search_divisions(" ")


def test_a_city_is_taken_with_all_beneath_it_and_is_the_top() -> None:
    table = read_national("2207")
    assert list(zip(table.column("level"), table.column("code"), table.column("parent_code"), strict=True)) == [
        ("city", "2207", ""),
        ("county", "220702", "2207"),
        ("county", "220723", "2207"),
        ("township", "220702001", "220702"),
        ("township", "220723100", "220723"),
        ("community", "220702001001", "220702001"),
        ("community", "220723100201", "220723100"),
    ]
    assert table.column("kind")[3:] == ["subdistrict", "town", "residents_committee", "villagers_committee"]


def test_a_county_is_taken_by_itself_and_not_deeper_than_asked() -> None:
    assert read_national("220723", deepest="township").column("code") == ["220723", "220723100"]


def test_a_municipality_has_its_districts_directly_beneath_itself() -> None:
    table = read_national("11")
    assert table.column("level")[:2] == ["city", "county"]
    assert table.column("parent_code")[:2] == ["", "11"]
    assert [each.code for each in list_divisions("11")] == ["110101"]


def test_a_city_without_counties_has_its_streets_directly_beneath_itself() -> None:
    assert read_national("4419").column("parent_code") == ["", "4419"]


def test_counties_of_the_province_itself_stand_beside_its_cities() -> None:
    assert [each.name for each in list_divisions("42")] == ["武汉市", "仙桃市"]
    assert [each.name for each in list_above(get_division("429004"))] == ["湖北省"]


def test_what_lies_beneath_is_counted_before_anything_is_taken() -> None:
    assert count_national("2207") == [("county", 2), ("township", 2), ("community", 2)]


@pytest.mark.parametrize("code", ["22", "9999"])
def test_a_province_or_what_there_is_not_cannot_be_taken(code: str) -> None:
    with pytest.raises(NotFoundError):
        read_national(code)
