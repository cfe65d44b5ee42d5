"""Why a job has nobody, or this agent, is told agent by agent."""

from __future__ import annotations

import numpy as np
import pytest

from muster.planning.assignment.explain import explain_job
from muster.planning.assignment.problem import PairPlan, PairProblem
from muster.planning.result import ProblemError

PROBLEM = PairProblem.build(
    cost=[[5, 9], [7, 40], [1, 1], [1, 1]],
    weight=[[3, 3], [1, 1], [1, 9], [1, 1]],
    capacity=[5, 9, 3, 2],
    is_allowed=[[1, 1], [1, 1], [1, 1], [1, 0]],
    skip_penalty=20,
)


def test_a_skipped_job_tells_who_is_excluded_who_is_full_and_who_is_too_dear() -> None:
    standings = explain_job(PROBLEM, PairPlan(np.array([0, -1], np.int32)), 1)
    assert standings.excluded == (2, 3)
    assert standings.full == ((0, 1),)
    assert standings.open == ((1, 20),)


def test_a_job_with_an_agent_tells_what_the_others_would_cost_more() -> None:
    standings = explain_job(PROBLEM, PairPlan(np.array([0, -1], np.int32)), 0)
    assert standings.agent == 0
    assert standings.open == ((2, -4), (3, -4), (1, 2))


def test_a_job_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ProblemError, match="no job 7"):
        explain_job(PROBLEM, PairPlan(np.array([0, -1], np.int32)), 7)
