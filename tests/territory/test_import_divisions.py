"""Lists of areas are checked whole, written whole, and can be imported as often as one likes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.kernel.errors import MusterError
from muster.kernel.models import AuditEntry
from muster.kernel.tables import ImportReport, write_rejects
from muster.territory import queries
from muster.territory.importing import import_divisions, import_places
from muster.territory.models import Area

pytestmark = pytest.mark.django_db

NOW = datetime(2020, 2, 20, tzinfo=UTC)
HELSINKI = Path(__file__).parent / "data" / "helsinki.csv"
TREE = [
    "level,code,name,parent_code,kind,lon,lat",
    "city,2207,松原市,,prefecture,,",
    "county,220702,宁江区,2207,county,124.8,45.2",
    "township,220702001,团结街道,220702,subdistrict,,",
    "community,220702001001,文苑社区,220702001,residents_committee,,",
    "community,220702001002,虚拟社区,220702001,virtual,,",
    "county,220771,经济开发区,2207,county,,",
]


class Clerk:
    """Whoever imports."""

    audit_id = None
    audit_name = "clerk"


@pytest.fixture
def load(tmp_path: Path):
    """Return a function that imports lines of CSV."""

    def run(lines: list[str], *, encoding: str = "utf-8", places: bool = False, dry_run: bool = False) -> ImportReport:
        path = tmp_path / "list.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        run_import = import_places if places else import_divisions
        return run_import(path, actor=Clerk(), now=NOW, dry_run=dry_run)

    return run


def _said(report: ImportReport) -> str:
    return "\n".join(report.describe(rejection) for rejection in report.rejections)


def test_a_tree_is_imported_whatever_the_order_of_its_rows(load) -> None:
    report = load([TREE[0], *reversed(TREE[1:])])
    assert (report.created, report.rejected) == (6, 0)
    community = queries.get_area("220702001001")
    assert [area.name for area in queries.list_ancestors(community)] == ["松原市", "宁江区", "团结街道"]
    assert queries.beneath(queries.get_area("220702")).count() == 4
    assert queries.get_area("220702").lon == 124.8


def test_importing_again_changes_nothing(load) -> None:
    load(TREE)
    acts = AuditEntry.objects.count()
    report = load(TREE, encoding="gb18030")
    assert (report.created, report.updated, report.unchanged, report.rejected) == (0, 0, 6, 0)
    assert AuditEntry.objects.count() == acts


def test_a_renamed_area_is_updated_and_an_empty_cell_forgets_nothing(load) -> None:
    load(TREE)
    report = load([TREE[0], "county,220702,宁江新区,2207,,,"])
    assert (report.updated, report.unchanged) == (1, 0)
    area = queries.get_area("220702")
    assert (area.name, area.kind, area.lon) == ("宁江新区", "county", 124.8)
    assert "ningjiangxinqu" in area.pinyin


def test_an_area_moves_with_all_beneath_it(load) -> None:
    load(TREE)
    load([TREE[0], "township,220702001,团结街道,220771,,,"])
    moved = queries.get_area("220771")
    assert queries.beneath(moved).count() == 4
    assert queries.beneath(queries.get_area("220702")).count() == 1
    assert {tally.level.slug: tally.areas for tally in queries.list_tallies(moved)} == {"township": 1, "community": 2}


def test_an_area_does_not_sink_beneath_what_lies_in_it(load) -> None:
    load(TREE)
    report = load([TREE[0], "unit,220702,宁江区,220702001001,,,", "community,220702001,团结街道,220702,,,"])
    assert (report.updated, report.rejected) == (0, 2)
    assert "Areas lie in 220702 whose level would not be beneath its own" in _said(report)
    assert queries.get_area("220702").path < queries.get_area("220702001001").path


def test_tallies_count_areas_and_households_beneath(load) -> None:
    load(TREE)
    load(
        [
            "code,parent_code,level,name,households,managed",
            "C1,220702001001,compound,文苑小区,,否",
            "C1-1,C1,building,1号楼,,",
            "C1-1-1,C1-1,unit,1单元,24,",
            "C1-1-2,C1-1,unit,2单元,30,",
        ],
        places=True,
    )
    tallies = {
        tally.level.slug: (tally.areas, tally.households) for tally in queries.list_tallies(queries.get_area("2207"))
    }
    assert tallies["unit"] == (2, 54)
    assert tallies["community"] == (2, 0)
    assert queries.get_area("C1").is_managed is False


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("county,220799,,2207,,,", "row 8, column name: The name is missing."),
        (",220799,新区,2207,,,", "column level: The level is missing."),
        ("county,,新区,2207,,,", "column code: The code is missing."),
        ("county,220702,宁江区,2207,,,", "column code: 220702 stands in row 3 already."),
        ("county,220799,新区,9999,,,", "column parent_code: There is no area with the code 9999"),
        ("county,220799,新区,,,,", "column parent_code: It has no parent."),
        ("county,220799,新区,220799,,,", "column parent_code: The parents of 220799 lead back to it."),
        ("county,220799,新区,220702001,,,", "column level: An area of this level cannot lie in 220702001"),
        ("couty,220799,新区,2207,,,", "column level: The level couty is not known. Perhaps county was meant."),
        ("county,220799,新区,2207,,east,", "column lon: 'east' is not a number of degrees"),
        ("county,220799,新区,2207,,,145.2", "column lat: '145.2' is not a number of degrees"),
        ("county,22/0799,新区,2207,,,", "column code: The code '22/0799' has a slash in it"),
        ("county,..,新区,2207,,,", "column code: The code '..' has a slash in it, or is dots alone."),
        ("county,2207 99,新区,2207,,,", "has a space or a hidden character"),
        ("county,220799,新区,2207,,,,,extra", "The row has 9 cells, the head only 7."),
        ("county,2.20799E+5,新区,2207,,,", "column code: A spreadsheet has rounded the code to 2.20799E+5."),
        ("county,220799,新\u0000区,2207,,,", "column name: The name has a line break or a hidden character"),
        ("county,220799,新区,2207,a\u0000b,,", "column kind: The name has a line break or a hidden character"),
        (f"county,220799,{'长' * 200_000},2207,,,", "column name: The name has 200000 characters."),
        (f"county,220799,{'长' * 121},2207,,,", "The name has 121 characters."),
    ],
)
def test_a_bad_row_is_named_by_its_place_and_the_good_ones_are_taken(load, line: str, said: str) -> None:
    report = load([*TREE, line])
    assert (report.created, report.rejected) == (6, 1)
    assert said in _said(report)


def test_a_head_that_stands_twice_is_no_area_and_no_level(load) -> None:
    report = load([TREE[0], "级别,代码,名称,上级代码,类别,经度,纬度", *TREE[1:4], TREE[0], *TREE[4:]])
    assert (report.created, report.rejected) == (6, 0)
    assert "级别" not in {level.slug for level in queries.list_levels()}


def test_codes_that_a_program_wrote_with_a_point_and_a_zero_are_the_same_codes(load) -> None:
    load(TREE)
    report = load([TREE[0], "county,220702,宁江区,2207.0,,,", "township,220702002.0,新城街道,220702.0,,,"])
    assert (report.created, report.unchanged, report.rejected) == (1, 1, 0)
    assert queries.get_area("220702002").name == "新城街道"


def test_codes_typed_full_width_and_marks_without_width_are_understood(load) -> None:
    report = load([*TREE, "county,２２０７９９,新\u200b区,２２\u200b０７,,,"])
    assert (report.created, report.rejected) == (7, 0)
    assert queries.get_area("220799").name == "新区"


def test_a_row_that_is_not_taken_brings_no_level(load) -> None:
    load([*TREE, "moon,M1,甲,nowhere,,,", "moon,M2,乙,nowhere,,,", "sun,S1,丙,nowhere,,,"])
    assert {"moon", "sun"}.isdisjoint(level.slug for level in queries.list_levels())


def test_one_wrong_row_does_not_keep_the_cities_of_a_county_out(load) -> None:
    cities = [f"city,C{number},City {number},06037" for number in range(3)]
    head = "level,code,name,parent_code"
    report = load([head, "state,06,California,", "county,06037,Los Angeles,06", *cities, "county,X,Wrong,C1"])
    assert (report.created, report.rejected) == (5, 1)
    assert "row 7, column level" in _said(report)


def test_stray_spaces_and_empty_rows_are_passed_over(load) -> None:
    report = load([TREE[0], "\u3000city , 2207 ,松原市\u00a0,,,,", ",,,,,,", " county,220702,宁江区 ,2207,,,"])
    assert (report.created, report.rejected) == (2, 0)
    assert queries.get_area("220702").name == "宁江区"


def test_a_rare_character_from_a_private_area_is_part_of_a_name(load) -> None:
    report = load([*TREE, "county,220799,\ue170高区,2207,,,"])
    assert (report.created, report.rejected) == (7, 0)


def test_nothing_changes_in_a_dry_run(load) -> None:
    report = load(TREE, dry_run=True)
    assert (report.created, report.is_dry_run, Area.objects.count()) == (6, True, 0)


def test_rejected_rows_are_mended_and_imported_again(load, tmp_path: Path) -> None:
    report = load([*TREE[:3], TREE[3].replace("220702,sub", "999,sub"), TREE[4]])
    assert (report.created, report.rejected) == (2, 2)
    path = tmp_path / "rejects.csv"
    write_rejects(path, report.table, report.rejections)
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",999,", ",220702,"), encoding="utf-8")
    again = import_divisions(path, actor=Clerk(), now=NOW)
    assert (again.created, again.rejected) == (2, 0)


def test_a_file_without_the_columns_is_refused_whole(load) -> None:
    with pytest.raises(MusterError, match=r"missing: .*parent_code"):
        load(["level,code,name", "city,2207,松原市"])


def test_a_tree_of_another_country_brings_its_own_levels() -> None:
    report = import_divisions(HELSINKI, actor=Clerk(), now=NOW)
    assert report.rejected == 0
    city = queries.get_area("091")
    assert {tally.level.slug: tally.areas for tally in queries.list_tallies(city)} == {
        "postal_area": 8,
        "building": 385,
        "entrance": 243,
    }
    assert "New levels, from the top down: municipality, postal_area, entrance." in report.notes


def test_a_second_country_stands_beside_the_first(load) -> None:
    load(TREE)
    assert import_divisions(HELSINKI, actor=Clerk(), now=NOW).rejected == 0
    assert [area.code for area in queries.list_roots()] == ["2207", "091"]


def test_areas_are_searched_by_name_code_pinyin_and_initials(load) -> None:
    load(TREE)
    within = list(queries.list_roots())
    for typed in ("宁江", "220702", "ningjiang", "njq"):
        assert queries.search_areas(typed, within=within)[0].code == "220702"
    assert queries.search_areas("宁江", within=[queries.get_area("220771")]) == []
    assert queries.search_areas("  ", within=within) == []
