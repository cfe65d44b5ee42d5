"""Compiles the kernels ahead of time, so that the first roster of a fresh installation does not wait."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from muster.planning.rostering.answers import Answers, find_ways
from muster.planning.rostering.columns import Master
from muster.planning.rostering.problem import OFF, Fairness, Person, RosterProblem, ShiftType
from muster.planning.rostering.solve import solve
from muster.planning.rostering.starting import start_plan
from muster.planning.rostering.tables import build

WEEK, HALF_YEAR = 8, 182
LIMIT_S = 60.0


def warm_up() -> None:
    """Solve a roster of three people for a week and one for half a year, and cache every kernel that they need."""
    solve(_problem(WEEK, Fairness(hours=1.0)), time_limit_s=LIMIT_S, seed=0)
    solve(_problem(HALF_YEAR, Fairness()), time_limit_s=1.0, seed=0)
    _answer_to_prices(_problem(WEEK, Fairness()))
    _solve_center(replace(_problem(WEEK, Fairness()), max_cover=None))


def _problem(n_days: int, fairness: Fairness) -> RosterProblem:
    demand = np.ones((n_days, 1), np.int64)
    return RosterProblem(
        n_days=n_days,
        shifts=(ShiftType("day", 8 * 60, 480),),
        people=tuple(Person(name, max_week_minutes=2400) for name in ("a", "b", "c")),
        demand=demand,
        under_weight=np.ones((n_days, 1)),
        over_weight=np.ones((n_days, 1)),
        allowed=np.ones((3, n_days, 1), np.bool_),
        max_cover=demand,
        fairness=fairness,
    )


def _answer_to_prices(problem: RosterProblem) -> None:
    """Do what a search leaves out when compiling has used up its time."""
    tables, soon = build(problem), time.monotonic() + LIMIT_S
    plan, _ = start_plan(tables, 0, stop_at=soon)
    with ThreadPoolExecutor(1) as executor:
        ways = find_ways(tables, plan, seed=0, stop_at=soon, executor=executor)
        Answers(tables, plan, ways, np.random.default_rng(0), ((0.1, 0.1),)).run(stop_at=soon, executor=executor)


def _solve_center(problem: RosterProblem) -> None:
    """Solve a master by the interior-point method, which only rosters of many people come to."""
    people = np.arange(problem.n_people, dtype=np.int32)
    idle = np.full((problem.n_people, problem.n_days), OFF, np.int16)
    master = Master(build(problem), idle, people, 0, problem.n_days)
    master.solve_center(np.zeros(problem.demand.shape), 1.0)


if __name__ == "__main__":
    warm_up()
