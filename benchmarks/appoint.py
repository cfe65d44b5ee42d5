"""Appointing at the scale of a megacity, beside OR-tools' minimum-cost flow.

Areas and people lie at random in a square; each area has its nearest people as candidates at the cost of the
distance. Ample: 1.3 people an area; scarce: half as many people, who serve in 1 to 3 areas, so that capacity
about equals demand and some areas stay without. Scattered: scarce, but candidates and costs drawn without any
geography, the hardest case. Every solver runs in a process of its own; reading, building
arcs and compiling are not counted, peak memory is the whole process's.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Row, cpu_s, format_table, peak_mib, run_child, write_results
from numpy.typing import NDArray
from scipy.spatial import cKDTree

SHARES = {"ample": 1.3, "scarce": 0.5, "scattered": 0.5}

#: Without geography every search is long: larger ones take minutes, ours and the peer's.
LARGEST_SCATTERED = 100_000
N_CANDIDATES = 10

Arrays = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]


def draw_city(n_areas: int, kind: str, seed: int) -> Arrays:
    """Draw a city: area, person and cost of each arc, and each person's capacity."""
    rng = np.random.default_rng(seed)
    n_persons = int(n_areas * SHARES[kind])
    if kind == "scattered":
        person = rng.integers(0, n_persons, n_areas * N_CANDIDATES)
        cost = rng.integers(1, 10_000, n_areas * N_CANDIDATES)
    else:
        areas, persons = rng.random((n_areas, 2)), rng.random((n_persons, 2))
        distance, person = cKDTree(persons).query(areas, k=N_CANDIDATES)
        cost = (distance * 1e3 * np.sqrt(n_areas)).astype(np.int64).ravel()
    area = np.repeat(np.arange(n_areas, dtype=np.int32), N_CANDIDATES)
    return area, person.ravel().astype(np.int32), cost, rng.integers(1, 4, n_persons).astype(np.int32)


def solve_ours(n_areas: int, arrays: Arrays) -> Row:
    """Appoint, verify the proof, and tell the time of solving alone."""
    from muster.planning.matching.problem import AppointProblem
    from muster.planning.matching.solve import solve, warm_up
    from muster.planning.matching.verify import verify

    began = time.perf_counter()
    warm_up()
    compile_s = time.perf_counter() - began
    began, used = time.perf_counter(), cpu_s()
    area, person, cost, capacity = arrays
    problem = AppointProblem.build(n_areas=n_areas, area=area, person=person, cost=cost, capacity=capacity)
    result = solve(problem)
    row = {"wall_s": time.perf_counter() - began, "cpu_s": cpu_s() - used, "compile_s": compile_s}
    assert result.plan is not None
    verdict = verify(problem, result.plan)
    return row | {
        "status": "proven" if verdict.is_optimal else "feasible",
        "objective": verdict.objective,
        "uncovered": n_areas - verdict.wardens,
    }


def solve_ortools(n_areas: int, arrays: Arrays) -> Row:
    """Appoint by OR-tools' SimpleMinCostFlow, with a penalty for each area without."""
    from ortools.graph.python import min_cost_flow

    area, person, cost, capacity = arrays
    began, used = time.perf_counter(), cpu_s()
    flow, sink = min_cost_flow.SimpleMinCostFlow(), n_areas + len(capacity)
    persons, every = np.arange(len(capacity)), np.arange(n_areas)
    penalty = 1000 * int(cost.max())
    tails = np.concatenate((area, persons + n_areas, every))
    heads = np.concatenate((person + n_areas, np.full(len(capacity) + n_areas, sink)))
    room = np.concatenate((np.ones(len(area), np.int64), capacity, np.ones(n_areas, np.int64)))
    costs = np.concatenate((cost, np.zeros(len(capacity), np.int64), np.full(n_areas, penalty)))
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    flow.set_nodes_supplies(np.append(every, sink), np.append(np.ones(n_areas, np.int64), -n_areas))
    status = flow.solve()
    row = {"wall_s": time.perf_counter() - began, "cpu_s": cpu_s() - used}
    if status != flow.OPTIMAL:
        return row | {"status": str(status)}
    uncovered = int(flow.flows(arcs[-n_areas:]).sum())
    return row | {
        "status": "optimal",
        "objective": int(flow.optimal_cost()) - penalty * uncovered,
        "uncovered": uncovered,
    }


SOLVERS: dict[str, Callable[[int, Arrays], Row]] = {"ours": solve_ours, "ortools": solve_ortools}


def run(
    sizes: Sequence[int],
    out: Path,
    *,
    seed: int = 1,
    peers: bool = True,
    limit_s: float = 120.0,
    n_changes: int = 1000,
) -> list[Row]:
    """Measure all sizes, kinds and solvers, then repairs at the largest; print tables, write results, draw the plot."""
    rows: list[Row] = []
    for kind in SHARES:
        for n_areas in sizes:
            if kind == "scattered" and n_areas > LARGEST_SCATTERED:
                continue
            for solver in SOLVERS if peers else ("ours",):
                arguments = ["--child", solver, "--kind", kind, "--areas", str(n_areas), "--seed", str(seed)]
                row = run_child(__file__, arguments, limit_s)
                rows.append({"kind": kind, "areas": n_areas, "arcs": n_areas * N_CANDIDATES, "solver": solver, **row})
                print(format_table(rows[-1:]), file=sys.stderr)
    print(format_table(rows))
    growth = {kind: fit_growth(rows, kind) for kind in SHARES}
    for kind, exponent in growth.items():
        print(f"{kind}: time grows with the number of arcs to the power of {exponent:.2f}")
    repairs = measure_repairs(max(sizes), seed, n_changes, limit_s)
    print(format_table(repairs))
    settings = {"seed": seed, "limit_s": limit_s, "candidates": N_CANDIDATES, "growth": growth, "repairs": repairs}
    write_results(out, "appoint", rows, **settings)
    draw(rows, growth, out / "appoint.png")
    return rows


def measure_repairs(n_areas: int, seed: int, n_changes: int, limit_s: float) -> list[Row]:
    """Measure repairs of an ample and of a scarce city, each in a process of its own."""
    script = str(Path(__file__).with_name("appoint_repair.py"))
    rows: list[Row] = []
    for kind in ("ample", "scarce"):
        arguments = ["--kind", kind, "--areas", str(n_areas), "--seed", str(seed), "--changes", str(n_changes)]
        done = run_child(script, arguments, 2 * limit_s)
        rows += done.get("rows", [{"kind": kind, "areas": n_areas, **done}])
    return rows


def fit_growth(rows: list[Row], kind: str) -> float:
    """Return the exponent of our time's growth with the number of arcs, from 10,000 arcs up; NaN from one size."""
    points = [(row["arcs"], row["cpu_s"]) for row in rows if _is_of(row, kind, "ours")]
    if len(points) < 2:
        return float("nan")
    arcs, seconds = np.log(np.array(points)).T
    return float(np.polyfit(arcs, seconds, 1)[0])


def draw(rows: list[Row], growth: dict[str, float], path: Path) -> None:
    """Draw processor time against the number of arcs."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5))
    for kind in SHARES:
        for solver in SOLVERS:
            points = [(row["arcs"], row["cpu_s"]) for row in rows if _is_of(row, kind, solver)]
            if points:
                power = f", power {growth[kind]:.2f}" if solver == "ours" else ""
                axes.loglog(*zip(*points, strict=True), marker="o", label=f"{solver}, {kind}{power}")
    axes.set_xlabel("arcs")
    axes.set_ylabel("processor time, s")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def _is_of(row: Row, kind: str, solver: str) -> bool:
    return row["kind"] == kind and row["solver"] == solver and "cpu_s" in row


def main() -> None:
    """Run as a child, or everything."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=list(SOLVERS))
    parser.add_argument("--kind", choices=list(SHARES), default="ample")
    parser.add_argument("--areas", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.child is None:
        run([1_000, 10_000, 100_000, 1_000_000], Path(__file__).parent / "results")
        return
    row: dict[str, Any] = SOLVERS[given.child](given.areas, draw_city(given.areas, given.kind, given.seed))
    print(json.dumps(row | {"peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
