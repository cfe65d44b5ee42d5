"""Keeping a roster's problems as arrays, and building the very same problems from them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.duty.planning.problems import OVER_WEIGHT, UNDER_WEIGHT, Pool
from muster.duty.queries.cover import FAIRNESS
from muster.planning.rostering.problem import Fairness, History, Person, RosterProblem, ShiftType

Arrays = dict[str, NDArray[Any]]
LONG_AGO = np.iinfo(np.int64).min
_HISTORY = ("run_days", "week_min", "minutes", "nights", "weekends")


def pack_problems(pools: Sequence[Pool], base_parts: Mapping[str, str]) -> Arrays:
    """Return the arrays of all pools' problems, one after the other, and the digests of their base."""
    problems = [pool.problem for pool in pools]
    return {
        "n_days": np.array([problem.n_days for problem in problems], np.int64),
        "n_people": np.array([problem.n_people for problem in problems], np.int64),
        "n_shifts": np.array([problem.n_shifts for problem in problems], np.int64),
        "first_weekday": np.array([problem.first_weekday for problem in problems], np.int64),
        "min_rest_min": np.array([problem.min_rest_min for problem in problems], np.int64),
        "nights_span_days": np.array([problem.nights_span_days or 0 for problem in problems], np.int64),
        "pool_area": np.array([pool.area for pool in pools], np.int64),
        "weights": np.array(
            [
                UNDER_WEIGHT,
                OVER_WEIGHT,
                max((problem.disturbance_weight for problem in problems), default=0.0),
                FAIRNESS.nights,
                FAIRNESS.weekends,
                FAIRNESS.hours,
            ]
        ),
        "shift_types": _joined([_shift_rows(problem) for problem in problems], 3),
        "people": _joined([_person_rows(problem) for problem in problems], 6 + len(_HISTORY)),
        "night_days": np.array(
            [day for problem in problems for person in problem.people for day in person.history.night_days], np.int64
        ),
        "share": np.array([person.share for problem in problems for person in problem.people], np.float64),
        "demand": _flat([problem.demand for problem in problems]),
        "allowed": _flat([problem.allowed for problem in problems], np.bool_),
        "has_standing": np.array([problem.standing is not None for problem in problems], np.bool_),
        "standing": _flat([problem.standing for problem in problems if problem.standing is not None]),
        "base_parts": np.array(sorted(base_parts.items()), np.str_).reshape(-1, 2),
    }


def _joined(rows: Sequence[NDArray[np.int64]], width: int) -> NDArray[np.int64]:
    return np.concatenate([np.empty((0, width), np.int64), *rows])


def _flat(arrays: Sequence[NDArray[Any]], kind: Any = np.int64) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *(array.ravel() for array in arrays)])


def _shift_rows(problem: RosterProblem) -> NDArray[np.int64]:
    rows = [(shift.start_min, shift.length_min, shift.is_night) for shift in problem.shifts]
    return np.array(rows, np.int64).reshape(-1, 3)


def _person_rows(problem: RosterProblem) -> NDArray[np.int64]:
    rows = [
        (
            int(person.name),
            person.max_week_minutes,
            person.max_run_days,
            person.max_nights,
            LONG_AGO if person.history.last_end_min is None else person.history.last_end_min,
            *(getattr(person.history, name) for name in _HISTORY),
            len(person.history.night_days),
        )
        for person in problem.people
    ]
    return np.array(rows, np.int64).reshape(-1, 6 + len(_HISTORY))


@dataclass(slots=True)
class _Reader:
    """Takes the next rows of a joined array each time it is asked."""

    arrays: Arrays
    taken: dict[str, int]

    def take(self, name: str, count: int) -> NDArray[Any]:
        """Return the next ``count`` entries of an array."""
        start = self.taken.get(name, 0)
        self.taken[name] = start + count
        return self.arrays[name][start : start + count]


def unpack_problems(arrays: Arrays) -> list[RosterProblem]:
    """Build again the problems that ``pack_problems`` packed, in their order."""
    reader = _Reader(arrays, {})
    return [_unpack(arrays, reader, index) for index in range(len(arrays["n_days"]))]


def _unpack(arrays: Arrays, reader: _Reader, index: int) -> RosterProblem:
    n_days, n_people, n_shifts = (int(arrays[name][index]) for name in ("n_days", "n_people", "n_shifts"))
    under, over, disturbance, nights, weekends, hours = (float(weight) for weight in arrays["weights"])
    demand = reader.take("demand", n_days * n_shifts).reshape(n_days, n_shifts)
    rows, shares = reader.take("people", n_people), reader.take("share", n_people)
    has_standing = bool(arrays["has_standing"][index])
    shifts = reader.take("shift_types", n_shifts).tolist()
    return RosterProblem(
        n_days=n_days,
        shifts=tuple(
            ShiftType(str(at), start, length, bool(night)) for at, (start, length, night) in enumerate(shifts)
        ),
        people=tuple(_person(reader, row, float(share)) for row, share in zip(rows.tolist(), shares, strict=True)),
        demand=demand,
        under_weight=np.full(demand.shape, under),
        over_weight=np.full(demand.shape, over),
        allowed=reader.take("allowed", n_people * n_days * n_shifts).reshape(n_people, n_days, n_shifts),
        max_cover=demand.copy(),
        first_weekday=int(arrays["first_weekday"][index]),
        min_rest_min=int(arrays["min_rest_min"][index]),
        nights_span_days=int(arrays["nights_span_days"][index]) or None,
        fairness=Fairness(nights, weekends, hours),
        standing=reader.take("standing", n_people * n_days).reshape(n_people, n_days) if has_standing else None,
        disturbance_weight=disturbance,
    )


def _person(reader: _Reader, row: Sequence[int], share: float) -> Person:
    number, max_week_min, max_run_days, max_nights, last_end_min, *past, n_nights = row
    run_days, week_min, minutes, nights, weekends = past
    return Person(
        name=str(number),
        max_week_minutes=max_week_min,
        max_run_days=max_run_days,
        max_nights=max_nights,
        share=share,
        history=History(
            last_end_min=None if last_end_min == LONG_AGO else last_end_min,
            run_days=run_days,
            week_min=week_min,
            minutes=minutes,
            nights=nights,
            weekends=weekends,
            night_days=tuple(reader.take("night_days", n_nights).tolist()),
        ),
    )
