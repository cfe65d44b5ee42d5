"""What changed since an account looked: a part of the board, and a page with every row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from muster.situation.actions import mark_seen
from muster.situation.board_changes import COUNTED_LIMIT, ChangeKind, Changes, read_changes
from muster.web.frame import open_frame, screen, show

PART_ROWS = 3
PAGE_ROWS = 100


@dataclass(frozen=True)
class Counted:
    """How much of one kind changed, in words."""

    kind: ChangeKind
    words: str
    is_gap: bool


@screen
@require_safe
def show_changes(request: HttpRequest, code: str) -> HttpResponse:
    """Show what changed in an area: as a part of its page, or on a page of its own."""
    frame = open_frame(request, code)
    is_part = request.headers.get("HX-Target") == "changes"
    asked = request.GET.get("kind", "")
    kind = ChangeKind(asked) if asked in set(ChangeKind) else None
    changes = None
    if frame.emergency is not None:
        limit = PART_ROWS if is_part else PAGE_ROWS
        changes = read_changes(frame.actor, frame.emergency, frame.area, frame.now, kind=kind, limit=limit)
    context: dict[str, Any] = {
        "changes": changes,
        "counted": _list_counted(changes) if changes else [],
        "kind": kind or "",
    }
    if is_part:
        return render(request, "parts/changes_seen.html", {"frame": frame, **context})
    return show(request, "changes.html", frame, tab="", **context)


@screen
@require_POST
def see_changes(request: HttpRequest, code: str) -> HttpResponse:
    """Mark what changed as seen, up to when the list was drawn."""
    frame = open_frame(request, code)
    drawn_at = _read_moment(request.POST.get("until", ""))
    mark_seen(actor=frame.actor, seen_until=min(drawn_at or frame.now, frame.now))
    return redirect("area", frame.area.code)


def _read_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.utcoffset() is not None else None


def _list_counted(changes: Changes) -> list[Counted]:
    return [
        Counted(kind, _say_count(kind, count), kind is ChangeKind.GAP_OPENED)
        for kind, count in changes.counts.items()
        if count
    ]


def _say_count(kind: ChangeKind, count: int) -> str:
    forms = {
        ChangeKind.GAP_OPENED: ngettext("%(count)s gap opened", "%(count)s gaps opened", count),
        ChangeKind.GAP_CLOSED: ngettext("%(count)s gap closed", "%(count)s gaps closed", count),
        ChangeKind.APPOINTED: _("%(count)s appointed"),
        ChangeKind.ENDED: _("%(count)s ended"),
        ChangeKind.PAIRED: _("%(count)s paired"),
        ChangeKind.UNPAIRED: ngettext("%(count)s pairing ended", "%(count)s pairings ended", count),
        ChangeKind.PUBLISHED: ngettext("%(count)s plan published", "%(count)s plans published", count),
    }
    return forms[kind] % {"count": f"{COUNTED_LIMIT:,}+" if count > COUNTED_LIMIT else f"{count:,}"}
