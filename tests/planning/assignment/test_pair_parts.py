"""What a plan loses is told agent by agent, and its parts are divided anew without touching the rest."""

from __future__ import annotations

import time

import numpy as np
import pytest

from muster.planning.assignment.beam import Span, search_beam
from muster.planning.assignment.chains import is_feasible, open_ledger, restore, unload
from muster.planning.assignment.divers import Root, dive_on, price_root
from muster.planning.assignment.improve import Improver
from muster.planning.assignment.neighborhoods import Neighborhoods
from muster.planning.assignment.prices import Floats, price_capacity
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.assignment.solve import solve, start_simply
from muster.planning.assignment.standing import Standing
from muster.planning.assignment.verify import verify


def correlated(n_agents: int, n_jobs: int, seed: int) -> PairProblem:
    """Return a problem whose costs fall as weights rise, which are the hard ones."""
    random = np.random.default_rng(seed)
    weight = random.integers(1, 101, (n_agents, n_jobs))
    return PairProblem.build(
        cost=111 - weight + random.integers(-10, 11, (n_agents, n_jobs)),
        weight=weight,
        capacity=(0.8 * weight.sum(axis=1) / n_agents).astype(np.int64),
    )


def scattered(n_agents: int, n_jobs: int, seed: int) -> PairProblem:
    """Return a problem whose costs and weights have nothing to do with each other."""
    random = np.random.default_rng(seed)
    weight = random.integers(5, 26, (n_agents, n_jobs))
    return PairProblem.build(
        cost=random.integers(10, 51, (n_agents, n_jobs)),
        weight=weight,
        capacity=(0.8 * weight.sum(axis=1) / n_agents).astype(np.int64),
    )


def priced(problem: PairProblem) -> tuple[Standing, Root, Floats]:
    standing = Standing(problem, time.perf_counter() + 3600)
    price, bound = price_capacity(problem)
    standing.prove(bound)
    start_simply(standing, price, 1)
    root = price_root(standing, price)
    dive_on(standing, root, price, 1, 4)
    return standing, root, price


@pytest.mark.parametrize("problem", [correlated(20, 100, seed=4), scattered(40, 400, seed=4)])
def test_short_chains_alone_make_a_first_plan_where_room_is_scarce(problem: PairProblem) -> None:
    price, bound = price_capacity(problem)
    standing = Standing(problem, time.perf_counter() + 3600)
    start_simply(standing, price, 1)
    assert standing.agent is not None
    assert bound <= verify(problem, PairPlan(standing.agent)) <= 1.06 * bound


def test_overload_grows_dearer_until_jobs_move_away() -> None:
    problem = scattered(20, 200, seed=8)
    price, _ = price_capacity(problem)
    ledger = open_ledger(problem, price, np.zeros(1, np.bool_))
    restore(ledger, np.repeat(np.arange(2, dtype=np.int32), 100))
    assert not is_feasible(ledger)
    ledger.is_touched[:] = True
    unload(ledger, 1)
    assert is_feasible(ledger)
    verify(problem, PairPlan(ledger.agent))


def test_chains_that_are_told_to_stop_leave_jobs_where_they_are() -> None:
    problem = scattered(20, 200, seed=8)
    price, _ = price_capacity(problem)
    ledger = open_ledger(problem, price, np.ones(1, np.bool_))
    draft = np.repeat(np.arange(2, dtype=np.int32), 100)
    restore(ledger, draft)
    ledger.is_touched[:] = True
    unload(ledger, 2)
    assert ledger.agent.tolist() == draft.tolist()


def test_what_the_agents_lose_adds_up_to_what_the_plan_is_above_the_bound() -> None:
    problem = correlated(5, 30, seed=3)
    standing, root, _ = priced(problem)
    assert standing.agent is not None
    neighborhoods = Neighborhoods(problem, root.auction, root.price)
    bound = root.price.sum() - neighborhoods.value.sum()
    assert bound <= standing.bound
    assert neighborhoods.lose(standing.agent).sum() == pytest.approx(standing.cost - bound)


def test_a_part_divided_anew_leaves_the_others_what_they_have() -> None:
    problem = correlated(6, 36, seed=5)
    standing, root, _ = priced(problem)
    before = standing.agent
    assert before is not None
    neighborhoods = Neighborhoods(problem, root.auction, root.price)
    is_open = neighborhoods.choose(before, 12, np.random.default_rng(1))
    part = neighborhoods.open(before, is_open)
    found = np.empty(len(part.jobs), np.int32)
    # A limit above what these jobs cost today: the division of today would do.
    limit = standing.cost - part.spent + 50.0
    cost = search_beam(part.auction, Span(width=60, fan=3, rounds=10, batch=0.0, noise=0.0), limit, found)
    after = part.join(before, found)
    assert verify(problem, PairPlan(after)) == cost + part.spent
    assert after[~is_open[before]].tolist() == before[~is_open[before]].tolist()


def test_a_part_has_no_place_for_agents_that_want_none_of_its_jobs() -> None:
    problem = correlated(10, 60, seed=5)
    standing, root, _ = priced(problem)
    assert standing.agent is not None
    neighborhoods = Neighborhoods(problem, root.auction, root.price)
    is_open = neighborhoods.choose(standing.agent, 12, np.random.default_rng(1))
    part = neighborhoods.open(standing.agent, is_open)
    wants = root.auction.mean[:, part.jobs].any(axis=1)
    assert set(np.flatnonzero(is_open)) <= set(part.agents.tolist()) <= set(np.flatnonzero(is_open | wants))


def test_a_draft_that_overloads_agents_opens_all_of_them() -> None:
    problem = correlated(6, 36, seed=5)
    _, root, _ = priced(problem)
    draft = np.repeat(np.arange(2, dtype=np.int32), 18)
    is_open = Neighborhoods(problem, root.auction, root.price).choose(draft, 1, np.random.default_rng(1))
    assert is_open[:2].all()


def test_opening_everything_finds_the_proven_optimum() -> None:
    problem = correlated(4, 16, seed=7)
    optimum = solve(problem, time_limit_s=60, seed=1)
    standing, root, price = priced(problem)
    improver = Improver(standing, root, price, 1)
    for _ in range(30):
        if standing.agent is not None:
            improver.improve_part(standing.agent, problem.n_jobs)
    assert optimum.bound == optimum.objective == standing.cost


def test_a_search_that_is_told_to_stop_ends_at_once_with_what_it_has() -> None:
    problem = correlated(20, 400, seed=2)
    standing, root, price = priced(problem)
    improver = Improver(standing, root, price, 1)
    standing.stop()
    began = time.process_time()
    improver.run()
    if standing.agent is not None:
        improver.improve_part(standing.agent, problem.n_jobs)
    assert time.process_time() - began < 1
