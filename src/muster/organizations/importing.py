"""Importing lists of organizations: checked whole, then written in one transaction, as often as one likes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from muster.kernel import audit
from muster.kernel.tables import ImportReport, Table, as_table
from muster.organizations.actions import Progress, find_standing, write_organizations
from muster.organizations.kinds import OrganizationFacts
from muster.organizations.models import Organization
from muster.organizations.rows import COLUMNS, REQUIRED, OrganizationRows, read_rows
from muster.organizations.rules import find_loops
from muster.territory.queries import find_area_ids


def import_organizations(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import organizations, their tree and their seats in alliances from CSV or Excel.

    All rows are checked before anything changes. Rows that fit are written in one transaction; the others
    are told with file, row, column and remedy. Importing the same file again changes nothing. An empty
    cell, or a column that is not there, leaves what is known as it is; ``none`` as the parent takes it away.
    Seats in alliances are added, never ended, by a file.

    Parameters
    ----------
    source
        The file, or the table that was read from one, with the columns
        ``code,name,kind,parent,seat,people_offered,alliance``.
    actor, now
        Who imports, and when.
    dry_run
        Check and count, and write nothing.
    progress
        Told when all rows are written.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    rows = read_rows(as_table(source, COLUMNS, REQUIRED))
    with transaction.atomic():
        check_organizations(rows)
        written = write_organizations(
            list(rows.facts.values()), actor=actor, now=now, source=rows.table.source, progress=progress
        )
        transaction.set_rollback(dry_run)
    return rows.report(written.created, written.updated, is_dry_run=dry_run)


def check_organizations(rows: OrganizationRows) -> None:
    """Check rows against what is known: areas, what a new organization needs, and the tree."""
    _check_areas(rows)
    codes = {code for facts in rows.facts.values() for code in (facts["code"], facts.get("parent", ""))}
    standing = find_standing(codes)
    for index, facts in list(rows.facts.items()):
        lacking = [key for key in ("kind", "seat") if key not in facts]
        if lacking and facts["code"] not in standing:
            rows.reject(index, lacking[0], "A new organization needs a kind and a seat.", "Fill them in.")
    _check_tree(rows, standing)


def _check_areas(rows: OrganizationRows) -> None:
    wanted = {index: (facts.get("seat", ""), *facts.get("alliances", ())) for index, facts in rows.facts.items()}
    known = find_area_ids(code for codes in wanted.values() for code in codes if code)
    for index, (seat, *alliances) in wanted.items():
        if seat and seat not in known:
            rows.reject(index, "seat", f"There is no area {seat}.", "Correct the code, or import the area first.")
        lacking = [code for code in alliances if code not in known]
        if lacking:
            what = f"There is no area {', '.join(lacking)} to have an alliance."
            rows.reject(index, "alliance", what, "Write codes of areas, divided by semicolons.")


def _check_tree(rows: OrganizationRows, standing: Mapping[str, Mapping[str, Any]]) -> None:
    """Take rows back until every parent is there and no organization stands above itself.

    A row taken back leaves its organization where it stood, which may break what hangs on it: hence again and again.
    """
    known_parents = _list_known_parents() if any("parent" in facts for facts in rows.facts.values()) else {}
    while True:
        flaws = {**_find_orphans(rows.facts, standing.keys()), **_find_loops(rows.facts, known_parents)}
        if not flaws:
            return
        for index, (what, remedy) in flaws.items():
            rows.reject(index, "parent", what, remedy)


def _list_known_parents() -> dict[str, str]:
    return {code: parent or "" for code, parent in Organization.objects.values_list("code", "parent__code")}


def _find_orphans(
    facts_by_index: Mapping[int, OrganizationFacts], standing: Collection[str]
) -> dict[int, tuple[str, str]]:
    present = {facts["code"] for facts in facts_by_index.values()} | set(standing)
    remedy = "Correct the code, or add or mend the row of that organization."
    return {
        index: (f"The organization above, {facts['parent']}, is neither known nor taken from this file.", remedy)
        for index, facts in facts_by_index.items()
        if facts.get("parent") and facts["parent"] not in present
    }


def _find_loops(
    facts_by_index: Mapping[int, OrganizationFacts], known_parents: Mapping[str, str]
) -> dict[int, tuple[str, str]]:
    said = {facts["code"]: facts["parent"] for facts in facts_by_index.values() if "parent" in facts}
    rows_by_code = {facts["code"]: index for index, facts in facts_by_index.items()}
    flaws: dict[int, tuple[str, str]] = {}
    for loop in find_loops({**known_parents, **said}):
        way = " under ".join([*loop, loop[0]])
        for code in loop:
            if code in said:
                flaws[rows_by_code[code]] = (f"It would stand above itself: {way}.", "Correct one of the parents.")
    return flaws
