"""What a record keeps and why, and what happened to it: read from dated rows and from the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from muster.coverage.models import Appointment, Pairing
from muster.kernel.audit import list_entries
from muster.kernel.clock import CITY_ZONE
from muster.kernel.kinds import Verb
from muster.membership.models import Membership
from muster.organizations.models import AllianceSeat, Organization
from muster.people.models import Absence, Person

EVENTS = 60
"""So many of the newest events are told."""
KEPT = (
    *("name", "code", "phone", "home_area", "work_area", "abilities", "restrictions", "may_serve"),
    *("max_appointments", "max_week_min", "consented_at", "is_synthetic"),
)
"""Fields of a person that are kept, in the order in which a page tells them."""
_TOLD = frozenset({Verb.MERGED, Verb.MERGE_UNDONE, Verb.KEPT_APART, Verb.PHONE_SHOWN, Verb.OFFER_CHANGED})
"""Acts of the trail that no dated row tells of."""


@dataclass(frozen=True, slots=True)
class KeptFact:
    """One thing that is kept about a person: the name of its field, what it says, and why it is kept."""

    name: str
    value: Any
    why: str | Promise


class EventKind(StrEnum):
    """What happened to a record."""

    APPOINTED = "appointed"
    ENDED = "ended"
    JOINED = "joined"
    LEFT = "left"
    AWAY = "away"
    PAIRED = "paired"
    UNPAIRED = "unpaired"
    SEATED = "seated"
    UNSEATED = "unseated"
    MERGED = "merged"
    MERGE_UNDONE = "merge_undone"
    KEPT_APART = "kept_apart"
    PHONE_SHOWN = "phone_shown"
    OFFER_CHANGED = "offer_changed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record.

    Parameters
    ----------
    at, is_day
        When; of what has only a day, its beginning.
    kind
        What.
    row
        The row that tells of it, such as an appointment; None for an act of the trail.
    by
        Who did it, where that is known.
    detail
        What an act of the trail says beside it.
    """

    at: datetime
    kind: EventKind
    row: Any = None
    by: str = ""
    detail: Mapping[str, Any] | None = None
    is_day: bool = False


def list_kept(person: Person) -> list[KeptFact]:
    """List everything that is kept about a person; of a telephone number only that there is one."""
    facts = []
    for name in KEPT:
        field = Person._meta.get_field(name)
        value = bool(person.phone_index) if name == "phone" else getattr(person, name)
        facts.append(KeptFact(name, value, getattr(field, "help_text", "")))
    return facts


def list_person_events(person: Person) -> list[Event]:
    """List what happened to a person's record, newest first."""
    codes = [person.code, *person.former_codes.values_list("code", flat=True)]
    appointments = Appointment.objects.filter(person=person).select_related("area__parent", "emergency")
    memberships = Membership.objects.filter(person=person).select_related("organization")
    events = [
        *_span(appointments.order_by("-starts_at")[:EVENTS], EventKind.APPOINTED, EventKind.ENDED),
        *_days(memberships.order_by("-since_on")[:EVENTS], EventKind.JOINED, EventKind.LEFT),
        *(
            Event(_as_moment(absence.starts_on), EventKind.AWAY, absence, is_day=True)
            for absence in Absence.objects.filter(person=person).order_by("-starts_on")[:EVENTS]
        ),
        *_list_acts("person", codes),
    ]
    return _newest(events)


def list_organization_events(organization: Organization) -> list[Event]:
    """List what happened to an organization's record, newest first; who joined and left is told by its members."""
    codes = [organization.code, *organization.former_codes.values_list("code", flat=True)]
    pairings = Pairing.objects.filter(organization=organization).select_related("area__parent", "emergency")
    seats = AllianceSeat.objects.filter(organization=organization).select_related("alliance")
    events = [
        *_span(pairings.order_by("-starts_at")[:EVENTS], EventKind.PAIRED, EventKind.UNPAIRED),
        *_days(seats.order_by("-since_on")[:EVENTS], EventKind.SEATED, EventKind.UNSEATED),
        *_list_acts("organization", codes),
    ]
    return _newest(events)


def _list_acts(subject_kind: str, codes: Sequence[str]) -> Iterator[Event]:
    for code in codes:
        entries = list_entries(subject_kind=subject_kind, subject_id=code).filter(verb__in=_TOLD)
        for entry in entries[:EVENTS]:
            yield Event(entry.at, EventKind(entry.verb), by=entry.actor_name, detail=entry.detail)


def _span(rows: Iterable[Any], began: EventKind, ended: EventKind) -> Iterator[Event]:
    for row in rows:
        yield Event(row.starts_at, began, row)
        if row.ends_at is not None:
            yield Event(row.ends_at, ended, row)


def _days(rows: Iterable[Any], began: EventKind, ended: EventKind) -> Iterator[Event]:
    for row in rows:
        yield Event(_as_moment(row.since_on), began, row, is_day=True)
        if row.until_on is not None:
            yield Event(_as_moment(row.until_on), ended, row, is_day=True)


def _as_moment(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_ZONE)


def _newest(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.at, reverse=True)[:EVENTS]
