"""Files to take away: a form to fill in for each kind of list, and the rows that were kept aside."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.access.queries import may_found
from muster.intake.lists import TYPES
from muster.intake.queries import access_import, access_import_scope, list_columns, list_rejects
from muster.kernel.tables import write_form, write_table
from muster.web.frame import get_actor, screen
from muster.web.refusals import say_sentence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_FORMS = frozenset({"code", "synthetic", "position_synthetic", "identity", "address", "in_city", "in_county"})


@screen
@require_safe
def download_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a form for a kind of list: its head in both languages, and how each column is filled in."""
    actor = get_actor(request)
    if not may_found(actor):
        access_import_scope(actor)
    if kind not in TYPES:
        raise Http404
    columns = [
        each for each in list_columns(kind) if each.name not in _NOT_IN_FORMS or each.name in TYPES[kind].example
    ]
    needed = TYPES[kind].needed[:1]
    notes = [
        [
            each.chinese,
            each.english,
            TYPES[kind].example.get(each.name, ""),
            "必填 required" if each.name in needed else "",
            "、".join(each.headings[1:6]),
        ]
        for each in columns
    ]
    file = io.BytesIO()
    write_form(
        file,
        ("填写 Fill in", [each.chinese for each in columns], [each.english for each in columns]),
        ("说明 Notes", ["栏目", "Column", "示例 Example", "要求 Needed", "也可写作 Also known as"], notes),
    )
    return _attach(file, f"muster-{kind}.xlsx")


@screen
@require_safe
def download_rejects(request: HttpRequest, number: int) -> HttpResponse:
    """Give the rows that were kept aside, with why; mended there, the file can be brought again."""
    titles, rows = list_rejects(access_import(get_actor(request), number))
    width = len(titles)
    named = [title or f"({place})" for place, title in enumerate(titles, 1)]
    told = [[*row[:width], "; ".join(say_sentence(text) for text in row[width:])] for row in rows]
    file = io.BytesIO()
    write_table(file, [*named, _("why")], told, file_format="xlsx")
    return _attach(file, f"muster-import-{number}-rejects.xlsx")


def _attach(file: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
