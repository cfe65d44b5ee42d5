"""Write and read pairings as JSON: ``{"objective", "bound", "assignment": [agent of each job, 0-based]}``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from muster.planning.assignment.problem import PairPlan
from muster.planning.result import ProblemError, Result


def write_pair_plan(result: Result[PairPlan], path: Path) -> None:
    """Write what a solve found; without a plan, objective and assignment are null.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    assignment = None if result.plan is None else result.plan.agent.tolist()
    values = {"objective": result.objective, "bound": result.bound, "assignment": assignment}
    path.write_text(json.dumps(values) + "\n", encoding="utf-8")


def read_pair_plan(path: Path) -> tuple[PairPlan, float | None, float | None]:
    """Read a plan with the objective and the bound that it claims.

    Raises
    ------
    ProblemError
        If the file is not such a plan.
    OSError
        If the file cannot be read.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        assignment = values["assignment"]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise ProblemError(f"{path}: this is not JSON with an entry 'assignment'.") from None
    if not isinstance(assignment, list) or not all(type(agent) is int and abs(agent) < 2**31 for agent in assignment):
        raise ProblemError(f"{path}: 'assignment' must be a list of whole numbers, the agent of each job.")
    return PairPlan(np.array(assignment, np.int32)), values.get("objective"), values.get("bound")
