"""Shifts that have begun, and whose people have not all come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Duty, Shift
from muster.duty.queries.gaps import gap_subject, read_gap_subject
from muster.emergencies.models import Emergency
from muster.kernel.ready import EXAMPLE, ReadyQuery
from muster.people.models import Person
from muster.territory.models import Area

LONGEST = timedelta(days=2)
"""No shift lasts longer: what began before is over."""


@dataclass(frozen=True, slots=True)
class Unattended:
    """A shift that runs, and how many of those placed on it have not come.

    Parameters
    ----------
    subject
        Its name as a gap.
    area
        Where its post stands, with its level.
    starts_at
        Since when they should be there.
    missing
        How many of them are not.
    """

    subject: str
    area: Area
    starts_at: datetime
    missing: int


def list_unattended(
    emergency: Emergency, now: datetime, delay: timedelta, shift_ids: Collection[int] | None = None
) -> list[Unattended]:
    """List the shifts that run and whose people have not all come, in two queries.

    Parameters
    ----------
    emergency, now
        Whose shifts, and as of when.
    delay
        How long after its start a shift is looked at.
    shift_ids
        Only these; by default all.
    """
    came = CheckIn.objects.filter(duty=OuterRef("pk"), kind=CheckInKind.IN)
    # By the times of the duties, whose index finds a day among months.
    due = Duty.objects.filter(
        ~Exists(came),
        state=DutyState.PLANNED,
        starts_at__gt=now - LONGEST,
        starts_at__lte=now - delay,
        # Whoever stands in since a moment ago is on the way, and has as long to come.
        changed_at__lte=now - delay,
        ends_at__gt=now,
        shift__emergency=emergency,
    )
    if shift_ids is not None:
        due = due.filter(shift__in=shift_ids)
    missing = dict(due.order_by().values_list("shift_id").annotate(Count("pk")))
    shifts = Shift.objects.select_related("post__area__level").in_bulk(list(missing))
    return [
        Unattended(
            gap_subject(shift.post.code, shift.starts_at, shift.ends_at),
            shift.post.area,
            shift.starts_at,
            missing[number],
        )
        for number, shift in sorted(shifts.items())
    ]


# By a column that stands in no index but the one by kind: SQLite would walk all open gaps of another that holds it.
_STANDING = ReadyQuery(
    lambda kind: (
        Gap.objects.filter(emergency__ends_at=None, kind=kind, closed_at=None)
        .order_by()
        .values_list("people_missing")[:1]
    ),
    "a kind of gap",
)


def has_unattended() -> bool:
    """Tell whether any post of an active emergency stands open as one to which nobody has come."""
    return bool(_STANDING.ask(GapKind.POST_UNATTENDED.value))


def _select_subjects(numbers: Collection[int]) -> QuerySet[Duty, tuple[Any, ...]]:
    return Duty.objects.filter(pk__in=numbers).values_list(
        "shift__emergency_id", "shift__post__code", "shift__starts_at", "shift__ends_at", "shift_id"
    )


_SUBJECT = ReadyQuery(lambda number: _select_subjects([number]), EXAMPLE)


def read_subjects(duty_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Read, by emergency and name as a gap, the shifts that duties belong to."""
    wanted = list(duty_ids)
    rows = _SUBJECT.ask(*wanted) if len(wanted) == 1 else _select_subjects(wanted)
    return {
        (emergency, gap_subject(post, starts_at, ends_at)): shift for emergency, post, starts_at, ends_at, shift in rows
    }


def list_missing(emergency: Emergency, subject: str) -> QuerySet[Person]:
    """List those placed on a shift who have not come.

    Parameters
    ----------
    emergency, subject
        Whose shift, by its name as a gap.
    """
    name = read_gap_subject(subject)
    came = CheckIn.objects.filter(duty=OuterRef("pk"), kind=CheckInKind.IN)
    missing = Duty.objects.filter(
        ~Exists(came),
        state=DutyState.PLANNED,
        shift__emergency=emergency,
        shift__post__code=name.post_code,
        shift__starts_at=name.starts_at,
        shift__ends_at=name.ends_at,
    )
    return Person.objects.filter(pk__in=missing.values("person"))
