"""Solves a rostering problem: anytime, deterministic for a seed, every hard rule kept."""

from __future__ import annotations

import time
from importlib.metadata import version

import numpy as np

from muster.planning.result import Result, Status
from muster.planning.rostering import local, search
from muster.planning.rostering.arrays import Shorts
from muster.planning.rostering.deep import DeepSearch
from muster.planning.rostering.exchange import is_permitted
from muster.planning.rostering.floors import sharing_floor
from muster.planning.rostering.problem import RosterPlan, RosterProblem
from muster.planning.rostering.shortage import count_unfillable, fill_places
from muster.planning.rostering.starting import is_any_impossible, start_somehow
from muster.planning.rostering.tables import Tables, build

SOLVER = f"muster rostering {version('muster')}"
START_SHARE = 0.5
MOVES_PER_WEEK = 5
EXCHANGES_PER_PERSON, MOST_EXCHANGES = 500, 60_000
"""A city has thousands of pools; in a large one more exchanges gain little for their time."""
MOST_ROUNDS = 3
CLOSE_ENOUGH = 1.005
SHORTAGE_LIMIT_S, DISTURBANCE_LIMIT_S = 20.0, 1.5


def solve(problem: RosterProblem, *, time_limit_s: float, seed: int) -> Result[RosterPlan]:
    """Plan a roster.

    Parameters
    ----------
    problem
        The problem.
    time_limit_s
        Wall time after which the best roster so far is returned, in seconds.
    seed
        Same seed, same roster, unless the time limit cut the work short.

    Returns
    -------
    Result
        Infeasible when somebody is proven to have no permitted schedule at all; unknown when none was found
        in time; else a roster that keeps every hard rule, with a valid lower bound on any roster's cost.
    """
    began_at = time.monotonic()
    tables = build(problem)
    stop_at = began_at + time_limit_s
    plan, lost = start_somehow(tables, seed, stop_at=began_at + START_SHARE * time_limit_s, standing=problem.standing)
    if lost:
        is_proven = is_any_impossible(tables, lost, stop_at)
        return Result(
            status=Status.INFEASIBLE if is_proven else Status.UNKNOWN,
            plan=None,
            objective=None,
            bound=None,
            runtime_s=time.monotonic() - began_at,
            solver=SOLVER,
            counts={"people": problem.n_people, "people_without_schedule": len(lost)},
        )
    if tables.fair_weight.any() or problem.standing is not None or problem.nights_span_days is not None:
        return _solve_shared(problem, tables, plan, seed, began_at, stop_at)
    search_ = DeepSearch(problem, tables, plan, seed, stop_at, trivial_bound(tables))
    search_.run()
    return _result(problem, tables, search_.plan, search_.bound, began_at)


def _solve_shared(
    problem: RosterProblem, tables: Tables, plan: Shorts, seed: int, began_at: float, stop_at: float
) -> Result[RosterPlan]:
    """Solve a problem that shares out loads or disturbs a standing roster, and prove what stays empty."""
    floor = sharing_floor(problem)
    plan = _improve(problem, tables, plan, seed, stop_at, floor)
    unfillable, missing = 0, _missing(tables, plan)
    if missing:
        unfillable = count_unfillable(problem, time_limit_s=_left_s(stop_at))
        floor = sharing_floor(problem, unfillable)
    if missing > unfillable or problem.standing is not None:
        most_s = SHORTAGE_LIMIT_S if missing > unfillable else DISTURBANCE_LIMIT_S
        other = fill_places(problem, time_limit_s=min(most_s, _left_s(stop_at)))
        if other is not None and _may_be_better(tables, other, plan):
            # It fills and keeps, and shares out nothing: what it costs is seen when that is done too.
            other = _improve(problem, tables, other, seed, stop_at, floor)
            plan = min(plan, other, key=lambda roster: search.plan_cost(tables, roster))
    if _missing(tables, plan) > unfillable:
        unfillable = max(unfillable, count_unfillable(problem, time_limit_s=_left_s(stop_at), is_whole=True))
        floor = max(floor, sharing_floor(problem, unfillable))
    result = _result(problem, tables, plan, max(floor, trivial_bound(tables)), began_at)
    result.counts["places_unfillable"] = unfillable
    return result


def _left_s(stop_at: float) -> float:
    return min(SHORTAGE_LIMIT_S, stop_at - time.monotonic())


def _may_be_better(tables: Tables, other: Shorts, plan: Shorts) -> bool:
    """Tell whether a permitted roster fills more than another, or costs less."""
    is_fuller = _missing(tables, other) < _missing(tables, plan)
    if not is_fuller and search.plan_cost(tables, other) >= search.plan_cost(tables, plan):
        return False
    return all(is_permitted(tables, row, p) for p, row in enumerate(other))


def _improve(problem: RosterProblem, tables: Tables, plan: Shorts, seed: int, stop_at: float, floor: float) -> Shorts:
    hot = local.noise_scale(problem)
    n_people, n_weeks = problem.n_people, len(search.week_starts(tables)) - 1
    is_week_bound = bool(np.any(tables.max_week_units < 7 * tables.class_units.max()))
    spans = (1,) if is_week_bound else (1, 1, 2)
    is_exact = problem.standing is None and bool(np.all(tables.max_cover == tables.demand))
    for turn in range(MOST_ROUNDS):
        before = search.plan_cost(tables, plan)
        if before <= CLOSE_ENOUGH * floor:
            break
        # Where every place is filled and nobody may be placed beyond, one person alone can change nothing.
        if not is_exact or _missing(tables, plan):
            moves = local.Schedule(MOVES_PER_WEEK * n_people * n_weeks, hot, span_weeks=spans)
            plan = local.anneal(tables, plan, moves, seed=seed + turn, stop_at=stop_at)
        exchanges = min(EXCHANGES_PER_PERSON * n_people, MOST_EXCHANGES)
        plan = local.share_out(tables, plan, n_moves=exchanges, hot=hot, seed=seed + turn, stop_at=stop_at)
        # A second round shares out hardly better than the first; it may fill more.
        if _missing(tables, plan) == 0:
            break
    return plan


def _missing(tables: Tables, plan: Shorts) -> int:
    cover = search.count_cover(plan, tables.demand.shape[1])
    return int(np.maximum(tables.demand - cover, 0).sum())


def trivial_bound(tables: Tables) -> float:
    """Bound every roster's cost from below by each person's cheapest day, whatever the rules and the cover."""
    fairness = float((tables.fair_weight * tables.fair_past**2).sum())
    return float(tables.own_cost.min(axis=2).sum()) + fairness


def _result(problem: RosterProblem, tables: Tables, plan: Shorts, bound: float, began_at: float) -> Result[RosterPlan]:
    cost = search.plan_cost(tables, plan)
    cover = search.count_cover(plan, problem.n_shifts)
    return Result(
        status=Status.OPTIMAL if cost <= bound + 1e-6 else Status.FEASIBLE,
        plan=RosterPlan(plan),
        objective=cost,
        bound=min(bound, cost),
        runtime_s=time.monotonic() - began_at,
        solver=SOLVER,
        counts={
            "people": problem.n_people,
            "duties": int((plan >= 0).sum()),
            "places_unfilled": int(np.maximum(problem.demand - cover, 0).sum()),
            "places_overfilled": int(np.maximum(cover - problem.demand, 0).sum()),
        },
    )
