"""One person's cheapest schedule of the whole horizon with the limits on totals priced instead of counted.

Minutes, weekends and limits per shift type become prices; what is left is a shortest path through the automaton of
order rules, some thousand times cheaper than counting them. Under given prices of cover it bounds every roster from
below (Lagrange); with its own prices moved until the totals fit, it answers what the others leave open.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.rostering.arrays import Ints, Reals, Shorts
from muster.planning.rostering.exchange import is_permitted
from muster.planning.rostering.tables import Tables

FIT_TRIES, MORE_TRIES = 30, 8
GROWTH, CUT = 1.5, 0.4
EASED = 0.9


class Multipliers(NamedTuple):
    """Prices of one person's totals: of a unit of time (P), of a weekend (P), of a shift by type (P × S)."""

    unit: Reals
    weekend: Reals
    of_type: Reals


class Space(NamedTuple):
    """Working memory of one response: costs by class (D × (K + 1)), types (D × K), cost-to-go, counts by type."""

    cost: Reals
    types: Ints
    value: Reals
    by_type: Ints


@compiled
def new_space(t: Tables) -> Space:
    """Allocate the working memory once for many responses."""
    n_days, n_types = t.demand.shape
    n_classes = t.class_units.shape[0]
    return Space(
        np.empty((n_days, n_classes + 1)),
        np.zeros((n_days, n_classes), np.int32),
        np.empty((n_days + 1, t.next_state.shape[1])),
        np.zeros(n_types, np.int32),
    )


@compiled
def no_multipliers(t: Tables) -> Multipliers:
    """Return multipliers of zero for everybody."""
    n_people, n_types = t.own_cost.shape[0], t.demand.shape[1]
    return Multipliers(np.zeros(n_people), np.zeros(n_people), np.zeros((n_people, n_types)))


@compiled
def class_costs(t: Tables, p: int, price: Reals, type_price: Reals, space: Space) -> None:
    """Find each day's cheapest type of each class when a place filled earns `price` (D × S)."""
    own, class_of, least, types = t.own_cost[p], t.class_of, space.cost, space.types
    n_days, n_types = price.shape
    n_classes = t.class_units.shape[0]
    for day in range(n_days):
        for k in range(n_classes):
            least[day, k] = np.inf
        for s in range(n_types):
            cost, k = own[day, s] - price[day, s] + type_price[s], class_of[s]
            if cost < least[day, k]:
                least[day, k] = cost
                types[day, k] = s
        least[day, n_classes] = own[day, n_types]


@compiled
def _fill(t: Tables, p: int, unit_price: float, weekend_price: float, space: Space) -> None:
    """Fill the cost-to-go by day and state."""
    a = t.automaton_of[p]
    next_state, is_working, units = t.next_state[a], t.is_working[a], t.class_units
    cost, value, n_states = space.cost, space.value, t.n_states[a]
    n_days, n_classes = cost.shape[0], units.shape[0]
    value[n_days, :] = 0.0
    for day in range(n_days - 1, -1, -1):
        saturday = weekend_price if t.is_weekend[day] else 0.0
        sunday = 0.0 if t.is_sunday[day] else saturday
        for state in range(n_states):
            best = np.inf
            extra = sunday if is_working[state] else saturday
            for k in range(n_classes):
                target = next_state[state, k]
                if target >= 0:
                    work = cost[day, k] + extra + unit_price * units[k]
                    best = min(best, work + value[day + 1, target])
            target = next_state[state, n_classes]
            if target >= 0:
                best = min(best, cost[day, n_classes] + value[day + 1, target])
            value[day, state] = best


@compiled
def respond(t: Tables, p: int, unit_price: float, weekend_price: float, space: Space, row: Shorts) -> float:
    """Write the cheapest schedule into `row`; return its cost, prices included, or infinity and leave `row`."""
    _fill(t, p, unit_price, weekend_price, space)
    a = t.automaton_of[p]
    next_state, is_working, units = t.next_state[a], t.is_working[a], t.class_units
    state, value, n_classes = 0, space.value, units.shape[0]
    if value[0, 0] == np.inf:
        return np.inf
    for day in range(row.shape[0]):
        best, chosen = np.inf, n_classes
        is_begun = t.is_sunday[day] and is_working[state]
        extra = weekend_price if t.is_weekend[day] and not is_begun else 0.0
        for k in range(n_classes + 1):
            target = next_state[state, k]
            if target < 0:
                continue
            cost = space.cost[day, k] + value[day + 1, target]
            if k < n_classes:
                cost += extra + unit_price * units[k]
            if cost < best:
                best, chosen = cost, k
        row[day] = space.types[day, chosen] if chosen < n_classes else -1
        state = next_state[state, chosen]
    total: float = value[0, 0]
    return total


@compiled
def count_totals(t: Tables, p: int, row: Shorts, by_type: Ints) -> tuple[int, int]:
    """Count a schedule's units and weekends, and its shifts by type into `by_type`."""
    units, weekends, was_working = 0, 0, t.is_working[t.automaton_of[p], 0]
    class_units, class_of, is_weekend, is_sunday = t.class_units, t.class_of, t.is_weekend, t.is_sunday
    by_type[:] = 0
    for day in range(row.shape[0]):
        s = row[day]
        if s >= 0:
            units += class_units[class_of[s]]
            by_type[s] += 1
            if is_weekend[day] and not (is_sunday[day] and was_working):
                weekends += 1
        was_working = s >= 0
    return units, weekends


@compiled
def excess_units(t: Tables, p: int, units: int) -> int:
    """Return by how much a total passes a person's most minutes, or falls short of the least (negative)."""
    excess: int = max(units - t.max_units[p], 0) + min(units - t.min_units[p], 0)
    return excess


@compiled
def _price_types(t: Tables, p: int, by_type: Ints, of_type: Reals, step: float) -> bool:
    """Raise the price of each type worked too often; tell whether there was one."""
    has_raised = False
    for s in range(by_type.shape[0]):
        if by_type[s] > t.max_of_type[p, s]:
            of_type[s] += step * (by_type[s] - t.max_of_type[p, s])
            has_raised = True
    return has_raised


@compiled
def side_of(used: int, least: int, most: int, price: float) -> int:
    """Tell whether the price of a total should rise (1), fall (-1) or stay (0)."""
    if used > most or (price < 0.0 and used > least):
        return 1
    if used < least or (price > 0.0 and used < most):
        return -1
    return 0


@compiled
def moved(price: float, side: int, last_side: int, step: float) -> tuple[float, float]:
    """Return the price and the step after one more step: shorter after a change of sides; 0 is not jumped over."""
    step *= CUT if side * last_side < 0 else GROWTH
    after = price + side * step
    return (0.0 if after * price < 0.0 else after), step


@compiled
def fit(t: Tables, p: int, price: Reals, multipliers: Multipliers, step: float, space: Space, best_row: Shorts) -> bool:
    """Write a near-cheapest permitted schedule into `best_row`, moving the person's multipliers to fit the totals.

    `step` is the first step of the multipliers. Tells whether a permitted schedule was found.
    """
    longest = float(np.max(t.class_units))
    unit_step, weekend_step, unit_side, weekend_side = step / longest, step, 0, 0
    row, of_type = np.empty_like(best_row), multipliers.of_type[p]
    of_type *= EASED
    class_costs(t, p, price, of_type, space)
    least, left = np.inf, FIT_TRIES
    while left > 0:
        left -= 1
        unit, weekend = multipliers.unit[p], multipliers.weekend[p]
        cost = respond(t, p, unit, weekend, space, row)
        if cost == np.inf:
            break
        units, weekends = count_totals(t, p, row, space.by_type)
        cost -= unit * units + weekend * weekends + (of_type * space.by_type).sum()
        has_raised = _price_types(t, p, space.by_type, of_type, step)
        if cost < least and not has_raised and is_permitted(t, row, p):
            left = min(left, MORE_TRIES) if least == np.inf else left
            least = cost
            best_row[:] = row
        side = side_of(units, t.min_units[p], t.max_units[p], unit)
        other_side = side_of(weekends, 0, t.max_weekends[p], weekend)
        if side == 0 and other_side == 0 and not has_raised:
            break
        if side != 0:
            multipliers.unit[p], unit_step = moved(unit, side, unit_side, unit_step)
            unit_side = side
        if other_side != 0:
            multipliers.weekend[p], weekend_step = moved(weekend, other_side, weekend_side, weekend_step)
            weekend_side = other_side
        if has_raised:
            class_costs(t, p, price, of_type, space)
    return least < np.inf
