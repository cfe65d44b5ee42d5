"""Lists of wardens as communities keep them: an entrance a row, with who answers for it and their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from muster.coverage.actions import appoint
from muster.coverage.importing import bring_ledgers_up_to_date as follow_undo
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.queries import find_active
from muster.intake.drafts import Draft, SourceRow, list_said
from muster.intake.kinds import LEVELS_SAID, Column
from muster.intake.lists import people
from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.errors import RuleError
from muster.kernel.tables import ImportReport, Rejection, Table
from muster.kernel.trail import Watched
from muster.people.actions import Progress
from muster.people.models import Person
from muster.territory.models import Area

__all__ = ["EXAMPLE", "WATCHED", "follow_undo", "list_columns", "list_table_columns", "prepare", "take"]

WATCHED = (*people.WATCHED, Watched(Appointment, "person__code"))
EXAMPLE = {
    name: text
    for name, text in people.EXAMPLE.items()
    if name in {"name", "phone", "in_community", "in_compound", "in_building", "in_unit", "consented_on"}
}

_Row = TypeVar("_Row", Person, Area)
_AREA, _ROLE = "answers_for", "warden_role"
_OF_PEOPLE = frozenset({"code", "organization", "consented_on", "address", "identity"})
_OWN = (
    Column(
        "name", ("单元长", "楼栋长", "小区长", "楼长", "栋长", "门长", "楼门长", "网格长", "网格员", "负责人", "姓名")
    ),
    Column(
        "phone", ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "单元长电话", "楼长电话", "楼栋长电话")
    ),
    Column(_ROLE, ("职务", "正副", "角色")),
)


def list_columns() -> tuple[Column, ...]:
    """List the columns that a list of wardens may have."""
    of_people = [each for each in people.list_columns() if each.name in _OF_PEOPLE or each.name in LEVELS_SAID]
    return (*_OWN, *of_people)


def list_table_columns() -> tuple[str, ...]:
    """List the columns that people are read from, and those that say what they answer for."""
    return (*people.list_table_columns(), _AREA, _ROLE)


def prepare(rows: Sequence[SourceRow], draft: Draft) -> None:
    """Make rows of people with the area that each answers for; where no other home is known, they live there."""
    begins_at = len(draft.rows)
    people.prepare(rows, draft)
    draft.coarse.clear()
    made = draft.rows[begins_at:]
    at_home = _find_at_home({cells["code"] for cells in made})
    for row, cells in zip(rows, made, strict=True):
        cells[_AREA] = cells["home"]
        if cells["code"] in at_home:
            cells["home"] = ""
        cells[_ROLE] = "deputy" if "副" in row.get(_ROLE) or "deputy" in row.get(_ROLE).casefold() else "warden"
        _refuse_vague(row, draft)


def _find_at_home(codes: Iterable[str]) -> set[str]:
    """Return the codes of those whose home is known: many answer for doors that they do not live behind."""
    known: set[str] = set()
    for some in batches(sorted(codes)):
        known.update(Person.objects.filter(code__in=some).exclude(home_area=None).values_list("code", flat=True))
    return known


def _refuse_vague(row: SourceRow, draft: Draft) -> None:
    """Refuse a row whose door is not known: nobody is made to answer for what lies around it instead."""
    said, shown = list_said(row, ("address",))
    if not said:
        draft.refuse(row, "", "The row names no compound, building or unit.", "Fill one in.")
        return
    place = draft.places.find(*said)
    doors = [(column, text) for column, (_, text) in zip(shown, said, strict=True) if column in LEVELS_SAID]
    if place.node is not None and place.rest and doors:
        column, text = next((each for each in doors if place.rest.startswith(each[1])), doors[-1])
        draft.refuse(row, column, f"There is no place {text} in {place.node.name}.", "Choose or correct it.")


def take(
    source: Table, *, actor: audit.Actor, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Import the people of a table, and appoint each to the area that they answer for.

    Rows that a rule refuses are found in a trial that is rolled back; then the others are written. Whoever answers
    for the area already stays so.

    Parameters
    ----------
    source
        The table.
    actor, now
        Who imports, and when.
    dry_run
        Check and count, and write nothing.
    progress
        Told how far the appointments are.
    """
    with transaction.atomic():
        trial = _write(source, range(len(source)), actor=actor, now=now, progress=progress)
        transaction.set_rollback(True)
    if dry_run:
        return replace(trial.report(source), is_dry_run=True)
    kept = [index for index in range(len(source)) if index not in {refused.index for refused in trial.rejections}]
    with transaction.atomic():
        written = _write(source, kept, actor=actor, now=now, progress=progress)
    return replace(written.report(source), rejections=trial.rejections)


@dataclass(slots=True)
class _Written:
    appointed: int = 0
    standing: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    notes: Sequence[str] = ()

    def report(self, source: Table) -> ImportReport:
        return ImportReport(source, self.appointed, 0, self.standing, self.rejections, self.notes)


def _write(
    source: Table, kept: Sequence[int], *, actor: audit.Actor, now: datetime, progress: Progress | None
) -> _Written:
    codes = source.column("code")
    rows = _group(codes, kept)
    columns = {
        name: [cells[same[0]] for same in rows] for name, cells in source.columns.items() if name not in {_AREA, _ROLE}
    }
    table = Table(source.source, source.sheet, columns, [source.row_numbers[same[0]] for same in rows])
    report = people.take(table, actor=actor, now=now)
    rejections = [replace(each, index=index) for each in report.rejections for index in rows[each.index]]
    written = _Written(rejections=rejections, notes=report.notes)
    refused = {each.index for each in rejections}
    persons = _find(Person, codes)
    areas = _find(Area, source.column(_AREA))
    for done, index in enumerate(kept, 1):
        if index not in refused:
            person, area = persons[codes[index]], areas[source.column(_AREA)[index]]
            _appoint(written, index, actor, now, area, person, AppointmentRole(source.column(_ROLE)[index]))
        if progress:
            progress(done, len(kept))
    return written


def _group(codes: Sequence[str], kept: Iterable[int]) -> list[list[int]]:
    """Group rows by whom they name: whoever answers for several doors has a row for each, and is written once."""
    groups: dict[str, list[int]] = {}
    for index in kept:
        groups.setdefault(codes[index] or f"#{index}", []).append(index)
    return list(groups.values())


def _appoint(
    written: _Written,
    index: int,
    actor: audit.Actor,
    now: datetime,
    area: Area,
    person: Person,
    role: AppointmentRole,
) -> None:
    emergency = find_active(area)
    if emergency is None:
        written.rejections.append(Rejection(index, "", "No emergency is active here.", "Activate one first."))
    elif Appointment.objects.filter(emergency=emergency, area=area, role=role, person=person, ends_at=None).exists():
        written.standing += 1
    else:
        try:
            appoint(actor=actor, now=now, emergency=emergency, area=area, person=person, role=role)
        except RuleError as error:
            written.rejections.append(Rejection(index, "name", error.what, error.remedy))
        else:
            written.appointed += 1


def _find(model: type[_Row], codes: Iterable[str]) -> dict[str, _Row]:
    found: dict[str, _Row] = {}
    for some in batches(sorted(set(codes))):
        found.update((row.code, row) for row in model._default_manager.filter(code__in=some))
    return found
