"""An auction in which bidders fill their places from objects with slots, ever more exactly.

Bids raise prices until every bidder has what it needs; then slots that stayed empty at a price lower it until
somebody comes or the price is zero. After each round no bidder could do better elsewhere by more than a
tolerance, which shrinks from round to round. An object's price is that of its cheapest slot, so equal slots do
not make bids crawl. Source: Bertsekas and Castañon, "The auction algorithm for the transportation problem",
Annals of Operations Research 20 (1989), and "A forward/reverse auction algorithm for asymmetric
assignment problems", Computational Optimization and Applications 1 (1992).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Int64s

#: More than any bid; the price of an object without slots is twice that.
FAR = 2**60


class Arcs(NamedTuple):
    """Arcs of rows: to ``other[first[i]:first[i + 1]]`` at `cost`, by rising cost."""

    first: Int64s
    other: Int32s
    cost: Int64s


class Market(NamedTuple):
    """Bidders, objects, and who holds what at which price.

    Bidder ``b`` fills the units from ``unit_first[b]`` on, object ``o`` offers the slots from ``slot_first[o]`` on,
    never two of them to one bidder. `unit_slot`, `unit_object` and `slot_unit` say who has what, -1 for nothing;
    `unit_cost` what the arc held costs; `slot_price` how far a slot's holder would go.
    """

    bidders: Arcs
    objects: Arcs
    unit_first: Int32s
    slot_first: Int32s
    unit_bidder: Int32s
    slot_object: Int32s
    unit_slot: Int32s
    unit_object: Int32s
    unit_cost: Int64s
    slot_unit: Int32s
    slot_price: Int64s
    price: Int64s


def open_market(bidders: Arcs, objects: Arcs, n_units: Int32s, n_slots: Int32s) -> Market:
    """Open a market where nothing is held and every price is zero.

    Parameters
    ----------
    bidders, objects
        The same arcs from either side.
    n_units, n_slots
        How many places each bidder fills and each object offers; 0 for those who take no part.
    """
    return Market(
        bidders=bidders,
        objects=objects,
        unit_first=np.concatenate((np.zeros(1, np.int32), np.cumsum(n_units, dtype=np.int32))),
        slot_first=np.concatenate((np.zeros(1, np.int32), np.cumsum(n_slots, dtype=np.int32))),
        unit_bidder=np.repeat(np.arange(len(n_units), dtype=np.int32), n_units),
        slot_object=np.repeat(np.arange(len(n_slots), dtype=np.int32), n_slots),
        unit_slot=np.full(int(n_units.sum()), -1, np.int32),
        unit_object=np.full(int(n_units.sum()), -1, np.int32),
        unit_cost=np.zeros(int(n_units.sum()), np.int64),
        slot_unit=np.full(int(n_slots.sum()), -1, np.int32),
        slot_price=np.zeros(int(n_slots.sum()), np.int64),
        price=np.where(n_slots > 0, 0, 2 * FAR).astype(np.int64),
    )


def trade(market: Market, tolerance: int, widest: int, n_bids: int, limit: int) -> int:
    """Trade until nobody could do better elsewhere by more than a tolerance.

    Parameters
    ----------
    market
        A market that stood at any tolerance. All units can be filled at once.
    tolerance
        At least 1.
    widest
        By how much a bid may exceed what is asked.
    n_bids, limit
        How many bids were made before; stop once there were so many.

    Returns
    -------
    int
        How many bids have been made. The market is in order if they are below the limit.
    """
    _release(market, tolerance)
    n_bids = _fill_units(market, tolerance, widest, n_bids, limit)
    return _empty_slots(market, tolerance, n_bids, limit)


# Below, arrays are taken out of the market once: each access inside a loop would count references.


@compiled
def _find_best(
    span: tuple[int, int], other: Int32s, cost: Int64s, price: Int64s, own: tuple[int, int], unit_object: Int32s
) -> tuple[int, int, int]:
    """Return the best arc to an object that a bidder does not hold, what it costs, and the second best cost."""
    chosen, best, second = -1, FAR, FAR
    for arc in range(span[0], span[1]):
        value = cost[arc]
        # Prices are never negative and arcs rise in cost.
        if value >= second:
            break
        o = other[arc]
        value += price[o]
        if value >= second:
            continue
        is_held = False
        for unit in range(own[0], own[1]):
            is_held |= unit_object[unit] == o
        if is_held:
            continue
        if value < best:
            chosen, best, second = arc, value, best
        else:
            second = value
    return chosen, best, second


@compiled
def _release(market: Market, tolerance: int) -> None:
    """Let bidders give up what is too dear by now, and take bids back that go too far."""
    first, other, cost = market.bidders
    unit_first, unit_slot, unit_object, unit_cost = (
        market.unit_first,
        market.unit_slot,
        market.unit_object,
        market.unit_cost,
    )
    price, slot_unit, slot_price = market.price, market.slot_unit, market.slot_price
    for b in range(len(unit_first) - 1):
        begin, end = unit_first[b], unit_first[b + 1]
        if begin == end:
            continue
        _, best, _ = _find_best((first[b], first[b + 1]), other, cost, price, (begin, end), unit_object)
        for unit in range(begin, end):
            slot = unit_slot[unit]
            if slot < 0:
                continue
            highest = best + tolerance - unit_cost[unit]
            if price[unit_object[unit]] > highest:
                slot_unit[slot] = -1
                unit_slot[unit] = -1
                unit_object[unit] = -1
            elif slot_price[slot] > highest:
                slot_price[slot] = highest


@compiled
def _cheapest_slot(begin: int, end: int, slot_price: Int64s, slot_unit: Int32s) -> tuple[int, int]:
    """Return the cheapest slot, an empty one first, and the lowest price of the others."""
    chosen, rest = begin, FAR
    for slot in range(begin + 1, end):
        is_better = slot_price[slot] < slot_price[chosen]
        if is_better or (slot_price[slot] == slot_price[chosen] and slot_unit[slot] < 0):
            chosen, slot = slot, chosen  # noqa: PLW2901
        rest = min(rest, slot_price[slot])
    return chosen, rest


@compiled
def _fill_units(market: Market, tolerance: int, widest: int, n_bids: int, limit: int) -> int:
    """Let every unit without a slot bid, then whoever it displaces, until all have one."""
    first, other, cost = market.bidders
    unit_first, unit_bidder, unit_slot = market.unit_first, market.unit_bidder, market.unit_slot
    unit_object, unit_cost = market.unit_object, market.unit_cost
    price, slot_first, slot_unit, slot_price = market.price, market.slot_first, market.slot_unit, market.slot_price
    for start in range(len(unit_slot)):
        unit = np.int64(start)
        while unit >= 0 and unit_slot[unit] < 0 and n_bids < limit:
            b = unit_bidder[unit]
            own = (unit_first[b], unit_first[b + 1])
            arc, best, second = _find_best((first[b], first[b + 1]), other, cost, price, own, unit_object)
            # Prices have risen beyond what may be counted: as if there had been too many bids.
            if arc < 0:
                return limit
            o = other[arc]
            slot, rest = _cheapest_slot(slot_first[o], slot_first[o + 1], slot_price, slot_unit)
            displaced = np.int64(slot_unit[slot])
            if displaced >= 0:
                unit_slot[displaced] = -1
                unit_object[displaced] = -1
            slot_unit[slot] = unit
            unit_slot[unit] = slot
            unit_object[unit] = o
            unit_cost[unit] = cost[arc]
            slot_price[slot] += min(second - best, widest) + tolerance
            price[o] = min(rest, slot_price[slot])
            n_bids += 1
            unit = displaced
    return n_bids


@compiled
def _find_comer(
    span: tuple[int, int],
    o: int,
    other: Int32s,
    cost: Int64s,
    price: Int64s,
    unit_first: Int32s,
    unit_object: Int32s,
    unit_cost: Int64s,
) -> tuple[int, int, int, int]:
    """Return the unit that had best come to an object, over which arc, what it would pay at most, and the next."""
    comer, chosen, best, second = -1, -1, -FAR, -FAR
    for arc in range(span[0], span[1]):
        b = other[arc]
        worst, paid = -1, -FAR
        is_held = False
        for unit in range(unit_first[b], unit_first[b + 1]):
            held = unit_object[unit]
            is_held |= held == o
            if unit_cost[unit] + price[held] > paid:
                worst, paid = unit, unit_cost[unit] + price[held]
        value = paid - cost[arc]
        if worst < 0 or is_held or value <= second:
            continue
        if value > best:
            comer, chosen, best, second = worst, arc, value, best
        else:
            second = value
    return comer, chosen, best, second


@compiled
def _empty_slots(market: Market, tolerance: int, n_bids: int, limit: int) -> int:
    """Let every empty slot that still asks something lower its price until somebody comes or it asks nothing."""
    first, other, cost = market.objects
    unit_first, unit_slot, unit_object, unit_cost = (
        market.unit_first,
        market.unit_slot,
        market.unit_object,
        market.unit_cost,
    )
    price, slot_first, slot_object = market.price, market.slot_first, market.slot_object
    slot_unit, slot_price = market.slot_unit, market.slot_price
    for start in range(len(slot_unit)):
        slot = np.int64(start)
        while n_bids < limit and slot_unit[slot] < 0 and price[slot_object[slot]] > 0:
            o = slot_object[slot]
            span = (first[o], first[o + 1])
            unit, arc, best, second = _find_comer(span, o, other, cost, price, unit_first, unit_object, unit_cost)
            n_bids += 1
            price[o] = min(price[o], max(0, second - tolerance)) if best > tolerance else 0
            slot_price[slot_first[o] : slot_first[o + 1]] = price[o]
            if best <= tolerance:
                break
            left = np.int64(unit_slot[unit])
            slot_unit[left] = -1
            # An empty slot asks the object's price, whatever its holder would have paid.
            slot_price[left] = price[slot_object[left]]
            slot_unit[slot] = unit
            unit_slot[unit] = slot
            unit_object[unit] = o
            unit_cost[unit] = cost[arc]
            slot = left
    return n_bids
