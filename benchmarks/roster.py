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


def run_bench(instances_dir: Path, time_limits_s: Sequence[float], out_dir: Path, peers: bool = True) -> list[Row]:
    """Measure every instance of a folder at every limit, print each row as it comes, and write them all."""
    warm_up()
    known = best_known(instances_dir)
    files = sorted(instances_dir.glob("*.txt"), key=lambda path: [int(n) for n in re.findall(r"\d+", path.stem)])
    rows: list[Row] = []
    for path in files:
        number = "".join(re.findall(r"\d+", path.stem))
        for limit_s in time_limits_s:
            row: Row = {"instance": path.stem, "best_known": known.get(number), "limit_s": limit_s}
            for solver in SOLVERS if peers else ("ours",):
                told = run_child(__file__, [str(path), solver, str(limit_s)], limit_s + GRACE_S)
                row |= {f"{solver}_{key}": told.get(key) for key in ("objective", "bound", "peak_mib", "cpu_s")}
            if row["best_known"] and row["ours_objective"] is not None:
                row["gap_percent"] = 100 * (row["ours_objective"] / row["best_known"] - 1)
            rows.append(row)
            sys.stdout.write(format_table([row]) + "\n")
            sys.stdout.flush()
    write_results(out_dir, "roster", rows, limits_s=list(time_limits_s), seed=SEED, peers=peers)
    return rows


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
