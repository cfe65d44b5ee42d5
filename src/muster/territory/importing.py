"""Importing lists of areas: checked whole, then written in one transaction, as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.errors import MusterError
from muster.kernel.kinds import Verb
from muster.kernel.tables import ImportReport, Rejection, Table, as_table
from muster.territory.actions import (
    Progress,
    lock_territory,
    move_area,
    write_changed_areas,
    write_levels,
    write_new_areas,
)
from muster.territory.cells import COLUMNS, AreaCells, read_cells
from muster.territory.models import Area, Level
from muster.territory.rules import AreaRow, KnownArea, LevelOrder, LevelOrderError, find_flaws, order_levels
from muster.territory.tallies import rebuild_tallies

REQUIRED = ("level", "code", "name", "parent_code")
_COMPARED = ("name", "kind", "households", "is_managed", "lon", "lat", "is_synthetic", "is_position_synthetic")


def import_divisions(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import a tree of divisions from CSV or Excel: ``level,code,name,parent_code[,kind,lon,lat,…]``.

    All rows are checked before anything changes. Rows that fit are written in one transaction; the others
    are told with file, row, column and remedy. Importing the same file again changes nothing. An empty
    cell, or a column that is not there, leaves what is known as it is.

    Parameters
    ----------
    source
        The file, or the table that was read from one.
    actor, now
        Who imports, and when.
    dry_run
        Check and count, and write nothing.
    progress
        Told after each batch of new rows.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    table = as_table(source, COLUMNS, REQUIRED)
    return _import_areas(table, actor=actor, now=now, dry_run=dry_run, progress=progress)


def import_places(
    source: Path | Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import compounds, buildings and units: ``code,parent_code,level,name[,households,managed,lon,lat]``.

    The same check and the same care as ``import_divisions``; the parents of the topmost rows are
    communities that have been imported before.

    Raises
    ------
    MusterError
        If the file as a whole cannot be understood.
    """
    return import_divisions(source, actor=actor, now=now, dry_run=dry_run, progress=progress)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The rows of a table, sorted by what has to be done with them."""

    new: list[AreaCells]
    changes: dict[str, dict[str, object]]
    moves: dict[str, str]
    unchanged: int
    rejections: list[Rejection]
    levels: LevelOrder


def _import_areas(
    table: Table, *, actor: audit.Actor, now: datetime, dry_run: bool, progress: Progress | None
) -> ImportReport:
    with transaction.atomic():
        lock_territory()
        work = _sort_rows(table)
        if not dry_run:
            _write(work, actor=actor, now=now, source=table.source, progress=progress)
    return ImportReport(
        table=table,
        created=len(work.new),
        updated=len(work.changes.keys() | work.moves.keys()),
        unchanged=work.unchanged,
        rejections=work.rejections,
        notes=_notes(table, work.levels),
        is_dry_run=dry_run,
    )


def _write(work: _Sorted, *, actor: audit.Actor, now: datetime, source: str, progress: Progress | None) -> None:
    if not (work.new or work.changes or work.moves):
        return
    write_levels(work.levels, brought={cells.level for cells in work.new})
    write_new_areas([cells.spec() for cells in work.new], progress=progress)
    write_changed_areas(work.changes)
    for code, parent_code in work.moves.items():
        move_area(code, parent_code)
    rebuild_tallies()
    audit.record(
        actor=actor,
        now=now,
        verb=Verb.IMPORTED,
        subject_kind="areas",
        subject_id=source[:64],
        detail={
            "created": len(work.new),
            "updated": len(work.changes.keys() | work.moves.keys()),
            "rejected": len({rejection.index for rejection in work.rejections}),
        },
    )


def _sort_rows(table: Table) -> _Sorted:
    rows, rejections = read_cells(table)
    known = _load_known({row.code for row in rows} | {row.parent_code for row in rows})
    levels = _order_levels(rows, known, table)
    rows = _drop_refused_levels(rows, levels, rejections)
    ranks = levels.ranks
    rows = _drop_flawed(rows, known, ranks, rejections)
    work = _Sorted([], {}, {}, 0, sorted(rejections, key=lambda rejection: rejection.index), levels)
    unchanged = sum(_sort_row(row, known.get(row.code), work) for row in rows)
    moves = dict(sorted(work.moves.items(), key=lambda move: ranks[known[move[0]].level]))
    return _Sorted(work.new, work.changes, moves, unchanged, work.rejections, levels)


def _sort_row(row: AreaCells, known: _Known | None, work: _Sorted) -> bool:
    """Put a row where it belongs, and tell whether it is unchanged."""
    if known is None:
        work.new.append(row)
        return False
    changes = {
        name: value for name in _COMPARED if (value := getattr(row, name)) is not None and value != known.values[name]
    }
    if row.level != known.level:
        changes["level"] = row.level
    if changes:
        work.changes[row.code] = changes
    if row.parent_code != known.parent_code:
        work.moves[row.code] = row.parent_code
    return not changes and row.parent_code == known.parent_code


@dataclass(frozen=True, slots=True)
class _Known:
    level: str
    parent_code: str
    values: dict[str, object]


def _load_known(codes: set[str]) -> dict[str, _Known]:
    known: dict[str, _Known] = {}
    for batch in batches(sorted(codes - {""})):
        rows = Area.objects.filter(code__in=batch).values_list("code", "level__slug", "parent__code", *_COMPARED)
        for code, level, parent_code, *values in rows:
            known[code] = _Known(level, parent_code or "", dict(zip(_COMPARED, values, strict=True)))
    return known


def _drop_flawed(
    rows: list[AreaCells], known: Mapping[str, _Known], ranks: Mapping[str, int], rejections: list[Rejection]
) -> list[AreaCells]:
    """Return the rows that make a tree with what is known; a row taken back leaves its area as it was, hence again."""
    root_ranks = _root_ranks(rows, ranks)
    while True:
        flaws = find_flaws(
            [AreaRow(row.index, row.code, row.parent_code, ranks[row.level]) for row in rows],
            _describe_known(rows, known, ranks),
            root_ranks=root_ranks,
        )
        if not flaws:
            return rows
        rejections.extend(Rejection(flaw.index, flaw.column, flaw.what, flaw.remedy) for flaw in flaws)
        flawed = {flaw.index for flaw in flaws}
        rows = [row for row in rows if row.index not in flawed]


def _describe_known(
    rows: Sequence[AreaCells], known: Mapping[str, _Known], ranks: Mapping[str, int]
) -> dict[str, KnownArea]:
    """Return the known areas as the rules of the tree see them, with the children of those that change their level."""
    listed = {row.code for row in rows}
    changing = sorted(row.code for row in rows if row.code in known and row.level != known[row.code].level)
    beneath: dict[str, int] = {}
    for batch in batches(changing):
        children = Area.objects.filter(parent__code__in=batch).values_list("parent__code", "code", "level__slug")
        for parent_code, code, level in children.iterator():
            if code not in listed:
                beneath[parent_code] = min(ranks[level], beneath.get(parent_code, ranks[level]))
    return {code: KnownArea(ranks[area.level], area.parent_code, beneath.get(code)) for code, area in known.items()}


def _order_levels(rows: Sequence[AreaCells], known: Mapping[str, _Known], table: Table) -> LevelOrder:
    level_of = {"": "", **{row.code: row.level for row in rows}}
    level_of.update((code, area.level) for code, area in known.items() if code not in level_of)
    ranks = dict(Level.objects.values_list("slug", "rank"))
    in_use = frozenset(slug for slug in ranks if Area.objects.filter(level__slug=slug).exists())
    try:
        return order_levels(((level_of.get(row.parent_code), row.level) for row in rows), ranks, in_use)
    except LevelOrderError as error:
        raise MusterError(
            f"The levels cannot be put in one order: {error}.",
            where=table.source,
            remedy="Correct the levels or the parents, so that each level stands above or below another, not both.",
        ) from error


def _drop_refused_levels(rows: list[AreaCells], levels: LevelOrder, rejections: list[Rejection]) -> list[AreaCells]:
    kept = []
    for row in rows:
        if row.level in levels.refused:
            meant = levels.refused[row.level]
            remedy = f"Perhaps {meant} was meant." if meant else f"Use one of: {', '.join(levels.ranks)}."
            rejections.append(Rejection(row.index, "level", f"The level {row.level} is not known.", remedy))
        else:
            kept.append(row)
    return kept


def _root_ranks(rows: Sequence[AreaCells], ranks: Mapping[str, int]) -> frozenset[int]:
    """Return the ranks whose areas may stand without a parent: of levels that never have one elsewhere."""
    top = min((ranks[row.level] for row in rows), default=0)
    roots = Area.objects.filter(parent=None).values_list("level__slug", flat=True).distinct()
    able = {row.level for row in rows if ranks[row.level] == top} | set(roots)
    bound = {row.level for row in rows if row.parent_code}
    bound.update(slug for slug in able if Area.objects.filter(level__slug=slug).exclude(parent=None).exists())
    return frozenset(ranks[slug] for slug in able - bound)


def _notes(table: Table, levels: LevelOrder) -> list[str]:
    notes = list(table.remarks)
    if levels.new:
        notes.append(f"New levels, from the top down: {', '.join(levels.new)}.")
    if levels.moved:
        notes.append(f"Levels put in another order: {', '.join(levels.moved)}.")
    unused = [name for name in table.columns if name not in COLUMNS]
    if unused:
        notes.append(f"Columns not used: {', '.join(unused)}.")
    return notes
