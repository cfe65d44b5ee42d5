"""``muster import``: lists from files, checked whole, with the rows that could not be taken kept to be mended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol

import typer

from muster.access.queries import COMMAND_LINE
from muster.cli.bars import show_progress
from muster.cli.migrate import require_database
from muster.cli.words import say
from muster.coverage.importing import import_divisions, import_places
from muster.duty.importing import import_posts
from muster.kernel import audit, clock
from muster.kernel.tables import ImportReport, write_rejects
from muster.membership.importing import import_people
from muster.organizations.importing import import_organizations
from muster.people.actions import Progress

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=say(
        "Import lists from CSV or Excel files. Importing a file again changes nothing.",
        "从 CSV 或 Excel 文件导入名册；重复导入不会改变数据。",
    ),
)

File = Annotated[Path, typer.Argument(help=say("CSV or Excel file.", "CSV 或 Excel 文件。"), metavar="FILE")]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("Check, and change nothing.", "只检查，不写入。"))]
Rejects = Annotated[
    Path | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        dir_okay=False,
        help=say(
            "Where to keep rows that could not be taken (FILE.rejects.csv in this folder by default).",
            "未能导入的行保存到哪里（默认为当前目录下的 FILE.rejects.csv）。",
        ),
    ),
]

_MOST_SHOWN = 20


class Importer(Protocol):
    """What every room's import of a list looks like."""

    def __call__(
        self, source: Path, *, actor: audit.Actor, now: datetime, dry_run: bool = ..., progress: Progress | None = ...
    ) -> ImportReport:
        """Import a file."""


@app.command(help=say("Import the tree of divisions.", "导入行政区划树。"))
def divisions(file: File, dry_run: DryRun = False, rejects: Rejects = None) -> None:
    """Import ``level,code,name,parent_code[,kind,lon,lat]``."""
    _run(import_divisions, file, dry_run=dry_run, rejects=rejects)


@app.command(help=say("Import compounds, buildings and units.", "导入小区、楼栋和单元。"))
def places(file: File, dry_run: DryRun = False, rejects: Rejects = None) -> None:
    """Import ``code,parent_code,level,name[,households,managed,lon,lat]``."""
    _run(import_places, file, dry_run=dry_run, rejects=rejects)


@app.command(help=say("Import people and where they belong.", "导入人员及其所属单位。"))
def people(file: File, dry_run: DryRun = False, rejects: Rejects = None) -> None:
    """Import ``code,name,home,work,phone,…,organization,role,since``."""
    _run(import_people, file, dry_run=dry_run, rejects=rejects)


@app.command(help=say("Import organizations and their alliances.", "导入单位及其所在联盟。"))
def organizations(file: File, dry_run: DryRun = False, rejects: Rejects = None) -> None:
    """Import ``code,name,kind,parent,seat,people_offered,alliance``."""
    _run(import_organizations, file, dry_run=dry_run, rejects=rejects)


@app.command(help=say("Import posts and the people they need.", "导入岗位及所需人数。"))
def posts(file: File, dry_run: DryRun = False, rejects: Rejects = None) -> None:
    """Import ``code,name,kind,area,pool,lon,lat,demand``."""
    _run(import_posts, file, dry_run=dry_run, rejects=rejects)


def _run(importer: Importer, file: Path, *, dry_run: bool, rejects: Path | None) -> None:
    if rejects is not None and rejects.resolve() == file.resolve():
        raise typer.BadParameter(
            say("this is the file that is being imported.", "不能与导入文件相同。"), param_hint="--rejects"
        )
    require_database()
    with show_progress(file.name) as progress:
        report = importer(file, actor=COMMAND_LINE, now=clock.now(), dry_run=dry_run, progress=progress)
    for line in _describe(report):
        sys.stdout.write(f"{line}\n")
    if report.rejected:
        _keep_rejects(report, rejects, file)
        raise typer.Exit(1)


def _describe(report: ImportReport) -> Sequence[str]:
    outcome = say(
        f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, {report.rejected} rejected",
        f"新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}，退回 {report.rejected}",
    )
    trial = say(" (dry run: nothing was written)", "（试运行，未写入）") if report.is_dry_run else ""
    lines = [f"{report.table.source}: {outcome}{trial}"]
    lines += [report.describe(rejection) for rejection in report.rejections[:_MOST_SHOWN]]
    more = len(report.rejections) - _MOST_SHOWN
    if more > 0:
        lines.append(say(f"… and {more} more.", f"……另有 {more} 处。"))
    return [*lines, *report.notes]


def _keep_rejects(report: ImportReport, rejects: Path | None, file: Path) -> None:
    if report.is_dry_run and rejects is None:
        return
    path = rejects or Path(f"{file.name}.rejects.csv")
    kept = write_rejects(path, report.table, report.rejections)
    message = say(
        f"rows not taken: {kept}. They are in {path.resolve()}; mend them there and import that file.",
        f"有 {kept} 行未能导入，已存入 {path.resolve()}。改好后导入该文件即可。",
    )
    sys.stderr.write(f"muster: {message}\n")
