"""``muster simulate``: let a city live through some days at many times real speed, and check what came of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from muster.cli.words import say

app = typer.Typer(rich_markup_mode=None, help=say("Simulate a city's people.", "模拟一座城市的人。"))

_FAILED = 1


@app.command()
def simulate(
    scenario: Annotated[str, typer.Option(help=say("Which city.", "哪座城市。"))] = "songyuan-2020",
    days: Annotated[float, typer.Option(min=0.01, max=30, help=say("Days of the exercise.", "演练天数。"))] = 1.0,
    speed: Annotated[float, typer.Option(min=1, help=say("Times real speed.", "相当于实际速度的倍数。"))] = 240.0,
    seed: Annotated[int, typer.Option(min=0, help=say("Seed of city and people.", "城市和人的随机种子。"))] = 1,
    wardens: Annotated[int, typer.Option(min=1, help=say("How many wardens at most.", "最多多少名楼门长。"))] = 2000,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON.", "以 JSON 输出。"))] = False,
) -> None:
    """Let people be late, fall ill, lose signal and ask for help; print what came of it, and check it all."""
    with _choose_folder():
        import django  # noqa: PLC0415  # which data folder its settings read was only chosen now

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
        django.setup()
        from muster.cli.exercise import Wish, print_outcome, run_exercise  # noqa: PLC0415  # after the settings

        outcome = run_exercise(Wish(scenario, days, speed, seed, wardens))
        print_outcome(outcome, as_json=as_json)
    if not outcome.is_sound:
        raise typer.Exit(_FAILED)


@contextmanager
def _choose_folder() -> Iterator[None]:
    """Take the folder that was named, or one that is gone afterwards: nobody's data is simulated upon by chance."""
    if "MUSTER_DATA" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="muster-simulate-") as folder:
        os.environ["MUSTER_DATA"] = folder
        yield
