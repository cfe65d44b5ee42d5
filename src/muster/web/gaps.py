"""Open gaps: every place with nobody, oldest first, with its owner."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from muster.clocks.kinds import GapKind
from muster.clocks.queries import list_pressing
from muster.coverage.queries import count_gaps
from muster.situation.board_area import read_area
from muster.situation.board_gaps import list_gap_lines
from muster.web.frame import open_frame, screen, show
from muster.web.paging import read_page


@screen
@require_safe
def show_gaps(request: HttpRequest, code: str) -> HttpResponse:
    """Show the open gaps of an area, of all kinds or of one."""
    frame = open_frame(request, code)
    asked = request.GET.get("kind", "")
    if frame.emergency is None:
        return show(request, "gaps.html", frame, tab="gaps", view=read_area(None, frame.area))
    counts = count_gaps(frame.emergency, frame.area)
    kind = GapKind(asked) if asked in GapKind.values else None
    page = read_page(request, counts[kind] if kind else sum(counts.values()))
    gaps = list_pressing(frame.emergency, frame.area, kind, offset=page.offset, limit=page.rows)
    return show(
        request,
        "gaps.html",
        frame,
        tab="gaps",
        lines=list_gap_lines(gaps),
        page=page,
        kind=asked,
        kinds=[(choice.value, choice.label, counts[choice.value]) for choice in GapKind],
        gaps_total=sum(counts.values()),
        view=read_area(frame.emergency, frame.area),
    )
