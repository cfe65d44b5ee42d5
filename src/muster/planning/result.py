"""What every planner returns: a status, a plan or none, and how good it is known to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

PlanT = TypeVar("PlanT")


class Status(StrEnum):
    """How a solve ended.

    ``INFEASIBLE`` and ``UNKNOWN`` carry no plan: an empty plan never stands for "nothing found".
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class ProblemError(ValueError):
    """A problem that cannot be a problem: says exactly what is wrong and where."""


class VerificationError(ValueError):
    """A plan that breaks a rule of its problem, found by code that shares nothing with the solver."""


@dataclass(frozen=True, slots=True)
class Result(Generic[PlanT]):
    """The outcome of one solve.

    Parameters
    ----------
    status
        How the solve ended.
    plan
        The plan, or None when the status is infeasible or unknown.
    objective
        The plan's cost in the problem's own unit (minimized), or None without a plan.
    bound
        A valid lower bound on the cost of every plan, or None when none was proven.
    runtime_s
        Wall time of the solve in seconds, compiling excluded where it is known.
    solver
        Name and version of what solved it, so that a night can be solved again.
    counts
        Figures of this kind of problem, by name.
    """

    status: Status
    plan: PlanT | None
    objective: float | None
    bound: float | None
    runtime_s: float
    solver: str
    counts: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a status that contradicts the plan."""
        has_plan = self.status in (Status.OPTIMAL, Status.FEASIBLE)
        if has_plan != (self.plan is not None):
            raise ValueError(f"status {self.status} {'needs' if has_plan else 'cannot carry'} a plan")
