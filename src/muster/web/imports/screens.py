"""The screens of an import, from the file that is dropped to the import that is undone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muster.intake import actions
from muster.intake.kinds import ImportState, ListKind
from muster.intake.queries import (
    Import,
    access_import,
    access_import_scope,
    find_known_head,
    list_column_lines,
    list_columns,
    list_imports,
    list_obstacles,
    list_scope_choices,
    read_found,
    read_sheet,
)
from muster.kernel import clock
from muster.kernel.cells import CellError, read_day
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError, RuleError
from muster.situation.board import Frame
from muster.web.first.steps import find_next_step
from muster.web.frame import get_actor, open_frame, screen, show
from muster.web.imports import running
from muster.web.imports.obstacles import say_rows
from muster.web.imports.preview import read_mended, read_preview, say_column
from muster.web.paging import read_page
from muster.web.refusals import say_refusal, say_sentence

MOST_BYTES = 60 << 20


@screen
@require_safe
def show_imports(request: HttpRequest) -> HttpResponse:
    """Show where to drop a list, the forms to fill in, and the history of imports."""
    actor = get_actor(request)
    area = access_import_scope(actor, request.GET.get("area", ""))
    page = read_page(request, list_imports(actor).count())
    rows = list(list_imports(actor)[page.offset : page.end])
    frame = open_frame(request, area.code)
    told: dict[str, Any] = {"kinds": ListKind, "rows": rows, "page": page, "first_next": find_next_step(frame)}
    return show(request, "imports/list.html", frame, tab="", **told)


@screen
@require_POST
def bring_list(request: HttpRequest) -> HttpResponse:
    """Take in a file, and show what was recognized: its columns, or its rows where these were confirmed before."""
    actor = get_actor(request)
    area = access_import_scope(actor, request.POST.get("area", ""))
    upload = request.FILES.get("file")
    kind = request.POST.get("kind", "")
    try:
        if not isinstance(upload, UploadedFile):
            raise RuleError("No file was chosen.", remedy="Choose one, or drop it onto the field.")
        brought = _bring(upload, kind if kind in ListKind.values else "", actor=actor, area=area)
        if brought.is_confirmed:
            _check(request, brought)
    except (NotAllowedError, NotFoundError):
        raise
    except MusterError as error:
        _tell(request, error)
        return redirect(f"{reverse('imports')}?area={area.code}")
    return redirect("import", brought.pk)


def _bring(upload: UploadedFile[Any], kind: str, **who: Any) -> Import:
    name = Path(upload.name or "").name
    if (upload.size or 0) > MOST_BYTES:
        what = f"The file has {(upload.size or 0) >> 20} MB; the desk takes {MOST_BYTES >> 20} MB."
        raise RuleError(what, remedy="Divide the list, or use the command line.")
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix[:8]) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return actions.bring(now=clock.now(), path=Path(file.name), file_name=name, kind=kind, **who)


@screen
@require_safe
def show_import(request: HttpRequest, number: int) -> HttpResponse:
    """Show an import as far as it is: its columns, its rows, or what came of it."""
    brought = access_import(get_actor(request), number)
    frame = open_frame(request, brought.area.code if brought.area else None)
    progress = running.read_progress(number)
    if progress is not None and not progress.failed:
        return show(request, "imports/running.html", frame, tab="", brought=brought, progress=progress)
    if progress is not None:
        running.forget(number)
        messages.error(request, " ".join(map(say_sentence, progress.failed)))
    if brought.state != ImportState.OPEN:
        return _show_done(request, brought, frame)
    if not brought.is_confirmed or request.GET.get("step") == "columns":
        return _show_columns(request, brought, frame)
    return _show_preview(request, brought, frame)


@screen
@require_safe
def show_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far the work on a list is; when it is done, the page comes anew."""
    brought = access_import(get_actor(request), number)
    progress = running.read_progress(number)
    if progress is None or progress.failed:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "imports/progress.html", {"brought": brought, "progress": progress})


def _show_columns(request: HttpRequest, brought: Import, frame: Frame) -> HttpResponse:
    sheet = read_sheet(brought)
    meanings = [(each.name, say_column(each.name, brought.kind)) for each in list_columns(brought.kind)]
    return show(
        request,
        "imports/columns.html",
        frame,
        tab="",
        brought=brought,
        sheet=sheet,
        lines=list_column_lines(brought, sheet),
        meanings=[each for each in meanings if each[0] != "identity"],
        kinds=ListKind,
        known=find_known_head(sheet),
        areas=list_scope_choices(get_actor(request), frame.area),
    )


def _show_preview(request: HttpRequest, brought: Import, frame: Frame) -> HttpResponse:
    sheet = read_sheet(brought)
    found = read_found(brought)
    return show(
        request,
        "imports/preview.html",
        frame,
        tab="",
        brought=brought,
        sheet=sheet,
        found=found,
        notes=[say_sentence(note) for note in found.notes],
        known=find_known_head(sheet),
        preview=read_preview(request, brought, sheet, found),
        is_checked=bool(brought.checked),
    )


def _show_done(request: HttpRequest, brought: Import, frame: Frame) -> HttpResponse:
    obstacles = [(say_rows(each.label), each) for each in list_obstacles(brought)]
    return show(
        request,
        "imports/done.html",
        frame,
        tab="",
        brought=brought,
        notes=[say_sentence(note) for note in read_found(brought).notes],
        obstacles=obstacles,
        kept_days=actions.KEPT_DAYS,
        first_next=find_next_step(frame),
    )


@screen
@require_POST
def choose_list_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Choose another kind, sheet, head or area for a list."""
    actor = get_actor(request)
    brought = access_import(actor, number)
    kind, head = request.POST.get("kind", ""), request.POST.get("head", "")
    area = access_import_scope(actor, request.POST.get("area", ""))
    return _act(
        request,
        brought,
        lambda: actions.choose_sheet(
            brought=brought,
            kind=kind if kind in ListKind.values else brought.kind,
            sheet=request.POST.get("sheet", brought.sheet),
            head_at=int(head) - 1 if head.isdecimal() and int(head) else -1,
            area=area,
        ),
        step="columns",
    )


@screen
@require_POST
def confirm_list_columns(request: HttpRequest, number: int) -> HttpResponse:
    """Take over what each column means, and check the list."""
    actor = get_actor(request)
    brought = access_import(actor, number)
    columns = {
        name.removeprefix("column-"): str(text) for name, text in request.POST.items() if name.startswith("column-")
    }

    def confirm() -> None:
        try:
            consented_on = read_day(request.POST.get("consented_on", ""))
        except CellError as error:
            raise RuleError(error.what, remedy=error.remedy) from error
        actions.confirm_columns(
            actor=actor, now=clock.now(), brought=brought, columns=columns, consented_on=consented_on
        )
        _check(request, brought)

    return _act(request, brought, confirm, step="columns")


@screen
@require_POST
def mend_cells(request: HttpRequest, number: int) -> HttpResponse:
    """Mend cells, leave rows out, and check the list anew."""
    brought = access_import(get_actor(request), number)
    sheet = read_sheet(brought)
    cells, left_out = read_mended(request, brought, sheet)

    def mend() -> None:
        actions.mend(brought=brought, cells=cells, left_out=left_out, is_everywhere="everywhere" in request.POST)
        _check(request, brought)

    return _act(request, brought, mend)


@screen
@require_POST
def take_list(request: HttpRequest, number: int) -> HttpResponse:
    """Take the list: all of it, or what is right, with the rest kept aside."""
    actor = get_actor(request)
    brought = access_import(actor, number)
    is_partial = "partial" in request.POST

    def take(progress: Callable[[int, int], None]) -> None:
        actions.take(actor=actor, now=clock.now(), brought=brought, is_partial=is_partial, progress=progress)

    return _act(request, brought, lambda: running.run(number, take, rows=brought.rows_total))


@screen
@require_POST
def drop_list(request: HttpRequest, number: int) -> HttpResponse:
    """Drop a list that is not to be taken."""
    brought = access_import(get_actor(request), number)
    code = brought.area.code if brought.area else ""
    try:
        actions.drop(brought=brought)
    except RuleError as error:
        _tell(request, error)
    return redirect(f"{reverse('imports')}?area={code}")


@screen
@require_POST
def undo_import(request: HttpRequest, number: int) -> HttpResponse:
    """Undo an import whole."""
    actor = get_actor(request)
    brought = access_import(actor, number)

    def undo() -> None:
        rows = brought.created + brought.updated
        running.run(number, lambda _: actions.undo(actor=actor, now=clock.now(), brought=brought), rows=rows)
        if not running.is_running(number):
            messages.success(request, _("The import is undone. Everything is as it was before."))

    return _act(request, brought, undo)


def _check(request: HttpRequest, brought: Import) -> None:
    actor, now = get_actor(request), clock.now()

    def check(progress: Callable[[int, int], None]) -> None:
        actions.check(actor=actor, now=now, brought=brought, progress=progress)

    running.run(brought.pk, check, rows=brought.rows_total)


def _act(request: HttpRequest, brought: Import, act: Callable[[], object], *, step: str = "") -> HttpResponse:
    """Act, and lead back to the import; a refusal is told there."""
    address = reverse("import", args=[brought.pk])
    try:
        act()
    except (NotAllowedError, NotFoundError):
        raise
    except MusterError as error:
        _tell(request, error)
        return redirect(f"{address}?step={step}" if step else address)
    return redirect(address)


def _tell(request: HttpRequest, error: MusterError) -> None:
    refusal = say_refusal(error)
    where = f"{error.where}: " if error.where else ""
    messages.error(request, f"{where}{refusal.what} {refusal.remedy}".strip())
