"""Read appointment problems from Parquet, and write and read their plans with the prices that prove them.

Arcs have the columns ``area``, ``person``, ``cost`` (an area without candidates may be named in one row
whose person is null); persons ``person``, ``capacity``. A plan has ``area``, ``person`` (null where nobody)
and, where deputies were asked for, ``deputy``. Areas and persons are whole numbers or strings. The prices
of a plan ``NAME.parquet`` lie beside it in ``NAME.prices.parquet``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.result import ProblemError


@dataclass(frozen=True, eq=False)
class NamedAppointProblem:
    """An appointment problem and the names of its areas and persons, in the problem's order."""

    problem: AppointProblem
    areas: pl.Series
    persons: pl.Series


def read_appoint_problem(arcs_path: Path, persons_path: Path, *, with_deputies: bool) -> NamedAppointProblem:
    """Read arcs and persons.

    Parameters
    ----------
    arcs_path, persons_path
        The two files.
    with_deputies
        Whether each area needs a deputy beside its warden.

    Raises
    ------
    ProblemError
        If a column is missing or of a wrong type, or a row names what does not exist.
    OSError
        If a file cannot be read.
    """
    people = _read(persons_path, ("person", "capacity"))
    _refuse_nulls(people, persons_path)
    if people["person"].is_duplicated().any():
        twice = people["person"].filter(people["person"].is_duplicated())[0]
        raise ProblemError(f"{persons_path}: person {twice!r} is there more than once. Give each person one row.")
    arcs = _read(arcs_path, ("area", "person", "cost"))
    _refuse_nulls(arcs.select("area"), arcs_path)
    areas = arcs["area"].unique(maintain_order=True)
    arcs = arcs.filter(pl.col("person").is_not_null())
    _refuse_nulls(arcs, arcs_path)
    problem = AppointProblem.build(
        n_areas=len(areas),
        area=_codes(arcs["area"], areas, arcs_path),
        person=_codes(arcs["person"], people["person"], arcs_path),
        cost=_whole(arcs["cost"], arcs_path),
        capacity=_whole(people["capacity"], persons_path),
        demand=2 if with_deputies else 1,
    )
    return NamedAppointProblem(problem, areas, people["person"])


def write_appoint_plan(named: NamedAppointProblem, plan: AppointPlan, path: Path) -> None:
    """Write a plan, and its prices beside it.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    columns = {"area": named.areas, "person": _names(plan.warden, named.persons)}
    if (named.problem.demand > 1).any():
        columns["deputy"] = _names(plan.deputy, named.persons)
    pl.DataFrame(columns).write_parquet(path)
    pl.DataFrame({"area": named.areas, "price": plan.area_price}).write_parquet(prices_path(path))


def find_area(named: NamedAppointProblem, name: str, path: Path) -> int:
    """Return the number of the area with a name, written as in the file that it was read from.

    Raises
    ------
    ProblemError
        If there is no such area.
    """
    found = (named.areas.cast(pl.String) == name).arg_max() if len(named.areas) else None
    if found is None or str(named.areas[found]) != name:
        raise ProblemError(f"{path}: there is no area {name!r}. Name one that is there.")
    return found


def prices_path(path: Path) -> Path:
    """Return where the prices of a plan lie."""
    return path.with_suffix(".prices.parquet")


def read_appoint_plan(named: NamedAppointProblem, path: Path) -> tuple[AppointPlan, bool]:
    """Read a plan, and its prices if they lie beside it.

    Returns
    -------
    plan, has_prices
        Without prices, those in the plan are zero.

    Raises
    ------
    ProblemError
        If a column is missing, or areas or persons are not those of the problem.
    OSError
        If a file cannot be read.
    """
    table = _read(path, ("area", "person"))
    codes = _codes(table["area"], named.areas, path)
    if len(np.unique(codes)) != named.problem.n_areas or len(codes) != named.problem.n_areas:
        raise ProblemError(
            f"{path}: {len(codes)} rows name {len(np.unique(codes))} areas, but the problem has "
            f"{named.problem.n_areas}. Give each area one row."
        )
    warden = _holders(table["person"], codes, named, path)
    deputy = np.full_like(warden, -1)
    if "deputy" in table.columns:
        deputy = _holders(table["deputy"], codes, named, path)
    beside = prices_path(path)
    area_price = np.zeros(named.problem.n_areas, np.int64)
    if beside.exists():
        prices = _read(beside, ("area", "price"))
        area_price[_codes(prices["area"], named.areas, beside)] = _whole(prices["price"], beside)
    person_price = _least_person_prices(named.problem, warden, deputy, area_price)
    return AppointPlan(warden, deputy, area_price, person_price), beside.exists()


def _least_person_prices(
    problem: AppointProblem, warden: NDArray[np.int32], deputy: NDArray[np.int32], area_price: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the least prices of persons at which no appointment not made is too cheap for its area."""
    price = np.zeros(problem.n_persons, np.int64)
    area = np.repeat(np.arange(problem.n_areas, dtype=np.int32), np.diff(problem.first))
    is_free = (problem.person != warden[area]) & (problem.person != deputy[area])
    np.maximum.at(price, problem.person[is_free], area_price[area[is_free]] - problem.cost[is_free])
    return price


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    try:
        names = pl.read_parquet_schema(path)
        missing = [name for name in columns if name not in names]
        if missing:
            raise ProblemError(f"{path}: column {missing[0]!r} is missing (it has {', '.join(names)}).")
        kept = [*columns, *(["deputy"] if "deputy" in names and "capacity" not in names else [])]
        return pl.read_parquet(path, columns=kept)
    except pl.exceptions.PolarsError as error:
        raise ProblemError(f"{path}: this is not a Parquet file that can be read ({error}).") from None


def _refuse_nulls(table: pl.DataFrame, path: Path) -> None:
    for name in table.columns:
        if table[name].null_count():
            row = int(table[name].is_null().arg_max() or 0)
            raise ProblemError(f"{path}: row {row} has no {name}.")


def _whole(column: pl.Series, path: Path) -> NDArray[np.int64]:
    if not column.dtype.is_integer():
        raise ProblemError(f"{path}: column {column.name!r} holds {column.dtype}: whole numbers are needed.")
    return column.to_numpy()


def _names(holder: NDArray[np.int32], persons: pl.Series) -> pl.Series:
    wanted = pl.Series(holder).cast(pl.Int64)
    return persons.gather(wanted.set(wanted < 0, None))


def _holders(column: pl.Series, areas: NDArray[np.int32], named: NamedAppointProblem, path: Path) -> NDArray[np.int32]:
    holder = np.full(named.problem.n_areas, -1, np.int32)
    is_held = column.is_not_null().to_numpy()
    holder[areas[is_held]] = _codes(column.drop_nulls(), named.persons, path)
    return holder


def _codes(column: pl.Series, names: pl.Series, path: Path) -> NDArray[np.int32]:
    """Return the position of each value among the names."""
    if not len(column):
        return np.empty(0, np.int32)
    if not (column.dtype == names.dtype or (column.dtype.is_integer() and names.dtype.is_integer())):
        raise ProblemError(f"{path}: column {column.name!r} holds {column.dtype}, but elsewhere {names.dtype}.")
    codes = _codes_by_table(column, names) if column.dtype.is_integer() else _codes_by_join(column, names)
    unknown = np.flatnonzero(codes < 0)
    if unknown.size:
        raise ProblemError(
            f"{path}: row {unknown[0]} names {column.name} {column[int(unknown[0])]!r}, who or which is not "
            "in the other file. Add it there or take the row out."
        )
    return codes


def _codes_by_table(column: pl.Series, names: pl.Series) -> NDArray[np.int32]:
    values, known = column.to_numpy(), names.to_numpy()
    low, high = (int(known.min()), int(known.max())) if len(known) else (0, -1)
    if high - low > 16 * (len(values) + len(known)):
        return _codes_by_join(column, names)
    table = np.full(high - low + 2, -1, np.int32)
    table[known - low] = np.arange(len(known), dtype=np.int32)
    # What lies outside the known range meets the last entry, which nobody has.
    return table[np.where((values >= low) & (values <= high), values - low, high - low + 1)]


def _codes_by_join(column: pl.Series, names: pl.Series) -> NDArray[np.int32]:
    known = pl.DataFrame({"name": names}).with_row_index("code")
    wanted = pl.DataFrame({"name": column.cast(names.dtype)})
    joined = wanted.join(known, on="name", how="left", maintain_order="left")
    return joined["code"].cast(pl.Int32).fill_null(-1).to_numpy()
