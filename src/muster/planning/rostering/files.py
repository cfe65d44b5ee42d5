"""Benchmark files in, JSON out: what the command line calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from muster.planning.formats.roster_text import read_roster_text
from muster.planning.result import ProblemError, VerificationError
from muster.planning.rostering.problem import OFF, RosterPlan, RosterProblem
from muster.planning.rostering.solve import solve
from muster.planning.rostering.verify import verify

TOLERANCE = 1e-6


def solve_file(path: Path, *, time_limit_s: float, seed: int, out: Path | None) -> dict[str, Any]:
    """Solve a benchmark file and write the roster.

    Parameters
    ----------
    path
        The problem, in the benchmark's text format.
    time_limit_s, seed
        As for `solve`.
    out
        Where the roster goes, as JSON; None to write none. Nothing is written without a roster.

    Returns
    -------
    dict
        ``status``, ``objective``, ``bound``, ``runtime_s`` and the counts.

    Raises
    ------
    ProblemError
        When the file is no problem, or `out` cannot be written.
    """
    problem = read_roster_text(Path(path))
    result = solve(problem, time_limit_s=time_limit_s, seed=seed)
    if result.plan is not None:
        verify(problem, result.plan)
        if out is not None:
            _write(Path(out), problem, result.plan, result.objective, result.bound)
    return {
        "status": str(result.status),
        "objective": _number(result.objective),
        "bound": _number(result.bound),
        "runtime_s": round(result.runtime_s, 3),
        **{name: _number(value) for name, value in result.counts.items()},
    }


def verify_file(problem_path: Path, solution_path: Path) -> dict[str, Any]:
    """Check a roster file against its problem file.

    Returns
    -------
    dict
        ``status`` (``feasible``), the recomputed ``objective``, and counts of ``people`` and ``duties``.

    Raises
    ------
    ProblemError
        When a file cannot be read as what it should be.
    VerificationError
        When the roster breaks a rule, or claims another objective or a bound above its cost.
    """
    problem = read_roster_text(Path(problem_path))
    solution = _read_json(Path(solution_path))
    plan = _read_plan(Path(solution_path), problem, solution)
    cost = verify(problem, plan)
    claimed, bound = solution.get("objective"), solution.get("bound")
    if claimed is not None and abs(float(claimed) - cost) > TOLERANCE:
        raise VerificationError(f"{solution_path}: claims objective {claimed}, but the roster costs {cost:g}")
    if bound is not None and float(bound) > cost + TOLERANCE:
        raise VerificationError(f"{solution_path}: claims bound {bound}, above the roster's cost of {cost:g}")
    return {
        "status": "feasible",
        "objective": _number(cost),
        "people": problem.n_people,
        "duties": int((plan.shift != OFF).sum()),
    }


def _number(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)


def _write(out: Path, problem: RosterProblem, plan: RosterPlan, cost: float | None, bound: float | None) -> None:
    document = {
        "objective": _number(cost),
        "bound": _number(bound),
        "assignments": plan.assignments(problem),
    }
    try:
        out.write_text(json.dumps(document) + "\n", encoding="utf-8")
    except OSError as error:
        raise ProblemError(f"{out}: cannot be written ({error.strerror}); choose another path") from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProblemError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except ValueError as error:
        raise ProblemError(f"{path}: is not JSON ({error}); write it anew") from None
    if not isinstance(document, dict) or not isinstance(document.get("assignments"), list):
        raise ProblemError(f'{path}: expected an object with a list "assignments"')
    for name in ("objective", "bound"):
        value = document.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise ProblemError(f"{path}: {name} {value!r} is not a number; correct it")
    return document


def _read_plan(path: Path, problem: RosterProblem, solution: dict[str, Any]) -> RosterPlan:
    people = {person.name: p for p, person in enumerate(problem.people)}
    shifts = {shift.name: s for s, shift in enumerate(problem.shifts)}
    plan = np.full((problem.n_people, problem.n_days), OFF, np.int16)
    for i, entry in enumerate(solution["assignments"]):
        where = f"{path}, assignment {i}"
        if not isinstance(entry, dict) or not {"staff", "day", "shift"} <= entry.keys():
            raise ProblemError(f'{where}: expected "staff", "day" and "shift"')
        staff, day, shift = entry["staff"], entry["day"], entry["shift"]
        if staff not in people or shift not in shifts:
            raise ProblemError(f"{where}: staff {staff!r} or shift {shift!r} is not in the problem")
        if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day < problem.n_days:
            raise ProblemError(f"{where}: day {day!r} is not a day of the horizon (0 to {problem.n_days - 1})")
        if plan[people[staff], day] != OFF:
            raise VerificationError(f"{where}: {staff} works twice on day {day}")
        plan[people[staff], day] = shifts[shift]
    return RosterPlan(plan)
