"""``muster replay``: what once happened, driven through a running server at many times real speed."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from muster.access.models import User
from muster.access.queries import COMMAND_LINE
from muster.access.tokens import give_token, revoke_tokens
from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.errors import MusterError
from muster.simulation.calls import Call, Doors, Span, read_calls
from muster.simulation.replaying import ReplayOrder, ReplayOutcome, Sent, replay_calls
from muster.territory.models import Area
from muster.territory.queries import get_area

app = typer.Typer(rich_markup_mode=None)
_FAILED = 1
_LABEL = "replay"


class What(StrEnum):
    """What can be replayed."""

    NEEDS = "needs"


@app.command(
    help=say(
        "Replay calls for help through a running server, and check that none is lost, doubled or late.",
        "把历史求助按倍速重放到运行中的服务，检查不丢、不重、不迟。",
    )
)
def replay(
    what: Annotated[What, typer.Argument(help=say("What to replay.", "重放什么。"))],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("File of calls.", "求助文件。"))],
    speed: Annotated[float, typer.Option(min=0.1, help=say("Times real speed.", "相当于实际速度的倍数。"))] = 60.0,
    area: Annotated[str, typer.Option(metavar="CODE", help=say("Where they go.", "重放到哪个区域。"))] = "",
    from_at: Annotated[str, typer.Option("--from", help=say("First moment.", "起始时刻。"))] = "",
    until_at: Annotated[str, typer.Option("--until", help=say("Moment after the last.", "截止时刻。"))] = "",
    limit_hours: Annotated[float, typer.Option(min=0, help=say("Hours of the file.", "只取几小时。"))] = 0.0,
    port: Annotated[int, typer.Option(help=say("Of the server, on this machine.", "本机服务端口。"))] = 8000,
    officer: Annotated[str, typer.Option(metavar="NAME", help=say("In whose name.", "以哪个账号的名义。"))] = "duty",
    within: Annotated[float, typer.Option(min=0.1, help=say("Seconds to the queue.", "几秒内进队列。"))] = 5.0,
    run: Annotated[str, typer.Option(help=say("Name of this replay.", "本次重放的名称。"))] = "",
    journal: Annotated[Path | None, typer.Option(help=say("File of what became of each.", "逐条记录文件。"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON.", "以 JSON 输出。"))] = False,
) -> None:
    """Send every call when it is due, again until it is answered; print what came of it, and check it all."""
    require_database()
    calls, others = _read_file(file, Span(_read_moment(from_at), _read_moment(until_at)), limit_hours)
    top = _find_top(area)
    user = _find_user(officer)
    doors = Doors(top)
    token = give_token(actor=COMMAND_LINE, now=clock.now(), user=user, label=_LABEL)
    try:
        order = ReplayOrder(
            calls=[(call, doors.find(call)) for call in calls],
            area=top.code,
            token=token,
            speed=speed,
            run=run or datetime.now().astimezone().isoformat(timespec="seconds"),
            within_s=within,
        )
        outcome, sent = replay_calls(order, port=port, tell=_tell if sys.stderr.isatty() else None)
    finally:
        revoke_tokens(actor=COMMAND_LINE, now=clock.now(), user=user, label=_LABEL)
    if journal is not None:
        _write_journal(journal, sent)
    _print(outcome, others, as_json=as_json)
    if outcome.broken:
        raise typer.Exit(_FAILED)


def _read_file(file: Path, span: Span, limit_hours: float) -> tuple[list[Call], int]:
    calls, others = read_calls(file, span)
    if limit_hours and calls:
        calls, others = read_calls(file, Span(span.from_at, calls[0].at + timedelta(hours=limit_hours)))
    if not calls:
        raise MusterError("No call lies in this span.", where=str(file), remedy="Choose another: --from, --until.")
    return calls, others


def _read_moment(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=clock.CITY_ZONE)


def _find_top(code: str) -> Area:
    """Find the area where calls go: the one that is named, or that of the newest emergency."""
    if not code:
        return get_active().area
    area = get_area(code)
    get_active(area)
    return area


def _find_user(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise MusterError(f"There is no account {username}.", remedy="Name one that may report, with --officer.")
    return user


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done}/{total}")


def _write_journal(path: Path, sent: Sequence[Sent]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["call", "called_at", "area", "nearness", "kind", "state", "code", "tries", "due_s", "answered_s", "seen_s"]
        )
        for one in sent:
            call = one.call
            rows.writerow(
                [
                    *(
                        call.key,
                        call.at.isoformat(),
                        one.area,
                        call.nearness,
                        call.kind,
                        one.state,
                        one.code,
                        one.tries,
                    ),
                    *(_round(each) for each in (one.due_s, one.answered_s, one.seen_s)),
                ]
            )


def _round(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _print(outcome: ReplayOutcome, others: int, *, as_json: bool) -> None:
    figures = {**outcome.figures, "not_calls": others, "broken": outcome.broken}
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        shown = "  ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:16} {shown}")
    verdict = say("None was lost, doubled or late.", "没有丢失、重复或迟到。")
    typer.echo(verdict if not outcome.broken else say("It does not hold: ", "未通过：") + "; ".join(outcome.broken))
