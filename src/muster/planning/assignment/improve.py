"""Improve the best plan part by part: open some agents' jobs, and search for a better division by a beam."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
from numpy.typing import NDArray

from muster.planning.assignment.beam import Span, search_beam
from muster.planning.assignment.chains import open_ledger
from muster.planning.assignment.dive import set_seed
from muster.planning.assignment.divers import Root, choose_manners, dive_once
from muster.planning.assignment.knapsack import BEST, raise_prices
from muster.planning.assignment.neighborhoods import Neighborhoods, Part
from muster.planning.assignment.prices import Floats
from muster.planning.assignment.standing import Standing

Int32s = NDArray[np.int32]

#: The fewest jobs that are opened; the widths of beams.
_FEWEST_JOBS = 40
_NARROWEST, _WIDEST = 4, 150
#: Agents tried for a job, price rounds a child, the share of jobs fixed a level, chance in the choice.
_FAN, _ROUNDS, _BATCH, _NOISE = 3, 10, 0.03, 0.05
#: Price rounds on a part before its beam, and their share in the mean of picks.
_PART_ROUNDS, _PART_SHARE = 20, 0.05
#: A beam gets at most this share of the time that was left, and no more seconds than this.
_BEAM_SHARE, _LONGEST_BEAM_S = 0.03, 2.0
#: The first gets so much of that; each later one as much more where the last found nothing, or less where it did.
_FIRST_SHARE, _LONGER, _SHORTER = 0.03, 1.25, 0.5
#: Dives from the root get this share of the time, for plans of another kind.
_DIVE_SHARE = 0.15
#: So many parts of a draft are tried before another draft is made.
_REPAIRS = 6


class Improver:
    """Improves a standing's plan in one thread.

    Parameters
    ----------
    standing
        Takes the plans.
    root
        Prices and means to go by.
    capacity_price
        Prices for mending drafts.
    seed
        Seed of this thread's choices.
    """

    def __init__(self, standing: Standing, root: Root, capacity_price: Floats, seed: int) -> None:
        set_seed(seed % 2**31)
        self._standing = standing
        self._root = root
        self._random = np.random.default_rng(seed)
        self._ledger = open_ledger(standing.problem, capacity_price, standing.halt)
        self._neighborhoods = Neighborhoods(standing.problem, root.auction, root.price)
        self._manners = itertools.cycle(choose_manners(standing, root))
        self._longest_s = min(_LONGEST_BEAM_S, _BEAM_SHARE * standing.left_s)
        self._shortest_s = self._beam_s = _FIRST_SHARE * self._longest_s
        self._unit_s = root.round_s / (standing.problem.n_agents * standing.problem.n_jobs) * _FAN * _ROUNDS
        self._dive_s = self._part_s = 0.0

    def run(self) -> None:
        """Improve until the standing is over."""
        while not self._standing.is_over:
            began = time.perf_counter()
            if self._standing.agent is None:
                self._find_first()
            elif self._dive_s <= _DIVE_SHARE * self._part_s:
                dive_once(self._standing, self._root, self._ledger, next(self._manners))
                self._dive_s += time.perf_counter() - began
            else:
                is_better = self.improve_part(self._standing.agent, self._choose_size())
                self._beam_s = self._next_beam_s(is_better)
                self._part_s += time.perf_counter() - began

    def _find_first(self) -> None:
        """Make a draft, and open ever more around its overloaded agents until a plan comes of it."""
        draft = dive_once(self._standing, self._root, self._ledger, next(self._manners))
        n_jobs = 2.0 * _FEWEST_JOBS
        for _ in range(_REPAIRS):
            if self._standing.is_over or self._standing.agent is not None:
                break
            self.improve_part(draft, int(n_jobs))
            n_jobs = min(1.5 * n_jobs, float(len(draft)))

    def _next_beam_s(self, is_better: bool) -> float:
        """Hurry while gains come easily, and search ever more widely where they do not."""
        if is_better:
            return max(self._shortest_s, _SHORTER * self._beam_s)
        return min(self._longest_s, _LONGER * self._beam_s)

    def _choose_size(self) -> int:
        """Choose how many jobs to open: small and large in like numbers, as far as the narrowest beam has time."""
        n_agents, most = self._standing.problem.n_agents, float(self._standing.problem.n_jobs)
        while most > _FEWEST_JOBS and _NARROWEST * self._unit_s * n_agents * most * _count_levels(most) > self._beam_s:
            most *= 0.9
        return int(math.exp(self._random.uniform(math.log(min(_FEWEST_JOBS, most)), math.log(most + 1))))

    def improve_part(self, agent: Int32s, n_jobs: int) -> bool:
        """Divide some agents' jobs anew, if that can be better; tell whether it was."""
        part = self._neighborhoods.open(agent, self._neighborhoods.choose(agent, n_jobs, self._random))
        limit = min(self._standing.cost, 1e15) - 1.0 - part.spent
        raise_prices(part.auction, _PART_ROUNDS, _PART_SHARE, 0.1)
        if part.auction.gauge[BEST] > limit + 1e-6:
            return False
        found = np.empty(len(part.jobs), np.int32)
        self._standing.beams += 1
        if not math.isfinite(self._search(part, limit, found)):
            return False
        return self._standing.offer(part.join(agent, found))

    def _search(self, part: Part, limit: float, found: Int32s) -> float:
        """Search a part by a beam as wide as time allows, and learn how long that takes."""
        n_agents, n_jobs = part.auction.cost.shape
        size = n_agents * n_jobs * _count_levels(n_jobs)
        width = int(min(self._beam_s, self._standing.left_s) / (self._unit_s * size))
        width = max(_NARROWEST, min(_WIDEST, width))
        began = time.perf_counter()
        cost = search_beam(part.auction, Span(width, _FAN, _ROUNDS, _BATCH, _NOISE), limit, found)
        unit_s = (time.perf_counter() - began) / (width * size)
        self._unit_s += 0.2 * (unit_s - self._unit_s)
        return float(cost)


def _count_levels(n_jobs: float) -> float:
    """Estimate the levels of a beam, at each of which a share of the jobs is fixed, and at least one."""
    few = 2.0 / _BATCH
    return n_jobs if n_jobs <= few else few + math.log(n_jobs / few) / _BATCH
