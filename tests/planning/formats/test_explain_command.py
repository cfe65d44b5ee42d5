"""``muster explain`` names who would come instead, and who competes for whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest


def muster(*arguments: object, language: str = "en_US.UTF-8") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from muster.cli.main import main; main()", *map(str, arguments)]
    surroundings = os.environ | {"LC_ALL": language, "PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=surroundings)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Three doors compete for two people; a fourth has somebody of its own, and a fifth nobody."""
    folder = tmp_path_factory.mktemp("solved")
    arcs, persons, out = (folder / f"{name}.parquet" for name in ("arcs", "persons", "out"))
    doors = ["1", "1", "2", "2", "3", "4", "4", "5"]
    people = ["Li", "Wang", "Li", "Wang", "Wang", "Zhao", "Sun", None]
    pl.DataFrame({"area": doors, "person": people, "cost": [1, 4, 2, 2, 9, 5, 8, None]}).write_parquet(arcs)
    pl.DataFrame({"person": ["Li", "Wang", "Zhao", "Sun"], "capacity": [1, 1, 1, 1]}).write_parquet(persons)
    assert muster("solve", "appoint", "--arcs", arcs, "--persons", persons, "--out", out).returncode == 0
    return ["explain", "appoint", "--arcs", arcs, "--persons", persons, "--plan", out, "--area"]


def test_an_appointment_is_explained_by_the_next_best_and_what_it_would_cost(solved: list[object]) -> None:
    done = muster(*solved, "4")
    assert done.returncode == 0
    line = json.loads(done.stdout)
    assert line["gap"] is None
    (choice,) = line["choices"]
    assert (choice["person"], choice["next_person"], choice["extra_cost"]) == ("Zhao", "Sun", 3)
    assert choice["displaced"] == [{"area": "4", "before": ["Zhao", None], "after": ["Sun", None]}]
    assert "Sun would come, the whole plan would cost 3 more, and nothing else would change" in done.stderr


def test_an_appointment_is_explained_with_the_other_areas_that_would_change(solved: list[object]) -> None:
    line = json.loads(muster(*solved, "1").stdout)
    (choice,) = line["choices"]
    assert (choice["person"], choice["next_person"], choice["extra_cost"]) == ("Li", "Wang", 3)
    assert [change["area"] for change in choice["displaced"]] == ["1", "2"]


def test_a_gap_is_explained_by_the_areas_that_compete_for_too_few_people(solved: list[object]) -> None:
    done = muster(*solved, "3")
    line = json.loads(done.stdout)
    assert line["choices"] == []
    assert line["gap"] == {
        "kind": "deficient",
        "competing_areas": 3,
        "wanted": 3,
        "competing_persons": 2,
        "places": 2,
        "areas": ["1", "2", "3"],
        "persons": ["Li", "Wang"],
        "closers": ["Wang"],
    }
    assert "3 areas compete for 2 persons; they want 3 places, and these people have 2" in done.stderr


def test_an_area_without_candidates_is_told_apart(solved: list[object]) -> None:
    assert json.loads(muster(*solved, "5").stdout)["gap"]["kind"] == "no_candidate"


def test_the_sentence_follows_the_language_and_the_line_of_json_does_not(solved: list[object]) -> None:
    done = muster(*solved, "3", language="zh_CN.UTF-8")
    assert "3 个区域争用 2 人，共需 3 个名额，只有 2 个" in done.stderr
    assert done.stdout == muster(*solved, "3").stdout


def test_an_area_that_does_not_exist_fails_and_is_named(solved: list[object]) -> None:
    refused = muster(*solved, "99")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "there is no area '99'" in refused.stderr


def test_nothing_is_explained_without_a_proof(solved: list[object], tmp_path: Path) -> None:
    bare = tmp_path / "bare.parquet"
    pl.read_parquet(str(solved[7])).write_parquet(bare)
    refused = muster(*solved[:7], bare, "--area", "3")
    assert refused.returncode == 1
    assert "bare.prices.parquet is missing" in refused.stderr


def test_a_pairing_is_explained_by_where_every_agent_stands(tmp_path: Path) -> None:
    text, out = tmp_path / "gap.txt", tmp_path / "out.json"
    text.write_text("3 3\n1 5 9\n4 2 3\n9 9 9\n1 1 1\n1 1 1\n1 5 1\n2 2 1\n")
    assert muster("solve", "pair", text, "--time-limit", 10, "--out", out).returncode == 0
    done = muster("explain", "pair", text, "--plan", out, "--job", 1)
    line = json.loads(done.stdout)
    assert (line["agent"], line["open"], line["excluded"]) == (1, [{"agent": 0, "extra_cost": 3}], [2])
    assert muster("explain", "pair", text, "--plan", out, "--job", 7).returncode == 1
