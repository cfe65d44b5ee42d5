"""What coverage of a city of ten million costs, county by county, what more machines save, and what would break first.

``MUSTER_DATA=FOLDER muster bench scale``. A FOLDER that is empty gets the scenario ``wuhan-scale`` first, which is
measured too; one that holds it is used as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import django
import numpy as np
from measuring import Row, children_peak_mib, cpu_s, format_table, peak_mib, write_results

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from scale_drawing import draw  # noqa: E402  # beside this file

from muster.config.environment import data_dir  # noqa: E402
from muster.coverage.planning.base import Base, read_base  # noqa: E402  # models load after Django
from muster.coverage.planning.solving import Choice, choose  # noqa: E402
from muster.emergencies.models import Emergency  # noqa: E402
from muster.emergencies.queries import get_active  # noqa: E402
from muster.kernel.clock import real_now  # noqa: E402
from muster.kernel.errors import MusterError  # noqa: E402
from muster.planning.distributed import ClusterSolver, find_components, solve_in_parts  # noqa: E402
from muster.planning.matching.problem import AppointProblem  # noqa: E402
from muster.planning.matching.solve import solve, warm_up  # noqa: E402
from muster.planning.result import Result  # noqa: E402
from muster.plans.models import Plan  # noqa: E402
from muster.scenarios.marks import find_mark, has_own_data  # noqa: E402
from muster.territory.models import Area  # noqa: E402

SCENARIO = "wuhan-scale"
COMMUNITIES_OF_CHINA = 620_573
MEMORY_MIB = 64 * 1024
"""Of the machine that the country would be planned on in one piece."""
BLOB_MIB = 1_000_000_000 / 2**20
"""What SQLite and PostgreSQL hold in one value."""
ARCS = 2**31
_Value = TypeVar("_Value")


def run(out: Path, workers: list[int], *, seed: int = 1) -> list[Row]:
    """Measure building, every county alone, the whole city in one piece and in parts, and over some workers."""
    rows = _build(seed)
    warm_up()
    emergency, now = get_active(), real_now()
    counties = [_measure_county(emergency, county, now) for county in Area.objects.filter(level__slug="county")]
    print(format_table(counties))
    (choice, city) = _measure_city(emergency, now)
    rows += [*counties, city, *_measure_parts(choice, workers)]
    print(format_table([row for row in rows if row["what"] != "county"]))
    china = _carry_on(counties)
    limits = _list_limits(counties, city, choice)
    print(format_table([china]), format_table(limits), sep="\n")
    settings = {"scenario": SCENARIO, "seed": seed, "load": round(os.getloadavg()[1], 1), "data": _measure_data()}
    write_results(out, "scale", rows, **settings, china=china, limits=limits)
    draw(rows, limits, COMMUNITIES_OF_CHINA, out / "scale.png")
    return rows


def _build(seed: int) -> list[Row]:
    """Build the scenario in a process of its own, unless it stands; return what that took."""
    mark = find_mark()
    if mark is not None and (mark.code, mark.seed) == (SCENARIO, seed):
        return []
    if mark is not None or has_own_data():
        raise MusterError(f"{data_dir()} holds something else.", remedy="Give an empty folder with MUSTER_DATA.")
    program = "from muster.cli.main import main; main()"
    command = [sys.executable, "-c", program, "demo", "--scenario", SCENARIO, "--no-serve"]
    _, wall_s, used_s = _timed(lambda: subprocess.run([*command, "--seed", str(seed)], check=True))
    return [{"what": "built", "wall_s": wall_s, "cpu_s": used_s, "peak_mib": round(children_peak_mib())}]


def _timed(work: Callable[[], _Value]) -> tuple[_Value, float, float]:
    begun, cpu = time.perf_counter(), cpu_s()
    value = work()
    return value, round(time.perf_counter() - begun, 2), round(cpu_s() - cpu, 2)


def _measure_county(emergency: Emergency, county: Area, now: datetime) -> Row:
    base, _, read_cpu_s = _timed(lambda: read_base(emergency, county, now))
    choice, _, plan_cpu_s = _timed(lambda: choose(_forget(base)))
    communities = Area.objects.filter(level__slug="community", parent__parent=county).count()
    return {
        "what": "county",
        "code": county.code,
        "communities": communities,
        "areas": len(base.area),
        "people": len(base.people.ids),
        "candidates": choice.problem.n_arcs,
        "read_cpu_s": read_cpu_s,
        "plan_cpu_s": plan_cpu_s,
    }


def _measure_city(emergency: Emergency, now: datetime) -> tuple[Choice, Row]:
    base, _, read_cpu_s = _timed(lambda: read_base(emergency, emergency.area, now))
    choice, wall_s, plan_cpu_s = _timed(lambda: choose(_forget(base)))
    costs = {"read_cpu_s": read_cpu_s, "plan_cpu_s": plan_cpu_s, "wall_s": wall_s, "peak_mib": round(peak_mib())}
    return choice, {"what": "city", "areas": len(base.area), "candidates": choice.problem.n_arcs, **costs}


def _forget(base: Base) -> Base:
    """Forget who serves now: choosing again what stands is ten times faster than choosing for the first time."""
    nobody = np.full(len(base.area), -1, np.int64)
    return replace(base, warden=nobody, deputy=nobody)


def _measure_parts(choice: Choice, workers: list[int]) -> list[Row]:
    problem = choice.problem
    of_area, _ = find_components(problem)
    rows = [
        {"what": "in one piece", **_row(lambda: solve(problem))},
        {"what": "in parts, here", **_row(lambda: solve_in_parts(problem)), "components": len(np.unique(of_area))},
    ]
    return rows + [_measure_cluster(problem, number) for number in workers]


def _measure_cluster(problem: AppointProblem, workers: int) -> Row:
    """Measure solving over some workers: wall time, and the processor time that nobody can take away from them."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster.scheduler_address) as client,
    ):
        client.run(warm_up)
        before = client.run(time.process_time)
        row = _row(lambda: solve_in_parts(problem, ClusterSolver(cluster.scheduler_address)))
        used = [after - before[name] for name, after in client.run(time.process_time).items()]
    longest_s = round(row["cpu_s"] + max(used), 2)
    what = "1 worker" if workers == 1 else f"{workers} workers"
    return {"what": what, **row, "workers_cpu_s": round(sum(used), 2), "longest_cpu_s": longest_s}


def _row(work: Callable[[], Result[Any]]) -> Row:
    result, wall_s, own_cpu_s = _timed(work)
    return {"wall_s": wall_s, "cpu_s": own_cpu_s, "objective": result.objective}


def _carry_on(counties: list[Row]) -> Row:
    """Carry the costs of the counties on to all communities of China."""
    communities = sum(row["communities"] for row in counties)
    each = {name: sum(row[name] for row in counties) / communities for name in ("read_cpu_s", "plan_cpu_s")}
    hours = {f"{name[:-2]}_h": round(value * COMMUNITIES_OF_CHINA / 3600, 3) for name, value in each.items()}
    return {"communities": COMMUNITIES_OF_CHINA, "ms_each": round(sum(each.values()) * 1000, 2), **hours}


def _list_limits(counties: list[Row], city: Row, choice: Choice) -> list[Row]:
    """List how many communities there could be before each limit is met, carried on from the city."""
    communities = sum(row["communities"] for row in counties)
    plan = Plan.objects.order_by("-pk").first()
    kept_mib = (len(plan.problem or b"") + len(plan.plan or b"")) / 2**20 if plan else 0.0
    met = {
        "memory of 64 GiB, in one piece": (MEMORY_MIB, city["peak_mib"]),
        "candidates numbered with 32 bits": (ARCS, choice.problem.n_arcs),
        "a kept plan in one value": (BLOB_MIB, kept_mib),
    }
    rows = [{"limit": name, "communities": int(communities * most / now)} for name, (most, now) in met.items() if now]
    return sorted(rows, key=lambda row: row["communities"])


def _measure_data() -> str:
    files = data_dir().glob("*.sqlite3")
    return f"{sum(path.stat().st_size for path in files) / 2**30:.2f} GiB"
