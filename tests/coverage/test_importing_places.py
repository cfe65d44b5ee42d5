"""New doorways stand in the ledger as soon as they are imported."""

from __future__ import annotations

from pathlib import Path

from muster.clocks.queries import list_open_gaps
from muster.coverage.importing import import_places
from muster.coverage.queries import get_area_coverage
from tests.coverage.city import NOON, OFFICER, City


def _places(folder: Path) -> Path:
    path = folder / "places.csv"
    path.write_text(
        "code,parent_code,level,name\nC2-B-1,C2-B,building,1号楼\nC2-B-1-1,C2-B-1,unit,1单元\n", encoding="utf-8"
    )
    return path


def test_a_doorway_imported_in_an_emergency_is_a_gap_at_once(city: City, tmp_path: Path) -> None:
    before = get_area_coverage(city.emergency, city.area("C2")).total.required
    import_places(_places(tmp_path), actor=OFFICER, now=NOON)
    assert get_area_coverage(city.emergency, city.area("C2")).total.required == before + 2
    subjects = set(list_open_gaps(city.emergency, city.area("C2")).values_list("subject", flat=True))
    assert {"C2-B-1", "C2-B-1-1"} <= subjects


def test_a_dry_run_leaves_the_ledger_alone(city: City, tmp_path: Path) -> None:
    before = get_area_coverage(city.emergency, city.area("2207"))
    import_places(_places(tmp_path), actor=OFFICER, now=NOON, dry_run=True)
    assert get_area_coverage(city.emergency, city.area("2207")) == before
