"""Importing areas while emergencies are active: new doorways stand in the ledger as soon as they exist."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from muster.coverage.actions import rebuild_ledger
from muster.emergencies.queries import list_active
from muster.kernel import audit
from muster.kernel.tables import ImportReport, Table
from muster.territory import importing
from muster.territory.actions import Progress


def import_divisions(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import divisions as ``territory.importing.import_divisions`` does, and bring every active ledger up to date.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    with transaction.atomic():
        report = importing.import_divisions(source, actor=actor, now=now, dry_run=dry_run, progress=progress)
        if report.created + report.updated and not dry_run:
            bring_ledgers_up_to_date(now)
    return report


def import_places(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import places as ``territory.importing.import_places`` does, and bring every active ledger up to date.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    with transaction.atomic():
        report = importing.import_places(source, actor=actor, now=now, dry_run=dry_run, progress=progress)
        if report.created + report.updated and not dry_run:
            bring_ledgers_up_to_date(now)
    return report


def bring_ledgers_up_to_date(now: datetime) -> None:
    """Bring the ledger of every active emergency up to date with the areas that there are."""
    for emergency in list_active():
        rebuild_ledger(emergency, emergency.area, now)
