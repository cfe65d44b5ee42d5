"""Two auctions settle a city exactly, whatever the costs, and repairs go on from their prices."""

from __future__ import annotations

import numpy as np
import pytest

from muster.planning.matching.auction import Arcs, open_market, trade
from muster.planning.matching.deficient import find_deficient
from muster.planning.matching.halves import fill_in_halves
from muster.planning.matching.layout import order_by_tiles, sort_arcs
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.repair import StandingPlan
from muster.planning.matching.settling import settle
from muster.planning.matching.solve import lay_out, read_plan, solve
from muster.planning.matching.verify import Verdict, verify


def district(seed: int, kind: str) -> AppointProblem:
    """Draw up to 120 areas in a row whose candidates live near by or, in two of three, anywhere."""
    rng = np.random.default_rng(seed)
    n_areas, n_persons = (int(n) for n in rng.integers(1, 120, 2))
    n_arcs = int(rng.integers(0, 6 * n_areas))
    area = rng.integers(0, n_areas, n_arcs)
    near = np.clip(area * n_persons // n_areas + rng.integers(-2, 3, n_arcs), 0, n_persons - 1)
    costs = {
        "all equal": np.zeros(n_arcs, np.int64),
        "nearly all equal": (rng.random(n_arcs) < 0.05).astype(np.int64),
        "high and close": rng.integers(0, 10, n_arcs) + 10**6,
        "far below zero": -rng.integers(0, 10**9, n_arcs),
        "few dear ones": np.where(rng.random(n_arcs) < 0.03, 10**7, rng.integers(0, 5, n_arcs)),
    }
    return AppointProblem.build(
        n_areas=n_areas,
        area=area,
        person=rng.integers(0, n_persons, n_arcs) if seed % 3 else near,
        cost=costs[kind],
        capacity=rng.choice([0, 1, 1, 1, 2, 9], n_persons),
    )


def found_by_paths(problem: AppointProblem) -> Verdict:
    order = order_by_tiles(problem.first, problem.person, problem.n_persons)
    network = lay_out(problem, order)
    fill_in_halves(network)
    return verify(problem, read_plan(network, order))


def settled(problem: AppointProblem) -> AppointPlan:
    found = settle(problem)
    assert found is not None
    assert verify(problem, found.plan).objective == found.objective
    return found.plan


@pytest.mark.parametrize("kind", ["all equal", "nearly all equal", "high and close", "far below zero", "few dear ones"])
def test_auctions_and_shortest_paths_prove_the_same_cost(kind: str) -> None:
    for seed in range(150):
        problem = district(seed, kind)
        assert verify(problem, settled(problem)) == found_by_paths(problem), seed


@pytest.mark.parametrize("kind", ["few dear ones", "far below zero"])
def test_repairs_from_the_prices_of_an_auction_stay_proven(kind: str) -> None:
    for seed in range(25):
        problem = district(seed, kind)
        it, rng = StandingPlan(problem, settled(problem)), np.random.default_rng(seed)
        for _ in range(8):
            person = int(rng.integers(problem.n_persons))
            it.set_capacity(person, int(rng.integers(3)))
            it.add_area([person], [0])
            assert verify(it.problem, it.plan).objective == solve(it.problem).objective, seed


def test_somebody_with_more_capacity_than_areas_to_serve_costs_nothing() -> None:
    problem = AppointProblem.build(n_areas=2, area=[0, 1, 1], person=[0, 0, 1], cost=[5, 9, 1], capacity=[9, 0])
    plan = settled(problem)
    assert plan.warden.tolist() == [0, 0]
    assert plan.person_price[0] == 0


@pytest.mark.parametrize(("n_areas", "n_persons"), [(0, 0), (0, 3), (3, 0), (3, 3)])
def test_a_city_without_candidates_is_settled_too(n_areas: int, n_persons: int) -> None:
    problem = AppointProblem.build(n_areas=n_areas, area=[], person=[], cost=[], capacity=[1] * n_persons)
    assert settled(problem).warden.tolist() == [-1] * n_areas


def test_what_auctions_do_not_fit_is_left_to_shortest_paths() -> None:
    def build(cost: int, demand: int, second_cost: int) -> AppointProblem:
        return AppointProblem.build(
            n_areas=2, area=[0, 1], person=[0, 0], cost=[cost, 0], capacity=[2], demand=demand, second_cost=second_cost
        )

    assert settle(build(1, 1, 0)) is not None
    for problem in (build(2**54, 1, 0), build(1, 2, 0), build(1, 1, 3)):
        assert settle(problem) is None
        plan = solve(problem).plan
        assert plan is not None
        assert verify(problem, plan).wardens == 2


def test_a_trade_stops_at_its_limit_of_bids() -> None:
    n = 40
    area, person = (side.astype(np.int32) for side in np.divmod(np.arange(n * n), n))
    sides = [Arcs(*sort_arcs(n, n, a, b, np.zeros(n * n, np.int64))) for a, b in ((area, person), (person, area))]
    ones = np.ones(n, np.int32)
    assert trade(open_market(sides[0], sides[1], ones, ones), 1, 16, 0, 7) == 7
    assert n <= trade(open_market(sides[0], sides[1], ones, ones), 1, 16, 0, 10**6) < 10**6


@pytest.mark.parametrize("seed", range(30))
def test_the_deficient_areas_want_more_than_their_candidates_can_give_and_no_others_do(seed: int) -> None:
    problem = district(seed, "all equal")
    degree = np.bincount(problem.person, minlength=problem.n_persons)
    room = np.minimum(problem.capacity, degree).astype(np.int32)
    is_deficient = find_deficient(problem.first, problem.person, room)
    area = np.repeat(np.arange(problem.n_areas), np.diff(problem.first))
    candidates = np.unique(problem.person[is_deficient[area]])
    n_uncovered = problem.n_areas - found_by_paths(problem).wardens
    assert int(is_deficient.sum()) - int(room[candidates].sum()) == n_uncovered
