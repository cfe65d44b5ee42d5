"""The dynamic program: one person's cheapest permitted schedule of a window of days.

Cost-to-go ``value[day, state, q, minutes]`` over the automaton of run rules, a mixed-radix number ``q`` of
counters (weekends, nights, minutes of the week, capped shift types) and minutes, which lie contiguously so that
the innermost loop vectorizes. A forward pass finds what can be reached, the backward pass computes the cost,
and the schedule is read off forwards; no dominance is needed. Used both for pricing columns and for the best
response of one person to the cover of the others (after Strandmark, Qu and Curtois 2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Bools, Ints, Shorts, Singles

INF = np.float32(np.inf)
WEEKENDS, NIGHTS, WEEK = 0, 1, 2
N_FIXED_COUNTERS = 3
MAX_CAPS = 8
N_COUNTERS = N_FIXED_COUNTERS + MAX_CAPS
NEW_WEEKEND, WEEK_ENDS = 1, 2
FAR = 1 << 28


class Window(NamedTuple):
    """One person's window of W days: Y symbols (classes and enforced types), then the day off.

    `size` and `first` give each counter's radix and starting value, `gain` what a symbol adds to it. `kind`
    holds, by day and by whether the day before was worked, the flags of what a shift on that day does: it begins
    a weekend (the weekend counter grows), or the week ends after it (the week counter starts anew).
    """

    next_state: Ints  # R × (Y + 1)
    is_working: Bools  # R
    start: int
    may_end: Bools  # R
    units: Ints  # Y + 1
    cost: Singles  # W × (Y + 1)
    gain: Ints  # (Y + 1) × N_COUNTERS
    size: Ints  # N_COUNTERS
    first: Ints  # N_COUNTERS
    kind: Ints  # W × 2
    least_units: int
    end_units: Singles  # M: cost of ending with so many units
    end_counter: Singles  # N_COUNTERS × largest size


@compiled
def _counter_steps(size: Ints, gain: Ints, end_counter: Singles) -> tuple[Ints, Singles]:
    """Tabulate the counters' transitions (symbol, kind of day, q) → q or -1, and the cost of ending with q."""
    n_symbols, n_q = gain.shape[0], 1
    for j in range(N_COUNTERS):
        n_q *= size[j]
    step = np.empty((n_symbols, 4, n_q), np.int32)
    end_cost = np.zeros(n_q, np.float32)
    for q in range(n_q):
        rest = q
        for j in range(N_COUNTERS):
            end_cost[q] += end_counter[j, rest % size[j]]
            rest //= size[j]
        for y in range(n_symbols):
            for kind in range(4):
                step[y, kind, q] = _advance(size, gain[y], kind, q)
    return step, end_cost


@compiled
def _advance(size: Ints, gain: Ints, kind: int, q: int) -> int:
    rest, radix, moved = q, 1, 0
    for j in range(N_COUNTERS):
        digit = rest % size[j]
        rest //= size[j]
        if j != WEEKENDS or kind & NEW_WEEKEND:
            digit += gain[j]
        if digit >= size[j]:
            return -1
        if j == WEEK and kind & WEEK_ENDS:
            digit = 0
        moved += digit * radix
        radix *= size[j]
    return moved


@compiled
def _first_q(size: Ints, first: Ints) -> int:
    q, radix = 0, 1
    for j in range(N_COUNTERS):
        q += first[j] * radix
        radix *= size[j]
    return q


@compiled
def _reach_day(
    next_state: Ints,
    kinds: Ints,
    step: Ints,
    units: Ints,
    cost: Singles,
    least: Ints,
    most: Ints,
    next_least: Ints,
    next_most: Ints,
    n_units: int,
) -> None:
    n_states, n_q = least.shape
    for state in range(n_states):
        for q in range(n_q):
            low, high = least[state, q], most[state, q]
            if high < 0:
                continue
            for y in range(cost.shape[0]):
                target = next_state[state, y]
                to_q = step[y, kinds[state], q]
                if target < 0 or to_q < 0 or cost[y] == INF or low + units[y] >= n_units:
                    continue
                next_least[target, to_q] = min(next_least[target, to_q], low + units[y])
                next_most[target, to_q] = max(next_most[target, to_q], min(high + units[y], n_units - 1))


@compiled
def _reach(win: Window, step: Ints, kinds: Ints, first_q: int) -> tuple[Ints, Ints]:
    """Find the least and most minutes with which each (day, state, q) can be reached; most is -1 for never."""
    n_days, n_states, n_q = win.cost.shape[0], win.next_state.shape[0], step.shape[2]
    n_units = win.end_units.shape[0]
    least = np.full((n_days + 1, n_states, n_q), FAR, np.int32)
    most = np.full((n_days + 1, n_states, n_q), -1, np.int32)
    least[0, win.start, first_q] = 0
    most[0, win.start, first_q] = 0
    for day in range(n_days):
        _reach_day(
            win.next_state,
            kinds[day],
            step,
            win.units,
            win.cost[day],
            least[day],
            most[day],
            least[day + 1],
            most[day + 1],
            n_units,
        )
    return least, most


@compiled
def _most_to_go(next_state: Ints, units: Ints, cost: Singles, later: Ints) -> Ints:
    """Return, by state, the most units from a day to the end, given the same from the next day."""
    to_go = np.full(later.shape[0], -FAR, np.int32)
    for state in range(later.shape[0]):
        for y in range(cost.shape[0]):
            target = next_state[state, y]
            if target >= 0 and cost[y] < INF:
                to_go[state] = max(to_go[state], later[target] + units[y])
    return to_go


@compiled
def _raise_least(win: Window, least: Ints, most: Ints) -> None:
    """Cut off what can no longer end permitted or reach the least minutes."""
    n_days, n_states, n_q = least.shape[0] - 1, least.shape[1], least.shape[2]
    to_go = np.full(n_states, -FAR, np.int32)
    to_go[win.may_end] = 0
    for day in range(n_days, -1, -1):
        if day < n_days:
            to_go = _most_to_go(win.next_state, win.units, win.cost[day], to_go)
        for state in range(n_states):
            for q in range(n_q):
                least[day, state, q] = max(least[day, state, q], win.least_units - to_go[state])
                if least[day, state, q] > most[day, state, q]:
                    most[day, state, q] = -1


@compiled
def _fill_end(win: Window, value: Singles, least: Ints, most: Ints, end_cost: Singles) -> None:
    last = win.cost.shape[0]
    n_q, n_units = end_cost.shape[0], win.end_units.shape[0]
    for state in range(win.next_state.shape[0]):
        for q in range(n_q):
            base = (state * n_q + q) * n_units
            for m in range(least[last, state, q], most[last, state, q] + 1):
                value[last, base + m] = win.end_units[m] + end_cost[q]


@compiled
def _fill_day(
    here: Singles,
    after: Singles,
    n_units: int,
    next_state: Ints,
    kinds: Ints,
    step: Ints,
    units: Ints,
    cost: Singles,
    least: Ints,
    most: Ints,
    next_least: Ints,
    next_most: Ints,
) -> None:
    """Fill one day's cost-to-go from the next day's; plain arrays, because this loop is where the time goes."""
    n_states, n_q = least.shape
    for state in range(n_states):
        for q in range(n_q):
            low, high = np.int64(least[state, q]), np.int64(most[state, q])
            if high < 0:
                continue
            base = (state * n_q + q) * n_units
            for m in range(base + low, base + high + 1):
                here[m] = INF
            for y in range(cost.shape[0]):
                target, to_q = np.int64(next_state[state, y]), np.int64(step[y, kinds[state], q])
                if target < 0 or to_q < 0 or cost[y] == INF or next_most[target, to_q] < 0:
                    continue
                offset = (target * n_q + to_q) * n_units + units[y] - base
                begin = base + max(low, next_least[target, to_q] - units[y])
                end = base + min(high, next_most[target, to_q] - units[y]) + 1
                added = cost[y]
                for m in range(begin, end):
                    here[m] = min(here[m], after[m + offset] + added)


@compiled
def _read_off(
    win: Window, value: Singles, step: Ints, kinds: Ints, least: Ints, most: Ints, first_q: int, symbols: Shorts
) -> None:
    """Follow the cheapest symbols forwards from the start."""
    state, q, m = np.int64(win.start), np.int64(first_q), np.int64(0)
    n_q, n_units = step.shape[2], win.end_units.shape[0]
    for day in range(win.cost.shape[0]):
        best, best_y = np.float32(INF), np.int64(-1)
        for y in range(win.cost.shape[1]):
            target, to_q = np.int64(win.next_state[state, y]), np.int64(step[y, kinds[day, state], q])
            to_m = m + win.units[y]
            if target < 0 or to_q < 0 or win.cost[day, y] == INF:
                continue
            if to_m < least[day + 1, target, to_q] or to_m > most[day + 1, target, to_q]:
                continue
            total = win.cost[day, y] + value[day + 1, (target * n_q + to_q) * n_units + to_m]
            if total < best:
                best, best_y = total, np.int64(y)
        symbols[day] = best_y
        q = np.int64(step[best_y, kinds[day, state], q])
        state = np.int64(win.next_state[state, best_y])
        m += win.units[best_y]


@compiled
def cheapest_schedule(win: Window, symbols: Shorts) -> float:
    """Write the cheapest schedule of the window into `symbols` and return its cost, infinite when none exists."""
    step, end_cost = _counter_steps(win.size, win.gain, win.end_counter)
    n_days, n_states, n_q = win.cost.shape[0], win.next_state.shape[0], step.shape[2]
    n_units = win.end_units.shape[0]
    first_q = _first_q(win.size, win.first)
    kinds = np.empty((n_days, n_states), np.int32)
    for day in range(n_days):
        for state in range(n_states):
            kinds[day, state] = win.kind[day, 1 if win.is_working[state] else 0]
    least, most = _reach(win, step, kinds, first_q)
    _raise_least(win, least, most)
    if most[0, win.start, first_q] < 0:
        return np.inf
    value = np.empty((n_days + 1, n_states * n_q * n_units), np.float32)
    _fill_end(win, value, least, most, end_cost)
    for day in range(n_days - 1, -1, -1):
        _fill_day(
            value[day],
            value[day + 1],
            n_units,
            win.next_state,
            kinds[day],
            step,
            win.units,
            win.cost[day],
            least[day],
            most[day],
            least[day + 1],
            most[day + 1],
        )
    best: float = value[0, (win.start * n_q + first_q) * n_units]
    if best < INF:
        _read_off(win, value, step, kinds, least, most, first_q, symbols)
    return best
