"""What an import did, and the rows it could not take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from muster.kernel.tables.reading import Table
from muster.kernel.tables.writing import TableFormat, write_table

WHY_COLUMN = "why"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason why one row was not taken.

    Parameters
    ----------
    index
        Place of the row in the table, counted from 0.
    column
        The column concerned, or empty when it is the whole row.
    what
        What is wrong.
    remedy
        What to do about it.
    """

    index: int
    column: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do in a dry run.

    Parameters
    ----------
    table
        The table that was read.
    created, updated, unchanged
        Numbers of rows.
    rejections
        Why rows were not taken; one row may have several reasons.
    notes
        Plain remarks, such as columns that were not used.
    is_dry_run
        Whether nothing was written.
    """

    table: Table
    created: int
    updated: int
    unchanged: int
    rejections: Sequence[Rejection] = ()
    notes: Sequence[str] = field(default=())
    is_dry_run: bool = False

    @property
    def rejected(self) -> int:
        """Number of rows not taken."""
        return len({rejection.index for rejection in self.rejections})

    def describe(self, rejection: Rejection) -> str:
        """Return a rejection with file, sheet, row and column, as a person reads it."""
        place = self.table.place_of(rejection.index, rejection.column)
        return " ".join(part for part in (f"{place}: {rejection.what}", rejection.remedy) if part)


def write_rejects(path: Path, table: Table, rejections: Sequence[Rejection]) -> int:
    """Write the rows that were not taken, as they were read, with why; to be mended and imported again.

    Parameters
    ----------
    path
        CSV or XLSX file to write, by its suffix.
    table
        The table that was read.
    rejections
        Reasons, by row.

    Returns
    -------
    int
        How many rows were written.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    for rejection in rejections:
        text = " ".join(part for part in (rejection.what, rejection.remedy) if part)
        reasons[rejection.index].append(f"{rejection.column}: {text}" if rejection.column else text)
    names = [name for name in table.columns if name != WHY_COLUMN]
    rows = ([*(table.columns[name][index] for name in names), "; ".join(reasons[index])] for index in sorted(reasons))
    file_format: TableFormat = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
    return write_table(path, [*names, WHY_COLUMN], rows, file_format=file_format)
