"""A planned roster as arrays that name rows by number: kept with the plan, opened to look at and to publish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.duty.planning.base import Base
from muster.duty.planning.explaining import Shortage
from muster.duty.planning.problems import Pool
from muster.duty.rules import BoolArray, IntArray
from muster.planning.result import Result
from muster.planning.rostering.problem import RosterPlan
from muster.plans.models import Plan
from muster.plans.queries import open_solution


@dataclass(frozen=True, slots=True, eq=False)
class KeptRoster:
    """Who is to stand where, and what stays empty.

    Parameters
    ----------
    shift, person
        Numbers of shift and person of each planned duty, in the order of the shifts.
    lacking, missing, why, by_reason, proven
        Of each shift that lacks people: its number, how many, the leading reason, all reasons as JSON, and whether
        it is among so many places of its pool as are proven to stay empty.
    kept
        Numbers of the standing duties on these shifts that the plan keeps without having planned them.
    """

    shift: IntArray
    person: IntArray
    lacking: IntArray
    missing: IntArray
    why: NDArray[np.str_]
    by_reason: NDArray[np.str_]
    proven: BoolArray
    kept: IntArray

    @classmethod
    def from_places(
        cls,
        base: Base,
        duties: Sequence[tuple[int, int]],
        shortages: Sequence[Shortage],
        kept: Sequence[int],
    ) -> KeptRoster:
        """Build a roster from places in the base: of duties with the numbers of their people, and shortages."""
        table = np.array(sorted(duties), np.int64).reshape(-1, 2)
        lacking = np.array([shortage.place for shortage in shortages], np.int64)
        return cls(
            shift=base.shifts.number[table[:, 0]],
            person=table[:, 1],
            lacking=base.shifts.number[lacking],
            missing=np.array([shortage.missing for shortage in shortages], np.int64),
            why=np.array([shortage.why for shortage in shortages], np.str_),
            by_reason=np.array([json.dumps(shortage.by_reason, sort_keys=True) for shortage in shortages], np.str_),
            proven=np.array([shortage.is_proven for shortage in shortages], np.bool_),
            kept=np.array(sorted(kept), np.int64),
        )

    def reasons(self) -> Mapping[int, Mapping[str, int]]:
        """Return, by number of each shift that lacks people, how many people each reason keeps from it."""
        return {int(number): json.loads(str(text)) for number, text in zip(self.lacking, self.by_reason, strict=True)}


_FIELDS = ("shift", "person", "lacking", "missing", "why", "by_reason", "proven", "kept")


def pack_roster(
    pools: Sequence[Pool], results: Sequence[Result[RosterPlan]], roster: KeptRoster
) -> dict[str, NDArray[Any]]:
    """Return a roster as arrays, beside the solver's own choice for each pool."""
    chosen = [result.plan.shift.ravel() for result in results if result.plan is not None]
    return {
        **{name: getattr(roster, name) for name in _FIELDS},
        "pool_area": np.array([pool.area for pool in pools], np.int64),
        "chosen": np.concatenate([np.empty(0, np.int16), *chosen]),
    }


def open_roster(plan: Plan) -> KeptRoster:
    """Open the roster that a plan keeps; an empty one when it was not solved."""
    arrays = open_solution(plan)
    if not arrays:
        none = np.empty(0, np.int64)
        return KeptRoster(none, none, none, none, np.empty(0, np.str_), np.empty(0, np.str_), none.astype(bool), none)
    # Plans of earlier versions do not say what is proven.
    unproven = {"proven": np.zeros(len(arrays["lacking"]), np.bool_)}
    return KeptRoster(*({**unproven, **arrays}[name] for name in _FIELDS))


def is_same_choice(plan: Plan, results: Sequence[Result[RosterPlan]]) -> bool:
    """Tell whether pools solved again have the very rosters that the plan keeps."""
    chosen = [result.plan.shift.ravel() for result in results if result.plan is not None]
    return bool(np.array_equal(open_solution(plan)["chosen"], np.concatenate([np.empty(0, np.int16), *chosen])))
