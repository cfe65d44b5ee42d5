"""A roster to take along: on paper for the wall, and as a formatted workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area
from muster.duty.actions import note_roster_taken
from muster.duty.queries import PatternWords, RosterView, list_roster
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.situation.board import Frame
from muster.situation.board_names import name_areas
from muster.situation.board_roster import WHOLE_SHIFTS_LIMIT, count_shifts
from muster.web.frame import open_frame, screen
from muster.web.roster_asking import Asked, read_asked
from muster.web.roster_grid import draw_days, draw_people, draw_posts, say_times
from muster.web.roster_sheet import SheetWords, write_sheet
from muster.web.words import is_chinese, say_clock, say_day, say_name

PAPERS = ("a4", "a3")
PAPER_ROWS = 600
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen
@require_safe
def show_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Show a roster as it hangs on the wall: title, days, legend, lines to sign."""
    frame, asked = _open(request, code, Right.SEE_PEOPLE)
    roster = _read(frame, asked)
    days = draw_days(roster.days, frame.now.astimezone(CITY_ZONE).date())
    is_posts = asked.by == "posts"
    rows = (
        draw_posts(roster.posts, days, are_named=True) if is_posts else draw_people(roster.people, days, are_named=True)
    )
    if len(rows) > PAPER_ROWS:
        raise RuleError(
            f"The roster has {len(rows)} rows, too many to hang on a wall.",
            remedy="Open a part of the area and print that, or take the workbook.",
        )
    paper = request.GET.get("paper", "")
    return render(
        request,
        "roster_paper.html",
        {
            "frame": frame,
            "asked": asked,
            "words": _words(frame, asked, roster),
            "days": days,
            "lines": rows,
            "roster": roster,
            "paper": paper if paper in PAPERS else PAPERS[0],
            "papers": PAPERS,
        },
    )


@screen
@require_safe
def take_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Send a roster as a workbook: people by days on its first sheet, posts by days on its second."""
    frame, asked = _open(request, code, Right.EXPORT)
    access_area(frame.actor, code, right=Right.SEE_PEOPLE)
    roster = _read(frame, asked)
    note_roster_taken(
        actor=frame.actor,
        now=frame.now,
        subject_id=code,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        file_format="xlsx",
    )
    words = _words(frame, asked, roster)
    answer = HttpResponse(write_sheet(roster, words), content_type=XLSX)
    name = f"{_('Roster')} {frame.area.name} {asked.starts_on.isoformat()}.xlsx"
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


def _open(request: HttpRequest, code: str, right: Right) -> tuple[Frame, Asked]:
    frame = open_frame(request, code)
    access_area(frame.actor, code, right=right)
    return frame, read_asked(request, code, frame.now)


def _read(frame: Frame, asked: Asked) -> RosterView:
    span = asked.span(frame)
    if count_shifts(span.emergency, span.area, span.starts_on, span.ends_on) > WHOLE_SHIFTS_LIMIT:
        raise RuleError("Too large to read at once.", remedy="Choose a part.")
    return list_roster(span.emergency, span.area, span.starts_on, span.ends_on)


def _words(frame: Frame, asked: Asked, roster: RosterView) -> SheetWords:
    place = name_areas([frame.area.code]).get(frame.area.code, frame.area.name)
    found = {row.pattern.slug: (row.pattern, cell) for row in roster.posts for cell in row.cells.values()}
    patterns = sorted(found.values(), key=lambda each: each[1].starts_at.astimezone(CITY_ZONE).time())
    return SheetWords(
        title=_("Duty roster of %(place)s") % {"place": place},
        span=f"{say_day(asked.starts_on)} – {say_day(asked.last_on)} {asked.starts_on.year}"
        if not is_chinese()
        else f"{asked.starts_on.year}年{say_day(asked.starts_on)}至{say_day(asked.last_on)}",
        as_of=_("as of %(moment)s") % {"moment": say_clock(frame.now)},
        legend=[f"{_short(pattern)} {say_name(pattern)} {say_times(cell)}" for pattern, cell in patterns],
        invented=_("Exercise: people and duties are invented.") if frame.is_invented else "",
    )


def _short(pattern: PatternWords) -> str:
    return pattern.short_zh if is_chinese() else pattern.short_en
