"""Tables as offices have them: read whole with every problem named by its place, written for Excel."""

from muster.kernel.tables.reading import Table, as_table, read_table
from muster.kernel.tables.report import ImportReport, Rejection, write_rejects
from muster.kernel.tables.writing import TableFormat, write_form, write_table

__all__ = [
    "ImportReport",
    "Rejection",
    "Table",
    "TableFormat",
    "as_table",
    "read_table",
    "write_form",
    "write_rejects",
    "write_table",
]
