"""Importing lists of people together with where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.cells import CellError, read_day, read_name, split_words
from muster.kernel.tables import ImportReport, Table
from muster.membership.actions import write_memberships
from muster.membership.kinds import Belonging
from muster.organizations.models import Organization
from muster.people.actions import Progress, write_people
from muster.people.importing import check_people, read_people
from muster.people.rows import PeopleRows

_MOST_ROLE_CHARS = 40
_BETWEEN = re.compile(r"[;；]")
_Said = TypeVar("_Said")


def import_people(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import people and their memberships from CSV or Excel.

    As ``people.importing.import_people``, and with the columns ``organization,role,since``: one
    organization, or several divided by semicolons with as many roles and days, or one for all. Memberships
    are added and mended, never ended, by a file.

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
        belongings = read_belongings(rows)
        name = rows.table.source
        written = write_people(list(rows.facts.values()), actor=actor, now=now, source=name, progress=progress)
        joined = write_memberships(belongings, actor=actor, now=now, source=name)
        transaction.set_rollback(dry_run)
    return rows.report(written.created, written.updated | (joined - written.created), is_dry_run=dry_run)


def read_belongings(rows: PeopleRows) -> list[Belonging]:
    """Return where the people of sound rows belong; rows that say it wrongly are taken back."""
    organizations = rows.table.column("organization")
    roles, days = rows.table.column("role"), rows.table.column("since")
    known = _find_known(code for cell in organizations for code in split_words(cell))
    said: dict[int, list[tuple[str, str, date | None]]] = {}
    for index, cell in enumerate(organizations):
        codes = split_words(cell)
        column = "organization"
        try:
            _refuse_unknown(codes, known)
            column = "role"
            row_roles = _spread([read_name(role, most_chars=_MOST_ROLE_CHARS) for role in _split(roles[index])], codes)
            column = "since"
            row_days = _spread([read_day(day) for day in _split(days[index])], codes)
        except CellError as error:
            rows.reject(index, column, error.what, error.remedy)
        else:
            said[index] = [(code, role or "", day) for code, role, day in zip(codes, row_roles, row_days, strict=True)]
    return [Belonging(facts["code"], *words) for index, facts in rows.facts.items() for words in said.get(index, ())]


def _find_known(codes: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for some in batches(sorted(set(codes))):
        known.update(Organization.objects.filter(code__in=some).values_list("code", flat=True))
    return known


def _refuse_unknown(codes: Sequence[str], known: set[str]) -> None:
    lacking = [code for code in codes if code not in known]
    if lacking:
        what = f"There is no organization {', '.join(lacking)}."
        raise CellError(what, "Correct the code, or import the organization first.")


def _split(cell: str) -> list[str]:
    parts = (part.strip() for part in _BETWEEN.split(cell))
    return [part for part in parts if part]


def _spread(said: Sequence[_Said], codes: Sequence[str]) -> list[_Said | None]:
    """Return one word for each organization: none, one for all, or as many as there are."""
    if not said:
        return [None] * len(codes)
    if len(said) == 1 and codes:
        return [said[0]] * len(codes)
    if len(said) != len(codes):
        what = f"{len(said)} given for {len(codes)} organizations."
        raise CellError(what, "Give one for each organization, or one for all of them.")
    return list(said)
