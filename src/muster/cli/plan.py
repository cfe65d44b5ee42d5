"""``muster plan``: wardens, pairings and rosters, planned, shown as a difference, and published when asked."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from muster.access.kinds import Right
from muster.access.queries import COMMAND_LINE, access_area, access_person
from muster.cli.migrate import require_database
from muster.cli.words import is_chinese, say
from muster.coverage import planning as coverage
from muster.duty import planning as duty
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import RuleError
from muster.plans.models import Plan
from muster.territory.models import Area

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Plan coverage, pairings and rosters. A plan changes nothing until it is published.",
        "排楼门长、包保和值班表。方案发布之前不改变任何数据。",
    ),
)

AreaCode = Annotated[str, typer.Option("--area", metavar="CODE", help=say("Code of the area.", "区域代码。"))]
TimeLimit = Annotated[
    float,
    typer.Option("--time-limit", min=0.1, metavar="S", help=say("Seconds for the solver.", "求解时限（秒）。")),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help=say("Same seed, same plan.", "同一种子得到同一方案。"))]
Publish = Annotated[bool, typer.Option("--publish", help=say("Publish the plan at once.", "立即发布方案。"))]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help=say("Solve on the workers of this Dask scheduler.", "交给该 Dask 调度器的各台机器求解。"),
    ),
]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=["%Y-%m-%d"], metavar="DATE", help=say("First day (tomorrow).", "第一天（默认明天）。")
    ),
]
PersonCode = Annotated[str, typer.Option("--person", metavar="CODE", help=say("Code of the person.", "人员编码。"))]
Until = Annotated[
    datetime,
    typer.Option(
        "--until", formats=["%Y-%m-%d"], metavar="DATE", help=say("Day on which they are back.", "返岗日期。")
    ),
]
Days = Annotated[int, typer.Option("--days", min=1, max=62, help=say("How many days.", "天数。"))]

_COUNT_WORDS = {
    "kept": "保留",
    "new": "新增",
    "replaced": "替换",
    "moved": "调动",
    "ended": "结束",
    "dropped": "取消",
    "gaps": "缺口",
    "unfilled": "空缺",
    "proven": "其中已证明无人可补",
}
_REASON_WORDS = {
    "no_candidate": ("nobody nearby", "附近无人"),
    "excluded": ("everybody nearby is excluded by a rule", "附近的人都不符合规则"),
    "all_full": ("too few for those who compete", "人手不够分"),
    "no_capacity": ("no organization has people left", "单位已派不出人"),
}


class _Report(Protocol):
    """What publishing returns, whatever was planned."""

    @property
    def begun(self) -> int: ...
    @property
    def ended(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Order:
    """What the command line asks for."""

    area: Area
    emergency: Emergency
    now: datetime
    time_limit_s: float
    seed: int
    is_published: bool


@app.command("coverage", help=say("Plan a warden and a deputy for every area.", "为每个区域排楼门长和副手。"))
def plan_coverage(
    area: AreaCode,
    time_limit: TimeLimit = 60,
    seed: Seed = 1,
    publish: Publish = False,
    scheduler: Scheduler = None,
) -> None:
    """Plan who answers for each area."""
    _run_coverage(_order(area, time_limit, seed, publish), scheduler)


@app.command("pairing", help=say("Plan which organizations answer for communities.", "排单位包保社区。"))
def plan_pairing(area: AreaCode, time_limit: TimeLimit = 60, seed: Seed = 1, publish: Publish = False) -> None:
    """Plan pairings by need."""
    _run_pairing(_order(area, time_limit, seed, publish))


@app.command("roster", help=say("Plan who stands where, for days ahead.", "排今后若干天的值班表。"))
def plan_roster(
    area: AreaCode,
    starts_on: From = None,
    days: Days = 14,
    time_limit: TimeLimit = 600,
    seed: Seed = 1,
    publish: Publish = False,
    scheduler: Scheduler = None,
) -> None:
    """Plan the roster of every post; a city of millions in parts, one after the other."""
    _run_roster(_order(area, time_limit, seed, publish), starts_on, days, scheduler)


@app.command("cover", help=say("Plan who takes the duties of somebody who is away.", "为缺勤人员的值班安排顶班。"))
def plan_cover(person: PersonCode, until: Until, seed: Seed = 1, publish: Publish = False) -> None:
    """Note that somebody is away from today, and plan who takes their duties, disturbing nobody without need."""
    require_database()
    away, now = access_person(COMMAND_LINE, person, Right.APPOINT), clock.now()
    home = away.home_area or away.work_area
    if home is None:
        raise RuleError(
            say("No area is known of this person.", "此人没有登记区域。"),
            where=person,
            remedy=say("Plan the roster of the area instead.", "请改为重排该区域的值班表。"),
        )
    plan = duty.plan_cover(
        actor=COMMAND_LINE, now=now, emergency=get_active(home), person=away, until_on=until.date(), seed=seed
    )
    order = _Order(plan.area, plan.emergency, now, duty.COVER_LIMIT_S, seed, publish)
    _finish(order, plan, _describe_roster, duty.publish)
    for change in duty.difference(plan).changes:
        _print(f"    {change.day}  {change.person_name} ({change.person_code})  {_say_move(change)}")


def _say_move(change: duty.DutyChange) -> str:
    none = say("off", "休")
    was, becomes = (
        none if shift is None else f"{shift.post_name} {say(shift.pattern_en, shift.pattern_zh)}"
        for shift in (change.was, change.becomes)
    )
    return f"{was} → {becomes}"


@app.command("all", help=say("Plan coverage, then pairings, then the roster.", "依次排楼门长、包保和值班表。"))
def plan_all(
    area: AreaCode,
    starts_on: From = None,
    days: Days = 14,
    time_limit: TimeLimit = 60,
    seed: Seed = 1,
    publish: Publish = False,
) -> None:
    """Plan everything in its order; with --publish, each plan stands before the next is made."""
    order = _order(area, time_limit, seed, publish)
    _run_coverage(order)
    _run_pairing(order)
    _run_roster(order, starts_on, days)


def _order(code: str, time_limit_s: float, seed: int, is_published: bool) -> _Order:
    require_database()
    area = access_area(COMMAND_LINE, code, right=Right.PUBLISH if is_published else Right.PLAN)
    return _Order(area, get_active(area), clock.now(), time_limit_s, seed, is_published)


def _common(order: _Order) -> dict[str, Any]:
    return {
        "actor": COMMAND_LINE,
        "now": order.now,
        "emergency": order.emergency,
        "area": order.area,
        "time_limit_s": order.time_limit_s,
        "seed": order.seed,
    }


def _run_coverage(order: _Order, scheduler: str | None = None) -> None:
    with _steps(say("coverage", "楼门长")) as tell:
        plan = coverage.plan_coverage(**_common(order), progress=tell, scheduler=scheduler)
    _finish(order, plan, _describe_coverage, coverage.publish)


def _run_pairing(order: _Order) -> None:
    with _steps(say("pairing", "包保")) as tell:
        plan = coverage.plan_pairing(**_common(order), progress=tell)
    _finish(order, plan, _describe_coverage, coverage.publish)


def _run_roster(order: _Order, starts_at: datetime | None, days: int, scheduler: str | None = None) -> None:
    first = starts_at.date() if starts_at else _tomorrow(order.now)
    begun_at = time.monotonic()
    counts: Counter[str] = Counter()
    parts = duty.list_parts(order.emergency, order.area, days)
    for part in parts:
        one = replace(order, area=part, now=clock.now())
        with _steps(f"{say('roster', '值班表')} {part.name}") as tell:
            plan = duty.plan_roster(**_common(one), starts_on=first, days=days, progress=tell, scheduler=scheduler)
        _finish(one, plan, _describe_roster, duty.publish)
        counts.update({name: plan.counts[name] for name in _TOTALS if name in plan.counts})
    if len(parts) > 1:
        _tell_total(len(parts), counts, time.monotonic() - begun_at)


_TOTALS = ("pools", "people", "places", "duties", "places_unfilled", "places_unfillable")


def _tell_total(parts: int, counts: Mapping[str, int], took_s: float) -> None:
    _print(
        say(
            f"in all: {parts} parts, {counts['pools']} pools, {counts['people']} people, {counts['places']} places, "
            f"{counts['duties']} duties; {counts['places_unfilled']} unfilled, {counts['places_unfillable']} of them "
            f"proven unfillable; {took_s:.0f} s",
            f"合计：{parts} 个部分，{counts['pools']} 个人员池，{counts['people']} 人，{counts['places']} 个名额，"
            f"排班 {counts['duties']} 人次；空缺 {counts['places_unfilled']}，其中 {counts['places_unfillable']} "
            f"已证明无人可补；用时 {took_s:.0f} 秒",
        )
    )


def _tomorrow(now: datetime) -> date:
    return now.astimezone(clock.CITY_ZONE).date() + timedelta(days=1)


def _describe_coverage(plan: Plan) -> tuple[dict[str, int], Mapping[str, int]]:
    difference = coverage.difference(plan, limit=0)
    return difference.counts, difference.gap_reasons


def _describe_roster(plan: Plan) -> tuple[dict[str, int], Mapping[str, int]]:
    difference = duty.difference(plan)
    counts = {kind.value: difference.count(kind) for kind in duty.ChangeKind}
    reasons: dict[str, int] = {}
    for shift in difference.unfilled:
        reasons[shift.why] = reasons.get(shift.why, 0) + shift.missing
    empty = {"unfilled": difference.places_unfilled, "proven": difference.places_proven}
    return {**counts, **empty}, reasons


def _finish(
    order: _Order,
    plan: Plan,
    describe: Callable[[Plan], tuple[dict[str, int], Mapping[str, int]]],
    publish: Callable[..., _Report],
) -> None:
    """Print a plan's summary and publish it when asked.

    Raises
    ------
    RuleError
        If the solver found no plan: the command fails.
    """
    if not plan.plan:
        raise RuleError(
            say(f"The solver found no plan ({plan.status}).", f"没有求出方案（{plan.status}）。"),
            where=f"{plan.kind} {order.area.code}",
            remedy=say("Give it more time, or look at the rules.", "请延长时限，或检查规则。"),
        )
    counts, reasons = describe(plan)
    _print(
        say(
            f"plan {plan.pk}: {plan.kind} of {order.area}, {plan.status}, {plan.runtime_s:.2f} s",
            f"方案 {plan.pk}：{order.area}，{plan.get_kind_display()}，{plan.status}，{plan.runtime_s:.2f} 秒",
        )
    )
    _print("  " + "  ".join(f"{_count_word(name)} {count}" for name, count in counts.items()))
    for reason, count in reasons.items():
        _print(f"    {count}  {say(*_REASON_WORDS.get(reason, (reason, reason)))}")
    if order.is_published:
        report = publish(actor=COMMAND_LINE, now=order.now, plan=plan)
        _print(
            say(
                f"  published: {report.begun} begun, {report.ended} ended",
                f"  已发布：新增 {report.begun}，结束 {report.ended}",
            )
        )


def _count_word(name: str) -> str:
    return say(name, _COUNT_WORDS.get(name, name))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


_STEP_WORDS = {"read": "读取", "solve": "求解", "explain": "说明缺口", "keep": "保存"}


@contextmanager
def _steps(label: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show which step a plan is at, on stderr; nothing when that is no terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        row = bar.add_task(label, total=None)

        def tell(step: str, done: int, total: int) -> None:
            word = _STEP_WORDS.get(step, step) if is_chinese() else step
            bar.update(row, description=f"{label}: {word}", completed=done, total=total)

        yield tell
