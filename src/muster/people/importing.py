"""Importing lists of people: checked whole, then written in one transaction, as often as one likes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.cells import find_reference
from muster.kernel.tables import ImportReport, Table, as_table
from muster.people.actions import Progress, write_people
from muster.people.models import Person
from muster.people.queries import find_former_codes
from muster.people.rows import BELONGING, COLUMNS, REQUIRED, PeopleRows, read_rows
from muster.people.rules import blind_index
from muster.territory.queries import find_area_ids

_MOST_NOTED = 10


def import_people(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import people from CSV or Excel, without saying where they belong.

    All rows are checked before anything changes. Rows that fit are written in one transaction; the others
    are told with file, row, column and remedy. Importing the same file again changes nothing. An empty
    cell, or a column that is not there, leaves what is known as it is.

    ``membership.importing.import_people`` does the same and reads organization, role and since as well.

    Parameters
    ----------
    source
        The file, or the table that was read from one.
    actor, now
        Who imports, and when.
    dry_run
        Check and count, and write nothing.
    progress
        Told after each batch of rows.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    rows = read_people(source)
    with transaction.atomic():
        check_people(rows)
        written = write_people(
            list(rows.facts.values()), actor=actor, now=now, source=rows.table.source, progress=progress
        )
        transaction.set_rollback(dry_run)
    unread = [name for name in BELONGING if any(rows.table.column(name))]
    if unread:
        rows.notes.append(f"Columns not used: {', '.join(unread)}.")
    return rows.report(written.created, written.updated, is_dry_run=dry_run)


def read_people(source: Path | Table) -> PeopleRows:
    """Read a list of people, before anything is asked of the database.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    return read_rows(as_table(source, COLUMNS, REQUIRED))


def check_people(rows: PeopleRows) -> None:
    """Check rows against what is known: unknown areas take a row back, shared telephone numbers are noted."""
    said = [
        (index, column, code)
        for column in ("home", "work")
        for index, cell in enumerate(rows.table.column(column))
        if (code := find_reference(cell))
    ]
    known = find_area_ids(code for _, _, code in said)
    for index, column, code in said:
        if code not in known:
            rows.reject(index, column, f"There is no area {code}.", "Correct the code, or import the area first.")
    rows.notes.extend(_note_former_codes(rows))
    rows.notes.extend(_note_shared_phones(rows))


def _note_former_codes(rows: PeopleRows) -> list[str]:
    former = find_former_codes(facts["code"] for facts in rows.facts.values())
    if not former:
        return []
    codes = ", ".join(sorted(former)[:_MOST_NOTED])
    return [f"{len(former)} rows name people by a code of before ({codes}); what they say of them is not taken."]


def _note_shared_phones(rows: PeopleRows) -> list[str]:
    holders: dict[str, set[str]] = defaultdict(set)
    for facts in rows.facts.values():
        if "phone" in facts:
            holders[blind_index(facts["phone"])].add(facts["code"])
    for phone_index, code in _list_holders(holders):
        holders[phone_index].add(code)
    shared = sorted(sorted(codes) for codes in holders.values() if len(codes) > 1)
    notes = [f"One telephone number for {', '.join(codes)}." for codes in shared[:_MOST_NOTED]]
    if len(shared) > _MOST_NOTED:
        notes.append(f"And {len(shared) - _MOST_NOTED} more telephone numbers that several people share.")
    return notes


def _list_holders(indexes: Iterable[str]) -> list[tuple[str, str]]:
    held: list[tuple[str, str]] = []
    for some in batches(sorted(indexes)):
        held.extend(Person.objects.filter(phone_index__in=some).values_list("phone_index", "code"))
    return held
