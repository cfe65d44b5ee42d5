"""Scarce cities by two auctions: where people are too few persons bid for areas, elsewhere areas bid for persons.

The deficient part and the rest can be planned apart: a person of the deficient part never serves elsewhere. In
either part one side is filled entirely and bids; the other has something left, at a price of zero. Costs are
scaled up so that the last tolerance is less than one part of the scale over the number of prices: then some
rounding of all prices to whole costs leaves no bidder anything better elsewhere, which proves the plan optimal.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.matching.auction import FAR, Arcs, Market, open_market, trade
from muster.planning.matching.deficient import find_deficient
from muster.planning.matching.layout import order_by_tiles, permute_arcs, sort_arcs
from muster.planning.matching.network import Int32s, Int64s
from muster.planning.matching.problem import AppointPlan, AppointProblem

#: By how much the tolerance shrinks from round to round.
_SHRINKING = 7

#: More bids than this a unit: the auction crawls, and shortest paths are the better way.
_BIDS_PER_UNIT = 1000


class Settled(NamedTuple):
    """A plan found by auction, what it costs, and how many bids it took."""

    plan: AppointPlan
    objective: int
    n_bids: int


class _City(NamedTuple):
    """A problem in tiles: arcs from either side at scaled costs, the deficient part, who has more than enough room."""

    by_area: Arcs
    by_person: Arcs
    room: Int32s
    is_deficient_area: NDArray[np.bool_]
    is_deficient_person: NDArray[np.bool_]
    has_spare: NDArray[np.bool_]
    scale: int


def settle(problem: AppointProblem) -> Settled | None:
    """Solve by auction a problem in which each area wants one person at no extra cost for further areas.

    Parameters
    ----------
    problem
        The problem.

    Returns
    -------
    Settled or None
        The optimal plan with its proof; None where the auction does not fit or would take too long.
    """
    scale = _choose_scale(problem)
    if scale == 0 or problem.second_cost or int(problem.demand.max(initial=1)) > 1:
        return None
    area_order, person_order = order_by_tiles(problem.first, problem.person, problem.n_persons)
    city = _lay_out(problem, area_order, person_order, scale)
    scarce, other = _open_scarce(city), _open_other(city)
    start = _choose_start(problem, scale)
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(_trade_to_proof, other, start, scale)
        bids, shift = _trade_to_proof(scarce, start, scale)
        other_bids, other_shift = running.result()
    if shift is None or other_shift is None:
        return None
    plan = _read_plan(problem, city, (scarce, shift), (other, other_shift))
    if plan is None:
        return None
    objective = sum(int(market.unit_cost.sum()) // scale for market in (scarce, other))
    return Settled(plan.renumbered(area_order, person_order), objective, bids + other_bids)


def _choose_scale(problem: AppointProblem) -> int:
    """Return a power of two above the number of prices, or 0 if such prices would not fit into 64 bits."""
    scale = 1 << (max(problem.n_areas, problem.n_persons) + 2).bit_length()
    return scale if 8 * problem.path_cost_limit * scale < FAR else 0


def _choose_start(problem: AppointProblem, scale: int) -> int:
    """Return the first tolerance: on average a quarter of what an area's dearest candidate costs above its cheapest."""
    has_arcs = problem.first[1:] > problem.first[:-1]
    spread = problem.cost[problem.first[1:][has_arcs] - 1] - problem.cost[problem.first[:-1][has_arcs]]
    return max(1, scale * int(spread.sum()) // max(1, 4 * len(spread)))


def _lay_out(problem: AppointProblem, area_order: Int32s, person_order: Int32s, scale: int) -> _City:
    by_area = Arcs(*permute_arcs(problem.first, problem.person, problem.cost, area_order, person_order))
    np.multiply(by_area.cost, scale, out=by_area.cost)
    area = np.repeat(np.arange(problem.n_areas, dtype=np.int32), np.diff(by_area.first))
    by_person = Arcs(*sort_arcs(problem.n_persons, problem.n_areas, by_area.other, area, by_area.cost))
    capacity, degree = problem.capacity[person_order], np.diff(by_person.first)
    room = np.minimum(capacity, degree).astype(np.int32)
    is_deficient = find_deficient(by_area.first, by_area.other, room)
    is_deficient_person = np.zeros(problem.n_persons, np.bool_)
    is_deficient_person[by_area.other[is_deficient[area]]] = True
    return _City(by_area, by_person, room, is_deficient, is_deficient_person, capacity > degree, scale)


def _open_scarce(city: _City) -> Market:
    n_units = np.where(city.is_deficient_person, city.room, 0)
    return open_market(city.by_person, city.by_area, n_units, city.is_deficient_area.astype(np.int32))


def _open_other(city: _City) -> Market:
    n_slots = np.where(city.is_deficient_person, 0, city.room)
    return open_market(city.by_area, city.by_person, (~city.is_deficient_area).astype(np.int32), n_slots)


def _trade_to_proof(market: Market, start: int, scale: int) -> tuple[int, int | None]:
    """Trade at ever smaller tolerances until prices can be rounded.

    Returns
    -------
    n_bids, shift
        How many bids were made; what to add to prices before they are rounded down, None if the auction crawls.
    """
    tolerance, n_bids, limit = start, 0, _BIDS_PER_UNIT * (len(market.unit_slot) + 1)
    while True:
        n_bids = trade(market, tolerance, 16 * start, n_bids, limit)
        if n_bids >= limit:
            return n_bids, None
        shift = _find_shift(market, tolerance, scale)
        if shift is not None or tolerance == 1:
            return n_bids, shift
        tolerance = max(1, tolerance // _SHRINKING)


def _find_shift(market: Market, tolerance: int, scale: int) -> int | None:
    """Find what to add to prices so that none is within the tolerance below a multiple of the scale."""
    if tolerance >= scale:
        return None
    rests = np.unique(market.price[market.price < FAR] % scale)
    if not len(rests):
        return 0
    gaps = np.diff(rests, append=rests[0] + scale)
    widest = int(np.argmax(gaps))
    if int(gaps[widest]) <= tolerance:
        return None
    return -int(rests[(widest + 1) % len(rests)]) % scale


def _read_plan(
    problem: AppointProblem, city: _City, scarce: tuple[Market, int], other: tuple[Market, int]
) -> AppointPlan | None:
    """Read the plan in tiles and its prices; None if the two parts' prices do not fit together."""
    warden = np.full(problem.n_areas, -1, np.int32)
    area_price = np.full(problem.n_areas, problem.penalties[0], np.int64)
    person_price = np.zeros(problem.n_persons, np.int64)
    market, shift = scarce
    held, paid = _read_bids(market, shift, city.scale)
    warden[held] = market.unit_bidder
    area_price[city.is_deficient_area] -= _round(market, shift, city.scale)[city.is_deficient_area]
    level = np.full(problem.n_persons, -FAR, np.int64)
    np.maximum.at(level, market.unit_bidder, paid)
    is_full = level > -FAR
    person_price[is_full] = problem.penalties[0] - level[is_full]
    market, shift = other
    held, paid = _read_bids(market, shift, city.scale)
    warden[market.unit_bidder] = held
    area_price[market.unit_bidder] = paid
    has_slots = market.price < FAR
    person_price[has_slots] = _round(market, shift, city.scale)[has_slots]
    _price_idle(city, area_price, person_price)
    # Nobody had better go without, nor look for somebody in the part that is short of people.
    dearest = int(paid.max(initial=0)) + problem.path_cost_limit
    if dearest > int(person_price[is_full].min(initial=problem.penalties[0])):
        return None
    # Whoever serves wherever possible and has room for more is no bottleneck.
    person_price[city.has_spare] = 0
    for market in (scarce[0], other[0]):
        _tighten(market, city, market is scarce[0], area_price, person_price)
    return AppointPlan(warden, np.full(problem.n_areas, -1, np.int32), area_price, person_price)


def _round(market: Market, shift: int, scale: int) -> Int64s:
    return (market.price + shift) // scale


def _read_bids(market: Market, shift: int, scale: int) -> tuple[Int32s, Int64s]:
    """Return the object that each unit holds, and what it costs there at rounded prices."""
    held = market.slot_object[market.unit_slot]
    return held, market.unit_cost // scale + _round(market, shift, scale)[held]


def _tighten(market: Market, city: _City, is_scarce: bool, area_price: Int64s, person_price: Int64s) -> None:
    """Let areas pay exactly what they have costs: later searches go through appointments at no distance."""
    held = market.slot_object[market.unit_slot]
    area, person = (held, market.unit_bidder) if is_scarce else (market.unit_bidder, held)
    area_price[area] = market.unit_cost // city.scale + person_price[person]


def _price_idle(city: _City, area_price: Int64s, person_price: Int64s) -> None:
    """Ask of those who may serve nowhere what nobody would pay."""
    degree = np.diff(city.by_person.first)
    is_idle = (city.room == 0) & (degree > 0)
    if not is_idle.any():
        return
    arcs = np.repeat(is_idle, degree)
    worth = area_price[city.by_person.other[arcs]] - city.by_person.cost[arcs] // city.scale
    np.maximum.at(person_price, np.repeat(np.flatnonzero(is_idle), degree[is_idle]), worth)
