"""``muster cards``: the cards of an area's doors as one PDF."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from muster.access.queries import COMMAND_LINE
from muster.cli.bars import show_progress
from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.territory.queries import get_area
from muster.web.door_cards.drawing import SIZES
from muster.web.door_cards.printing import CardOrder, print_cards
from muster.web.door_cards.sentences import CardLanguage

app = typer.Typer(rich_markup_mode=None)

Size = StrEnum("Size", {name.upper(): name for name in SIZES})  # type: ignore[misc]  # its members are the sizes
_A6 = Size("a6")


@app.command(
    help=say(
        "Print the cards of an area's doors: who answers, how to ask, a code to scan.",
        "打印一个区域的门牌卡：谁负责、怎样求助、可扫的二维码。",
    )
)
def cards(
    area: Annotated[str, typer.Option("--area", metavar="CODE", help=say("Which area.", "哪个区域。"))],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", dir_okay=False, help=say("PDF.", "写入的 PDF 文件。"))],
    size: Annotated[
        Size, typer.Option("--size", help=say("a6x4: four to a sheet of A4, to cut.", "a6x4：一张 A4 裁四张。"))
    ] = _A6,
    lang: Annotated[CardLanguage, typer.Option("--lang", help=say("Language.", "语言。"))] = CardLanguage.CHINESE,
    level: Annotated[
        str,
        typer.Option(
            "--level",
            metavar="LEVEL",
            help=say("Doors of this level; units by default.", "哪一级的门，默认最低一级（单元）。"),
        ),
    ] = "",
    base_url: Annotated[
        str,
        typer.Option(
            "--base-url",
            metavar="URL",
            help=say("Address of the desk as residents reach it.", "居民访问本系统所用的网址。"),
        ),
    ] = "",
    only_changed: Annotated[
        bool,
        typer.Option(
            "--only-changed", help=say("Only cards that have become wrong since.", "只打印人员等已变动的门牌卡。")
        ),
    ] = False,
) -> None:
    """Write the cards, and note that they were printed."""
    require_database()
    place = get_area(area)
    order = CardOrder(get_active(place), place, level, size.value, lang, base_url, only_changed=only_changed)
    with show_progress(say("Cards", "门牌卡")) as progress:
        printed = print_cards(order, actor=COMMAND_LINE, now=clock.now(), progress=progress)
    out.write_bytes(printed.pdf)
    sys.stderr.write(
        say(
            f"{printed.count} cards written to {out.resolve()}\n", f"已写入 {printed.count} 张门牌卡：{out.resolve()}\n"
        )
    )
