"""Open gaps: every place with nobody, by age and by whose they are to close, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, may
from muster.clocks.actions import BY_HAND
from muster.clocks.kinds import GapKind
from muster.clocks.queries import GapClock, count_among, find_gap, list_pressing, read_gap_clocks
from muster.coverage.queries import count_gaps
from muster.duty.queries.covering import find_place
from muster.situation.board import Frame
from muster.situation.board_ages import AGES, ANY_AGE, GapFilters, list_owner_lines
from muster.situation.board_area import read_area
from muster.situation.board_changes import find_seen_until
from muster.situation.board_gap_card import read_people
from muster.situation.board_gaps import GapLine, list_gap_lines
from muster.web.frame import open_frame, screen, show
from muster.web.gaps.setting import find_stale
from muster.web.paging import read_page

COUNTED_LIMIT = 20_000
"""Of more gaps than this the offices are not counted on a page: the tree leads to them."""
MOST_DIGITS = 18
"""Of a gap's number in an address: databases take no longer one."""


@screen
@require_safe
def show_gaps(request: HttpRequest, code: str) -> HttpResponse:
    """Show the open gaps of an area: all, or those of a kind, an age or an office."""
    frame = open_frame(request, code)
    if frame.emergency is None:
        return show(request, "gaps/list.html", frame, tab="gaps", view=read_area(None, frame.area))
    filters = _read_filters(request, frame)
    among = filters.among(frame.now)
    counts = count_gaps(frame.emergency, frame.area)
    of_kind = counts[filters.kind] if filters.kind else sum(counts.values())
    total = count_among(frame.emergency, frame.area, among) if filters.is_narrow else of_kind
    page = read_page(request, total)
    gaps = list_pressing(frame.emergency, frame.area, among, offset=page.offset, limit=page.rows)
    return show(
        request,
        "gaps/list.html",
        frame,
        tab="gaps",
        lines=_list_rows(list_gap_lines(gaps), read_gap_clocks(frame.emergency, gaps, frame.now)),
        card=_read_card(request, frame),
        stands_since=find_stale(frame),
        page=page,
        filters=filters,
        kinds=[
            (choice.value, choice.label, counts[choice.value])
            for choice in GapKind
            if counts[choice.value] or choice == filters.kind
        ],
        ages=[(age.slug, _say_age(age.slug)) for age in AGES],
        owners=list_owner_lines(frame.emergency, frame.area, frame.now, filters.kind)
        if of_kind <= COUNTED_LIMIT
        else (),
        gaps_total=sum(counts.values()),
        seen_until=find_seen_until(frame.actor),
        view=read_area(frame.emergency, frame.area),
    )


@dataclass(frozen=True)
class Row:
    """A gap of the list, and how far its clock has come."""

    line: GapLine
    clock: GapClock


def _list_rows(lines: Sequence[GapLine], clocks: Mapping[int, GapClock]) -> list[Row]:
    return [Row(line, clocks[line.gap.pk]) for line in lines]


@dataclass(frozen=True)
class Card:
    """A gap, looked at closely: its clock, what happened to it, whom it is about, and what may be done."""

    row: Row
    place: str
    people: Sequence[Any]
    may_act: bool
    closes_by_hand: bool

    @property
    def gap(self) -> Any:
        """Return the gap itself."""
        return self.row.line.gap


def _read_card(request: HttpRequest, frame: Frame) -> Card | None:
    """Read the gap that the address asks for; what is not there or not to be seen asks for nothing."""
    number = request.GET.get("gap", "")
    gap = find_gap(frame.actor, int(number)) if number.isdecimal() and len(number) < MOST_DIGITS else None
    if gap is None or frame.emergency is None or gap.emergency_id != frame.emergency.pk:
        return None
    [row] = _list_rows(list_gap_lines([gap]), read_gap_clocks(frame.emergency, [gap], frame.now))
    return Card(
        row=row,
        place=find_place(frame.emergency, gap.subject) if row.line.starts_at else "",
        people=read_people(frame.actor, gap),
        may_act=gap.closed_at is None and may(frame.actor, Right.REPORT, gap.area),
        closes_by_hand=gap.kind in BY_HAND,
    )


def _read_filters(request: HttpRequest, frame: Frame) -> GapFilters:
    """Read the filters of an address; what it does not know asks for nothing.

    Raises
    ------
    NotFoundError
        If it names an office that is not there, or not for this actor to see.
    """
    kind, owner = request.GET.get("kind", ""), request.GET.get("owner", "")
    ages = {age.slug: age for age in AGES}
    return GapFilters(
        kind=GapKind(kind) if kind in GapKind.values else None,
        age=ages.get(request.GET.get("age", ""), ANY_AGE),
        owner=access_area(frame.actor, owner) if owner else None,
    )


def _say_age(slug: str) -> str:
    return {"hours": _("under 8 h"), "day": _("8 h to 1 day"), "days": _("1 to 3 days"), "old": _("over 3 days")}[slug]
