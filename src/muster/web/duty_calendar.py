"""Duties of a person and shifts of a post as a calendar that phones and office programs read (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vGeo

from muster.duty.queries import PersonDuty, PostShift
from muster.kernel.clock import CITY_ZONE
from muster.web.words import is_chinese, say_name

DOMAIN = "muster"
"""Behind the at sign of every identifier; no machine's name, so that it stays the same wherever Muster runs."""


def write_person_calendar(name: str, duties: Sequence[PersonDuty]) -> bytes:
    """Write a person's duties; one that was called off takes itself out of a calendar that has it."""
    standing = {row.duty.shift_id for row in duties if not row.is_cancelled}
    events = []
    for row in duties:
        # Taken off a shift and put on it again, a person has one event of it: the one that stands.
        if row.is_cancelled and row.duty.shift_id in standing:
            continue
        event = _event(f"duty-{row.duty.person_id}-{row.duty.shift_id}", row.duty.shift, row.duty.changed_at)
        event.add("summary", f"{say_name(row.duty.shift.pattern)} {row.duty.shift.post.name}")
        event.add("status", "CANCELLED" if row.is_cancelled else "CONFIRMED")
        events.append(event)
    return _write(name, events)


def write_post_calendar(post: Any, shifts: Iterable[PostShift], *, are_named: bool) -> bytes:
    """Write a post's shifts, with who stands on each and how many are lacking."""
    events = []
    for row in shifts:
        row.shift.post = post
        changed_at = max((each.duty.changed_at for each in row.duties), default=row.shift.starts_at)
        event = _event(f"shift-{row.shift.pk}", row.shift, changed_at)
        event.add("summary", f"{say_name(row.shift.pattern)} {post.name}{_(': ')}{_say_who(row, are_named=are_named)}")
        event.add("status", "CONFIRMED")
        events.append(event)
    return _write(post.name, events)


def _say_who(row: PostShift, *, are_named: bool) -> str:
    names = [each.duty.person.name if are_named else "●" for each in row.duties]
    empty = [_("%(count)d empty") % {"count": row.missing}] if row.missing else []
    return ("、" if is_chinese() else ", ").join([*names, *empty])


def _event(number: str, shift: Any, changed_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{number}@{DOMAIN}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", shift.starts_at.astimezone(CITY_ZONE))
    event.add("dtend", shift.ends_at.astimezone(CITY_ZONE))
    event.add("location", shift.post.name)
    if shift.post.lat is not None and shift.post.lon is not None:
        event.add("geo", vGeo((shift.post.lat, shift.post.lon)))
    event.add("transp", "OPAQUE")
    return event


def _write(name: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Muster//Duties//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(CITY_ZONE))
    for event in events:
        calendar.add_component(event)
    # Whoever reads it elsewhere needs the rules of the city's zone, not only its name.
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
