"""Appoint over many machines: split where nothing connects, solve the parts anywhere, join and verify the whole.

Areas that share no candidate, not even over others, do not concern each other: the connected components of the
graph of candidates are problems of their own. Solved apart, at the penalties of the whole, their plans and their
prices join to an optimal plan of the whole and its proof. Where a part was solved, and how often it was begun
because a machine died, leaves no trace in it.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from muster.planning.cluster import RETRIES, TIMEOUT_S, open_cluster
from muster.planning.matching.problem import AppointPlan, AppointProblem
from muster.planning.matching.solve import SOLVER, count_appointments, solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError, Result, Status

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

SOLVER_IN_PARTS = f"{SOLVER}, in parts"

PARTS = 16
"""Parts that a problem is split into: enough to keep some machines busy to the end."""


class Solver(Protocol):
    """Whoever solves parts: here, or on other machines."""

    def __call__(self, parts: Iterable[AppointProblem]) -> Iterable[Result[AppointPlan]]:
        """Solve each part and return the results in the order of the parts."""
        ...


@dataclass(frozen=True, eq=False)
class Part:
    """Components of a problem that are solved together.

    Parameters
    ----------
    areas, persons
        Their numbers in the whole, ascending.
    problem
        The part as a problem of its own, with the penalties of the whole.
    """

    areas: Int32s
    persons: Int32s
    problem: AppointProblem


def find_components(problem: AppointProblem) -> tuple[Int32s, Int32s]:
    """Find the connected components of areas and persons.

    Returns
    -------
    of_area, of_person
        The number of each one's component. Somebody whom no area looks at is one alone.
    """
    n_nodes = problem.n_areas + problem.n_persons
    first = np.append(problem.first, np.full(problem.n_persons, problem.first[-1]))
    is_small = problem.n_arcs < 2**31
    graph = csr_matrix(
        (
            np.ones(problem.n_arcs, np.int8),
            problem.person + np.int32(problem.n_areas),
            first.astype(np.int32 if is_small else np.int64),
        ),
        shape=(n_nodes, n_nodes),
    )
    _, label = connected_components(graph, directed=False)
    return label[: problem.n_areas], label[problem.n_areas :]


def split(problem: AppointProblem, n_parts: int = PARTS) -> list[Part]:
    """Split a problem into parts that have nothing in common, of about as many arcs each.

    Parameters
    ----------
    problem
        The whole.
    n_parts
        How many parts at most; a component is never cut.

    Raises
    ------
    ProblemError
        If no part at all is asked for.
    """
    if n_parts < 1:
        raise ProblemError(f"{n_parts} parts are asked for: at least 1 is needed.")
    of_area, of_person = find_components(problem)
    arcs = np.bincount(of_area, weights=np.diff(problem.first), minlength=int(of_person.max(initial=-1)) + 1)
    part_of = _pack(arcs.astype(np.int64), n_parts)
    # A person nobody looks at belongs to no part.
    has_arcs = arcs > 0
    part_of_area = part_of[of_area]
    part_of_person = np.where(has_arcs[of_person], part_of[of_person], -1)
    groups = zip(_group(part_of_area, n_parts), _group(part_of_person, n_parts), strict=True)
    return [_cut(problem, areas, persons) for areas, persons in groups if len(areas)]


def _pack(weights: Int64s, n_parts: int) -> Int32s:
    """Pack components, the heaviest first, each into the part that is lightest so far."""
    loads = [(0, part) for part in range(n_parts)]
    part_of = np.empty(len(weights), np.int32)
    for component in np.argsort(-weights, kind="stable").tolist():
        load, part = loads[0]
        part_of[component] = part
        heapq.heapreplace(loads, (load + int(weights[component]) + 1, part))
    return part_of


def _group(part_of: Int32s, n_parts: int) -> Iterator[Int32s]:
    """Yield the members of each part, ascending."""
    order = np.argsort(part_of, kind="stable").astype(np.int32)
    bounds = np.searchsorted(part_of[order], np.arange(n_parts + 1))
    return (order[bounds[part] : bounds[part + 1]] for part in range(n_parts))


def _cut(problem: AppointProblem, areas: Int32s, persons: Int32s) -> Part:
    degree = np.diff(problem.first)[areas]
    first = np.zeros(len(areas) + 1, np.int64)
    np.cumsum(degree, out=first[1:])
    arcs = np.arange(first[-1]) + np.repeat(problem.first[areas] - first[:-1], degree)
    # Numbers ascend within a part, so that arcs stay sorted as they are.
    person = np.searchsorted(persons, problem.person[arcs]).astype(np.int32)
    part = AppointProblem(
        first,
        person,
        problem.cost[arcs],
        problem.capacity[persons],
        problem.demand[areas],
        problem.second_cost,
        penalty_step=problem.penalties[1],
    )
    return Part(areas, persons, part)


def solve_here(parts: Iterable[AppointProblem]) -> Iterator[Result[AppointPlan]]:
    """Solve the parts one after the other on this machine."""
    return map(solve, parts)


def solve_in_parts(
    problem: AppointProblem, solver: Solver = solve_here, *, n_parts: int = PARTS
) -> Result[AppointPlan]:
    """Solve a problem part by part, join the plans with their prices, and verify the whole.

    Parameters
    ----------
    problem
        What is to be solved.
    solver
        Who solves the parts.
    n_parts
        How many parts at most.

    Returns
    -------
    Result
        As of `muster.planning.matching.solve.solve`, with ``parts`` among the counts.

    Raises
    ------
    VerificationError
        If the joined prices do not prove the joined plan optimal.
    """
    started = time.perf_counter()
    parts = split(problem, n_parts)
    results = list(solver(part.problem for part in parts))
    plan = _join(problem, parts, [_plan_of(result) for result in results])
    verdict = verify(problem, plan)
    effort = sum(result.counts.get("effort", 0) for result in results)
    return Result(
        status=Status.OPTIMAL,
        plan=plan,
        objective=verdict.objective,
        bound=verdict.objective,
        runtime_s=time.perf_counter() - started,
        solver=SOLVER_IN_PARTS,
        counts=count_appointments(problem, plan) | {"effort": effort, "parts": len(parts)},
    )


def _plan_of(result: Result[AppointPlan]) -> AppointPlan:
    if result.plan is None:
        raise ProblemError(f"A part has no plan ({result.status}).")
    return result.plan


def _join(problem: AppointProblem, parts: list[Part], plans: list[AppointPlan]) -> AppointPlan:
    warden, deputy = (np.full(problem.n_areas, -1, np.int32) for _ in range(2))
    area_price, person_price = np.zeros(problem.n_areas, np.int64), np.zeros(problem.n_persons, np.int64)
    for part, plan in zip(parts, plans, strict=True):
        warden[part.areas] = _in_whole(plan.warden, part)
        deputy[part.areas] = _in_whole(plan.deputy, part)
        area_price[part.areas] = plan.area_price
        person_price[part.persons] = plan.person_price
    return AppointPlan(warden, deputy, area_price, person_price)


def _in_whole(holder: Int32s, part: Part) -> Int32s:
    # One more, for nobody: -1 reads it.
    return np.append(part.persons, np.int32(-1))[holder]


class ClusterSolver:
    """Solves parts on a Dask cluster; a part whose worker dies is solved again elsewhere.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    timeout_s
        How long to wait for the scheduler to answer, and for a first worker to join.
    """

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def __call__(self, parts: Iterable[AppointProblem]) -> list[Result[AppointPlan]]:
        """Solve each part on some worker.

        Raises
        ------
        ProblemError
            If the scheduler cannot be reached or has no worker, or ``distributed`` is not installed.
        """
        with open_cluster(self._address, timeout_s=self._timeout_s) as client:
            # Impure: a part is never taken for one that was solved before, whatever it looks like.
            futures = [client.submit(solve, part, pure=False, retries=RETRIES) for part in parts]
            results: list[Result[AppointPlan]] = client.gather(futures)
        return results
