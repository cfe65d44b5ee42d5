"""``muster work``: solve the plans that the desk has ordered, and deliver messages."""

from __future__ import annotations

from typing import Annotated

import typer

from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.config.environment import data_dir
from muster.jobs.delivering import deliver_due, delivering_beside
from muster.jobs.working import Stop, name_worker, work
from muster.messages.channels import open_channels
from muster.scenarios.aside import hold_folder

app = typer.Typer(help=say("Solve what was ordered, deliver messages.", "求解编排任务，发送消息。"))


@app.command("work")
def work_off(
    once: Annotated[
        bool, typer.Option("--once", help=say("Stop when nothing waits.", "没有等待的任务时即停止。"))
    ] = False,
) -> None:
    """Solve what was ordered, oldest first, and deliver messages beside it, until Ctrl C."""
    stop = Stop()
    stop.listen()
    with hold_folder(data_dir(), is_alone=False):
        require_database()
        if once:
            deliver_due(name_worker(), open_channels(), stop)
            work(stop, is_once=True)
            return
        with delivering_beside():
            work(stop)
