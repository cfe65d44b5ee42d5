"""Pairing on generalized assignment instances, beside CP-SAT and HiGHS given the same time.

Takes a folder of instances in the OR-Library's text format, and a CSV with the columns ``instance`` and
``best_known`` if there is one. Each solver runs in a process of its own, one after the other.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from measuring import Row, cpu_s, format_table, peak_mib, run_child, write_results

from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.solve import solve
from muster.planning.assignment.verify import verify
from muster.planning.formats.gap_text import read_gap_text


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

    agent, bound, _ = search_here(problem, time_limit_s=limit_s, seed=seed)
    return {"objective": None if agent is None else verify(problem, PairPlan(agent)), "bound": bound}


SOLVERS: dict[str, Callable[[PairProblem, float, int], Row]] = {
    "ours": solve_ours,
    "cpsat": solve_cpsat,
    "highs": solve_highs,
}


def run(
    instances: Sequence[Path],
    out: Path,
    *,
    best_known: Path | None,
    limit_s: float = 60.0,
    seed: int = 1,
    peers: bool = True,
) -> list[Row]:
    """Measure all instances; print the table, write results, draw the plot."""
    known = _read_best_known(best_known)
    rows: list[Row] = []
    for instance in instances:
        row: Row = {"instance": instance.name, "best_known": known.get(instance.name)}
        for solver in SOLVERS if peers else ("ours",):
            arguments = ["--child", solver, "--limit", str(limit_s), "--seed", str(seed), str(instance)]
            found = run_child(__file__, arguments, 3 * limit_s + 120)
            row |= {f"{solver}_{name}": value for name, value in found.items()}
            row[f"{solver}_gap_percent"] = _gap_percent(found.get("objective"), row["best_known"] or row["ours_bound"])
        rows.append(row)
        print(format_table(rows[-1:]), file=sys.stderr)
    print(format_table(rows))
    write_results(out, "pair", rows, seed=seed, limit_s=limit_s)
    draw(rows, out / "pair.png")
    return rows


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
    """Draw each solver's distance to the best known value, instance by instance."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 5))
    places = np.arange(len(rows))
    for k, solver in enumerate(SOLVERS):
        gaps = [row.get(f"{solver}_gap_percent") for row in rows]
        heights = [np.nan if gap is None else max(gap, 1e-3) for gap in gaps]
        axes.bar(places + 0.27 * (k - 1), heights, 0.27, label=solver)
    axes.set_yscale("log")
    axes.set_xticks(places, [row["instance"] for row in rows], rotation=60)
    axes.set_ylabel("above best known, %")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run one solver on one instance as a child, or everything on a folder's instances."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=list(SOLVERS))
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("path", type=Path)
    given = parser.parse_args()
    if given.child is None:
        run(sorted(given.path.iterdir()), Path(__file__).parent / "results", best_known=None, limit_s=given.limit)
        return
    problem = read_gap_text(given.path)
    began, used = time.perf_counter(), cpu_s()
    row = SOLVERS[given.child](problem, given.limit, given.seed)
    times = {"wall_s": time.perf_counter() - began, "cpu_s": cpu_s() - used, "peak_mib": peak_mib()}
    print(json.dumps(row | times))


if __name__ == "__main__":
    main()
