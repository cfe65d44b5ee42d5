"""The duties of one person and the shifts of one post: what comes, what was, rest, and the calendar of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from muster.access.kinds import Right
from muster.access.queries import access_area, access_person, may
from muster.duty.actions import note_roster_taken
from muster.duty.queries import (
    Load,
    get_load,
    get_post,
    get_rest_limits,
    list_person_duties,
    list_post_shifts,
)
from muster.kernel import clock
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.situation.board import Frame
from muster.situation.board_people import seat_of
from muster.web.duty_calendar import write_person_calendar, write_post_calendar
from muster.web.frame import get_actor, open_frame, screen, show

BEFORE_DAYS = 28
AHEAD_DAYS = 35
ICS = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Span:
    """The days that a page or calendar tells of: four weeks back, five ahead."""

    starts_on: date
    today: date
    ends_on: date

    @property
    def last_on(self) -> date:
        """Return the last day."""
        return self.ends_on - timedelta(days=1)


@screen
@require_safe
def show_duties(request: HttpRequest, code: str) -> HttpResponse:
    """Show a person's duties: those to come, those past and whether they came, their rest and their load."""
    person = access_person(get_actor(request), code)
    area = seat_of(person)
    frame = _open_near(request, area.code if area else None)
    span = _span(frame.now)
    duties = list_person_duties(person, span.starts_on, span.ends_on)
    coming = [row for row in duties if row.duty.ends_at > frame.now and not row.is_cancelled]
    return show(
        request,
        "person_duties.html",
        frame,
        tab="",
        person=person,
        span=span,
        coming=coming,
        past=[row for row in reversed(duties) if row.duty.ends_at <= frame.now and not row.is_cancelled],
        called_off=[row for row in reversed(duties) if row.is_cancelled],
        loads=_read_loads(frame, person, span),
        shortest=min((row.rest_before for row in coming if row.rest_before), default=None),
        rest=get_rest_limits(frame.emergency) if frame.emergency else None,
    )


@screen
@require_safe
def take_duties(request: HttpRequest, code: str) -> HttpResponse:
    """Send a person's duties as a calendar."""
    person = access_person(get_actor(request), code)
    span = _span(clock.now())
    duties = list_person_duties(person, span.starts_on, span.ends_on)
    return _send(request, code, span, person.name, write_person_calendar(person.name, duties))


@screen
@require_safe
def show_post(request: HttpRequest, code: str) -> HttpResponse:
    """Show a post: what it needs, who stands there in the days to come, and who stood there."""
    post, frame = _open_post(request, code)
    span = _span(frame.now)
    shifts = list_post_shifts(post, span.starts_on, span.ends_on)
    coming = [row for row in shifts if row.shift.ends_at > frame.now]
    past = [row for row in reversed(shifts) if row.shift.ends_at <= frame.now]
    return show(
        request,
        "post.html",
        frame,
        tab="roster",
        post=post,
        span=span,
        coming=coming,
        past=past,
        missing=sum(row.missing for row in coming),
        needed=sum(row.shift.needed for row in coming),
        past_needed=sum(row.shift.needed for row in past),
        past_came=sum(duty.came_at is not None for row in past for duty in row.duties),
        people=len({duty.duty.person_id for row in shifts for duty in row.duties}),
    )


@screen
@require_safe
def take_shifts(request: HttpRequest, code: str) -> HttpResponse:
    """Send a post's shifts as a calendar; without names where the actor may not see them."""
    post, frame = _open_post(request, code)
    span = _span(frame.now)
    shifts = list_post_shifts(post, span.starts_on, span.ends_on)
    are_named = may(frame.actor, Right.SEE_PEOPLE, post.area)
    return _send(request, code, span, post.name, write_post_calendar(post, shifts, are_named=are_named))


def _open_post(request: HttpRequest, code: str) -> tuple[Any, Frame]:
    post = get_post(code)
    access_area(get_actor(request), post.area.code)
    return post, open_frame(request, post.area.code)


def _open_near(request: HttpRequest, code: str | None) -> Frame:
    """Open the frame on an area, or on the actor's own where that one is out of their sight."""
    try:
        return open_frame(request, code)
    except NotFoundError:
        return open_frame(request)


def _span(now: datetime) -> Span:
    today = now.astimezone(CITY_ZONE).date()
    return Span(today - timedelta(days=BEFORE_DAYS), today, today + timedelta(days=AHEAD_DAYS))


def _read_loads(frame: Frame, person: Any, span: Span) -> Sequence[Load]:
    """Read what a person carried in the four weeks before today, carries this week, and will carry from today on."""
    if frame.emergency is None:
        return ()
    monday = span.today - timedelta(days=span.today.weekday())
    spans = (
        (span.starts_on, span.today),
        (monday, monday + timedelta(days=7)),
        (span.today, span.ends_on),
    )
    return [get_load(frame.emergency, person, *each) for each in spans]


def _send(request: HttpRequest, code: str, span: Span, name: str, calendar: bytes) -> HttpResponse:
    note_roster_taken(
        actor=get_actor(request),
        now=clock.now(),
        subject_id=code,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        file_format="ics",
    )
    answer = HttpResponse(calendar, content_type=ICS)
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{name}.ics"))
    return answer
