"""Appointments go from Parquet to Parquet, by whatever names areas and persons have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from muster.planning.formats.appoint_parquet import (
    NamedAppointProblem,
    read_appoint_plan,
    read_appoint_problem,
    write_appoint_plan,
)
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError

ARCS: dict[str, Any] = {"area": ["东", "东", "西", "南"], "person": ["王", "李", "王", None], "cost": [3, 5, 1, None]}
PERSONS: dict[str, Any] = {"person": ["李", "王", "张"], "capacity": [1, 1, 1]}


def written(folder: Path, arcs: dict[str, Any], persons: dict[str, Any]) -> tuple[Path, Path]:
    pl.DataFrame(arcs).write_parquet(folder / "arcs.parquet")
    pl.DataFrame(persons).write_parquet(folder / "persons.parquet")
    return folder / "arcs.parquet", folder / "persons.parquet"


def read(folder: Path, *, deputies: bool = False) -> NamedAppointProblem:
    return read_appoint_problem(folder / "arcs.parquet", folder / "persons.parquet", with_deputies=deputies)


def test_a_plan_names_areas_and_persons_as_the_files_do(tmp_path: Path) -> None:
    written(tmp_path, ARCS, PERSONS)
    named = read(tmp_path)
    plan = solve(named.problem).plan
    assert plan is not None
    write_appoint_plan(named, plan, tmp_path / "out.parquet")
    assert dict(pl.read_parquet(tmp_path / "out.parquet").iter_rows()) == {"东": "李", "西": "王", "南": None}


@pytest.mark.parametrize("deputies", [False, True])
def test_a_plan_read_back_carries_its_proof(tmp_path: Path, deputies: bool) -> None:
    rng = np.random.default_rng(1)
    arcs = {"area": np.repeat(np.arange(200) * 7 - 50, 5), "person": rng.integers(0, 90, 1000) * 10**12}
    written(
        tmp_path,
        arcs | {"cost": rng.integers(-50, 500, 1000)},
        {"person": np.arange(90) * 10**12, "capacity": rng.integers(0, 4, 90)},
    )
    named = read(tmp_path, deputies=deputies)
    result = solve(named.problem)
    assert result.plan is not None
    write_appoint_plan(named, result.plan, tmp_path / "out.parquet")
    plan, has_prices = read_appoint_plan(named, tmp_path / "out.parquet")
    assert has_prices
    verdict = verify(named.problem, plan)
    assert verdict.is_optimal
    assert verdict.objective == result.objective


@pytest.mark.parametrize(
    ("arcs", "persons", "message"),
    [
        ({"person": ["王", "李", "赵", None]}, {}, "row 2 names person '赵'"),
        ({"cost": [3.5, 5.0, 1.0, None]}, {}, "'cost' holds Float64"),
        ({"area": ["东", None, "西", "南"]}, {}, "row 1 has no area"),
        ({}, {"person": ["李", "李", "张"]}, "'李' is there more than once"),
        ({}, {"capacity": [1, -1, 1]}, "person 1 has capacity -1"),
        ({"person": [1, 2, 1, None]}, {}, "'person' holds Int64, but elsewhere String"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    tmp_path: Path, arcs: dict[str, Any], persons: dict[str, Any], message: str
) -> None:
    written(tmp_path, ARCS | arcs, PERSONS | persons)
    with pytest.raises(ProblemError, match=message):
        read(tmp_path)


def test_a_missing_column_and_a_file_that_is_no_parquet_are_named(tmp_path: Path) -> None:
    arcs, _ = written(tmp_path, {"area": [1]}, PERSONS)
    with pytest.raises(ProblemError, match="column 'person' is missing"):
        read(tmp_path)
    arcs.write_text("area,person,cost\n")
    with pytest.raises(ProblemError, match="not a Parquet file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("arcs", "persons", "message"),
    [
        ({"cost": [3.0, float("nan"), 1.0, None]}, {}, "'cost' holds Float64"),
        ({"cost": [3, None, 1, None]}, {}, "row 1 has no cost"),
        ({}, {"capacity": [1, None, 1]}, "row 1 has no capacity"),
        ({}, {"person": ["李", None, "张"]}, "row 1 has no person"),
        ({"cost": ["3", "5", "1", None]}, {}, "'cost' holds String"),
    ],
)
def test_numbers_that_are_none_are_named_with_their_row(
    tmp_path: Path, arcs: dict[str, Any], persons: dict[str, Any], message: str
) -> None:
    written(tmp_path, ARCS | arcs, PERSONS | persons)
    with pytest.raises(ProblemError, match=message):
        read(tmp_path)


def test_files_without_rows_are_a_problem_without_areas(tmp_path: Path) -> None:
    texts, whole = pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Int64)
    written(tmp_path, {"area": texts, "person": texts, "cost": whole}, {"person": texts, "capacity": whole})
    named = read(tmp_path)
    result = solve(named.problem)
    assert result.plan is not None
    assert (result.objective, result.counts["areas"]) == (0, 0)
    write_appoint_plan(named, result.plan, tmp_path / "out.parquet")
    plan, has_prices = read_appoint_plan(named, tmp_path / "out.parquet")
    assert has_prices
    assert verify(named.problem, plan).is_optimal
