"""Exact search on a core of promising pairs, by HiGHS in a process of its own that can be stopped.

The child reads one JSON line on standard input and writes one JSON line for each better plan and one at
the end, so that whatever it found is not lost when it is stopped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import IO, Any, cast

import highspy
import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.problem import PairProblem

Int32s = NDArray[np.int32]


@dataclass
class CoreSearch:
    """A search that runs beside us.

    Parameters
    ----------
    process
        The child.
    agent
        The best plan that it has reported, or None.
    bound
        A lower bound on every plan within the core, or minus infinity.
    is_exhausted
        Whether it has ended with nothing left to search within the core.
    """

    process: subprocess.Popen[str]
    agent: Int32s | None = None
    bound: float = -np.inf
    is_exhausted: bool = False

    @property
    def is_running(self) -> bool:
        """Tell whether the child is still at work."""
        return self._reader.is_alive()

    def __post_init__(self) -> None:
        """Begin to listen to the child."""
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  # opened as a pipe by start_core
        for line in self.process.stdout:
            report = json.loads(line)
            if report["agent"] is not None:
                self.agent = np.array(report["agent"], np.int32)
            self.bound = max(self.bound, report["bound"])
            self.is_exhausted = report["is_exhausted"]

    def wait(self, time_limit_s: float) -> None:
        """Wait for the child to end, at most so long."""
        self._reader.join(max(0.0, time_limit_s))

    def stop(self) -> None:
        """Stop the child, if it still runs, and take leave of it."""
        self.process.kill()
        self.process.wait()
        self._reader.join()


def start_core(
    problem: PairProblem, is_core: NDArray[np.bool_], *, incumbent: Int32s | None, time_limit_s: float, seed: int
) -> CoreSearch:
    """Start the search for the best plan among some pairs.

    Parameters
    ----------
    problem
        A closed problem.
    is_core
        Shape ``(n_agents, n_jobs)``: the pairs that may be used.
    incumbent
        A plan to begin with.
    time_limit_s, seed
        When the child stops by itself, and its seed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "muster.planning.assignment.core"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None  # noqa: S101  # opened as a pipe just above
    process.stdin.write(json.dumps(_brief(problem, is_core, incumbent, time_limit_s, seed)) + "\n")
    process.stdin.close()
    return CoreSearch(process)


def search_here(
    problem: PairProblem, *, time_limit_s: float, seed: int, n_threads: int = 1
) -> tuple[Int32s | None, float, bool]:
    """Search all pairs of a small problem in this process.

    Returns
    -------
    agent, bound, is_exhausted
        The best plan or None; a lower bound, infinite where there is no plan; whether nothing is left to search.
    """
    brief = _brief(problem, problem.is_allowed, None, time_limit_s, seed)
    # The plain class below the usual one does not print a banner to standard output.
    solver = _prepare(brief, cast("Any", highspy.Highs.__base__)())
    solver.setOptionValue("threads", n_threads)
    solver.run()
    values, bound, is_exhausted = _outcome(solver)
    agent = None if values is None else np.array(_agents(brief, values), np.int32)
    return agent, bound, is_exhausted


def _brief(
    problem: PairProblem, is_core: NDArray[np.bool_], incumbent: Int32s | None, time_limit_s: float, seed: int
) -> dict[str, Any]:
    agents, jobs = np.nonzero(is_core & problem.is_allowed)
    return {
        "agents": agents.tolist(),
        "jobs": jobs.tolist(),
        "cost": problem.cost[agents, jobs].tolist(),
        "weight": problem.weight[agents, jobs].tolist(),
        "capacity": problem.capacity.tolist(),
        "n_jobs": problem.n_jobs,
        "incumbent": None if incumbent is None else incumbent.tolist(),
        "time_limit_s": time_limit_s,
        "seed": seed,
    }


def build_model(brief: dict[str, Any]) -> highspy.HighsLp:
    """Build the integer program of a brief: each job once, no agent beyond its capacity."""
    n_pairs, n_jobs, n_agents = len(brief["jobs"]), brief["n_jobs"], len(brief["capacity"])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n_pairs, n_jobs + n_agents
    model.col_cost_ = np.array(brief["cost"], np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(n_pairs), np.ones(n_pairs)
    model.integrality_ = [highspy.HighsVarType.kInteger] * n_pairs
    model.row_lower_ = np.concatenate((np.ones(n_jobs), np.full(n_agents, -highspy.kHighsInf)))
    model.row_upper_ = np.concatenate((np.ones(n_jobs), np.array(brief["capacity"], np.float64)))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * n_pairs + 1, 2, dtype=np.int32)
    index = np.empty(2 * n_pairs, np.int32)
    index[0::2], index[1::2] = brief["jobs"], np.array(brief["agents"], np.int32) + n_jobs
    value = np.ones(2 * n_pairs)
    value[1::2] = brief["weight"]
    model.a_matrix_.index_, model.a_matrix_.value_ = index, value
    return model


def _take_stdout() -> IO[str]:
    """Keep standard output for reports: the solver prints a banner there, come what may."""
    ours = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return ours


def _agents(brief: dict[str, Any], values: Any) -> list[int]:
    agents = [-1] * brief["n_jobs"]
    for pair in np.flatnonzero(np.asarray(values) > 0.5).tolist():
        agents[brief["jobs"][pair]] = brief["agents"][pair]
    return agents


def _outcome(solver: Any) -> tuple[Any, float, bool]:
    status, info = solver.getModelStatus(), solver.getInfo()
    is_infeasible = status == highspy.HighsModelStatus.kInfeasible
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = solver.getSolution().col_value if has_plan else None
    bound = np.inf if is_infeasible else float(info.mip_dual_bound)
    return values, bound, is_infeasible or status == highspy.HighsModelStatus.kOptimal


def _report(out: IO[str], brief: dict[str, Any], values: Any, bound: float, *, is_exhausted: bool) -> None:
    agent = None if values is None else _agents(brief, values)
    # JSON knows no infinities.
    line = {"agent": agent, "bound": min(max(bound, -1e300), 1e300), "is_exhausted": is_exhausted}
    out.write(json.dumps(line) + "\n")
    out.flush()


def _prepare(brief: dict[str, Any], solver: Any) -> Any:
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": brief["seed"] % 2**31,
        "time_limit": brief["time_limit_s"],
        # The defaults stop at 1e-4, which is far from proven.
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.999,
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(build_model(brief))
    if brief["incumbent"] is not None:
        chosen = set(enumerate(brief["incumbent"]))
        start = highspy.HighsSolution()
        start.col_value = [float(pair in chosen) for pair in zip(brief["jobs"], brief["agents"], strict=True)]
        solver.setSolution(start)
    return solver


def main() -> None:
    """Search as the brief on standard input says."""
    out = _take_stdout()
    brief = json.loads(sys.stdin.readline())
    started = time.monotonic()
    solver = _prepare(brief, cast("Any", highspy.Highs)())
    solver.cbMipImprovingSolution.subscribe(
        lambda event: _report(
            out, brief, event.data_out.mip_solution, event.data_out.mip_dual_bound, is_exhausted=False
        )
    )
    solver.cbMipLogging.subscribe(
        lambda event: _report(out, brief, None, event.data_out.mip_dual_bound, is_exhausted=False)
    )
    solver.setOptionValue("time_limit", max(0.1, brief["time_limit_s"] - (time.monotonic() - started)))
    solver.run()
    values, bound, is_exhausted = _outcome(solver)
    _report(out, brief, values, bound, is_exhausted=is_exhausted)


if __name__ == "__main__":
    main()
