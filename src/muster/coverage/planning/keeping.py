"""A plan of coverage as arrays, as it is kept, and as it is read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.planning.base import Base
from muster.coverage.planning.reasons import Gaps
from muster.coverage.planning.solving import Choice
from muster.coverage.planning.tree import Int64s
from muster.planning.matching.problem import AppointProblem
from muster.plans.models import Plan
from muster.plans.queries import open_problem, open_solution
from muster.plans.rules import Arrays

_PROBLEM_ARRAYS = ("first", "person", "cost", "capacity", "demand")
BASE_ARRAYS = ("area_ids", "person_ids", "person_facts", "standing")
"""Parts of the base that are kept whole, so that a stale plan can name what changed."""


@dataclass(frozen=True, eq=False)
class KeptCoverage:
    """A kept plan: numbers of areas, and of the people chosen for them (-1 for nobody).

    Parameters
    ----------
    area_ids, warden_ids, deputy_ids
        One entry an area that needs a warden, in the order of the tree.
    gaps
        Why areas are left without, with rows of the above.
    """

    area_ids: Int64s
    warden_ids: Int64s
    deputy_ids: Int64s
    gaps: Gaps


def problem_arrays(base: Base, choice: Choice) -> dict[str, NDArray[Any]]:
    """Return everything needed to solve a problem again and to see whether its base still stands."""
    parts = base.parts()
    return {
        **{name: getattr(choice.problem, name) for name in _PROBLEM_ARRAYS},
        "second_cost": np.array(choice.problem.second_cost, np.int64),
        **{f"base_{name}": parts[name] for name in BASE_ARRAYS},
    }


def solution_arrays(base: Base, choice: Choice, gaps: Gaps) -> dict[str, NDArray[Any]]:
    """Return what was chosen, the prices that prove it, and why areas are left without."""
    plan = choice.result.plan
    prices = {"area_price": plan.area_price, "person_price": plan.person_price} if plan else {}
    return {
        "warden_ids": base.person_ids(choice.warden),
        "deputy_ids": base.person_ids(choice.deputy),
        **prices,
        **gaps.arrays(),
    }


def open_coverage(plan: Plan) -> KeptCoverage:
    """Open a kept plan of coverage."""
    solution = open_solution(plan)
    return KeptCoverage(
        area_ids=open_problem(plan)["base_area_ids"],
        warden_ids=solution["warden_ids"],
        deputy_ids=solution["deputy_ids"],
        gaps=Gaps.of_arrays(solution),
    )


def open_appoint_problem(arrays: Arrays) -> AppointProblem:
    """Rebuild the problem from its arrays."""
    first, person, cost, capacity, demand = (arrays[name] for name in _PROBLEM_ARRAYS)
    return AppointProblem(first, person, cost, capacity, demand, int(arrays["second_cost"]))


def role_ids(kept: KeptCoverage) -> NDArray[np.int64]:
    """Return wardens and deputies as one array of shape ``(2, n_areas)``."""
    return np.stack([kept.warden_ids, kept.deputy_ids])
