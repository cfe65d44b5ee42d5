"""The best response of one person on a window of days, everything else fixed."""

from __future__ import annotations

import numpy as np

from muster.planning.compiled import compiled, inlined
from muster.planning.rostering.arrays import Bools, Ints, Reals, Shorts, Singles
from muster.planning.rostering.kernel import (
    INF,
    MAX_CAPS,
    N_COUNTERS,
    N_FIXED_COUNTERS,
    NEW_WEEKEND,
    NIGHTS,
    WEEK,
    WEEK_ENDS,
    WEEKENDS,
    Window,
    cheapest_schedule,
)
from muster.planning.rostering.tables import NO_LIMIT, Tables

UNITS = 2
WEEKEND_FAIR, NIGHT_FAIR, UNIT_FAIR = 0, 1, 2
MAX_CELLS = 200_000_000
UNKNOWN = -2


@compiled
def count_outside(t: Tables, row: Shorts, p: int, first: int, last: int) -> tuple[Ints, Ints]:
    """Count what a person's days outside [first, last) use: (weekends, nights, units) and shifts by type."""
    used = np.zeros(3, np.int32)
    by_type = np.zeros(t.max_of_type.shape[1], np.int32)
    was_working = t.is_working[t.automaton_of[p], 0]
    for day in range(row.shape[0]):
        s = row[day]
        if s >= 0 and not first <= day < last:
            k = t.class_of[s]
            used[NIGHTS] += t.class_night[k]
            used[UNITS] += t.class_units[k]
            by_type[s] += 1
            if t.is_weekend[day] and not (t.is_sunday[day] and was_working):
                used[WEEKENDS] += 1
        was_working = s >= 0
    return used, by_type


@compiled
def _is_night(t: Tables, row: Shorts, day: int) -> bool:
    return bool(0 <= day < row.shape[0] and row[day] >= 0 and t.class_night[t.class_of[row[day]]])


@compiled
def most_nights(t: Tables, row: Shorts, p: int, first: int, last: int, needs_own: bool) -> int:
    """Return a person's most nights, in the roster and beside it, in any span of days that meets [first, last).

    Where `needs_own`, only spans with a night of the roster count: what stands beside it is not for it to mend.
    """
    span = t.nights_span
    most, nights, own = 0, 0, 0
    for day in range(first - span + 1, last + span - 1):
        nights += t.other_nights[p, day + span]
        own += _is_night(t, row, day)
        if day > first:
            nights -= t.other_nights[p, day]
            own -= _is_night(t, row, day - span)
        if own > 0 or not needs_own:
            most = max(most, nights + own)
    return most


@compiled
def _nights_left(t: Tables, row: Shorts, p: int, first: int, last: int) -> int:
    """Return how many nights a person may have in a window, beside those before, after and outside the roster."""
    outside = row.copy()
    outside[first:last] = -1
    left: int = t.max_nights[p] - most_nights(t, outside, p, first, last, False)
    return left


@compiled
def state_at(t: Tables, row: Shorts, p: int, day: int) -> int:
    """Return the automaton's state before a day, or -1 when the days before break a rule."""
    table = t.next_state[t.automaton_of[p]]
    state = 0
    for d in range(day):
        symbol = t.class_of[row[d]] if row[d] >= 0 else table.shape[1] - 1
        state = table[state, symbol]
        if state < 0:
            return -1
    return state


@compiled
def _states_that_may_end(t: Tables, row: Shorts, p: int, last: int) -> Bools:
    """Tell from which states the days after the window are still permitted."""
    a = t.automaton_of[p]
    table = t.next_state[a]
    may_end = np.ones(t.n_states[a], np.bool_)
    for first_state in range(may_end.shape[0]):
        state = np.int64(first_state)
        for d in range(last, row.shape[0]):
            symbol = t.class_of[row[d]] if row[d] >= 0 else table.shape[1] - 1
            state = np.int64(table[state, symbol])
            if state < 0:
                may_end[first_state] = False
                break
    return may_end


@compiled
def _week_used_before(t: Tables, row: Shorts, p: int, first: int) -> int:
    """Return the units used in the running week before the window."""
    day, used = first, 0
    while day > 0 and not t.starts_week[day]:
        day -= 1
        if row[day] >= 0:
            used += t.class_units[t.class_of[row[day]]]
    if day == 0:
        used += t.first_week_units[p]
    return used


@compiled
def _window_extent(t: Tables, first: int, last: int) -> tuple[int, int]:
    """Count the weekends and the week boundaries inside the window."""
    weekends, boundaries = 0, 0
    for day in range(first, last):
        if t.is_weekend[day] and (day == first or not t.is_sunday[day]):
            weekends += 1
        if day > first and t.starts_week[day]:
            boundaries += 1
    return weekends, boundaries


@compiled
def _cheapest_symbols(t: Tables, type_cost: Reals, enforced: Ints, n_enforced: int) -> tuple[Singles, Ints, Ints]:
    """Choose the cheapest shift type of each class and day; enforced types are symbols of their own."""
    n_days, n_types = type_cost.shape[0], type_cost.shape[1] - 1
    n_classes = t.class_units.shape[0]
    n_symbols = n_classes + n_enforced + 1
    cost = np.full((n_days, n_symbols), INF, np.float32)
    types = np.full((n_days, n_symbols), -1, np.int32)
    class_of = np.full(n_symbols, n_classes, np.int32)
    class_of[:n_classes] = np.arange(n_classes)
    for s in range(n_types):
        y = t.class_of[s] if enforced[s] < 0 else n_classes + enforced[s]
        class_of[y] = t.class_of[s]
        for day in range(n_days):
            if type_cost[day, s] < cost[day, y]:
                cost[day, y] = type_cost[day, s]
                types[day, y] = s
    cost[:, -1] = type_cost[:, -1]
    return cost, types, class_of


@compiled
def _price_nights(t: Tables, p: int, nights_outside: int, class_of: Ints, cost: Singles) -> None:
    """Charge each night what the first one more would cost in fairness.

    A counter of nights would be exact, but makes the dynamic program several times larger; exchanges between
    people, which follow, count nights exactly.
    """
    price = t.fair_weight[p, NIGHT_FAIR] * (2.0 * (t.fair_past[p, NIGHT_FAIR] + nights_outside) + 1.0)
    for y in range(class_of.shape[0] - 1):
        if t.class_night[class_of[y]]:
            cost[:, y] += price


@compiled
def _counter(
    size: Ints, gain: Ints, end: Singles, j: int, left: int, possible: int, weight: float, past: float
) -> None:
    """Give a counter its radix and its fairness cost, or drop it when it can neither bind nor cost."""
    if left >= possible and weight == 0.0:
        gain[:, j] = 0
        return
    size[j] = max(0, min(left, possible)) + 1
    for n in range(size[j]):
        end[j, n] = weight * (2.0 * past * n + n * n)


@compiled
def _minutes_end(weight: float, past: float, least: int, most: int) -> Singles:
    end = np.full(most + 1, INF, np.float32)
    for m in range(max(0, least), most + 1):
        end[m] = weight * (2.0 * past * m + m * m)
    return end


@compiled
def _gains(t: Tables, class_of: Ints) -> tuple[Ints, Ints]:
    """Return what each symbol adds to the minutes and to each counter."""
    n_symbols, n_classes = class_of.shape[0], t.class_units.shape[0]
    units = np.zeros(n_symbols, np.int32)
    gain = np.zeros((n_symbols, N_COUNTERS), np.int32)
    for y in range(n_symbols - 1):
        units[y] = t.class_units[class_of[y]]
        gain[y, WEEKENDS] = 1
        gain[y, NIGHTS] = t.class_night[class_of[y]]
        gain[y, WEEK] = units[y]
        if y >= n_classes:
            gain[y, N_FIXED_COUNTERS + y - n_classes] = 1
    return units, gain


@compiled
def _counters(
    t: Tables, row: Shorts, p: int, used: Ints, by_type: Ints, first: int, last: int, enforced: Ints, gain: Ints
) -> tuple[Ints, Singles]:
    """Size the counters of weekends, nights and enforced types."""
    n_days, longest = last - first, np.max(t.class_units)
    weekends, _ = _window_extent(t, first, last)
    size = np.ones(N_COUNTERS, np.int32)
    widest = max(n_days, min(t.max_week_units[p], 7 * longest)) + 1
    end = np.zeros((N_COUNTERS, widest), np.float32)
    weight, past = t.fair_weight[p, 0], t.fair_past[p, 0]
    left = t.max_weekends[p] - used[WEEKENDS]
    _counter(size, gain, end, WEEKENDS, left, weekends, weight, past + used[WEEKENDS])
    nights = n_days if np.any(t.class_night) else 0
    left = _nights_left(t, row, p, first, last) if nights > 0 and t.max_nights[p] < NO_LIMIT else nights
    _counter(size, gain, end, NIGHTS, left, nights, 0.0, 0.0)
    for s in range(enforced.shape[0]):
        if enforced[s] >= 0:
            left = t.max_of_type[p, s] - by_type[s]
            size[N_FIXED_COUNTERS + enforced[s]] = max(0, min(n_days, left)) + 1
    return size, end


@compiled
def _bound_week(t: Tables, row: Shorts, p: int, first: int, last: int, size: Ints, gain: Ints) -> tuple[int, int]:
    """Size the week counter; return its first value and the most units that one week leaves to the window."""
    longest = np.max(t.class_units)
    week_used, limit = _week_used_before(t, row, p, first), t.max_week_units[p]
    _, boundaries = _window_extent(t, first, last)
    if limit >= 7 * longest + week_used or boundaries == 0:
        gain[:, WEEK] = 0
        return 0, limit - week_used
    size[WEEK] = min(limit, 7 * longest) + 1
    return min(week_used, limit), NO_LIMIT


@compiled
def _day_kinds(t: Tables, first: int, last: int) -> Ints:
    """Flag by day, and by whether the day before was worked, what a shift does to the counters."""
    kind = np.zeros((last - first, 2), np.int32)
    for day in range(first, last):
        if t.is_weekend[day]:
            kind[day - first, 0] += NEW_WEEKEND
            kind[day - first, 1] += 0 if t.is_sunday[day] else NEW_WEEKEND
        if t.starts_week[day + 1]:
            kind[day - first] += WEEK_ENDS
    return kind


@inlined
def build_window(
    t: Tables, row: Shorts, p: int, first: int, last: int, type_cost: Reals, enforced: Ints, n_enforced: int
) -> tuple[Window, Ints, bool]:
    """Lay out one person's window for the dynamic program; False when its fixed days leave no room.

    The window ends with a calendar week or with the horizon.
    """
    a, used_types = t.automaton_of[p], count_outside(t, row, p, first, last)
    used = used_types[0]
    cost, types, class_of = _cheapest_symbols(t, type_cost, enforced, n_enforced)
    _price_nights(t, p, used[NIGHTS], class_of, cost)
    units, gain = _gains(t, class_of)
    size, counter_end = _counters(t, row, p, used, used_types[1], first, last, enforced, gain)
    start = np.zeros(N_COUNTERS, np.int32)
    start[WEEK], week_left = _bound_week(t, row, p, first, last, size, gain)
    possible = (last - first) * np.max(t.class_units)
    most = min(t.max_units[p] - used[UNITS], possible, week_left)
    least = t.min_units[p] - used[UNITS]
    if most >= possible and least <= 0 and t.fair_weight[p, 2] == 0.0:
        units[:] = 0
        most = 0
    past = t.fair_past[p, 2] + used[UNITS]
    table = np.full((t.n_states[a], cost.shape[1]), -1, np.int32)
    for y in range(cost.shape[1]):
        table[:, y] = t.next_state[a, : t.n_states[a], class_of[y]]
    begin = state_at(t, row, p, first)
    window = Window(
        next_state=table,
        is_working=t.is_working[a, : t.n_states[a]],
        start=max(begin, 0),
        may_end=_states_that_may_end(t, row, p, last),
        units=units,
        cost=cost,
        gain=gain,
        size=size,
        first=start,
        kind=_day_kinds(t, first, last),
        least_units=max(0, least),
        end_units=_minutes_end(t.fair_weight[p, 2], past, least, max(most, 0)),
        end_counter=counter_end,
    )
    return window, types, begin >= 0 and most >= 0 and t.max_weekends[p] >= used[WEEKENDS]


@compiled
def _enforce_broken(t: Tables, p: int, by_type: Ints, chosen: Shorts, enforced: Ints, n_enforced: int) -> int:
    """Enforce the limits per shift type that a schedule breaks; return how many are enforced now, or -1."""
    count = by_type.copy()
    for s in chosen:
        if s >= 0:
            count[s] += 1
    for s in range(count.shape[0]):
        if count[s] > t.max_of_type[p, s] and enforced[s] < 0:
            if n_enforced == MAX_CAPS:
                return -1
            enforced[s] = n_enforced
            n_enforced += 1
    return n_enforced


@compiled
def _n_cells(win: Window) -> int:
    cells: int = win.end_units.shape[0] * win.next_state.shape[0] * (win.cost.shape[0] + 1)
    for j in range(N_COUNTERS):
        cells *= win.size[j]
    return cells


@compiled
def price_window(
    t: Tables, row: Shorts, p: int, first: int, type_cost: Reals, most_cells: int, chosen: Shorts
) -> tuple[float, bool]:
    """Write the person's cheapest shift types of the window's days into `chosen`.

    Limits per shift type are enforced exactly, but only those that the cheapest schedule breaks: each becomes a
    symbol and a counter of its own, and the dynamic program runs again, while it stays below `most_cells`.

    Returns
    -------
    tuple
        A lower bound on the cost of every permitted schedule (infinity when there is none), and whether
        `chosen` is permitted, and thus attains it.
    """
    last = first + type_cost.shape[0]
    enforced = np.full(t.max_of_type.shape[1], -1, np.int32)
    n_enforced = 0
    by_type = count_outside(t, row, p, first, last)[1]
    symbols = np.empty(last - first, np.int16)
    bound = -np.inf
    while True:
        win, types, has_room = build_window(t, row, p, first, last, type_cost, enforced, n_enforced)
        if not has_room:
            return np.inf, False
        if _n_cells(win) > most_cells:
            return bound, False
        bound = cheapest_schedule(win, symbols)
        if bound == INF:
            return np.inf, False
        for i in range(symbols.shape[0]):
            chosen[i] = types[i, symbols[i]]
        now_enforced = _enforce_broken(t, p, by_type, chosen, enforced, n_enforced)
        if now_enforced == n_enforced or now_enforced < 0:
            return bound, now_enforced >= 0
        n_enforced = now_enforced


@compiled
def price_people(
    t: Tables, rows: Shorts, people: Ints, first: int, cost: Reals, most_cells: int, chosen: Shorts, bound: Reals
) -> None:
    """Price the same window of several people, with costs (n × days × types and off) and fixed days of their own.

    `bound` becomes each one's lower bound; `chosen` attains it, or is `UNKNOWN` throughout.
    """
    for i in range(people.shape[0]):
        bound[i], is_exact = price_window(t, rows[i], people[i], first, cost[i], most_cells, chosen[i])
        if not is_exact:
            chosen[i, :] = UNKNOWN


def best_response(t: Tables, row: Shorts, p: int, first: int, type_cost: Reals, chosen: Shorts) -> float:
    """Write the person's cheapest permitted shift types of the window's days into `chosen`; return their cost.

    Infinity means that nothing is permitted, not-a-number that the window is too large to tell.
    """
    found, bound = np.empty((1, len(type_cost)), np.int16), np.empty(1)
    people = np.array([p], np.int32)
    price_people(t, row[None], people, first, type_cost[None], MAX_CELLS, found, bound)
    if found[0, 0] == UNKNOWN:
        return float("inf") if np.isposinf(bound[0]) else float("nan")
    chosen[:] = found[0]
    return float(bound[0])
