"""Verify a pairing with plain loops, sharing nothing with the solvers."""

from __future__ import annotations

from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.result import VerificationError


def verify(problem: PairProblem, plan: PairPlan) -> int:
    """Verify that a pairing keeps every rule.

    Parameters
    ----------
    problem, plan
        What was to be solved, and the plan.

    Returns
    -------
    int
        The plan's total cost, added up anew.

    Raises
    ------
    VerificationError
        If a job has no agent though it must, an agent that it may not have, or an agent takes more than
        it offers; the message names the first offender.
    """
    if plan.agent.shape != (problem.n_jobs,):
        raise VerificationError(f"the plan has {len(plan.agent)} entries for {problem.n_jobs} jobs.")
    load = [0] * problem.n_agents
    total = 0
    for job, agent in enumerate(plan.agent.tolist()):
        if agent == -1:
            total += _skip(problem, job)
            continue
        if not 0 <= agent < problem.n_agents:
            raise VerificationError(f"job {job} is given to agent {agent}, who does not exist.")
        if not problem.is_allowed[agent, job]:
            raise VerificationError(f"job {job} is given to agent {agent}, which is not allowed.")
        load[agent] += int(problem.weight[agent, job])
        total += int(problem.cost[agent, job])
    for agent, (taken, offered) in enumerate(zip(load, problem.capacity.tolist(), strict=True)):
        if taken > offered:
            raise VerificationError(f"agent {agent} takes {taken} of {offered}.")
    return total


def _skip(problem: PairProblem, job: int) -> int:
    if problem.skip_penalty is None:
        raise VerificationError(f"job {job} has no agent.")
    return int(problem.skip_penalty[job])
