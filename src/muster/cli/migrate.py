"""``muster migrate``: prepare or upgrade the database."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import typer
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from muster.cli.words import say
from muster.kernel.errors import MusterError

app = typer.Typer(help=say("Prepare or upgrade the database.", "建立或升级数据库。"))


@app.command()
def migrate() -> None:
    """Bring the database to this version, or leave it untouched when it is."""
    prepare_database()


def prepare_database() -> None:
    """Apply every migration and make the shared cache's table; a file that holds names is closed to others."""
    if connection.vendor == "sqlite":
        _close_to_others(Path(connection.settings_dict["NAME"]))
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _close_to_others(path: Path) -> None:
    """Make the database's file closed to other accounts of the machine; one that is there stays as it is."""
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)


def require_database() -> None:
    """Prepare a database that is new; refuse one of an earlier version, which is upgraded knowingly.

    Raises
    ------
    MusterError
        If migrations are lacking in a database that holds data.
    """
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations:
        raise MusterError(
            say("The database is of an earlier version.", "数据库是旧版本的。"),
            remedy=say("Run muster migrate first; make a copy before.", "请先备份，再运行 muster migrate。"),
        )
    prepare_database()
