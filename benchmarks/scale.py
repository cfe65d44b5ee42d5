"""What coverage of a city of ten million costs, county by county, and what more machines save.

``MUSTER_DATA=FOLDER muster bench scale``, where FOLDER holds the scenario ``wuhan-scale``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import django
import numpy as np
from measuring import Row, cpu_s, format_table, peak_mib, write_results

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from muster.coverage.planning.base import Base, read_base  # noqa: E402  # models load after Django
from muster.coverage.planning.solving import Choice, choose  # noqa: E402
from muster.emergencies.models import Emergency  # noqa: E402
from muster.emergencies.queries import get_active  # noqa: E402
from muster.kernel.clock import real_now  # noqa: E402
from muster.planning.distributed import ClusterSolver, find_components, solve_in_parts  # noqa: E402
from muster.planning.matching.problem import AppointProblem  # noqa: E402
from muster.planning.matching.solve import solve, warm_up  # noqa: E402
from muster.planning.result import Result  # noqa: E402
from muster.territory.models import Area  # noqa: E402

COMMUNITIES_OF_CHINA = 620_573
_Value = TypeVar("_Value")


def run(out: Path, workers: list[int]) -> None:
    """Measure every county alone, the whole city in one piece and in parts, and over some workers."""
    warm_up()
    emergency, now = get_active(), real_now()
    rows = [_measure_county(emergency, county, now) for county in Area.objects.filter(level__slug="county")]
    costs = {name: sum(row[name] for row in rows) for name in ("communities", "areas", "read_cpu_s", "plan_cpu_s")}
    per_community_s = (costs["read_cpu_s"] + costs["plan_cpu_s"]) / costs["communities"]
    print(format_table(rows))
    choice = choose(_forget(read_base(emergency, emergency.area, now)))
    speed = _measure_parts(choice, workers)
    print(format_table(speed))
    china_h = per_community_s * COMMUNITIES_OF_CHINA / 3600
    print(f"{per_community_s * 1000:.1f} ms of processor a community; all of China {china_h:.2f} h")
    write_results(out, "scale", [*rows, *speed], china_cpu_h=round(china_h, 3), peak_mib=round(peak_mib()))


def _timed(work: Callable[[], _Value]) -> tuple[_Value, float, float]:
    begun, cpu = time.perf_counter(), cpu_s()
    value = work()
    return value, round(time.perf_counter() - begun, 2), round(cpu_s() - cpu, 2)


def _measure_county(emergency: Emergency, county: Area, now: datetime) -> Row:
    base, _, read_cpu_s = _timed(lambda: read_base(emergency, county, now))
    choice, _, plan_cpu_s = _timed(lambda: choose(_forget(base)))
    communities = Area.objects.filter(level__slug="community", parent__parent=county).count()
    return {
        "county": county.code,
        "communities": communities,
        "areas": len(base.area),
        "people": len(base.people.ids),
        "candidates": choice.problem.n_arcs,
        "read_cpu_s": read_cpu_s,
        "plan_cpu_s": plan_cpu_s,
    }


def _forget(base: Base) -> Base:
    """Forget who serves now: choosing again what stands is ten times faster than choosing for the first time."""
    nobody = np.full(len(base.area), -1, np.int64)
    return replace(base, warden=nobody, deputy=nobody)


def _measure_parts(choice: Choice, workers: list[int]) -> list[Row]:
    problem = choice.problem
    of_area, _ = find_components(problem)
    shape: Row = {"areas": problem.n_areas, "candidates": problem.n_arcs, "components": len(set(of_area.tolist()))}
    rows = [
        {"how": "in one piece", **shape, **_row(lambda: solve(problem))},
        {"how": "in parts, here", **shape, **_row(lambda: solve_in_parts(problem))},
    ]
    return rows + [{"how": f"{number} workers", **shape, **_measure_cluster(problem, number)} for number in workers]


def _measure_cluster(problem: AppointProblem, workers: int) -> Row:
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with Client(cluster.scheduler_address) as client:
            client.run(warm_up)
        return _row(lambda: solve_in_parts(problem, ClusterSolver(cluster.scheduler_address)))


def _row(work: Callable[[], Result[Any]]) -> Row:
    result, wall_s, own_cpu_s = _timed(work)
    return {"wall_s": wall_s, "own_cpu_s": own_cpu_s, "objective": result.objective}
