"""``muster explain``: say of one place in a solved plan why it has whom it has, or why nobody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muster.cli.solve import print_line
from muster.cli.words import say
from muster.planning.result import ProblemError

if TYPE_CHECKING:
    from muster.planning.assignment.explain import Standings
    from muster.planning.formats.appoint_parquet import NamedAppointProblem
    from muster.planning.matching.explain import Choice, Explainer, Gap

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Explain a place in a solved plan.", "解释已求解方案中的一处安排。"),
)

_NAMES_GIVEN = 20
"""So many names are written out; the counts beside them are exact."""

_NAMES_SAID = 5


@app.command(
    help=say(
        "Say why an area has this person, against the next best, or why it has nobody.",
        "说明某区域为何由此人负责（与次优比较），或为何无人。",
    )
)
def appoint(
    arcs: Annotated[Path, typer.Option(help=say("Parquet: area, person, cost.", "Parquet：area、person、cost。"))],
    persons: Annotated[Path, typer.Option(help=say("Parquet: person, capacity.", "Parquet：person、capacity。"))],
    plan: Annotated[Path, typer.Option(help=say("The plan, as solved.", "求解得到的方案文件。"))],
    area: Annotated[str, typer.Option(help=say("The area in question.", "要解释的区域。"))],
    deputies: Annotated[
        bool, typer.Option("--deputies", help=say("Each area needs a deputy too.", "每个区域还需副职。"))
    ] = False,
) -> None:
    """Explain one area of a plan of appointments."""
    from muster.planning.formats import appoint_parquet  # noqa: PLC0415  # polars and numba load only when needed
    from muster.planning.matching.explain import Explainer  # noqa: PLC0415
    from muster.planning.matching.verify import verify  # noqa: PLC0415

    named = appoint_parquet.read_appoint_problem(arcs, persons, with_deputies=deputies)
    number = appoint_parquet.find_area(named, area, arcs)
    solution, has_prices = appoint_parquet.read_appoint_plan(named, plan)
    if not has_prices:
        raise ProblemError(
            say(
                f"{plan}: {appoint_parquet.prices_path(plan)} is missing, and nothing is explained without a proof. "
                "Solve again, and keep both files together.",
                f"{plan}：缺少 {appoint_parquet.prices_path(plan)}，没有最优证明就无从解释。"
                "请重新求解，并把两个文件放在一起。",
            )
        )
    verify(named.problem, solution)
    explainer = Explainer(named.problem, solution)
    held = [int(holder[number]) for holder in (solution.warden, solution.deputy) if holder[number] >= 0]
    choices = [explainer.explain_choice(number, person) for person in held]
    gap = explainer.explain_gap(number) if len(held) < named.problem.demand[number] else None
    print_line(
        {
            "area": named.areas[number],
            "choices": [_describe_choice(named, choice) for choice in choices],
            "gap": _describe_gap(named, gap) if gap else None,
        }
    )
    for choice in choices:
        _tell(_say_choice(named, explainer, choice))
    if gap:
        _tell(_say_gap(named, gap))


@app.command(help=say("Say where every agent stands with regard to a job.", "说明各承担方与某项任务的关系。"))
def pair(
    file: Annotated[Path, typer.Argument(help=say("The problem.", "问题文件。"))],
    plan: Annotated[Path, typer.Option(help=say("The plan, as solved.", "求解得到的方案文件。"))],
    job: Annotated[int, typer.Option(help=say("The job in question, from 0.", "要解释的任务，从 0 数起。"))],
) -> None:
    """Explain one job of a pairing."""
    from muster.planning.assignment.explain import explain_job  # noqa: PLC0415  # loads only when needed
    from muster.planning.assignment.verify import verify as verify_pair  # noqa: PLC0415
    from muster.planning.formats.gap_text import read_gap_text  # noqa: PLC0415
    from muster.planning.formats.pair_json import read_pair_plan  # noqa: PLC0415

    problem = read_gap_text(file)
    solution, _, _ = read_pair_plan(plan)
    verify_pair(problem, solution)
    standings = explain_job(problem, solution, job)
    print_line(
        {
            "job": job,
            "agent": standings.agent if standings.agent >= 0 else None,
            "open": [{"agent": agent, "extra_cost": extra} for agent, extra in standings.open],
            "full": [{"agent": agent, "missing": missing} for agent, missing in standings.full],
            "excluded": list(standings.excluded),
        }
    )
    _tell(_say_standings(standings))


def _tell(sentence: str) -> None:
    """Say a sentence beside the line of JSON, without disturbing whoever reads that."""
    typer.echo(sentence, err=True)


def _person(named: NamedAppointProblem, person: int) -> Any:
    return named.persons[person] if person >= 0 else None


def _describe_choice(named: NamedAppointProblem, choice: Choice) -> dict[str, object]:
    return {
        "person": _person(named, choice.person),
        "next_person": _person(named, choice.next_person),
        "extra_cost": choice.extra_cost,
        "fewer_covered": choice.fewer_covered,
        "displaced_areas": len(choice.displaced),
        "displaced": [
            {
                "area": named.areas[change.area],
                "before": [_person(named, person) for person in change.before],
                "after": [_person(named, person) for person in change.after],
            }
            for change in choice.displaced[:_NAMES_GIVEN]
        ],
    }


def _describe_gap(named: NamedAppointProblem, gap: Gap) -> dict[str, object]:
    return {
        "kind": str(gap.kind),
        "competing_areas": len(gap.areas),
        "wanted": gap.wanted,
        "competing_persons": len(gap.persons),
        "places": gap.places,
        "areas": [named.areas[number] for number in gap.areas[:_NAMES_GIVEN]],
        "persons": [named.persons[number] for number in gap.persons[:_NAMES_GIVEN]],
        "closers": [named.persons[number] for number in gap.closers[:_NAMES_GIVEN]],
    }


def _say_choice(named: NamedAppointProblem, explainer: Explainer, choice: Choice) -> str:
    person, area = _person(named, choice.person), named.areas[choice.area]
    moved = [named.areas[change.area] for change in choice.displaced if change.area != choice.area]
    is_warden = int(explainer.plan.warden[choice.area]) == choice.person
    role = say("warden", "负责人") if is_warden else say("deputy", "副职")
    who = _person(named, choice.next_person)
    if choice.fewer_covered > 0:
        price = say(f"{choice.fewer_covered} place fewer would be filled", f"会少覆盖 {choice.fewer_covered} 处")
    else:
        price = say(f"the whole plan would cost {choice.extra_cost} more", f"整个方案代价增加 {choice.extra_cost}")
    came = say("nobody would come", "无人可接替") if who is None else say(f"{who} would come", f"次优人选为 {who}")
    chain = (
        say(
            f", and {_count(moved, 'other area')} would change: {_list(moved)}",
            f"，并牵动 {len(moved)} 处：{_list(moved)}",
        )
        if moved
        else say(", and nothing else would change", "，其他区域不变")
    )
    return say(
        f"{area} has {person} as {role}: without this appointment {came}, {price}{chain}.",
        f"{area} 的{role}是 {person}：若不如此，{came}，{price}{chain}。",
    )


def _say_gap(named: NamedAppointProblem, gap: Gap) -> str:
    area = named.areas[gap.area]
    closers = _list([named.persons[person] for person in gap.closers])
    if gap.kind == "no_candidate":
        return say(f"{area} lacks somebody: it has no further candidate.", f"{area} 缺人：没有其他候选人。")
    if gap.kind == "no_capacity":
        return say(
            f"{area} lacks somebody: none of its candidates may serve anywhere. One place of any of them closes it: "
            f"{closers}.",
            f"{area} 缺人：候选人均无可承担名额。下列任一人增加一个名额即可补上：{closers}。",
        )
    return say(
        f"{area} lacks somebody: {_count(gap.areas, 'area')} compete for {_count(gap.persons, 'person')}; they want "
        f"{gap.wanted} places, and these people have {gap.places}. One more place of any of its candidates closes it: "
        f"{closers}.",
        f"{area} 缺人：{len(gap.areas)} 个区域争用 {len(gap.persons)} 人，"
        f"共需 {gap.wanted} 个名额，只有 {gap.places} 个。"
        f"其候选人中任一人增加一个名额即可补上：{closers}。",
    )


def _say_standings(standings: Standings) -> str:
    has = say("nobody", "无人") if standings.agent < 0 else say(f"agent {standings.agent}", f"承担方 {standings.agent}")
    nearest = [f"{agent} (+{extra})" for agent, extra in standings.open]
    full = [f"{agent} (−{missing})" for agent, missing in standings.full]
    return say(
        f"Job {standings.job} has {has}. With room: {_list(nearest)}. Room missing: {_list(full)}. "
        f"Excluded: {len(standings.excluded)}.",
        f"任务 {standings.job}：{has}。尚有余量：{_list(nearest)}。余量不足：{_list(full)}。"
        f"不可承担：{len(standings.excluded)}。",
    )


def _count(things: Iterable[object], what: str) -> str:
    number = len(list(things))
    return f"{number} {what}{'' if number == 1 else 's'}"


def _list(names: list[Any]) -> str:
    if not names:
        return say("none", "无")
    more = len(names) - _NAMES_SAID
    said = say(", ", "、").join(str(name) for name in names[:_NAMES_SAID])
    return said + (say(f" and {more} more", f"等 {len(names)} 个") if more > 0 else "")
