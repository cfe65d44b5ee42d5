"""``muster work``: solve the plans that the desk has ordered."""

from __future__ import annotations

from typing import Annotated

import typer

from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.config.environment import data_dir
from muster.jobs.working import Stop, work
from muster.scenarios.aside import hold_folder

app = typer.Typer(help=say("Solve the plans that the desk has ordered.", "求解值班台提交的编排任务。"))


@app.command("work")
def work_off(
    once: Annotated[
        bool, typer.Option("--once", help=say("Stop when none waits.", "没有等待的任务时即停止。"))
    ] = False,
) -> None:
    """Solve what was ordered, oldest first, until Ctrl C."""
    stop = Stop()
    stop.listen()
    with hold_folder(data_dir(), is_alone=False):
        require_database()
        work(stop, is_once=once)
