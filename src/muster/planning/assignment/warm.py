"""Compiles the kernels ahead of time, so that compiling takes nothing off a time limit."""

from __future__ import annotations

import time

import numpy as np

from muster.planning.assignment.divers import dive_on, price_root
from muster.planning.assignment.improve import Improver
from muster.planning.assignment.prices import price_capacity
from muster.planning.assignment.problem import PairProblem
from muster.planning.assignment.solve import start_simply
from muster.planning.assignment.standing import Standing

_LONG_ENOUGH_S = 3600.0
"""No limit cuts the steps short, so that each kernel is reached; compiled, they take a moment."""


def warm_up() -> None:
    """Take a small town through every step of the search once, which compiles every kernel and caches it."""
    random = np.random.default_rng(1)
    weight = random.integers(1, 101, (5, 40))
    problem = PairProblem.build(
        cost=111 - weight + random.integers(-10, 11, (5, 40)),
        weight=weight,
        capacity=(0.8 * weight.sum(axis=1) / 5).astype(np.int64),
    ).closed()
    standing = Standing(problem, time.perf_counter() + _LONG_ENOUGH_S)
    price, bound = price_capacity(problem)
    standing.prove(bound)
    start_simply(standing, price, 1)
    root = price_root(standing, price)
    dive_on(standing, root, price, 1, 2)
    if standing.agent is not None:
        Improver(standing, root, price, 1).improve_part(standing.agent, problem.n_jobs)


if __name__ == "__main__":
    warm_up()
