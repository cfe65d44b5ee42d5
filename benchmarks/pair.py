"""Pairing on generalized assignment instances, beside CP-SAT and HiGHS given the same time.

Takes a folder of instances in the OR-Library's text format, and a CSV with the columns ``instance`` and
``best_known`` if there is one. Each solver runs in a process of its own, one after the other.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measuring import Row, cpu_s, format_table, peak_mib, run_child, write_results
from pair_instances import write_instance

from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.solve import solve
from muster.planning.assignment.verify import verify
from muster.planning.assignment.warm import warm_up
from muster.planning.formats.gap_text import read_gap_text

#: Distances up to this are drawn as equal.
_EQUAL_PERCENT = 1e-3

_LOOKS = {"ours": ("Muster", "#0b6e4f", "o"), "cpsat": ("CP-SAT", "#c1531b", "s"), "highs": ("HiGHS", "#3b5b92", "^")}


def solve_ours(problem: PairProblem, limit_s: float, seed: int) -> Row:
    """Pair by our own solver."""
    result = solve(problem, time_limit_s=limit_s, seed=seed)
    cost = None if result.plan is None else verify(problem, result.plan)
    return {"objective": cost, "bound": result.bound}


def solve_cpsat(problem: PairProblem, limit_s: float, seed: int) -> Row:
    """Pair by CP-SAT."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    agents, jobs = np.nonzero(problem.is_allowed)
    taken = {(i, j): model.new_bool_var("") for i, j in zip(agents.tolist(), jobs.tolist(), strict=True)}
    for j in range(problem.n_jobs):
        model.add_exactly_one(taken[i, j] for i in range(problem.n_agents) if (i, j) in taken)
    for i in range(problem.n_agents):
        mine = [(j, taken[i, j]) for j in range(problem.n_jobs) if (i, j) in taken]
        model.add(sum(int(problem.weight[i, j]) * taking for j, taking in mine) <= int(problem.capacity[i]))
    model.minimize(sum(int(problem.cost[i, j]) * taking for (i, j), taking in taken.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {"objective": None, "bound": solver.best_objective_bound}
    agent = np.full(problem.n_jobs, -1, np.int32)
    for (i, j), taking in taken.items():
        if solver.value(taking):
            agent[j] = i
    return {"objective": verify(problem, PairPlan(agent)), "bound": solver.best_objective_bound}


def solve_highs(problem: PairProblem, limit_s: float, seed: int) -> Row:
    """Pair by HiGHS on the whole integer program."""
    from muster.planning.assignment.core import search_here

    agent, bound, _ = search_here(problem, time_limit_s=limit_s, seed=seed, n_threads=2)
    return {"objective": None if agent is None else verify(problem, PairPlan(agent)), "bound": bound}


SOLVERS: dict[str, Callable[[PairProblem, float, int], Row]] = {
    "ours": solve_ours,
    "cpsat": solve_cpsat,
    "highs": solve_highs,
}


@dataclass(frozen=True)
class Bench:
    """What a run measures.

    Parameters
    ----------
    out
        Where results go.
    best_known
        CSV with the columns ``instance`` and ``best_known``.
    limit_s, seed
        What every solver gets.
    has_peers
        Whether CP-SAT and HiGHS run too.
    may_append
        Whether rows of an earlier run with the same limit and seed are kept and not measured again.
    """

    out: Path
    best_known: Path | None = None
    limit_s: float = 60.0
    seed: int = 1
    has_peers: bool = True
    may_append: bool = False


def run(instances: Sequence[Path], bench: Bench) -> list[Row]:
    """Measure all instances, and write results and plot after each, so that a run cut short loses nothing."""
    warm_up()
    known = _read_best_known(bench.best_known)
    rows = _earlier_rows(bench) if bench.may_append else []
    measured = {row["instance"] for row in rows}
    for instance in instances:
        if instance.name in measured:
            continue
        rows.append(_measure(instance, known.get(instance.name), bench))
        print(format_table([_brief_row(rows[-1])]), file=sys.stderr)
        write_results(bench.out, "pair", rows, seed=bench.seed, limit_s=bench.limit_s)
        draw(rows, bench.out / "pair.png")
    print(format_table([_brief_row(row) for row in rows]))
    return rows


def list_instances(folder: Path) -> list[Path]:
    """List a folder's instances, its subfolders' too: files whose names have no ending."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.suffix)


def draw_own(folder: Path, names: str, seed: int) -> list[Path]:
    """Draw instances of the families by name, with commas between the names."""
    return [write_instance(folder, name.strip(), seed) for name in names.split(",") if name.strip()]


def select(instances: list[Path], share: str) -> list[Path]:
    """Select every n-th instance from the k-th on, where the share is ``k/n``."""
    parts = re.fullmatch(r"(\d+)/(\d+)", share)
    if parts is None or not 1 <= int(parts[1]) <= int(parts[2]):
        raise ValueError(f"share {share!r}: two whole numbers are needed, as in '1/2' and '2/2'.")
    return instances[int(parts[1]) - 1 :: int(parts[2])]


def _earlier_rows(bench: Bench) -> list[Row]:
    path = bench.out / "pair.json"
    if not path.exists():
        return []
    record = json.loads(path.read_text(encoding="utf-8"))
    is_same = record["settings"] == {"seed": bench.seed, "limit_s": bench.limit_s}
    # A row in which a solver failed or ran out of time is measured again.
    rows = [row for row in record["rows"] if not any(name.endswith("_status") for name in row)]
    return rows if is_same else []


def _measure(instance: Path, known: float | None, bench: Bench) -> Row:
    """Let each solver have the instance, one after the other."""
    row: Row = {"instance": instance.name, "best_known": known}
    solvers = tuple(SOLVERS) if bench.has_peers else ("ours",)
    for solver in solvers:
        arguments = ["--child", solver, "--limit", str(bench.limit_s), "--seed", str(bench.seed), str(instance)]
        try:
            found = run_child(__file__, arguments, 2 * bench.limit_s + 900)
        except (ValueError, IndexError) as error:
            found = {"status": f"no report: {error}"}
        row |= {f"{solver}_{name}": value for name, value in found.items()}
    bounds = [row[f"{solver}_bound"] for solver in solvers if row.get(f"{solver}_bound") is not None]
    row["best_bound"] = max((bound for bound in bounds if math.isfinite(bound)), default=None)
    for solver in solvers:
        row[f"{solver}_gap_percent"] = _gap_percent(row.get(f"{solver}_objective"), known or row["best_bound"])
    return row


def _brief_row(row: Row) -> Row:
    """Pick what the table shows."""
    names = ["instance", "best_known", "ours_objective", "ours_bound", "ours_wall_s", "ours_cpu_s"]
    return {name: row.get(name) for name in [*names, *(f"{solver}_gap_percent" for solver in SOLVERS)]}


def _read_best_known(path: Path | None) -> dict[str, float]:
    if path is None:
        return {}
    with path.open(encoding="utf-8") as lines:
        return {row["instance"]: float(row["best_known"]) for row in csv.DictReader(lines)}


def _gap_percent(objective: float | None, reference: float | None) -> float | None:
    if objective is None or not reference:
        return None
    return 100.0 * (objective / reference - 1.0)


def draw(rows: list[Row], path: Path) -> None:
    """Draw each solver's distance to the best known value, or to the best bound, instance by instance."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(max(8.0, 2.0 + 0.45 * len(rows)), 5))
    for solver, (label, color, mark) in _LOOKS.items():
        gaps = [row.get(f"{solver}_gap_percent") for row in rows]
        places = [place for place, gap in enumerate(gaps) if gap is not None]
        heights = [max(gap, _EQUAL_PERCENT) for gap in gaps if gap is not None]
        axes.plot(places, heights, mark, color=color, label=label, markersize=7, alpha=0.85)
    axes.axhline(0.1, color="0.6", linewidth=0.8, linestyle="--")
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.7 * _EQUAL_PERCENT)
    names = [row["instance"] + ("" if row.get("best_known") else " *") for row in rows]
    axes.set_xticks(range(len(rows)), names, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_ylabel("above best known, %  (lowest: equal)")
    axes.set_title("Pairing: * generated, above the best bound", fontsize=10)
    axes.grid(axis="y", color="0.9")
    axes.legend(frameon=False, ncols=len(_LOOKS), loc="lower left", bbox_to_anchor=(0, 1.06))
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def main() -> None:
    """Run one solver on one instance as a child, or everything on a folder's instances."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=list(SOLVERS))
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("path", type=Path)
    given = parser.parse_args()
    if given.child is None:
        run(list_instances(given.path), Bench(Path(__file__).parent / "results", limit_s=given.limit, seed=given.seed))
        return
    if given.child == "ours":
        warm_up()
    problem = read_gap_text(given.path)
    began, used = time.perf_counter(), cpu_s()
    row = SOLVERS[given.child](problem, given.limit, given.seed)
    times = {"wall_s": time.perf_counter() - began, "cpu_s": cpu_s() - used, "peak_mib": peak_mib()}
    print(json.dumps(row | times))


if __name__ == "__main__":
    main()
