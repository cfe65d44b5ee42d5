"""What somebody must know who goes to a post at short notice: where it is, who else is there, what was left to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.duty.kinds import DutyState
from muster.duty.models import Handover, Shift
from muster.duty.queries.gaps import owner_areas
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

NOTES = 3
NOTES_FOR = timedelta(days=3)
_ABOVE = 3
"""How many areas above a post say where it is: what lies higher everybody knows."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody who left the post told the next."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What goes along with a place on a shift.

    Parameters
    ----------
    shift
        With its post, the kind of post, and its area.
    way
        Names of the areas that lead to the post, the largest first.
    beside
        Who else stands there at that time, by name.
    before
        Who stands there before, by name.
    office, warden
        Which office to turn to, and who answers for it, where somebody does.
    notes
        What the shifts before left, newest first.
    """

    shift: Shift
    way: Sequence[str]
    beside: Sequence[str]
    before: Sequence[str]
    office: str
    warden: str
    notes: Sequence[Note]


def read_brief(shift: Shift, *, now: datetime, without: int | None = None) -> Brief:
    """Read what whoever goes to a shift must know.

    Parameters
    ----------
    shift
        With its post, kind, area and level.
    now
        When it is read: notes of the last days count.
    without
        Number of the person who reads it, who does not stand beside themselves.
    """
    area = shift.post.area
    names = dict(Area.objects.filter(path__in=ancestor_paths(area.path)).values_list("path", "name"))
    way = [names[path] for path in ancestor_paths(area.path) if path in names]
    office = Area.objects.get(pk=owner_areas([area])[area.pk])
    wardens = Appointment.objects.filter(
        emergency=shift.emergency_id, area=office, role=AppointmentRole.WARDEN, ends_at=None
    )
    return Brief(
        shift=shift,
        way=way[-_ABOVE:],
        beside=_list_names(shift, without),
        before=_list_before(shift),
        office=office.name,
        warden=wardens.values_list("person__name", flat=True).first() or "",
        notes=_list_notes(shift, now),
    )


def say_notes(brief: Brief) -> str:
    """Return the notes of a brief in one line, the newest first, short enough for a message."""
    return " / ".join(note.text for note in brief.notes)[:200]


def _list_names(shift: Shift, without: int | None) -> list[str]:
    duties = shift.duties.filter(state=DutyState.PLANNED).exclude(person=without)
    return list(duties.order_by("person__name").values_list("person__name", flat=True))


def _list_before(shift: Shift) -> list[str]:
    """Return who stands at the post in the shift that ends last before this one, within a day."""
    earlier = Shift.objects.filter(
        post=shift.post_id,
        emergency=shift.emergency_id,
        ends_at__lte=shift.starts_at,
        ends_at__gt=shift.starts_at - timedelta(days=1),
    )
    last = earlier.order_by("-ends_at", "-pk").first()
    return _list_names(last, None) if last else []


def _list_notes(shift: Shift, now: datetime) -> list[Note]:
    left = Handover.objects.filter(duty__shift__post=shift.post_id, at__gt=now - NOTES_FOR, at__lte=now)
    rows = left.exclude(note="").order_by("-at", "-pk").values_list("duty__person__name", "at", "note")
    return [Note(*row) for row in rows[:NOTES]]
