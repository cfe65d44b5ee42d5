"""``muster solve``: solve a problem from a file and print one line of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.words import say
from muster.planning.result import PlanT, ProblemError, Result

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Solve a problem from a file.", "求解文件中的问题。"),
)

TimeLimit = Annotated[
    float, typer.Option("--time-limit", min=0.0, help=say("Seconds to search at most.", "最长求解秒数。"))
]
Seed = Annotated[int, typer.Option("--seed", help=say("Seed of random choices.", "随机种子。"))]


def print_line(values: dict[str, object]) -> None:
    """Print one line of JSON."""
    typer.echo(json.dumps(values, ensure_ascii=False))


def _describe(result: Result[PlanT]) -> dict[str, object]:
    return {
        "status": str(result.status),
        "objective": result.objective,
        "bound": result.bound,
        "runtime_s": round(result.runtime_s, 4),
        "solver": result.solver,
        **result.counts,
    }


def _end(values: dict[str, object], what: str) -> None:
    print_line(values)
    if values["status"] == "infeasible":
        raise ProblemError(
            say(
                f"{what}: no plan can keep all the rules. Offer more capacity, or let jobs be skipped.",
                f"{what}：没有任何方案能满足全部规则。请增加可承担量，或允许部分任务空缺。",
            )
        )
    if values["status"] == "unknown":
        raise ProblemError(
            say(
                f"{what}: no plan was found in time, and none is proven not to exist. Allow more seconds.",
                f"{what}：限定时间内没有找到方案，也没有证明无解。请延长时间。",
            )
        )


@app.command(
    help=say(
        "Appoint wardens: coverage first, then cost; proven optimal.", "任命：先保覆盖，再求总代价最小，并附最优证明。"
    )
)
def appoint(
    arcs: Annotated[Path, typer.Option(help=say("Parquet: area, person, cost.", "Parquet：area、person、cost。"))],
    persons: Annotated[Path, typer.Option(help=say("Parquet: person, capacity.", "Parquet：person、capacity。"))],
    out: Annotated[Path, typer.Option(help=say("Parquet to write: area, person.", "写出的 Parquet：area、person。"))],
    deputies: Annotated[
        bool, typer.Option("--deputies", help=say("Appoint a deputy to each area too.", "同时为每个区域任命副职。"))
    ] = False,
) -> None:
    """Solve an appointment problem."""
    from muster.planning.formats import appoint_parquet  # noqa: PLC0415  # polars and numba load only when needed
    from muster.planning.matching.solve import solve as solve_appoint  # noqa: PLC0415
    from muster.planning.matching.solve import warm_up  # noqa: PLC0415

    compile_s = _timed(warm_up)
    started = time.perf_counter()
    named = appoint_parquet.read_appoint_problem(arcs, persons, with_deputies=deputies)
    read = time.perf_counter()
    result = solve_appoint(named.problem)
    solved = time.perf_counter()
    if result.plan is not None:
        appoint_parquet.write_appoint_plan(named, result.plan, out)
    times = {"read_s": read - started, "write_s": time.perf_counter() - solved}
    rounded = {name: round(seconds, 4) for name, seconds in times.items()}
    _end(_describe(result) | {"compile_s": compile_s} | rounded, str(arcs))


@app.command(help=say("Pair jobs with agents (OR-Library text).", "结对：把任务分给承担方（OR-Library 文本）。"))
def pair(
    file: Annotated[Path, typer.Argument(help=say("The problem.", "问题文件。"))],
    out: Annotated[Path, typer.Option(help=say("JSON to write.", "写出的 JSON。"))],
    time_limit: TimeLimit = 60.0,
    seed: Seed = 0,
) -> None:
    """Solve a pairing problem."""
    from muster.planning.assignment.solve import solve as solve_pair  # noqa: PLC0415  # numba loads only when needed
    from muster.planning.assignment.warm import warm_up  # noqa: PLC0415
    from muster.planning.formats.gap_text import read_gap_text  # noqa: PLC0415
    from muster.planning.formats.pair_json import write_pair_plan  # noqa: PLC0415

    problem = read_gap_text(file)
    compile_s = _timed(warm_up)
    result = solve_pair(problem, time_limit_s=time_limit, seed=seed)
    write_pair_plan(result, out)
    _end(_describe(result) | {"compile_s": compile_s}, str(file))


@app.command(help=say("Roster people on shifts (benchmark text).", "排班（公开算例文本）。"))
def roster(
    file: Annotated[Path, typer.Argument(help=say("The problem.", "问题文件。"))],
    out: Annotated[Path, typer.Option(help=say("JSON to write.", "写出的 JSON。"))],
    time_limit: TimeLimit = 60.0,
    seed: Seed = 0,
) -> None:
    """Solve a rostering problem."""
    from muster.planning.rostering.files import solve_file  # noqa: PLC0415  # numba loads only when needed
    from muster.planning.rostering.warm import warm_up  # noqa: PLC0415

    compile_s = _timed(warm_up)
    _end(solve_file(file, time_limit_s=time_limit, seed=seed, out=out) | {"compile_s": compile_s}, str(file))


def _timed(work: Callable[[], None]) -> float:
    """Do some work and return how many seconds it took."""
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 4)
