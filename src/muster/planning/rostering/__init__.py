"""Rostering: who works which shift on which day, every hard rule kept, gaps left open rather than rest broken."""

from muster.planning.rostering.pools import solve_pools
from muster.planning.rostering.problem import (
    FREE,
    OFF,
    Fairness,
    History,
    Person,
    Request,
    RosterPlan,
    RosterProblem,
    ShiftType,
)
from muster.planning.rostering.solve import solve
from muster.planning.rostering.verify import verify
from muster.planning.rostering.warm import warm_up

__all__ = [
    "FREE",
    "OFF",
    "Fairness",
    "History",
    "Person",
    "Request",
    "RosterPlan",
    "RosterProblem",
    "ShiftType",
    "solve",
    "solve_pools",
    "verify",
    "warm_up",
]
