"""The rows of an imported table while they are checked: what each says, and why some cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from muster.kernel.cells import CellError
from muster.kernel.tables import ImportReport, Rejection, Table

Facts = TypeVar("Facts", bound=Mapping[str, Any])
CellReader = tuple[str, Callable[[str], Any]]
"""The key of a fact, and how to read its cell: None when the cell says nothing."""


@dataclass(frozen=True, slots=True)
class CheckedRows(Generic[Facts]):
    """What the sound rows of a table say, and why the others cannot be taken.

    Parameters
    ----------
    table
        The table as it was read.
    facts
        By place in the table, what each sound row says.
    rejections
        Why the other rows cannot be taken.
    notes
        Plain remarks.
    """

    table: Table
    facts: dict[int, Facts]
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def reject(self, index: int, column: str, what: str, remedy: str) -> None:
        """Take a row back, with a reason."""
        self.facts.pop(index, None)
        self.rejections.append(Rejection(index, column, what, remedy))

    def report(self, created: Collection[str], updated: Collection[str], *, is_dry_run: bool) -> ImportReport:
        """Return what the import did, from the codes that are new and those that were changed."""
        return ImportReport(
            table=self.table,
            created=len(created),
            updated=len(updated),
            unchanged=len(self.facts) - len(created) - len(updated),
            rejections=sorted(self.rejections, key=lambda rejection: rejection.index),
            notes=self.notes,
            is_dry_run=is_dry_run,
        )


def read_checked_rows(
    table: Table, readers: Mapping[str, CellReader], known_columns: Collection[str]
) -> CheckedRows[Any]:
    """Read all rows of a table whose rows are told apart by their ``code``.

    Parameters
    ----------
    table
        The table.
    readers
        For each column, the key of its fact and how to read its cells.
    known_columns
        Columns that are somebody's to read; the others are noted as not used.

    Returns
    -------
    CheckedRows
        Rows whose cells can be read, each code once. A cell that says nothing leaves no fact.
    """
    rows: CheckedRows[dict[str, Any]] = CheckedRows(table, {index: {} for index in range(len(table))})
    for index, (what, remedy) in table.broken_rows.items():
        rows.reject(index, "", what, remedy)
    for column, reader in readers.items():
        if column in table.columns:
            _read_column(rows, column, reader)
    _reject_repeated_codes(rows)
    rows.notes.extend(table.remarks)
    unknown = [name for name in table.columns if name and name not in known_columns]
    if unknown:
        rows.notes.append(f"Columns not used: {', '.join(unknown)}.")
    return cast("CheckedRows[Any]", rows)


def _read_column(rows: CheckedRows[dict[str, Any]], column: str, reader: CellReader) -> None:
    key, read = reader
    for index, cell in enumerate(rows.table.columns[column]):
        try:
            value = read(cell)
        except CellError as error:
            rows.reject(index, column, error.what, error.remedy)
        else:
            if value is not None and index in rows.facts:
                rows.facts[index][key] = value


def _reject_repeated_codes(rows: CheckedRows[dict[str, Any]]) -> None:
    first_rows: dict[str, int] = {}
    for index, facts in list(rows.facts.items()):
        first = first_rows.setdefault(facts["code"], index)
        if first != index:
            what = f"{facts['code']} stands in row {rows.table.row_numbers[first]} already."
            rows.reject(index, "code", what, "Keep one of the rows.")
