"""Rules on the order of a person's days, compiled to a minimal finite automaton.

A state remembers just what the rules need: working days or days off in a row, nights in a row, and for how
many more days each class of shift stays out of reach. Symbols are the shift classes, then the day off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering.problem import IntArray, Person, RosterProblem

UNLIMITED = 10**6


@dataclass(frozen=True, slots=True)
class RunRules:
    """The order rules of one contract: days in a row, nights in a row, and gaps between shift classes.

    Parameters
    ----------
    max_run, min_run, min_off, max_night_run
        Limits in days.
    gap
        Fewest days from a shift of class i to one of class j.
    is_night
        Which classes are nights.
    """

    max_run: int
    min_run: int
    min_off: int
    max_night_run: int
    gap: tuple[tuple[int, ...], ...]
    is_night: tuple[bool, ...]


class Automaton(NamedTuple):
    """Next state by state and symbol (-1: not permitted), and which states end in a working day."""

    next_state: NDArray[np.int32]
    is_working: NDArray[np.bool_]
    start: int


class _State(NamedTuple):
    run: int
    is_open: bool
    off: int
    night_run: int
    wait: tuple[int, ...]


def shift_classes(problem: RosterProblem) -> IntArray:
    """Return the class of each shift type: one for all that neither order rules nor length tell apart."""
    gap = problem.gap_days()
    keys = [
        (tuple(gap[i]), tuple(gap[:, i]), shift.length_min, shift.is_night) for i, shift in enumerate(problem.shifts)
    ]
    first: dict[object, int] = {}
    return np.array([first.setdefault(key, len(first)) for key in keys], np.int64)


def run_rules(problem: RosterProblem, person: Person, classes: IntArray) -> RunRules:
    """Read a person's order rules off the problem."""
    members = [int(np.argmax(classes == k)) for k in range(int(classes.max()) + 1)]
    gap = problem.gap_days()
    nights = tuple(problem.shifts[i].is_night for i in members)
    return RunRules(
        max_run=UNLIMITED if person.max_run_days is None else person.max_run_days,
        min_run=person.min_run_days,
        min_off=person.min_days_off,
        max_night_run=UNLIMITED if person.max_night_run is None else person.max_night_run,
        gap=tuple(tuple(int(gap[i, j]) for j in members) for i in members),
        is_night=nights,
    )


def _after_shift(rules: RunRules, state: _State, k: int) -> _State | None:
    night_run = state.night_run + 1 if rules.is_night[k] else 0
    is_blocked = state.wait[k] > 0 or state.run >= rules.max_run or night_run > rules.max_night_run
    if is_blocked or (state.run == 0 and state.off < rules.min_off):
        return None
    wait = tuple(max(w - 1, g - 1, 0) for w, g in zip(state.wait, rules.gap[k], strict=True))
    kept_night_run = night_run if rules.max_night_run < UNLIMITED else 0
    return _State(min(state.run + 1, _counted_run(rules)), state.is_open, 0, kept_night_run, wait)


def _counted_run(rules: RunRules) -> int:
    """Return up to where days in a row need counting."""
    return rules.max_run if rules.max_run < UNLIMITED else rules.min_run


def _after_off(rules: RunRules, state: _State) -> _State | None:
    if 0 < state.run < rules.min_run and not state.is_open:
        return None
    wait = tuple(max(w - 1, 0) for w in state.wait)
    return _State(0, False, min(state.off + 1, rules.min_off), 0, wait)


def _start_state(rules: RunRules, person: Person) -> _State:
    past = person.history
    wait = (0,) * len(rules.is_night)
    if past.run_days:
        night_run = past.night_run if rules.max_night_run < UNLIMITED else 0
        return _State(min(past.run_days, _counted_run(rules)), past.has_open_start, 0, night_run, wait)
    off = rules.min_off if past.days_off is None else min(max(1, past.days_off), rules.min_off)
    return _State(0, past.has_open_start, off, 0, wait)


def _explore(rules: RunRules, start: _State) -> tuple[list[list[int]], list[bool]]:
    index = {start: 0}
    queue = [start]
    rows: list[list[int]] = []
    for state in queue:
        row = []
        followers = [_after_shift(rules, state, k) for k in range(len(rules.is_night))]
        for follower in (*followers, _after_off(rules, state)):
            if follower is not None and follower not in index:
                index[follower] = len(queue)
                queue.append(follower)
            row.append(-1 if follower is None else index[follower])
        rows.append(row)
    return rows, [state.run > 0 for state in queue]


def _merge_equal(rows: list[list[int]], is_working: list[bool]) -> Automaton:
    """Merge states that no future tells apart (Moore's partition refinement)."""
    block = [int(w) for w in is_working]
    n_blocks = 0
    while len(set(block)) != n_blocks:
        n_blocks = len(set(block))
        keys = [(block[i], tuple(-1 if j < 0 else block[j] for j in row)) for i, row in enumerate(rows)]
        first: dict[object, int] = {}
        block = [first.setdefault(key, len(first)) for key in keys]
    n_states = len(set(block))
    table = np.full((n_states, len(rows[0])), -1, np.int32)
    working = np.zeros(n_states, np.bool_)
    for i, row in enumerate(rows):
        table[block[i]] = [-1 if j < 0 else block[j] for j in row]
        working[block[i]] = is_working[i]
    return Automaton(table, working, block[0])


def compile_rules(rules: RunRules, person: Person) -> Automaton:
    """Build the smallest automaton that accepts just the permitted orders of days.

    A run of work or of days off that the end of the horizon cuts short is permitted.
    """
    return _merge_equal(*_explore(rules, _start_state(rules, person)))
