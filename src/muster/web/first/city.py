"""The second step: choosing the city or county in the national tree, or bringing a list of divisions of one's own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from muster.access.queries import may_found
from muster.intake.founding import check_founding, found_city, leave_city, read_divisions
from muster.kernel import clock
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.tables import ImportReport, Table
from muster.territory.national import (
    DEPTHS,
    count_national,
    get_division,
    has_national_tree,
    list_above,
    list_divisions,
    read_national,
    search_divisions,
)
from muster.territory.queries import list_levels
from muster.web.frame import get_actor, screen
from muster.web.imports import running
from muster.web.imports.screens import MOST_BYTES
from muster.web.refusals import say_refusal, say_sentence

_MOST_FAULTS = 20
_RUN = 0
"""Founding has no number among the imports: it is the one before the first."""


@screen
@require_safe
def show_city(request: HttpRequest) -> HttpResponse:
    """Show the search, what was found, and what lies beneath the division that is chosen."""
    return _show(request)


def _show(request: HttpRequest, *, status: int = 200, **told: Any) -> HttpResponse:
    progress = running.read_progress(_RUN)
    if progress is not None and not progress.failed:
        return render(request, "first/running.html", {"progress": progress})
    if progress is not None:
        running.forget(_RUN)
        messages.error(request, " ".join(map(say_sentence, progress.failed)))
    if not may_found(get_actor(request)):
        return redirect("first_steps")
    return render(request, "first/city.html", {**_read_choice(request), **told}, status=status)


def _read_choice(request: HttpRequest) -> dict[str, Any]:
    if not has_national_tree():
        return {"has_tree": False}
    typed, within, code = (request.GET.get(name, "").strip() for name in ("q", "within", "code"))
    found = search_divisions(typed) if typed else list_divisions(within) if within else []
    chosen = get_division(code) if code else None
    beneath = count_national(code) if chosen and chosen.may_be_taken else []
    levels = {level.slug: level for level in list_levels()}
    return {
        "has_tree": True,
        "typed": typed,
        "within": within,
        "found": [(each, list_above(each), levels[each.level]) for each in found],
        "provinces": list_divisions(),
        "chosen": chosen,
        "above": list_above(chosen) if chosen else (),
        "beneath": [(levels[slug], many) for slug, many in beneath],
        "depths": [levels[slug] for slug in DEPTHS],
    }


@screen
@require_safe
def show_progress(request: HttpRequest) -> HttpResponse:
    """Show how far the work is; when it is done, the page comes anew."""
    progress = running.read_progress(_RUN)
    if progress is None or progress.failed:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "first/progress.html", {"progress": progress})


@screen
@require_POST
def take_division(request: HttpRequest) -> HttpResponse:
    """Take the chosen division, with all beneath it, as the first areas."""
    depth = request.POST.get("depth", "")
    table = read_national(request.POST.get("code", ""), deepest=depth if depth in DEPTHS else DEPTHS[0])
    return _found(request, table)


@screen
@require_POST
def take_file(request: HttpRequest) -> HttpResponse:
    """Take a list of divisions from a file, whole or not at all; what is wrong with it is told row by row."""
    upload = request.FILES.get("file")
    try:
        if not isinstance(upload, UploadedFile):
            raise RuleError("No file was chosen.", remedy="Choose one, or drop it onto the field.")
        table = _read_upload(upload)
        report = check_founding(table, actor=get_actor(request), now=clock.now())
    except NotAllowedError:
        raise
    except MusterError as error:
        return _show(request, status=409, refusal=say_refusal(error))
    if report.rejections:
        return _show(request, status=409, report=report, faults=_list_faults(report))
    return _found(request, table)


@screen
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take the first areas back, and lead to the choice of others."""
    try:
        leave_city(actor=get_actor(request), now=clock.now())
    except RuleError as error:
        refusal = say_refusal(error)
        messages.error(request, f"{refusal.what} {refusal.remedy}")
        return redirect("first_steps")
    return redirect("first_city")


def _read_upload(upload: UploadedFile[Any]) -> Table:
    name = Path(upload.name or "").name
    if (upload.size or 0) > MOST_BYTES:
        what = f"The file has {(upload.size or 0) >> 20} MB; the desk takes {MOST_BYTES >> 20} MB."
        raise RuleError(what, remedy="Divide the list, or use the command line.")
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return read_divisions(Path(file.name), name)


def _list_faults(report: ImportReport) -> list[tuple[int, str, str]]:
    """List the first rows that cannot be taken: their number, what is wrong, and what to do."""
    return [
        (report.table.row_numbers[each.index], say_sentence(each.what), say_sentence(each.remedy))
        for each in report.rejections[:_MOST_FAULTS]
    ]


def _found(request: HttpRequest, table: Table) -> HttpResponse:
    actor, now = get_actor(request), clock.now()

    def found(progress: Callable[[int, int], None]) -> None:
        found_city(table, actor=actor, now=now, progress=progress)

    try:
        running.run(_RUN, found, rows=len(table))
    except NotAllowedError:
        raise
    except MusterError as error:
        return _show(request, status=409, refusal=say_refusal(error))
    return redirect("first_city")
