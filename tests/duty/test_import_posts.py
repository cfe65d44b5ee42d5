"""Posts are imported from files: checked whole, safe to repeat, every fault named by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.duty.importing import import_posts
from muster.duty.models import Demand, Post
from muster.duty.queries import POST_COLUMNS, list_posts_for_export
from muster.kernel.errors import MusterError
from muster.kernel.tables import ImportReport, write_rejects, write_table
from tests.duty.cast import EIGHT, OFFICER, Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def take(path: Path, *, dry_run: bool = False) -> ImportReport:
    return import_posts(path, actor=OFFICER, now=EIGHT, dry_run=dry_run)


def write(folder: Path, text: str) -> Path:
    path = folder / "posts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


HEAD = "code,name,kind,area,pool,lon,lat,demand\n"


def test_a_file_is_taken_once_and_unchanged_the_second_time(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "p1,East gate,gate,220701,2207,124.8,45.1,morning:2;night:1@67\n")
    assert counts(take(path)) == (1, 0, 0, 0)
    assert counts(take(path)) == (0, 0, 1, 0)
    assert set(Demand.objects.values_list("pattern__slug", "people", "weekdays")) == {
        ("morning", 2, "1234567"),
        ("night", 1, "67"),
    }
    assert Post.objects.get().pool_area == town.township


def test_chinese_headings_kinds_and_a_column_per_pattern_are_understood(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, "岗位编码,岗位名称,岗位类型,所在区域,早班,夜班\np1,东门,卡口,220701,2,\n")
    assert counts(take(path)) == (1, 0, 0, 0)
    post = Post.objects.get()
    assert (post.kind.slug, post.pool_area) == ("gate", town.wenyuan)
    assert list(post.demands.values_list("pattern__slug", "people")) == [("morning", 2)]


def test_numbers_as_programs_write_them_are_understood(town: Town, tmp_path: Path) -> None:
    assert counts(take(write(tmp_path, HEAD + "p1,East gate,gate,220701.0,2207.0,,,morning:2.0\n"))) == (1, 0, 0, 0)
    post = Post.objects.get()
    assert (post.area.code, post.pool_area.code) == ("220701", "2207")


def test_a_dry_run_tells_and_changes_nothing(town: Town, tmp_path: Path) -> None:
    report = take(write(tmp_path, HEAD + "p1,East gate,gate,220701,,,,morning:2\n"), dry_run=True)
    assert counts(report) == (1, 0, 0, 0)
    assert report.is_dry_run
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (",Gate,gate,220701,,,,", "code", "The code is missing"),
        ("p,,gate,220701,,,,", "name", "The name is missing"),
        ("p,Gate,moat,220701,,,,", "kind", "no kind of post 'moat'"),
        ("p,Gate,gate,999,,,,", "area", "There is no area 999"),
        ("p,Gate,gate,220701,998,,,", "pool", "There is no area 998"),
        ("p,Gate,gate,220701,,200,45,", "lon", "200 is not degrees"),
        ("p,Gate,gate,220701,,124,north,", "lat", "north is not degrees"),
        ("p,Gate,gate,220701,,,,dawn:2", "demand", "no shift pattern 'dawn'"),
        ("p,Gate,gate,220701,,,,morning:many", "demand", "'many' is not a number"),
        ("p,Gate,gate,220701,,,,morning:2@89", "demand", "'89' are not days of the week"),
        ("p,Gate,gate,220701,,,,morning", "demand", "The number of people is missing"),
        ("p,Ga\0te,gate,220701,,,,morning:2", "name", "a hidden character"),
        ("p 1,Gate,gate,220701,,,,morning:2", "code", "has a space"),
        ("p,Gate,gate,220701,,,,morning:501", "demand", "501 is out of range"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_by_row_and_column_and_the_others_are_taken(
    town: Town, tmp_path: Path, row: str, column: str, what: str
) -> None:
    report = take(write(tmp_path, HEAD + row + "\ngood,East gate,gate,220701,,,,morning:1\n"))
    assert counts(report) == (1, 0, 0, 1)
    (rejection,) = report.rejections
    assert rejection.column == column
    assert what in rejection.what
    assert "row 2" in report.describe(rejection)


def test_a_code_that_stands_twice_is_refused_the_second_time(town: Town, tmp_path: Path) -> None:
    row = "p1,East gate,gate,220701,,,,morning:1\n"
    report = take(write(tmp_path, HEAD + row + row))
    assert counts(report) == (1, 0, 0, 1)
    assert "row 2 already" in report.rejections[0].what


def test_rejected_rows_can_be_mended_and_imported_again(town: Town, tmp_path: Path) -> None:
    report = take(write(tmp_path, HEAD + "p1,East gate,moat,220701,,,,morning:1\n"))
    rejects = tmp_path / "rejects.csv"
    write_rejects(rejects, report.table, report.rejections)
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("moat", "gate"), encoding="utf-8")
    assert counts(take(rejects)) == (1, 0, 0, 0)


def test_an_export_imports_again_unchanged(town: Town, tmp_path: Path) -> None:
    take(write(tmp_path, HEAD + "p1,East gate,gate,220701,2207,124.8,45.1,morning:2;night:1@67\n"))
    path = tmp_path / "export.csv"
    write_table(path, POST_COLUMNS, list_posts_for_export(town.city))
    assert counts(take(path)) == (0, 0, 1, 0)


def test_a_file_without_the_columns_that_are_needed_changes_nothing(town: Town, tmp_path: Path) -> None:
    with pytest.raises(MusterError, match="missing: kind"):
        take(write(tmp_path, "code,name,area\np1,East gate,220701\n"))
