"""Bringing a list, saying what its columns mean, mending it, taking it, and undoing it whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction

from muster.access.kinds import Right
from muster.access.queries import Actor, refuse
from muster.intake.checking import Check, Sheet, draft_list, name_places, read_sheet, run_import
from muster.intake.kinds import IDENTITY, ImportState, ListKind
from muster.intake.lists import TYPES, read_vocabularies
from muster.intake.models import Import, KnownHead
from muster.intake.queries import DERIVED, list_obstacles
from muster.intake.reach import is_out_of_reach
from muster.intake.rules import (
    Recognition,
    find_head_at,
    hide_identities,
    map_columns,
    recognize,
    seal,
    sign_head,
    unseal,
)
from muster.kernel.audit import record
from muster.kernel.errors import MusterError, RuleError
from muster.kernel.kinds import Verb
from muster.kernel.tables.sheets import read_sheets
from muster.kernel.trail import RowChange, compare, find_obstacles, put_back, read_rows
from muster.people.actions import Progress
from muster.territory.models import Area

MOST_ROWS = 200_000
MOST_COLUMNS = 120
KEPT_DAYS = 30
"""How long an import can be undone; after that what it changed is no longer known."""

_Sheets = list[tuple[str, list[tuple[int, list[str]]]]]


def bring(*, actor: Actor, now: datetime, area: Area, path: Path, file_name: str, kind: str = "") -> Import:
    """Bring a file: read it, recognize what it lists, and keep it until it is taken or dropped.

    Parameters
    ----------
    actor, now
        Who brings it, and when; access to the area is the caller's to check.
    area
        What the list is about.
    path, file_name
        The file, and what it is called.
    kind
        What it lists, where somebody said so.

    Raises
    ------
    MusterError
        If it cannot be read, is empty, or is larger than a list of an office.
    """
    forget_old(now)
    sheets = _read(path, file_name)
    brought = Import(
        kind=kind or ListKind.PEOPLE,
        area=area,
        file_name=file_name[:200],
        sheet=sheets[0][0],
        actor_id=actor.audit_id,
        actor_name=actor.audit_name,
        brought_at=now,
        content=seal({"sheets": [{"name": name, "rows": rows} for name, rows in sheets]}),
    )
    name, found = _recognize_best(sheets, kind)
    if found is not None:
        brought.kind, brought.sheet, brought.head_at = found.kind, name, found.head.position
        brought.columns = {str(place): meaning for place, meaning in found.columns.items()}
        _remember(brought, found.head.titles, has_kind=bool(kind))
    brought.rows_total = len(read_sheet(brought).rows)
    brought.save()
    return brought


def _read(path: Path, file_name: str) -> _Sheets:
    headings = {heading for names in read_vocabularies().values() for heading in names}
    try:
        sheets = [(sheet.name[:64], sheet.rows) for sheet in read_sheets(path, headings) if _has_rows(sheet.rows)]
    except MusterError as error:
        raise MusterError(error.what, where=file_name, remedy=error.remedy) from error
    if not sheets:
        raise MusterError("The file is empty.", where=file_name, remedy="Check that you chose the right one.")
    for _, rows in sheets:
        if len(rows) > MOST_ROWS:
            what = f"A sheet has {len(rows)} rows; the desk takes {MOST_ROWS}."
            raise MusterError(what, where=file_name, remedy="Divide the list, or use the command line.")
    return [(name, _trim(rows, file_name)) for name, rows in sheets]


def _has_rows(rows: list[tuple[int, list[str]]]) -> bool:
    return sum(any(cells) for _, cells in rows) > 1


def _trim(rows: list[tuple[int, list[str]]], file_name: str) -> list[tuple[int, list[str]]]:
    """Return rows without empty columns at their end, and without any number of an identity card."""
    width = max(max((place for place, cell in enumerate(cells) if cell), default=-1) + 1 for _, cells in rows)
    if width > MOST_COLUMNS:
        what = f"The list has {width} columns; the desk takes {MOST_COLUMNS}."
        raise MusterError(what, where=file_name, remedy="Keep the columns that the list needs, and save it again.")
    return hide_identities([(number, cells[:width]) for number, cells in rows])


def _recognize_best(sheets: _Sheets, kind: str) -> tuple[str, Recognition | None]:
    """Recognize the sheet that has most rows among those that are lists."""
    vocabularies = read_vocabularies()
    if kind:
        vocabularies = {kind: vocabularies[kind]}
    telling = {slug: set(TYPES[slug].telling | set(TYPES[slug].needed)) for slug in vocabularies}
    found = [(name, recognize(rows, vocabularies, telling), len(rows)) for name, rows in sheets]
    lists = [(name, what, size) for name, what, size in found if what is not None]
    name, what, _ = max(lists, key=lambda each: (len(each[1].columns), each[2]), default=(sheets[0][0], None, 0))
    return name, what


def _remember(brought: Import, titles: list[str], *, has_kind: bool) -> None:
    """Take over what somebody confirmed for the same head before."""
    known = KnownHead.objects.filter(signature=sign_head(titles)).first()
    if known is not None and (not has_kind or known.kind == brought.kind):
        brought.kind, brought.columns, brought.is_confirmed = known.kind, known.columns, True


def choose_sheet(*, brought: Import, kind: str, sheet: str, head_at: int, area: Area) -> None:
    """Choose what the list is, on which sheet it stands, where its head is, and what it is about."""
    with _holding(brought):
        is_moved = (kind, sheet, head_at) != (brought.kind, brought.sheet, brought.head_at)
        brought.kind, brought.sheet, brought.head_at, brought.area = kind, sheet, head_at, area
        if is_moved:
            brought.columns, brought.mended = _map_anew(brought), None
        brought.is_confirmed, brought.checked = False, None
        brought.rows_total = len(read_sheet(brought).rows)
        brought.save()


def _map_anew(brought: Import) -> dict[str, str]:
    sheets = unseal(brought.content or "")["sheets"]
    rows = next((sheet["rows"] for sheet in sheets if sheet["name"] == brought.sheet), sheets[0]["rows"])
    names = TYPES[brought.kind].vocabulary()
    if brought.head_at < 0:
        found = recognize(rows, {brought.kind: names}, {brought.kind: set(TYPES[brought.kind].needed)})
        brought.head_at = found.head.position if found else 0
    head = find_head_at(rows, brought.head_at, names)
    return {str(place): name for place, name in map_columns(head.titles if head else [], names).items()}


def confirm_columns(
    *, actor: Actor, now: datetime, brought: Import, columns: Mapping[str, str], consented_on: date | None = None
) -> None:
    """Say what each column means; asked once for each head, and remembered.

    Parameters
    ----------
    actor, now
        Who says so, and when.
    brought
        The import.
    columns
        The meaning of each column by its place; columns that are left out are not read.
    consented_on
        When all the people of the list agreed that this is kept, if they did.

    Raises
    ------
    RuleError
        If two columns mean the same, or none says what the list cannot do without.
    """
    with _holding(brought):
        titles = read_sheet(brought).titles
        brought.columns = _check_columns(brought.kind, columns, titles)
        brought.consented_on, brought.is_confirmed, brought.checked = consented_on, True, None
        brought.save()
        KnownHead.objects.update_or_create(
            signature=sign_head(titles),
            defaults={
                "kind": brought.kind,
                "columns": brought.columns,
                "confirmed_by": actor.audit_name,
                "confirmed_at": now,
            },
        )


def _check_columns(kind: str, columns: Mapping[str, str], titles: Sequence[str]) -> dict[str, str]:
    """Return the columns that are there and mean something; refuse them where they do not make a list."""
    known = {column.name for column in TYPES[kind].list_columns()} - {IDENTITY.name}
    # What is remembered is trusted by everybody who brings the same form.
    said = {str(place): (title or f"({place + 1})", columns.get(str(place), "")) for place, title in enumerate(titles)}
    read = {place: name for place, (_, name) in said.items() if name in known}
    for name in read.values():
        same = [title for title, meaning in said.values() if meaning == name]
        if len(same) > 1:
            raise RuleError(f"Two columns mean the same: {' and '.join(same)}.", remedy="Leave one of them out.")
    if not set(read.values()) & set(TYPES[kind].needed):
        raise RuleError("No column says whom or what the list is about.", remedy="Say which column holds the name.")
    return read


def mend(
    *, brought: Import, cells: Mapping[tuple[int, str], str], left_out: frozenset[int], is_everywhere: bool = True
) -> None:
    """Mend cells and leave rows out; the list is to be checked anew.

    Parameters
    ----------
    brought
        The import.
    cells
        New texts, by row and meaning of the column.
    left_out
        All rows that are left out.
    is_everywhere
        Whether cells of the column that say the same are mended the same way.
    """
    with _holding(brought):
        sheet = read_sheet(brought)
        places = name_places(brought.columns)
        mended = dict(sheet.mended)
        for (index, name), text in cells.items():
            was = sheet.cell(index, places[name])
            if was != text:
                same = range(len(sheet.rows)) if is_everywhere and was else (index,)
                mended.update({(row, places[name]): text for row in same if sheet.cell(row, places[name]) == was})
        kept = [[index, place, text] for (index, place), text in mended.items()]
        brought.mended = seal({"cells": kept, "left_out": sorted(left_out)})
        brought.checked = None
        brought.save(update_fields=["mended", "checked"])


def check(*, actor: Actor, now: datetime, brought: Import, progress: Progress | None = None) -> Check:
    """Check the whole list without writing, and keep what was found."""
    _check_open(brought)
    terms = _read_terms(brought)
    sheet = read_sheet(brought)
    draft = draft_list(brought, sheet)
    found = run_import(brought, sheet, draft, actor=actor, now=now, dry_run=True, progress=progress)
    with _holding(brought):
        if _read_terms(brought) != terms:
            raise RuleError("The list was changed while it was checked.", remedy="Check the rows again.")
        brought.checked = found.seal()
        brought.created, brought.updated = found.created, found.updated
        brought.unchanged, brought.rejected = found.unchanged, found.refused
        brought.save(update_fields=["checked", "created", "updated", "unchanged", "rejected"])
    return found


def _read_terms(brought: Import) -> tuple[object, ...]:
    """Return all that what a check finds depends on, but the rows themselves, which stay as they came."""
    about = (brought.kind, brought.area_id, brought.consented_on)
    return (*about, brought.sheet, brought.head_at, brought.columns, brought.mended)


def take(
    *, actor: Actor, now: datetime, brought: Import, is_partial: bool = False, progress: Progress | None = None
) -> Import:
    """Take the list in one transaction, and keep what that changed, so that it can be undone.

    Parameters
    ----------
    actor, now
        Who takes it, and when.
    brought
        The import.
    is_partial
        Whether to take what is right and keep the rest aside; else all or nothing.
    progress
        Told after each batch of rows.

    Raises
    ------
    RuleError
        If it was taken or dropped before, or rows cannot be taken and ``is_partial`` is not set.
    """
    with _holding(brought):
        sheet = read_sheet(brought)
        draft = draft_list(brought, sheet)
        watched = TYPES[brought.kind].watched
        before = [read_rows(each, draft.list_codes(each.column)) for each in watched]
        found = run_import(brought, sheet, draft, actor=actor, now=now, dry_run=False, progress=progress)
        if found.flaws and not is_partial:
            raise RuleError(
                f"{found.refused} rows cannot be taken.", remedy="Mend them, or take what is right and keep the rest."
            )
        after = [read_rows(each, draft.list_codes(each.column)) for each in watched]
        changes = [
            change.as_list()
            for each, was, is_now in zip(watched, before, after, strict=True)
            for change in compare(each.model, was, is_now)
        ]
        _close_taken(brought, sheet, found, changes, now)
    return brought


def _close_taken(brought: Import, sheet: Sheet, found: Check, changes: list[list[object]], now: datetime) -> None:
    reasons: dict[int, list[str]] = {}
    for flaw in found.flaws:
        reasons.setdefault(flaw.index, []).append(f"{flaw.what} {flaw.remedy}".strip())
    rejects = [
        [sheet.rows[index][0], [sheet.cell(index, place) for place in range(len(sheet.titles))], reasons[index]]
        for index in sorted(reasons)
    ]
    brought.state, brought.taken_at = ImportState.TAKEN, now
    brought.created, brought.updated = found.created, found.updated
    brought.unchanged, brought.rejected = found.unchanged, found.refused
    brought.content = seal({"titles": sheet.titles, "rejects": rejects}) if rejects else None
    brought.checked = replace(found, flaws=()).seal()
    brought.mended = None
    brought.changes = seal(changes)
    brought.save()


def undo(*, actor: Actor, now: datetime, brought: Import) -> None:
    """Undo an import whole: rows that it made go, rows that it changed are as they were.

    Raises
    ------
    RuleError
        If something builds on what it brought, or it is too long ago; nothing is changed then.
    NotAllowedError
        If somebody with a wider reach took it, and it wrote where the actor may not.
    """
    try:
        _undo(actor, now, brought)
    except IntegrityError as error:
        # Something made since takes the place of what would come back, such as a membership that was given anew.
        what = "Rows that were made since stand where those of before would come back."
        raise RuleError(what, remedy="End or change them first.") from error


def _undo(actor: Actor, now: datetime, brought: Import) -> None:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=brought.pk)
        if locked.state != ImportState.TAKEN or not locked.changes:
            raise RuleError("This import can no longer be undone.")
        changes = [RowChange(*change) for change in unseal(locked.changes)]
        if find_obstacles(changes, derived=DERIVED):
            count = sum(obstacle.count for obstacle in list_obstacles(locked))
            raise RuleError(f"{count} rows build on this import.", remedy="End or change them first.")
        if is_out_of_reach(actor, changes):
            raise refuse(Right.IMPORT)
        kind = TYPES[locked.kind]
        kind.before_undo(changes)
        put_back(changes)
        kind.after_undo(now)
        locked.state, locked.undone_at = ImportState.UNDONE, now
        locked.content = locked.changes = locked.checked = None
        locked.save()
        record(
            actor=actor,
            now=now,
            verb=Verb.IMPORT_UNDONE,
            subject_kind="import",
            subject_id=locked.pk,
            detail={"kind": locked.kind, "file": locked.file_name, "rows": len(changes)},
        )


def drop(*, brought: Import) -> None:
    """Drop a list that is not to be taken; nothing of it is kept."""
    with _holding(brought):
        brought.state = ImportState.DROPPED
        brought.content = brought.mended = brought.checked = None
        brought.save()


def forget_old(now: datetime) -> None:
    """Empty what old imports still hold: names and numbers are not kept longer than they are needed."""
    old = Import.objects.filter(brought_at__lt=now - timedelta(days=KEPT_DAYS))
    old.filter(state=ImportState.OPEN).update(state=ImportState.DROPPED)
    old.update(content=None, mended=None, checked=None, changes=None)


@contextmanager
def _holding(brought: Import) -> Iterator[None]:
    """Hold an import as it stands now while it is changed: somebody else may have taken it since it was read."""
    with transaction.atomic():
        brought.refresh_from_db(from_queryset=Import.objects.select_for_update())
        _check_open(brought)
        yield


def _check_open(brought: Import) -> None:
    if brought.state != ImportState.OPEN:
        raise RuleError("This import was taken or dropped before.", remedy="Bring the file again.")
