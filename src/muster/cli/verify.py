"""``muster verify``: check a solution against its problem, with code that shares nothing with the solvers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.solve import print_line
from muster.cli.words import say
from muster.planning.result import VerificationError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Verify a solution from a file.", "核验文件中的方案。"),
)

Problem = Annotated[Path, typer.Argument(help=say("The problem.", "问题文件。"))]
Solution = Annotated[Path, typer.Argument(help=say("The solution.", "方案文件。"))]


@app.command(
    help=say(
        "Verify appointments, and their proof if its prices lie beside them.",
        "核验任命；若旁有价格文件，一并核验最优证明。",
    )
)
def appoint(
    arcs: Annotated[Path, typer.Argument(help=say("Parquet: area, person, cost.", "Parquet：area、person、cost。"))],
    persons: Annotated[Path, typer.Argument(help=say("Parquet: person, capacity.", "Parquet：person、capacity。"))],
    solution: Solution,
    deputies: Annotated[
        bool, typer.Option("--deputies", help=say("Each area needs a deputy too.", "每个区域还需副职。"))
    ] = False,
) -> None:
    """Verify a plan of appointments."""
    from muster.planning.formats import appoint_parquet  # noqa: PLC0415  # polars loads only when needed
    from muster.planning.matching import verify as matching  # noqa: PLC0415

    named = appoint_parquet.read_appoint_problem(arcs, persons, with_deputies=deputies)
    plan, has_prices = appoint_parquet.read_appoint_plan(named, solution)
    check = matching.verify if has_prices else matching.verify_feasible
    verdict = check(named.problem, plan)
    print_line(
        {
            "status": "optimal" if verdict.is_optimal else "feasible",
            "objective": verdict.objective,
            "areas": named.problem.n_areas,
            "wardens": verdict.wardens,
            "deputies": verdict.deputies,
            "uncovered": named.problem.n_areas - verdict.wardens,
        }
    )


@app.command(help=say("Verify a pairing.", "核验结对方案。"))
def pair(problem: Problem, solution: Solution) -> None:
    """Verify a pairing."""
    from muster.planning.assignment.verify import verify as verify_pair  # noqa: PLC0415  # loads only when needed
    from muster.planning.formats.gap_text import read_gap_text  # noqa: PLC0415
    from muster.planning.formats.pair_json import read_pair_plan  # noqa: PLC0415

    plan, objective, bound = read_pair_plan(solution)
    cost = verify_pair(read_gap_text(problem), plan)
    if objective is not None and objective != cost:
        raise VerificationError(f"{solution}: it claims a cost of {objective}, but costs {cost}.")
    if bound is not None and bound > cost:
        raise VerificationError(f"{solution}: its bound {bound} is above its own cost {cost}.")
    print_line({"status": "feasible", "objective": cost, "bound": bound, "jobs": len(plan.agent)})


@app.command(help=say("Verify a roster.", "核验值班表。"))
def roster(problem: Problem, solution: Solution) -> None:
    """Verify a roster."""
    from muster.planning.rostering.files import verify_file  # noqa: PLC0415  # loads only when needed

    print_line(verify_file(problem, solution))
