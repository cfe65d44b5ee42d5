"""``muster migrate``: prepare or upgrade the database."""

from __future__ import annotations

import typer
from django.core.management import call_command

from muster.cli.words import say

app = typer.Typer(help=say("Prepare or upgrade the database.", "建立或升级数据库。"))


@app.command()
def migrate() -> None:
    """Bring the database to this version, or leave it untouched when it is."""
    prepare_database()


def prepare_database() -> None:
    """Apply every migration and make the shared cache's table."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
