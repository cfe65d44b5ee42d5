"""``muster bench``: run what is in ``benchmarks/`` beside the package's source."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

import muster
from muster.cli.words import say
from muster.planning.result import ProblemError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say("Measure, beside the peers.", "与同类程序对比测速。"),
)

_FOLDER = Path(muster.__file__).parents[2] / "benchmarks"

Peers = Annotated[bool, typer.Option("--peers/--no-peers", help=say("Run the peers too.", "同时运行同类程序。"))]
Seed = Annotated[int, typer.Option("--seed", help=say("Seed of random choices.", "随机种子。"))]
Out = Annotated[Path, typer.Option("--out", help=say("Folder for results.", "结果文件夹。"))]


def _load(name: str) -> ModuleType:
    if not (_FOLDER / f"{name}.py").exists():
        raise ProblemError(
            say(
                f"{_FOLDER}/{name}.py is missing: benchmarks run from a checkout of the source only.",
                f"找不到 {_FOLDER}/{name}.py：测速只能在源代码目录中运行。",
            )
        )
    sys.path.insert(0, str(_FOLDER))
    return importlib.import_module(name)


@app.command(help=say("Appoint, beside OR-tools.", "任命，与 OR-tools 对比。"))
def appoint(
    sizes: Annotated[
        str, typer.Option(help=say("Numbers of areas.", "区域数，用逗号分开。"))
    ] = "1000,10000,100000,1000000",
    seed: Seed = 1,
    peers: Peers = True,
    limit: Annotated[float, typer.Option(help=say("Seconds a solver may take.", "每个程序的秒数上限。"))] = 120.0,
    changes: Annotated[int, typer.Option(min=1, help=say("Repairs of each kind.", "每类修补的次数。"))] = 1000,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure appointing."""
    if not all(size.strip().isdigit() for size in sizes.split(",")):
        raise typer.BadParameter(f"--sizes {sizes!r}: whole numbers with commas between them are needed.")
    whole = [int(size) for size in sizes.split(",")]
    _load("appoint").run(whole, out, seed=seed, peers=peers, limit_s=limit, n_changes=changes)


@app.command(help=say("Pair, beside CP-SAT and HiGHS.", "结对，与 CP-SAT、HiGHS 对比。"))
def pair(
    instances: Annotated[Path, typer.Argument(help=say("Folder of instances.", "算例文件夹。"))],
    best_known: Annotated[
        Path | None, typer.Option(help=say("CSV: instance, best_known.", "CSV：instance、best_known。"))
    ] = None,
    seed: Seed = 1,
    peers: Peers = True,
    time_limit: Annotated[float, typer.Option("--time-limit", help=say("Seconds each.", "每个算例的秒数。"))] = 60.0,
    own: Annotated[
        str, typer.Option(help=say("Instances to draw too, as in c801600,d40400.", "另行生成的算例。"))
    ] = "",
    share: Annotated[
        str, typer.Option(help=say("k/n: every n-th from the k-th on.", "k/n：第 k 个起每 n 个取一。"))
    ] = "1/1",
    append: Annotated[bool, typer.Option("--append", help=say("Go on from results there.", "接着已有结果。"))] = False,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure pairing."""
    bench = _load("pair")
    settings = bench.Bench(out, best_known, time_limit, seed, has_peers=peers, may_append=append)
    with tempfile.TemporaryDirectory() as folder:
        try:
            drawn = bench.draw_own(Path(folder), own, seed)
            bench.run(bench.select(bench.list_instances(instances) + drawn, share), settings)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None


@app.command(help=say("Roster, beside CP-SAT and HiGHS.", "排班，与 CP-SAT、HiGHS 对比。"))
def roster(
    instances: Annotated[Path, typer.Argument(help=say("Folder of instances.", "算例文件夹。"))],
    time_limits: Annotated[str, typer.Option(help=say("Seconds, with commas.", "秒数，用逗号分开。"))] = "60,600",
    peer_limits: Annotated[str, typer.Option(help=say("The peers' seconds.", "对比求解器的秒数。"))] = "60",
    only: Annotated[str, typer.Option(help=say("Numbers, as in 8,13.", "只测这些编号，如 8,13。"))] = "",
    append: Annotated[bool, typer.Option("--append", help=say("Go on from results there.", "接着已有结果。"))] = False,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure rostering."""
    bench = _load("roster")
    chosen = bench.list_instances(instances, [number for number in only.split(",") if number])
    limits, peer_limits_s = _seconds(time_limits), _seconds(peer_limits)
    bench.run_bench(chosen, limits, out, peer_limits_s=peer_limits_s, may_append=append)


def _seconds(text: str) -> list[float]:
    return [float(limit) for limit in text.split(",") if limit.strip()]


@app.command(help=say("Plan a city of ten million, county by county and over workers.", "千万人口城市：逐县、多机。"))
def scale(
    workers: Annotated[str, typer.Option(help=say("Numbers of workers.", "工作进程数，用逗号分开。"))] = "1,2",
    seed: Seed = 1,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure the scenario ``wuhan-scale`` in the data folder, built first if the folder is empty."""
    _load("scale").run(out, [int(number) for number in workers.split(",") if number.strip()], seed=seed)


@app.command(help=say("Turn the pages of long lists of people.", "长名单翻页。"))
def lists(
    area: Annotated[str, typer.Option(help=say("Code of the area.", "区域编码。"))] = "",
    out: Out = _FOLDER / "results",
) -> None:
    """Measure the lists of people in the data folder."""
    _load("lists").run(out, code=area)


@app.command(help=say("Take facts through the server, beside the bare database.", "上报吞吐，与裸数据库对比。"))
def live(
    databases: Annotated[str, typer.Option(help=say("With commas.", "数据库，用逗号分开。"))] = "sqlite,postgresql",
    seconds: Annotated[float, typer.Option(min=1, help=say("Seconds a load.", "每项加压的秒数。"))] = 15.0,
    kills: Annotated[int, typer.Option(min=0, help=say("How often to kill the server.", "强杀服务器的次数。"))] = 10,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure facts on databases and a server that are made for it."""
    _load("live").run(out, [name.strip() for name in databases.split(",")], seconds=seconds, kills=kills)


@app.command("needs-replay", help=say("Replay a flood's calls for help.", "重放一次洪灾的求助。"))
def needs_replay(
    file: Annotated[Path, typer.Argument(exists=True, help=say("File of calls.", "求助文件。"))],
    only: Annotated[str, typer.Option(help=say("Names of parts, with ;.", "只做这几段，用分号分开。"))] = "",
    out: Out = _FOLDER / "results",
) -> None:
    """Measure a replay into copies of the data folder, through a server that is killed meanwhile."""
    data = Path(os.environ.get("MUSTER_DATA", "var"))
    _load("needs_replay").run(file, out, data=data, only=only)


@app.command(help=say("Replace somebody who falls ill, in the largest pools.", "临时缺勤顶班：最大的几个人员池。"))
def cover(
    pools: Annotated[int, typer.Option(min=1, help=say("How many pools.", "人员池数。"))] = 3,
    people: Annotated[int, typer.Option(min=1, help=say("How many people of each.", "每池人数。"))] = 5,
    out: Out = _FOLDER / "results",
) -> None:
    """Measure cover on the data folder, which stays as it is."""
    _load("cover").run(out, pools=pools, people=people)


@app.command(help=say("Weigh, time and check every screen; draw each, if asked.", "各页面的大小、速度与无障碍。"))
def screens(
    pictures: Annotated[Path | None, typer.Option(help=say("Folder for a picture of each.", "截图文件夹。"))] = None,
    only: Annotated[str, typer.Option(help=say("Names of screens, with commas.", "页面名，用逗号分开。"))] = "",
    out: Out = _FOLDER / "results",
) -> None:
    """Measure the screens of the data folder in a browser."""
    _load("screens").run(out, pictures=pictures, only=only)
