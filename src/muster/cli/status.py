"""``muster status``: every measure, for people to read or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from muster.cli.migrate import require_database
from muster.cli.words import is_chinese, say
from muster.emergencies.models import Emergency
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.situation.measures import MEASURES, Form, Measure, read_measures, read_records
from muster.territory.models import Area
from muster.territory.queries import get_area, list_roots

app = typer.Typer(rich_markup_mode=None, help=say("Tell every measure.", "列出各项指标。"))

Values = Mapping[str, float | int | None]


@app.command(help=say("Tell every measure of an area and all beneath it.", "列出一个区域（含所辖）的各项指标。"))
def status(
    area: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help=say("Area; by default that of the active emergency.", "区域编码；默认为当前应急所在区域。"),
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON.", "以 JSON 输出。"))] = False,
) -> None:
    """Print the measures of an area: as a table in the reader's language, or as one JSON object."""
    require_database()
    now = clock.now()
    chosen, emergency = _choose(area)
    values = _read(emergency, chosen, now)
    if as_json:
        typer.echo(json.dumps(_document(chosen, now, values), ensure_ascii=False))
    else:
        _print_table(chosen, emergency, now, values)


def _choose(code: str) -> tuple[Area, Emergency | None]:
    """Return the area asked for and the emergency that holds there, if any does."""
    if code:
        area = get_area(code)
        return area, find_active(area)
    emergency = find_active()
    if emergency is not None:
        return emergency.area, emergency
    roots = list(list_roots()[:2])
    if len(roots) != 1:
        raise MusterError(
            say("No emergency is active, and no single area is at the top.", "当前没有应急，也没有唯一的最高区域。"),
            remedy=say("Name an area with --area.", "请用 --area 指定区域。"),
        )
    return roots[0], None


def _read(emergency: Emergency | None, area: Area, now: datetime) -> Values:
    if emergency is not None:
        return read_measures(emergency=emergency, area=area, now=now)
    return {**dict.fromkeys(MEASURES), **read_records(area=area, now=now)}


def _document(area: Area, now: datetime, values: Values) -> dict[str, Any]:
    return {
        "as_of": now.astimezone(clock.CITY_ZONE).isoformat(timespec="seconds"),
        "area": area.code,
        "measures": dict(values),
    }


def _print_table(area: Area, emergency: Emergency | None, now: datetime, values: Values) -> None:
    name = say("no emergency active", "当前没有应急")
    if emergency is not None:
        name = say(emergency.name_en, emergency.name_zh)
    moment = now.astimezone(clock.CITY_ZONE).strftime("%Y-%m-%d %H:%M")
    table = Table(title=f"{area.name} · {name} · {moment}", title_justify="left")
    table.add_column(say("measure", "指标"))
    table.add_column(say("value", "数值"), justify="right")
    table.add_column(say("name", "名称"))
    for measure in MEASURES.values():
        title = measure.zh if is_chinese() else measure.en
        table.add_row(title, write_value(measure, values[measure.name]), measure.name)
    Console().print(table)


def write_value(measure: Measure, value: float | int | None) -> str:
    """Return a value as a person reads it: shares in percent, means with one decimal, counts in groups of three."""
    if value is None:
        return "–"
    if measure.form is Form.SHARE:
        return f"{100 * value:.2f} %"
    return f"{value:,.1f}" if measure.form in {Form.MEAN, Form.SPREAD} else f"{value:,}"
