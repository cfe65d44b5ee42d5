"""Explain why a job of a pairing has no agent, or why it has this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.result import ProblemError


@dataclass(frozen=True, slots=True)
class Standings:
    """Where each agent stands with regard to one job.

    Parameters
    ----------
    job
        The job.
    agent
        Who has it, or -1.
    excluded
        Agents that may not have it, or that it is too large for.
    full
        Agents whose room is too small as the plan stands, with how much is missing, least first.
    open
        Agents with room, with how much dearer than today each would be, least first.
    """

    job: int
    agent: int
    excluded: tuple[int, ...]
    full: tuple[tuple[int, int], ...]
    open: tuple[tuple[int, int], ...]


def explain_job(problem: PairProblem, plan: PairPlan, job: int) -> Standings:
    """Explain where each other agent stands with regard to a job.

    Parameters
    ----------
    problem, plan
        The problem, and a plan that keeps its rules.
    job
        The job in question, with or without an agent.

    Returns
    -------
    Standings
        Agents excluded, full, and open. An agent that is open and cheaper than today shows that the plan is
        not optimal.

    Raises
    ------
    ProblemError
        If there is no such job.
    """
    if not 0 <= job < problem.n_jobs:
        raise ProblemError(f"there is no job {job}: they go from 0 to {problem.n_jobs - 1}.")
    agent = int(plan.agent[job])
    taken = np.flatnonzero(plan.agent >= 0)
    load = np.bincount(plan.agent[taken], problem.weight[plan.agent[taken], taken], problem.n_agents)
    missing = problem.weight[:, job] - (problem.capacity - load.astype(np.int64))
    dearer = problem.cost[:, job] - _cost_today(problem, agent, job)
    others = [other for other in range(problem.n_agents) if other != agent]
    able = [other for other in others if problem.is_allowed[other, job]]
    return Standings(
        job=job,
        agent=agent,
        excluded=tuple(other for other in others if not problem.is_allowed[other, job]),
        full=_by_least((other, int(missing[other])) for other in able if missing[other] > 0),
        open=_by_least((other, int(dearer[other])) for other in able if missing[other] <= 0),
    )


def _cost_today(problem: PairProblem, agent: int, job: int) -> int:
    if agent >= 0:
        return int(problem.cost[agent, job])
    return 0 if problem.skip_penalty is None else int(problem.skip_penalty[job])


def _by_least(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0])))
