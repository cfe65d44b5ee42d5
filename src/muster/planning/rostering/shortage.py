"""How many places no roster can fill, proven by linear programming; and a roster that leaves few more empty.

The relaxation keeps, in fractions of people, who may work when, one shift a day, the rest between neighboring
days, the days in a row, the hours of each calendar week, the nights in a row and in all. What even it leaves empty
stays empty in every roster. People whom the rules treat alike are one variable, which loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from muster.planning.rostering.problem import (
    DAY_MIN,
    OFF,
    WEEK_DAYS,
    BoolArray,
    FloatArray,
    IntArray,
    Person,
    RosterProblem,
)

TOLERANCE = 1e-6


def count_unfillable(problem: RosterProblem, *, time_limit_s: float, is_whole: bool = False) -> int:
    """Count the places of a problem that stay empty in every roster, at least.

    Parameters
    ----------
    problem
        The problem.
    time_limit_s
        Wall time for the relaxation in seconds; when it runs out, only what each day shows by itself is counted, and
        what was proven on the way with whole people.
    is_whole
        Whether to count with whole people, which proves more and takes longer.
    """
    if not problem.n_people or not problem.demand.any():
        return int(problem.demand.sum())
    program = _Program(problem, is_grouped=True)
    found = _minimize(program, program.costs, time_limit_s, is_whole=is_whole)
    least = found.mip_dual_bound if is_whole else found.fun if found.status == 0 else None
    proven = 0 if least is None or not np.isfinite(least) else int(np.ceil(least - TOLERANCE))
    return max(proven, _unfillable_by_day(problem))


def _minimize(program: _Program, costs: FloatArray, time_limit_s: float, *, is_whole: bool) -> OptimizeResult:
    least, most = program.bounds().T
    return milp(
        costs,
        integrality=np.full(len(most), int(is_whole)),
        bounds=Bounds(least, most),
        constraints=LinearConstraint(program.matrix(), -np.inf, np.array(program.limits)),
        options={"time_limit": max(0.1, time_limit_s)},
    )


def fill_places(problem: RosterProblem, *, time_limit_s: float) -> NDArray[np.int16] | None:
    """Find a roster that leaves as few places empty, and changes as little of what stands, as it can.

    Parameters
    ----------
    problem
        The problem.
    time_limit_s
        Wall time in seconds.

    Returns
    -------
    numpy.ndarray or None
        Shift type of each person and day, -1 for off; shape (n_people, n_days). It keeps the rules that the
        relaxation knows, in whole people; the caller checks the others. None when none was found in time.
    """
    program = _Program(problem, is_grouped=False)
    found = _minimize(program, program.costs + program.disturbance(), time_limit_s, is_whole=True)
    return None if found.x is None else program.read(found.x)


def _unfillable_by_day(problem: RosterProblem) -> int:
    """Count the places beyond the people who may work a day at all, day by day and shift type by shift type."""
    per_type = np.maximum(problem.demand - problem.allowed.sum(axis=0), 0).sum(axis=1)
    per_day = np.maximum(problem.demand.sum(axis=1) - problem.allowed.any(axis=2).sum(axis=0), 0)
    return int(np.maximum(per_type, per_day).sum())


@dataclass(slots=True, eq=False)
class _Program:
    """The relaxation: variables are people of a group by day and shift type, then the empty places."""

    problem: RosterProblem
    is_grouped: bool
    rows: list[IntArray] = field(default_factory=list)
    columns: list[IntArray] = field(default_factory=list)
    values: list[FloatArray] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    leaders: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    number: IntArray = field(init=False)
    empty: IntArray = field(init=False)

    def __post_init__(self) -> None:
        """Give every variable its number, and write every rule."""
        self._group()
        is_open = np.stack([_open_cells(self.problem, p) for p in self.leaders])
        self.number = np.where(is_open, np.cumsum(is_open).reshape(is_open.shape) - 1, -1)
        asked = self.problem.demand > 0
        self.empty = np.where(asked, np.cumsum(asked).reshape(asked.shape) - 1 + int(is_open.sum()), -1)
        self._add_cover()
        conflicts = _conflicts(self.problem)
        for group, leader in enumerate(self.leaders):
            self._add_person(group, leader, conflicts)

    @property
    def costs(self) -> FloatArray:
        """One for each empty place."""
        costs = np.zeros(int((self.number >= 0).sum() + (self.empty >= 0).sum()))
        costs[self.empty[self.empty >= 0]] = 1.0
        return costs

    def disturbance(self) -> FloatArray:
        """Return what it costs, in empty places, to change a day that stands; keeping one is a gain."""
        costs, standing = np.zeros(len(self.costs)), self.problem.standing
        if standing is None:
            return costs
        weight = self.problem.disturbance_weight / float(self.problem.under_weight.max(initial=1.0))
        kind = np.arange(self.problem.n_shifts)[None, None]
        change = np.where(standing[:, :, None] == OFF, weight, 0.0) - np.where(
            standing[:, :, None] == kind, weight, 0.0
        )
        costs[self.number[self.number >= 0]] = change[self.number >= 0]
        return costs

    def matrix(self) -> sparse.csr_array:
        """Return the rules as rows."""
        shape = (len(self.limits), len(self.costs))
        none = np.empty(0, np.int64)
        cells = (np.concatenate([none, *self.rows]), np.concatenate([none, *self.columns]))
        return sparse.csr_array((np.concatenate([np.empty(0), *self.values]), cells), shape=shape)

    def bounds(self) -> FloatArray:
        """Return least and most of each variable."""
        upper = np.empty(len(self.costs))
        most = np.broadcast_to(np.array(self.sizes, np.float64)[:, None, None], self.number.shape)
        upper[self.number[self.number >= 0]] = most[self.number >= 0]
        upper[self.empty[self.empty >= 0]] = self.problem.demand[self.empty >= 0]
        return np.stack([np.zeros(len(upper)), upper], axis=1)

    def read(self, found: FloatArray) -> NDArray[np.int16]:
        """Return a solution in whole people as a roster, without those beyond what a place asks for."""
        works = np.where(self.number >= 0, found[self.number] > 0.5, False)
        works &= np.cumsum(works, axis=0) <= self.problem.demand[None]
        return np.where(works.any(axis=2), works.argmax(axis=2), OFF).astype(np.int16)

    def _group(self) -> None:
        at: dict[object, int] = {}
        for p in range(self.problem.n_people):
            group = at.setdefault(_likeness(self.problem, p) if self.is_grouped else p, len(at))
            if group == len(self.leaders):
                self.leaders.append(p)
                self.sizes.append(0)
            self.sizes[group] += 1

    def _add(self, columns: IntArray, values: FloatArray | float, limit: float) -> None:
        is_real = columns >= 0
        if not is_real.any():
            return
        self.columns.append(columns[is_real])
        self.values.append(np.broadcast_to(np.asarray(values, np.float64), columns.shape)[is_real])
        self.rows.append(np.full(int(is_real.sum()), len(self.limits), np.int64))
        self.limits.append(limit)

    def _add_cover(self) -> None:
        for day, s in np.argwhere(self.problem.demand > 0):
            cells = np.append(self.number[:, day, s], self.empty[day, s])
            self._add(cells, -1.0, -float(self.problem.demand[day, s]))

    def _add_person(self, group: int, leader: int, conflicts: Sequence[tuple[BoolArray, BoolArray]]) -> None:
        person, size, number = self.problem.people[leader], self.sizes[group], self.number[group]
        for day in range(self.problem.n_days):
            self._add(number[day], 1.0, size)
            for earlier, later in conflicts if day else ():
                self._add(np.concatenate([number[day - 1, earlier], number[day, later]]), 1.0, size)
        if person.max_run_days is not None:
            for days, most in _windows(self.problem.n_days, person.max_run_days, person.history.run_days):
                self._add(number[days].ravel(), 1.0, size * most)
        self._add_nights(number, size, person)
        if person.max_week_minutes is not None:
            self._add_weeks(number, size, person.max_week_minutes, person.history.week_min)

    def _add_nights(self, number: IntArray, size: int, person: Person) -> None:
        nights = number[:, np.array([shift.is_night for shift in self.problem.shifts])]
        if person.max_nights is not None:
            for days, most in _night_spans(self.problem, person, person.max_nights):
                self._add(nights[days].ravel(), 1.0, size * most)
        if person.max_night_run is not None:
            for days, most in _windows(self.problem.n_days, person.max_night_run, person.history.night_run):
                self._add(nights[days].ravel(), 1.0, size * most)

    def _add_weeks(self, number: IntArray, size: int, most_min: int, before_min: int) -> None:
        length_min = np.array([float(shift.length_min) for shift in self.problem.shifts])
        week = (self.problem.first_weekday + np.arange(self.problem.n_days)) // WEEK_DAYS
        for w in range(int(week[-1]) + 1):
            days = week == w
            left_min = max(0, most_min - (before_min if w == 0 else 0))
            self._add(number[days].ravel(), np.tile(length_min, int(days.sum())), size * left_min)


def _likeness(problem: RosterProblem, p: int) -> object:
    person, past = problem.people[p], problem.people[p].history
    limits = (person.max_week_minutes, person.max_run_days, person.max_nights, person.max_night_run)
    start = past.last_end_min, past.run_days, past.night_run, past.week_min, past.night_days
    return problem.allowed[p].tobytes(), limits, start


def _open_cells(problem: RosterProblem, p: int) -> BoolArray:
    """Return where a person may work and is asked for, rested from what came before."""
    start_min = np.array([shift.start_min for shift in problem.shifts])
    begins = DAY_MIN * np.arange(problem.n_days)[:, None] + start_min[None]
    last_end_min = problem.people[p].history.last_end_min
    is_open: BoolArray = problem.allowed[p] & (problem.demand > 0)
    return is_open if last_end_min is None else is_open & (begins >= last_end_min + problem.min_rest_min)


def _conflicts(problem: RosterProblem) -> list[tuple[BoolArray, BoolArray]]:
    """Return pairs of sets of shift types: who works one of the first may work none of the second a day later."""
    bars = problem.gap_days() > 1
    followers = {tuple(row.tolist()) for row in bars if row.any()}
    return [(np.all(bars[:, np.array(row)], axis=1), np.array(row)) for row in sorted(followers)]


def _night_spans(problem: RosterProblem, person: Person, most: int) -> Iterable[tuple[slice, int]]:
    """Yield spans of days and how many nights of them may be worked, beside those that stand there already."""
    n_days, span = problem.n_days, problem.nights_span_days or problem.n_days
    others = np.array(person.history.night_days, np.int64)
    if not len(others) or problem.nights_span_days is None:
        for first in range(max(1, n_days - span + 1)):
            yield slice(first, first + span), most
        return
    seen: set[tuple[int, int, int]] = set()
    for first in range(1 - span, n_days):
        left = max(0, most - int(((others >= first) & (others < first + span)).sum()))
        key = max(0, first), min(n_days, first + span), left
        if left < key[1] - key[0] and key not in seen:
            seen.add(key)
            yield slice(*key[:2]), left


def _windows(n_days: int, most: int, before: int) -> Iterable[tuple[slice, int]]:
    """Yield spans of days and how many of them may be worked."""
    if before:
        yield slice(0, max(0, most - before) + 1), max(0, most - before)
    for first in range(n_days - most):
        yield slice(first, first + most + 1), most
