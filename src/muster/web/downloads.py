"""Lists sent as files."""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest

from muster.kernel import clock
from muster.kernel.tables import TableFormat
from muster.situation.exporting import ExportRequest, export_list
from muster.web.frame import get_actor

_IN_MEMORY_BYTES = 8 << 20


def send_export(request: HttpRequest, name: str, area_code: str, among: QuerySet[Any, Any], query: str) -> FileResponse:
    """Send a list of an area as the file that was asked for, CSV or Excel.

    Parameters
    ----------
    request
        Whose ``format`` says which.
    name, area_code
        One of the exports, and of where.
    among
        Numbers of the rows that a filter leaves.
    query
        The filter as an address says it, for the audit trail.
    """
    file_format: TableFormat = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    wanted = ExportRequest(name, area_code, file_format=file_format, among=among, query=query)
    # Not a context: the answer reads it to its end and closes it.
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES))  # noqa: SIM115
    export_list(wanted, file, actor=get_actor(request), now=clock.now())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}-{area_code}.{file_format}")
