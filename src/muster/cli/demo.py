"""``muster demo``: build a demonstration city, or take the one that stands, and open it."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from django.db import connection

from muster.cli.migrate import prepare_database
from muster.cli.serve import DEFAULT_HOST, PortOption, address, choose_port, run_server
from muster.cli.words import say
from muster.config.environment import data_dir
from muster.kernel.clock import CITY_ZONE, now
from muster.kernel.errors import MusterError
from muster.scenarios.accounts import DEMO_ACCOUNTS, demo_password, refresh_passwords
from muster.scenarios.aside import build_aside, hold_folder
from muster.scenarios.catalog import SCENARIOS, resume_clock
from muster.scenarios.marks import SCENARIO_VERSION, ScenarioMark, find_mark, has_every_column, has_own_data

app = typer.Typer(help=say("Build a demonstration city and open it.", "生成演示城市并打开。"))

_INTERRUPTED = 130
_ROLE_WORDS = {
    "duty_officer": ("duty officer of the city", "市指挥部值班员"),
    "community_worker": ("community worker", "社区工作者"),
    "organization_liaison": ("organization liaison", "单位联络员"),
    "warden": ("warden of one unit", "单元长"),
    "auditor": ("auditor", "审计员"),
}


@app.command()
def demo(
    scenario: Annotated[str, typer.Option(help=say("Which city.", "演示哪座城市。"))] = "songyuan-2020",
    seed: Annotated[int, typer.Option(min=0, help=say("Another seed, another city.", "换一个种子，换一座城市。"))] = 1,
    port: PortOption = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=say("Only build it.", "只生成，不启动。"))] = False,
) -> None:
    """Build the demonstration city if it does not stand yet, then serve it on this machine alone."""
    chosen = None if no_serve else choose_port(DEFAULT_HOST, port)
    ensure_demo(scenario, seed)
    with hold_folder(data_dir(), is_alone=False):
        prepare_database()
        resume_clock(SCENARIOS[scenario])
        refresh_passwords()
        _tell_how_to_sign_in(chosen)
        if chosen is not None:
            raise typer.Exit(run_server(DEFAULT_HOST, chosen))


def ensure_demo(scenario: str, seed: int) -> None:
    """Build a scenario into the data folder, unless it stands there already.

    Raises
    ------
    MusterError
        If there is no such scenario, or the folder holds a city's own data.
    """
    if scenario not in SCENARIOS:
        raise MusterError(
            say(f"There is no scenario {scenario}.", f"没有名为 {scenario} 的演示。"),
            remedy=say(f"Choose one of: {', '.join(SCENARIOS)}.", f"可选：{'、'.join(SCENARIOS)}。"),
        )
    wanted = ScenarioMark(scenario, seed, SCENARIO_VERSION)
    if _find_standing() == wanted and has_every_column():
        return
    with hold_folder(data_dir(), is_alone=True):
        standing = _find_standing()
        if standing == wanted and has_every_column():
            return
        if standing is not None:
            _tell_of_rebuilding(standing)
        _build(scenario, seed)


def _find_standing() -> ScenarioMark | None:
    """Find the scenario that stands in the data folder, and refuse a folder that holds something else."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not data_dir().joinpath(name).exists():
        return None
    mark = find_mark()
    if mark is None and has_own_data():
        raise MusterError(
            say(
                "This database holds a city's own data; a demonstration is never built over it.",
                "这里已有正式数据，演示不会覆盖它。",
            ),
            where=str(name),
            remedy=say("Give another folder with --data.", "请用 --data 指定别的文件夹。"),
        )
    return mark


def _tell_of_rebuilding(standing: ScenarioMark) -> None:
    if connection.vendor != "sqlite":
        raise MusterError(
            say("This database holds another demonstration.", "这个数据库里是另一套演示数据。"),
            where=f"{standing.code}, seed {standing.seed}",
            remedy=say("Drop the database and create it again.", "请先删除并重新建立该数据库。"),
        )
    typer.echo(
        say(
            f"The demonstration here is {standing.code} with seed {standing.seed}: replaced by this version's of what "
            "you ask for.",
            f"原有演示为 {standing.code}（种子 {standing.seed}），现换成本版本中您要的这一套。",
        ),
        err=True,
    )


def _build(scenario: str, seed: int) -> None:
    # The planners are slow to load, and not needed where the city stands already.
    from muster.cli.stages import StageProgress  # noqa: PLC0415
    from muster.scenarios.building import build_scenario  # noqa: PLC0415

    started = time.monotonic()
    try:
        with StageProgress() as progress, build_aside():
            progress.tell_preparing()
            prepare_database()
            build_scenario(SCENARIOS[scenario], seed=seed, progress=progress.tell)
    except KeyboardInterrupt:
        typer.echo(say("Stopped; nothing half-done was kept.", "已中断，没有留下半截数据。"), err=True)
        raise typer.Exit(_INTERRUPTED) from None
    if sys.stderr.isatty():
        seconds = time.monotonic() - started
        typer.echo(say(f"Built in {seconds:.0f} s.", f"生成完毕，用时 {seconds:.0f} 秒。"), err=True)


def _tell_how_to_sign_in(port: int | None) -> None:
    clock = now().astimezone(CITY_ZONE)
    moment = f"{clock:%Y-%m-%d %H:%M}"
    typer.echo(
        say(
            f"The city is invented on a real tree; everybody in it is fictitious. Exercise time: {moment}.",
            f"真实的行政区划，虚构的人和单位。演练时间：{moment}。",
        )
    )
    typer.echo(say(f"Sign in with the password {demo_password()} as:", f"登录密码 {demo_password()}，用户名："))
    for account in DEMO_ACCOUNTS:
        typer.echo(f"  {account.username:<10} {say(*_ROLE_WORDS[account.role])}")
    if port is None:
        typer.echo(say("Start it with: muster serve", "启动：muster serve"))
    else:
        typer.echo(
            say(
                f"Open {address(DEFAULT_HOST, port)} (Ctrl C stops it).",
                f"请打开 {address(DEFAULT_HOST, port)}（按 Ctrl C 停止）",
            )
        )
