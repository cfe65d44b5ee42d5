"""Price the root, dive from it in different manners, and mend and polish what comes of it."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.chains import Ledger, open_ledger, restore, unload, wander
from muster.planning.assignment.dive import Manner, dive, set_seed
from muster.planning.assignment.knapsack import AHEAD, BEST, STALE, Auction, open_auction, raise_prices
from muster.planning.assignment.prices import Floats
from muster.planning.assignment.standing import Standing

Int32s = NDArray[np.int32]

#: Rounds of pricing at the root: at most so many blocks of so many.
_ROOT_BLOCKS, _ROOT_ROUNDS = 40, 40
_MEAN_ROUNDS = 200

#: The share of the time left in which first dives begin.
_DIVE_SHARE = 0.1

#: Kicks after each mending.
_KICKS = 10


@dataclass
class Root:
    """Where dives begin: an auction at good prices, and how long one round of it takes."""

    auction: Auction
    price: Floats
    round_s: float


def price_root(standing: Standing, capacity_price: Floats, share_of_time: float = 0.15) -> Root:
    """Price jobs until the bound stands, and let the running mean of picks settle.

    Parameters
    ----------
    standing
        Takes the bound.
    capacity_price
        Prices of capacity to begin with.
    share_of_time
        How much of the time left may be spent.
    """
    auction = open_auction(standing.problem, capacity_price, standing.halt)
    raise_prices(auction, 1, 0.1, 0.0)
    began, rounds = time.perf_counter(), 0
    until = began + share_of_time * standing.left_s
    for _ in range(_ROOT_BLOCKS):
        if standing.is_over:
            break
        before = auction.gauge[BEST]
        raise_prices(auction, _ROOT_ROUNDS, 0.02, 1e-4)
        rounds += _ROOT_ROUNDS
        standing.prove(float(auction.gauge[BEST]))
        is_flat = auction.gauge[BEST] - before < 1e-3 and auction.gauge[AHEAD] < 0.05
        if is_flat or time.perf_counter() > until:
            break
    round_s = (time.perf_counter() - began) / max(1, rounds)
    auction.price[:] = auction.best_price
    auction.gauge[AHEAD], auction.gauge[STALE] = max(0.5, 2e-5 * abs(auction.gauge[BEST])), 0.0
    price = auction.best_price.copy()
    raise_prices(auction, _MEAN_ROUNDS, 0.02, 0.2)
    standing.prove(float(auction.gauge[BEST]))
    return Root(auction, price, round_s)


def choose_manners(standing: Standing, root: Root) -> list[Manner]:
    """Choose manners of diving such that several dives fit into the time left."""
    n_jobs = standing.problem.n_jobs
    # One dive may take a tenth of the time; later steps are cheaper, half as much on average.
    steps = 0.1 * standing.left_s / max(1e-6, 30 * root.round_s * 0.5)
    least = max(1, math.ceil(n_jobs / max(10.0, steps)))
    return [
        Manner(rounds=30, end_rounds=12, batch=0.05, least=least, noise=0.1, end_jobs=60, end_nodes=1000),
        Manner(rounds=30, end_rounds=12, batch=0.05, least=least, noise=0.03, end_jobs=40, end_nodes=600),
        Manner(rounds=20, end_rounds=8, batch=0.08, least=least, noise=0.2, end_jobs=50, end_nodes=800),
        Manner(rounds=60, end_rounds=12, batch=0.03, least=least, noise=0.1, end_jobs=60, end_nodes=1500),
    ]


def dive_on(standing: Standing, root: Root, capacity_price: Floats, seed: int, n_dives: int) -> None:
    """Dive some times, as long as there is time.

    Parameters
    ----------
    standing
        Takes the plans.
    root
        Where to begin.
    capacity_price
        Prices for mending what dives leave undone.
    seed
        Seed of this thread's choices.
    n_dives
        How many dives at most; none begins once a tenth of the time is gone.
    """
    set_seed(seed % 2**31)
    ledger = open_ledger(standing.problem, capacity_price, standing.halt)
    until = time.perf_counter() + _DIVE_SHARE * standing.left_s
    for manner in itertools.islice(itertools.cycle(choose_manners(standing, root)), n_dives):
        if standing.is_over or time.perf_counter() > until:
            break
        dive_once(standing, root, ledger, manner)


def dive_once(standing: Standing, root: Root, ledger: Ledger, manner: Manner) -> Int32s:
    """Dive from the root and return what comes of it, a plan or a draft that overloads agents; offer it mended."""
    draft = np.empty(standing.problem.n_jobs, np.int32)
    dive(_copied(root), manner, min(standing.cost - 1.0, 1e15), draft)
    standing.dives += 1
    if not standing.offer(draft):
        _mend(standing, ledger, draft)
    return draft


def _copied(root: Root) -> Auction:
    copies: dict[str, Any] = {name: array.copy() for name, array in root.auction._asdict().items()}
    return Auction(**copies)._replace(price=root.price.copy(), halt=root.auction.halt)


def _mend(standing: Standing, ledger: Ledger, draft: Int32s) -> None:
    """Mend and polish a draft by ejection chains."""
    restore(ledger, draft)
    ledger.is_touched[:] = True
    unload(ledger, 2)
    standing.offer(ledger.agent)
    best = np.full_like(draft, -1)
    wander(ledger, _KICKS, 0.5, 2, math.inf, best)
    standing.kicks += _KICKS
    standing.offer(best)
