"""Solved in parts, here or on machines that die: the same plan as in one piece, and the same proof."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.planning.distributed import ClusterSolver, find_components, solve_in_parts, split
from muster.planning.matching.problem import AppointProblem
from muster.planning.matching.solve import solve
from muster.planning.matching.verify import verify
from muster.planning.result import ProblemError


def invent(seed: int, communities: int = 40, areas: int = 30, people: int = 40) -> AppointProblem:
    """Invent communities that share nobody, some with too few people."""
    rng = np.random.default_rng(seed)
    n_areas, n_people = communities * areas, communities * people
    area = np.repeat(np.arange(n_areas), 6)
    person = area // areas * people + rng.integers(rng.integers(3, people), size=len(area))
    return AppointProblem.build(
        n_areas=n_areas,
        area=area,
        person=person,
        cost=rng.integers(1, 1000, len(area)),
        capacity=rng.integers(0, 3, n_people),
        demand=rng.integers(1, 3, n_areas),
        second_cost=50,
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n_parts=st.integers(1, 7), communities=st.integers(1, 9))
def test_in_parts_the_optimum_is_that_of_the_whole(seed: int, n_parts: int, communities: int) -> None:
    problem = invent(seed, communities, areas=6, people=7)
    whole, joined = solve(problem), solve_in_parts(problem, n_parts=n_parts)
    assert joined.plan is not None
    assert joined.objective == joined.bound == whole.objective
    assert {name: joined.counts[name] for name in ("wardens", "deputies")} == {
        name: whole.counts[name] for name in ("wardens", "deputies")
    }
    assert verify(problem, joined.plan).is_optimal


def test_parts_share_nobody_and_lose_nobody() -> None:
    problem = invent(3)
    parts = split(problem, 5)
    areas = np.concatenate([part.areas for part in parts])
    persons = np.concatenate([part.persons for part in parts])
    assert sorted(areas.tolist()) == list(range(problem.n_areas))
    assert len(set(persons.tolist())) == len(persons)
    assert sum(part.problem.n_arcs for part in parts) == problem.n_arcs
    loads = [part.problem.n_arcs for part in parts]
    assert max(loads) < 1.1 * min(loads)


def test_areas_that_compete_over_others_are_in_one_component() -> None:
    problem = AppointProblem.build(
        n_areas=4, area=[0, 1, 1, 2], person=[0, 0, 1, 2], cost=[1, 1, 1, 1], capacity=[1, 1, 1, 1]
    )
    of_area, of_person = find_components(problem)
    assert of_area[0] == of_area[1] == of_person[0] == of_person[1]
    assert len({of_area[0], of_area[2], of_area[3], of_person[3]}) == 4


def test_a_problem_without_arcs_or_areas_is_solved_too() -> None:
    nothing: list[int] = []
    for n_areas in (0, 3):
        problem = AppointProblem.build(n_areas=n_areas, area=nothing, person=nothing, cost=nothing, capacity=[1, 1])
        assert solve_in_parts(problem).counts["uncovered"] == n_areas


def test_less_than_one_part_is_refused() -> None:
    with pytest.raises(ProblemError, match="at least 1"):
        split(invent(1), 0)


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ProblemError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"):
        solve_in_parts(invent(1), ClusterSolver("tcp://127.0.0.1:9", timeout_s=1.0))


def test_a_scheduler_without_a_worker_is_not_waited_for_for_ever() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as lonely,
        pytest.raises(ProblemError, match=r"No worker has joined the scheduler at "),
    ):
        solve_in_parts(invent(1), ClusterSolver(lonely.scheduler_address, timeout_s=1.0))


@pytest.fixture
def cluster() -> Iterator[object]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit="2GiB"
    ) as running:
        yield running


def test_a_worker_killed_in_the_middle_changes_neither_plan_nor_proof(cluster: object) -> None:
    problem = invent(7, communities=2000)
    calm = solve_in_parts(problem, n_parts=60)
    with ThreadPoolExecutor() as beside:
        killing = beside.submit(_kill_a_worker_at_work, cluster)
        stormy = solve_in_parts(problem, ClusterSolver(cluster.scheduler_address), n_parts=60)  # type: ignore[attr-defined]  # of a library without types
        killing.result()
    assert calm.plan is not None
    assert stormy.plan is not None
    for name in ("warden", "deputy", "area_price", "person_price"):
        assert (getattr(calm.plan, name) == getattr(stormy.plan, name)).all()
    assert (calm.objective, calm.bound, calm.counts) == (stormy.objective, stormy.bound, stormy.counts)


def _kill_a_worker_at_work(cluster: object) -> None:
    """Wait until some parts are solved and others are not, then kill the process of one worker."""
    from distributed import Client  # noqa: PLC0415  # an extra

    with Client(cluster.scheduler_address) as client:  # type: ignore[attr-defined]  # of a library without types
        pid = int(next(iter(client.run(os.getpid).values())))
        for _ in range(2000):
            done = client.run_on_scheduler(_count_done)
            if done >= 2:
                break
            time.sleep(0.005)
        assert 2 <= done < 60
    os.kill(pid, signal.SIGKILL)


def _count_done(dask_scheduler: object) -> int:
    return sum(task.state == "memory" for task in dask_scheduler.tasks.values())  # type: ignore[attr-defined]  # see above
