"""Checks that a rostering problem is a problem, each fault named by its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from muster.planning.result import ProblemError

if TYPE_CHECKING:
    from muster.planning.rostering.problem import Person, RosterProblem

DAY_MIN = 1440
LONGEST_SHIFT_DAYS = 7


def check(problem: RosterProblem) -> None:
    """Refuse a problem whose parts contradict each other.

    Raises
    ------
    ProblemError
        With the place and the fault.
    """
    if problem.n_days < 1:
        raise ProblemError(f"horizon: {problem.n_days} days; at least one is needed")
    if not problem.shifts:
        raise ProblemError("shift types: none given")
    if not 0 <= problem.first_weekday <= 6:
        raise ProblemError(f"first_weekday: {problem.first_weekday} is not 0 (Monday) to 6")
    if problem.min_rest_min < 0:
        raise ProblemError(f"min_rest_min: {problem.min_rest_min} is negative")
    if problem.nights_span_days is not None and problem.nights_span_days < 1:
        raise ProblemError(f"nights_span_days: {problem.nights_span_days} days; at least one is needed")
    _check_shifts(problem)
    _check_arrays(problem)
    _check_people(problem)
    _check_requests(problem)
    _check_weights(problem)
    _check_standing(problem)


def _check_shifts(problem: RosterProblem) -> None:
    names = [shift.name for shift in problem.shifts]
    _check_unique("shift types", names)
    for shift in problem.shifts:
        if not 0 <= shift.start_min < DAY_MIN:
            raise ProblemError(f"shift type {shift.name}: start minute {shift.start_min} is not in a day")
        if not 0 < shift.length_min <= LONGEST_SHIFT_DAYS * DAY_MIN:
            raise ProblemError(f"shift type {shift.name}: length {shift.length_min} min is not within a week")
    for pair in problem.forbidden:
        for name in pair:
            if name not in names:
                raise ProblemError(f"forbidden succession {pair[0]} to {pair[1]}: no shift type {name}")


def _check_unique(where: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ProblemError(f"{where}: {name} appears twice")
        seen.add(name)


def _check_arrays(problem: RosterProblem) -> None:
    cover = (problem.n_days, problem.n_shifts)
    for name in ("demand", "under_weight", "over_weight"):
        _check_cover_array(name, getattr(problem, name), cover)
    if problem.max_cover is not None and problem.max_cover.shape != cover:
        raise ProblemError(f"max_cover: shape {problem.max_cover.shape}, expected {cover}")
    expected = (problem.n_people, *cover)
    if problem.allowed.shape != expected or problem.allowed.dtype != np.bool_:
        raise ProblemError(f"allowed: {problem.allowed.dtype} {problem.allowed.shape}, expected bool {expected}")


def _check_cover_array(name: str, array: np.ndarray, shape: tuple[int, int]) -> None:
    if array.shape != shape:
        raise ProblemError(f"{name}: shape {array.shape}, expected {shape} (days, shift types)")
    bad = np.argwhere(~np.isfinite(array) | (array < 0))
    if bad.size:
        day, shift = bad[0]
        raise ProblemError(f"{name}: {array[day, shift]} on day {day}, shift type {shift}; must be 0 or more")


def _check_people(problem: RosterProblem) -> None:
    _check_unique("people", [person.name for person in problem.people])
    known = {shift.name for shift in problem.shifts}
    for person in problem.people:
        for name in person.max_of_type:
            if name not in known:
                raise ProblemError(f"person {person.name}: limit for unknown shift type {name}")
        _check_limits(person)


def _check_limits(person: Person) -> None:
    where = f"person {person.name}"
    for name in ("max_minutes", "max_week_minutes", "max_weekends", "max_nights", "max_night_run"):
        value = getattr(person, name)
        if value is not None and value < 0:
            raise ProblemError(f"{where}: {name} {value} is negative")
    if person.max_minutes is not None and person.min_minutes > person.max_minutes:
        raise ProblemError(f"{where}: at least {person.min_minutes} min but at most {person.max_minutes}")
    if person.max_run_days is not None and person.max_run_days < max(1, person.min_run_days):
        raise ProblemError(f"{where}: runs of at least {person.min_run_days} and at most {person.max_run_days} days")
    if person.min_run_days < 1 or person.min_days_off < 1:
        raise ProblemError(f"{where}: least working days and days off in a row start at 1")
    if any(limit < 0 for limit in person.max_of_type.values()):
        raise ProblemError(f"{where}: a limit per shift type is negative")
    if not person.share > 0:
        raise ProblemError(f"{where}: share {person.share} must be above 0")
    _check_history(person)


def _check_history(person: Person) -> None:
    past = person.history
    counts = (past.run_days, past.night_run, past.week_min, past.minutes, past.nights, past.weekends)
    if min(counts) < 0 or (past.days_off is not None and past.days_off < 0):
        raise ProblemError(f"person {person.name}: history holds a negative count")
    if past.run_days and past.days_off:
        raise ProblemError(f"person {person.name}: history ends in both working days and days off")


def _check_requests(problem: RosterProblem) -> None:
    for i, wish in enumerate(problem.requests):
        in_range = (
            0 <= wish.person < problem.n_people
            and 0 <= wish.day < problem.n_days
            and 0 <= wish.shift < problem.n_shifts
        )
        if not in_range:
            raise ProblemError(f"request {i}: person {wish.person}, day {wish.day}, shift {wish.shift} out of range")
        if not (np.isfinite(wish.weight) and wish.weight >= 0):
            raise ProblemError(f"request {i}: weight {wish.weight} must be 0 or more")


def _check_weights(problem: RosterProblem) -> None:
    for name in ("nights", "weekends", "hours"):
        if not getattr(problem.fairness, name) >= 0:
            raise ProblemError(f"fairness.{name}: must be 0 or more")
    if problem.disturbance_weight < 0:
        raise ProblemError(f"disturbance_weight: {problem.disturbance_weight} is negative")


def _check_standing(problem: RosterProblem) -> None:
    if not 0 <= problem.frozen_days <= problem.n_days:
        raise ProblemError(f"frozen_days: {problem.frozen_days} is not within the horizon")
    if problem.standing is None:
        if problem.frozen_days:
            raise ProblemError("frozen_days: there is no standing roster to freeze")
        return
    expected = (problem.n_people, problem.n_days)
    if problem.standing.shape != expected:
        raise ProblemError(f"standing: shape {problem.standing.shape}, expected {expected}")
    if problem.standing.size and not -2 <= problem.standing.min() <= problem.standing.max() < problem.n_shifts:
        raise ProblemError("standing: a value is neither a shift type, -1 (off) nor -2 (nothing stands)")
