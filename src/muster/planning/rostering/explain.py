"""Why a place stays unfilled, and why a duty fell to a person: answers in rules and differences, not in prose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.exchange import is_permitted
from muster.planning.rostering.problem import DAY_MIN, OFF, RosterPlan, RosterProblem
from muster.planning.rostering.search import fairness_cost
from muster.planning.rostering.tables import Tables, build
from muster.planning.rostering.verify import minutes_of, worked_weekends


class Reason(StrEnum):
    """The first rule that keeps a person from a place, in the order in which they are tried."""

    ON_DUTY = "on_duty"
    ABSENT = "absent"
    NOT_ABLE = "not_able"
    REST = "rest"
    WEEK_FULL = "week_full"
    RUN_FULL = "run_full"
    NIGHTS_FULL = "nights_full"
    WEEKENDS_FULL = "weekends_full"
    MINUTES_FULL = "minutes_full"
    TYPE_FULL = "type_full"
    RUN_OR_OFF_TOO_SHORT = "run_or_off_too_short"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Somebody else who could take a duty, and what the whole roster would then cost more (negative: less)."""

    person: int
    difference: float


@dataclass(frozen=True, slots=True)
class UnfilledPlace:
    """An unfilled place: how many people are missing, and what keeps each person of the pool from it."""

    day: int
    shift: int
    missing: int
    reasons: tuple[Reason, ...]

    @property
    def counts(self) -> dict[Reason, int]:
        """People by reason."""
        return dict(Counter(self.reasons))


def explain_unfilled(problem: RosterProblem, plan: RosterPlan) -> list[UnfilledPlace]:
    """Explain every place that a roster leaves unfilled.

    Returns
    -------
    list
        By day and shift type; for each person the first rule that excludes them there, given the rest of their
        roster. `Reason.FREE` says that nothing does: filling it was not worth its cost.
    """
    cover = np.stack([(plan.shift == s).sum(axis=0) for s in range(problem.n_shifts)], axis=1)
    tables = build(problem)
    places = []
    for day, s in np.argwhere(cover < problem.demand):
        reasons = tuple(first_reason(problem, tables, plan.shift, p, int(day), int(s)) for p in range(problem.n_people))
        places.append(UnfilledPlace(int(day), int(s), int(problem.demand[day, s] - cover[day, s]), reasons))
    return places


def first_reason(problem: RosterProblem, tables: Tables, plan: Shorts, p: int, day: int, shift: int) -> Reason:
    """Name the first rule that keeps a person from one more duty, the rest of their roster as it is."""
    row = plan[p]
    if row[day] >= 0:
        return Reason.ON_DUTY
    if not problem.allowed[p, day].any():
        return Reason.ABSENT
    if not problem.allowed[p, day, shift]:
        return Reason.NOT_ABLE
    if not _is_rested(problem, p, row, day, shift):
        return Reason.REST
    trial = row.copy()
    trial[day] = shift
    if is_permitted(tables, trial, p):
        return Reason.FREE
    return _full_limit(problem, p, trial, day)


def _is_rested(problem: RosterProblem, p: int, row: Shorts, day: int, shift: int) -> bool:
    gap = problem.gap_days()
    start_min = day * DAY_MIN + problem.shifts[shift].start_min
    last_end = problem.people[p].history.last_end_min
    if last_end is not None and start_min - last_end < problem.min_rest_min:
        return False
    for other in np.flatnonzero(row >= 0):
        if other < day and day - other < gap[row[other], shift]:
            return False
        if other > day and other - day < gap[shift, row[other]]:
            return False
    return True


def _full_limit(problem: RosterProblem, p: int, trial: Shorts, day: int) -> Reason:
    """Name the limit that the roster with the additional duty breaks."""
    person, row = problem.people[p], trial.astype(np.int64)
    minutes = minutes_of(problem, row)
    week = (problem.first_weekday + np.arange(problem.n_days)) // 7
    in_week = int(minutes[week == week[day]].sum()) + (person.history.week_min if week[day] == 0 else 0)
    nights = sum(s >= 0 and problem.shifts[s].is_night for s in row)
    run = _run_length(row >= 0, day, person.history.run_days)
    night_run = _run_length(
        np.array([s >= 0 and problem.shifts[s].is_night for s in row]), day, person.history.night_run
    )
    name = problem.shifts[trial[day]].name
    checks = (
        (Reason.WEEK_FULL, in_week, person.max_week_minutes),
        (Reason.RUN_FULL, run, person.max_run_days),
        (Reason.NIGHTS_FULL, nights, person.max_nights),
        (Reason.NIGHTS_FULL, night_run, person.max_night_run),
        (Reason.WEEKENDS_FULL, worked_weekends(problem, person, row), person.max_weekends),
        (Reason.MINUTES_FULL, int(minutes.sum()), person.max_minutes),
        (Reason.TYPE_FULL, int((row == trial[day]).sum()), person.max_of_type.get(name)),
    )
    for reason, count, limit in checks:
        if limit is not None and count > limit:
            return reason
    return Reason.RUN_OR_OFF_TOO_SHORT


def _run_length(is_on: np.ndarray, day: int, before: int) -> int:
    """Return the days in a row around a day, with those before the horizon."""
    first = day
    while first > 0 and is_on[first - 1]:
        first -= 1
    last = day
    while last + 1 < len(is_on) and is_on[last + 1]:
        last += 1
    return last - first + 1 + (before if first == 0 else 0) if is_on[day] else 0


def explain_duty(problem: RosterProblem, plan: RosterPlan, person: int, day: int) -> list[Alternative]:
    """Answer "why me?": who else could take this duty, at what difference to the whole roster's cost.

    Returns
    -------
    list
        Cheapest first, and nobody when no other person may take it (see `first_reason` for each one's rule).

    Raises
    ------
    ValueError
        When the person is not on duty that day.
    """
    shift = int(plan.shift[person, day])
    if shift == OFF:
        raise ValueError(f"{problem.people[person].name} is not on duty on day {day}")
    tables = build(problem)
    relieved = plan.shift[person].copy()
    relieved[day] = OFF
    if not is_permitted(tables, relieved, person):
        return []
    saved = _cost(tables, plan.shift[person], person) - _cost(tables, relieved, person)
    found = []
    for p in range(problem.n_people):
        if p == person or plan.shift[p, day] != OFF:
            continue
        trial = plan.shift[p].copy()
        trial[day] = shift
        if is_permitted(tables, trial, p):
            added = _cost(tables, trial, p) - _cost(tables, plan.shift[p], p)
            found.append(Alternative(p, added - saved))
    return sorted(found, key=lambda other: (other.difference, other.person))


def _cost(tables: Tables, row: Shorts, p: int) -> float:
    own = tables.own_cost[p, np.arange(len(row)), row].sum()
    return float(own) + fairness_cost(tables, row, p)
