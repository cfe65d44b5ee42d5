"""Rostering on the public shift-scheduling instances, beside CP-SAT (8 workers) and HiGHS given the same time.

Takes a folder of instances in the benchmark's text format; a CSV ``best_known_roster.csv`` with the columns
``instance`` and ``best_known`` is read if it lies in the folder or beside it. Each solver runs in a process of
its own, one after the other.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from measuring import Row, cpu_s, format_table, peak_mib, run_child, write_results
from roster_peers import solve_cpsat, solve_highs

from muster.planning.formats.roster_text import read_roster_text
from muster.planning.rostering import RosterPlan, RosterProblem, solve, verify, warm_up

GRACE_S = 120.0
SEED = 1


def solve_ours(problem: RosterProblem, limit_s: float, seed: int) -> tuple[RosterPlan | None, float | None]:
    """Roster by our own solver."""
    result = solve(problem, time_limit_s=limit_s, seed=seed)
    return result.plan, result.bound


SOLVERS = {"ours": solve_ours, "cpsat": solve_cpsat, "highs": solve_highs}


def run_one(path: Path, solver: str, limit_s: float) -> Row:
    """Run one solver on one instance; the roster's cost is the verifier's."""
    problem = read_roster_text(path)
    began_at, before_s = time.monotonic(), cpu_s()
    plan, bound = SOLVERS[solver](problem, limit_s, SEED)
    return {
        "objective": None if plan is None else verify(problem, plan),
        "bound": bound,
        "wall_s": time.monotonic() - began_at,
        "cpu_s": cpu_s() - before_s,
        "peak_mib": peak_mib(),
    }


def best_known(folder: Path) -> dict[str, float]:
    """Read the best known values by instance number, where there are any."""
    for path in (folder / "best_known_roster.csv", folder.parent / "best_known_roster.csv"):
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                return {row["instance"]: float(row["best_known"]) for row in csv.DictReader(lines)}
    return {}


def list_instances(folder: Path, only: Sequence[str]) -> list[Path]:
    """List a folder's instances in the order of their numbers; of these only some, where numbers are given."""
    files = sorted(folder.glob("*.txt"), key=lambda path: [int(n) for n in re.findall(r"\d+", path.stem)])
    return [path for path in files if not only or _number(path) in only]


def _number(path: Path) -> str:
    return "".join(re.findall(r"\d+", path.stem))


def _earlier_rows(out_dir: Path) -> dict[str, Row]:
    path = out_dir / "roster.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    return {row["instance"]: row for row in rows}


def run_bench(
    instances: Sequence[Path],
    time_limits_s: Sequence[float],
    out_dir: Path,
    *,
    peer_limits_s: Sequence[float] = (),
    may_append: bool = False,
) -> list[Row]:
    """Measure instances at every limit; write each figure as it comes, so that a run cut short loses nothing.

    Parameters
    ----------
    instances
        Files in the benchmark's text format; best known values are looked for beside them.
    time_limits_s
        Our limits, in seconds of wall time.
    out_dir
        Folder of ``roster.csv`` and ``roster.json``, a row an instance.
    peer_limits_s
        The limits that CP-SAT and HiGHS are given.
    may_append
        Whether figures of earlier runs are kept, and not measured again.
    """
    warm_up()
    rows = _earlier_rows(out_dir) if may_append else {}
    asked = [("ours", limit_s) for limit_s in time_limits_s]
    asked += [(peer, limit_s) for limit_s in peer_limits_s for peer in SOLVERS if peer != "ours"]
    for path in instances:
        row = rows.setdefault(
            path.stem, {"instance": path.stem, "best_known": best_known(path.parent).get(_number(path))}
        )
        for solver, limit_s in asked:
            if f"{solver}_{limit_s:g}s" not in row:
                row |= _measure(path, solver, limit_s, row["best_known"])
                write_results(out_dir, "roster", list(rows.values()), seed=SEED)
        sys.stdout.write(format_table([_shorten(row)]) + "\n")
        sys.stdout.flush()
    return list(rows.values())


def _measure(path: Path, solver: str, limit_s: float, best: float | None) -> Row:
    """Run one solver in a process of its own; of figures that stand alone, the name tells solver and limit."""
    told = run_child(__file__, [str(path), solver, str(limit_s)], limit_s + GRACE_S)
    name, cost = f"{solver}_{limit_s:g}s", told.get("objective")
    row: Row = {name: cost}
    if best and cost is not None:
        row[f"{name}_gap_percent"] = 100 * (cost / best - 1)
    return row | {f"{name}_{key}": told.get(key) for key in ("bound", "wall_s", "cpu_s", "peak_mib")}


def _shorten(row: Row) -> Row:
    """Leave what a terminal has no room for."""
    return {key: value for key, value in row.items() if not key.endswith(("_wall_s", "_cpu_s"))}


def main() -> None:
    """Run one solver on one instance and print the outcome as JSON."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("solver", choices=SOLVERS)
    parser.add_argument("limit_s", type=float)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(run_one(given.instance, given.solver, given.limit_s)) + "\n")


if __name__ == "__main__":
    main()
