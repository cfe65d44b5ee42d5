"""``muster solve`` and ``muster verify`` keep to their formats, exit codes and one line of JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest


def muster(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from muster.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def problem(tmp_path: Path) -> tuple[Path, Path, Path]:
    arcs, persons, out = (tmp_path / f"{name}.parquet" for name in ("arcs", "persons", "out"))
    pl.DataFrame({"area": [10, 10, 20], "person": [7, 8, 7], "cost": [1, 4, 2]}).write_parquet(arcs)
    pl.DataFrame({"person": [7, 8], "capacity": [1, 1]}).write_parquet(persons)
    return arcs, persons, out


def test_appointing_prints_one_line_and_verifies_with_its_proof(problem: tuple[Path, Path, Path]) -> None:
    arcs, persons, out = problem
    done = muster("solve", "appoint", "--arcs", arcs, "--persons", persons, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    line = json.loads(done.stdout)
    assert (line["status"], line["objective"], line["bound"], line["uncovered"]) == ("optimal", 6, 6, 0)
    assert pl.read_parquet(out).columns == ["area", "person"]
    checked = muster("verify", "appoint", arcs, persons, out)
    assert json.loads(checked.stdout)["status"] == "optimal"
    pl.DataFrame({"area": [10, 20], "person": [7, 7]}).write_parquet(out)
    refused = muster("verify", "appoint", arcs, persons, out)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "more areas than the capacity" in refused.stderr


def test_pairing_prints_one_line_and_its_plan_verifies(tmp_path: Path) -> None:
    text, out = tmp_path / "gap.txt", tmp_path / "out.json"
    text.write_text("2 3\n1 5 9\n4 2 3\n1 1 1\n1 1 1\n2 2\n")
    done = muster("solve", "pair", text, "--time-limit", 20, "--seed", 3, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert (json.loads(done.stdout)["status"], json.loads(done.stdout)["objective"]) == ("optimal", 6)
    assert json.loads(out.read_text()) == {"objective": 6, "bound": 6, "assignment": [0, 1, 1]}
    assert muster("verify", "pair", text, out).returncode == 0


def test_a_plan_that_lies_about_its_cost_is_refused(tmp_path: Path) -> None:
    text, out = tmp_path / "gap.txt", tmp_path / "out.json"
    text.write_text("1 1\n5\n1\n1\n")
    out.write_text('{"objective": 4, "bound": 4, "assignment": [0]}')
    refused = muster("verify", "pair", text, out)
    assert refused.returncode == 1
    assert "claims a cost of 4, but costs 5" in refused.stderr


def test_an_infeasible_pairing_prints_its_status_and_fails_with_advice(tmp_path: Path) -> None:
    text = tmp_path / "gap.txt"
    text.write_text("1 2\n1 1\n2 2\n3\n")
    done = muster("solve", "pair", text, "--time-limit", 5, "--out", tmp_path / "out.json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "infeasible"
    assert "Offer more capacity" in done.stderr


def test_wrong_use_exits_with_two() -> None:
    assert muster("solve", "pair").returncode == 2
