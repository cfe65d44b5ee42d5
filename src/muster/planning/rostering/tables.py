"""A rostering problem laid out as flat arrays for the compiled kernels."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering import automaton
from muster.planning.rostering.problem import DAY_MIN, FREE, HOURS_UNIT_MIN, Person, RosterProblem

NO_LIMIT = 1 << 28


class Tables(NamedTuple):
    """Arrays of one problem: P people, D days, S shift types, K shift classes, A automata.

    Minutes are counted in `unit_min`, the greatest common divisor of the lengths. A cost of infinity forbids.
    """

    next_state: NDArray[np.int32]  # A × R × (K + 1); the last symbol is the day off
    is_working: NDArray[np.bool_]  # A × R
    n_states: NDArray[np.int32]  # A
    automaton_of: NDArray[np.int32]  # P
    class_of: NDArray[np.int32]  # S
    class_units: NDArray[np.int32]  # K
    class_night: NDArray[np.bool_]  # K
    is_weekend: NDArray[np.bool_]  # D
    is_sunday: NDArray[np.bool_]  # D
    starts_week: NDArray[np.bool_]  # D + 1
    own_cost: NDArray[np.float64]  # P × D × (S + 1); the last column is the day off
    demand: NDArray[np.int32]  # D × S
    under: NDArray[np.float64]  # D × S
    over: NDArray[np.float64]  # D × S
    max_cover: NDArray[np.int32]  # D × S
    max_units: NDArray[np.int32]  # P
    min_units: NDArray[np.int32]  # P
    max_week_units: NDArray[np.int32]  # P
    first_week_units: NDArray[np.int32]  # P: what history has used of the first week
    max_weekends: NDArray[np.int32]  # P
    max_nights: NDArray[np.int32]  # P: in any nights_span days
    nights_span: int
    other_nights: NDArray[np.int8]  # P × (D + 2 × nights_span): beside the roster, see below
    max_of_type: NDArray[np.int32]  # P × S
    fair_weight: NDArray[np.float64]  # P × 3: weekends, nights, units of time
    fair_past: NDArray[np.float64]  # P × 3: the same, before the horizon


def _own_costs(problem: RosterProblem) -> NDArray[np.float64]:
    cost = np.zeros((problem.n_people, problem.n_days, problem.n_shifts + 1))
    for p, d, s, weight, is_on in problem.requests:
        if is_on:
            cost[p, d, :] += weight
            cost[p, d, s] -= weight
        else:
            cost[p, d, s] += weight
    if problem.standing is not None and problem.disturbance_weight:
        rows, days = np.nonzero(problem.standing != FREE)
        cost[rows, days, :] += problem.disturbance_weight
        cost[rows, days, problem.standing[rows, days]] -= problem.disturbance_weight
    cost[:, :, :-1][~problem.allowed] = np.inf
    _forbid_after_history(problem, cost)
    _freeze(problem, cost)
    return cost


def _freeze(problem: RosterProblem, cost: NDArray[np.float64]) -> None:
    """Leave on the frozen days only what stands."""
    if problem.standing is None:
        return
    standing = problem.standing[:, : problem.frozen_days]
    for p, day in np.argwhere(standing != FREE):
        others = np.arange(problem.n_shifts + 1) != standing[p, day] % (problem.n_shifts + 1)
        cost[p, day, others] = np.inf


def _forbid_after_history(problem: RosterProblem, cost: NDArray[np.float64]) -> None:
    starts = np.array([shift.start_min for shift in problem.shifts])
    for p, person in enumerate(problem.people):
        if person.history.last_end_min is None:
            continue
        rested_min = person.history.last_end_min + problem.min_rest_min
        for d in range(min(problem.n_days, max(0, rested_min // DAY_MIN + 1))):
            cost[p, d, :-1][starts + d * DAY_MIN < rested_min] = np.inf


def _limit(value: int | None, unit: int = 1) -> int:
    return NO_LIMIT if value is None else value // unit


def _week_start(person: Person, unit: int) -> int:
    """Return the units that count as used in the first week, rounded so that the limit still holds."""
    if person.max_week_minutes is None:
        return 0
    left = max(0, person.max_week_minutes - person.history.week_min) // unit
    return person.max_week_minutes // unit - left


def _other_nights(problem: RosterProblem) -> NDArray[np.int8]:
    """Count the nights beside the roster by day, from so many days before it as a span has."""
    if problem.nights_span_days is None:
        return np.zeros((problem.n_people, 3 * problem.n_days), np.int8)
    counts = np.zeros((problem.n_people, problem.n_days + 2 * problem.nights_span_days), np.int8)
    for p, person in enumerate(problem.people):
        columns = np.array(person.history.night_days, np.int64) + problem.nights_span_days
        np.add.at(counts[p], columns[(columns >= 0) & (columns < counts.shape[1])], 1)
    return counts


def _automata(problem: RosterProblem, classes: NDArray[np.int64]) -> tuple[list[automaton.Automaton], list[int]]:
    known: dict[object, int] = {}
    built: list[automaton.Automaton] = []
    of_person = []
    for person in problem.people:
        past = person.history
        rules = automaton.run_rules(problem, person, classes)
        key = (rules, past.run_days, past.days_off, past.night_run, past.has_open_start)
        if key not in known:
            known[key] = len(built)
            built.append(automaton.compile_rules(rules, person))
        of_person.append(known[key])
    return built, of_person


def _stack(built: list[automaton.Automaton], n_symbols: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    n_states = max((len(a.next_state) for a in built), default=1)
    table = np.full((max(1, len(built)), n_states, n_symbols), -1, np.int32)
    working = np.zeros(table.shape[:2], np.bool_)
    for i, item in enumerate(built):
        table[i, : len(item.next_state)] = item.next_state
        working[i, : len(item.next_state)] = item.is_working
    return table, working


def build(problem: RosterProblem) -> Tables:
    """Lay out a problem for the kernels."""
    classes = automaton.shift_classes(problem)
    members = [int(np.argmax(classes == k)) for k in range(int(classes.max()) + 1)]
    unit = math.gcd(*(shift.length_min for shift in problem.shifts))
    built, of_person = _automata(problem, classes)
    next_state, is_working = _stack(built, len(members) + 1)
    weekdays = (problem.first_weekday + np.arange(problem.n_days + 1)) % 7
    people = problem.people
    caps = [[person.max_of_type.get(shift.name, NO_LIMIT) for shift in problem.shifts] for person in people]
    unlimited = np.full(problem.demand.shape, NO_LIMIT)
    max_cover = unlimited if problem.max_cover is None else problem.max_cover
    fair = problem.fairness
    hours = fair.hours * (unit / HOURS_UNIT_MIN) ** 2
    return Tables(
        next_state=next_state,
        is_working=is_working,
        n_states=np.array([len(a.next_state) for a in built], np.int32),
        automaton_of=np.array(of_person, np.int32),
        class_of=classes.astype(np.int32),
        class_units=np.array([problem.shifts[i].length_min // unit for i in members], np.int32),
        class_night=np.array([problem.shifts[i].is_night for i in members], np.bool_),
        is_weekend=weekdays[:-1] >= 5,
        is_sunday=weekdays[:-1] == 6,
        starts_week=weekdays == 0,
        own_cost=_own_costs(problem),
        demand=problem.demand.astype(np.int32),
        under=problem.under_weight.astype(np.float64),
        over=problem.over_weight.astype(np.float64),
        max_cover=np.where(max_cover < 0, NO_LIMIT, max_cover).astype(np.int32),
        max_units=np.array([_limit(x.max_minutes, unit) for x in people], np.int32),
        min_units=np.array([-(-x.min_minutes // unit) for x in people], np.int32),
        max_week_units=np.array([_limit(x.max_week_minutes, unit) for x in people], np.int32),
        first_week_units=np.array([_week_start(x, unit) for x in people], np.int32),
        max_weekends=np.array([_limit(x.max_weekends) for x in people], np.int32),
        max_nights=np.array([_limit(x.max_nights) for x in people], np.int32),
        nights_span=problem.nights_span_days or problem.n_days,
        other_nights=_other_nights(problem),
        max_of_type=np.array(caps, np.int32).reshape(len(people), problem.n_shifts),
        fair_weight=np.array([[fair.weekends / x.share, fair.nights / x.share, hours / x.share] for x in people]),
        fair_past=np.array(
            [[x.history.weekends, x.history.nights, x.history.minutes / unit] for x in people], np.float64
        ),
    )
