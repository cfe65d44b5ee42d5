"""``muster export``: lists to files, in the form in which ``muster import`` reads them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from muster.access.actions import authenticate
from muster.access.queries import COMMAND_LINE, Actor
from muster.cli.migrate import require_database
from muster.cli.user import read_password
from muster.cli.words import say
from muster.kernel import clock
from muster.situation.exporting import EXPORTS, ExportRequest, export_list

app = typer.Typer(rich_markup_mode=None)

ListName = StrEnum("ListName", {name.upper(): name for name in EXPORTS})  # type: ignore[misc]  # its members are the exports


class FileFormat(StrEnum):
    """How a list is written."""

    CSV = "csv"
    XLSX = "xlsx"


List = Annotated[ListName, typer.Argument(help=say("Which list.", "哪种名册。"), metavar="LIST")]
AreaCode = Annotated[
    str, typer.Option("--area", metavar="CODE", help=say("Only this area and beneath it.", "只导出该区域及其下级。"))
]
Form = Annotated[FileFormat, typer.Option("--format", help=say("Form of the file.", "文件格式。"))]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        dir_okay=False,
        help=say("File to write; stdout if left out.", "写入的文件；不写则输出到标准输出。"),
    ),
]
EmergencyCode = Annotated[
    str,
    typer.Option(
        "--emergency",
        metavar="CODE",
        help=say("Another emergency than the newest active one.", "指定应急事件（默认最新的）。"),
    ),
]
WithPhones = Annotated[
    bool,
    typer.Option(
        "--with-phones",
        help=say("With telephone numbers (people, with --officer).", "含电话（仅人员，须 --officer）。"),
    ),
]
Officer = Annotated[
    str,
    typer.Option(
        "--officer",
        metavar="NAME",
        help=say("Export in the name of this account; asks for its password.", "以该账号的名义导出，须输入其密码。"),
    ),
]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help=say("Read the officer's password from stdin.", "从标准输入读取该账号的密码。")
    ),
]


@app.command(
    help=say(
        "Export a list to CSV or Excel. Areas, people, organizations and posts can be imported again.",
        "导出名册到 CSV 或 Excel；区域、人员、单位、岗位可再导入。",
    )
)
def export(
    name: List,
    area: AreaCode = "",
    file_format: Form = FileFormat.CSV,
    out: Out = None,
    emergency: EmergencyCode = "",
    with_phones: WithPhones = False,
    officer: Officer = "",
    password_stdin: PasswordStdin = False,
) -> None:
    """Write the list to a file, or to stdout for another program."""
    if out is None and file_format is FileFormat.XLSX and sys.stdout.isatty():
        message = say("an Excel file needs --out FILE.", "Excel 格式须用 --out 指定文件。")
        raise typer.BadParameter(message, param_hint="--out")
    require_database()
    actor: Actor = COMMAND_LINE
    if officer:
        actor = authenticate(username=officer, password=read_password(from_stdin=password_stdin, is_new=False))
    request = ExportRequest(name.value, area, emergency, file_format.value, with_phones)
    count = export_list(request, out or sys.stdout.buffer, actor=actor, now=clock.now())
    if out is not None:
        sys.stderr.write(say(f"{count} rows written to {out.resolve()}\n", f"已写入 {count} 行：{out.resolve()}\n"))
