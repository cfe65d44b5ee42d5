"""Solve an appointment problem exactly."""

from __future__ import annotations

import time

import numpy as np

from muster.planning.compiled import compiled
from muster.planning.matching.halves import fill_in_halves
from muster.planning.matching.layout import TILE_AREAS, order_by_tiles, permute_arcs
from muster.planning.matching.network import Int32s, Network, build_network
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.search import fill_places
from muster.planning.matching.settling import settle
from muster.planning.result import Result, Status

SOLVER = "muster-matching 2"

#: Nodes looked at per area before the arcs are laid out in tiles: below it, laying out costs more.
_EFFORT_PER_AREA = 6

#: With more places than this a place wanted, try without tiles first.
_AMPLE = 1.05


def solve(problem: AppointProblem) -> Result[AppointPlan]:
    """Appoint as many wardens as possible, then as many deputies, at the least total cost.

    Parameters
    ----------
    problem
        What is to be solved. There is always a plan: an area may stay without.

    Returns
    -------
    Result
        Status optimal; the objective is the total cost of the appointments; the plan's prices prove
        it (see `muster.planning.matching.verify`). The counts are ``areas``, ``wardens``, ``deputies``,
        ``uncovered`` (areas without a warden) and ``effort`` (persons and areas looked at, and bids made).
    """
    started = time.perf_counter()
    plan, objective, effort = _find_optimum(problem)
    return Result(
        status=Status.OPTIMAL,
        plan=plan,
        objective=objective,
        bound=objective,
        runtime_s=time.perf_counter() - started,
        solver=SOLVER,
        counts=count_appointments(problem, plan) | {"effort": effort},
    )


def warm_up() -> None:
    """Load or build the machine code, so that the time of the next solve is its own."""
    none = np.zeros(1, np.int32)
    costs = np.ones(1, np.int64)
    for is_writable in (True, False):
        # Arrays that came from a file cannot be written to, which is another type to the compiler.
        none.setflags(write=is_writable)
        costs.setflags(write=is_writable)
        problem = AppointProblem.build(n_areas=1, area=none, person=none, cost=costs, capacity=none + 1)
        solve(problem)
    settle(problem)
    fill_in_halves(lay_out(problem, order_by_tiles(problem.first, problem.person, 1)))


def _find_optimum(problem: AppointProblem) -> tuple[AppointPlan, int, int]:
    """Return the plan, what it costs and how much effort it took: paths where they are short, else auctions."""
    limit, effort = problem.n_areas * _EFFORT_PER_AREA + 1000, 0
    if not _is_scarce(problem):
        network = lay_out(problem, None)
        _, effort = fill_places(network, np.arange(problem.n_areas, dtype=np.int32), 0, limit)
        if effort < limit:
            return read_plan(network, None), _sum_cost(problem, network), effort
        # Its memory is to be free before the next is laid out.
        del network
    settled = settle(problem)
    if settled is not None:
        return settled.plan, settled.objective, effort + settled.n_bids
    order = order_by_tiles(problem.first, problem.person, problem.n_persons)
    network = lay_out(problem, order)
    effort += fill_in_halves(network)
    return read_plan(network, order), _sum_cost(problem, network), effort


def _sum_cost(problem: AppointProblem, network: Network) -> int:
    further = int(np.maximum(network.persons["used"] - 1, 0).sum())
    return int(network.arcs["cost"][network.arcs["held"] != 0].sum()) + problem.second_cost * further


def _is_scarce(problem: AppointProblem) -> bool:
    """Tell whether long searches are sure to come: many areas, and hardly more places than are wanted."""
    is_large = problem.n_areas > 8 * TILE_AREAS
    return is_large and int(problem.capacity.sum(dtype=np.int64)) < _AMPLE * int(problem.demand.sum(dtype=np.int64))


def lay_out(problem: AppointProblem, order: tuple[Int32s, Int32s] | None) -> Network:
    """Lay a problem out for the search, in its own order or in a better one.

    Parameters
    ----------
    problem
        The problem.
    order
        The old number of each new area and person, or None.
    """
    if order is None:
        return build_network(
            problem.first,
            problem.person,
            problem.cost,
            problem.capacity,
            problem.demand,
            problem.penalties,
            problem.second_cost,
        )
    area_order, person_order = order
    arcs = permute_arcs(problem.first, problem.person, problem.cost, area_order, person_order)
    return build_network(
        *arcs, problem.capacity[person_order], problem.demand[area_order], problem.penalties, problem.second_cost
    )


def count_appointments(problem: AppointProblem, plan: AppointPlan) -> dict[str, float]:
    """Count areas, wardens, deputies and areas without a warden."""
    wardens = int(np.count_nonzero(plan.warden >= 0))
    return {
        "areas": problem.n_areas,
        "wardens": wardens,
        "deputies": int(np.count_nonzero(plan.deputy >= 0)),
        "uncovered": problem.n_areas - wardens,
    }


def read_plan(network: Network, order: tuple[Int32s, Int32s] | None) -> AppointPlan:
    """Read appointments and prices from a network, in the problem's own numbers.

    Parameters
    ----------
    network
        A filled network.
    order
        The order that it was laid out in.
    """
    warden, deputy = _read_holders(network)
    area_price = network.areas["price"]
    person_price = network.persons["price"]
    if order is None:
        return AppointPlan(warden, deputy, area_price.copy(), person_price.copy())
    return AppointPlan(warden, deputy, area_price, person_price).renumbered(*order)


@compiled
def _read_holders(network: Network) -> tuple[Int32s, Int32s]:
    n_areas = len(network.areas)
    warden, deputy = np.full(n_areas, -1, np.int32), np.full(n_areas, -1, np.int32)
    for i in range(n_areas):
        for arc in range(network.areas[i].first, network.areas[i].first + network.areas[i].n_arcs):
            if network.arcs[arc].held > 0:
                if warden[i] < 0:
                    warden[i] = network.arcs[arc].person
                else:
                    deputy[i] = network.arcs[arc].person
    return warden, deputy
