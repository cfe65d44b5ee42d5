"""Duties of one person and shifts of one post, with what happened on them: for their pages and calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import CheckIn, Demand, Duty, Notice, Post, Shift
from muster.duty.queries.spans import local_midnight
from muster.kernel.errors import NotFoundError
from muster.people.models import Person


@dataclass(frozen=True, slots=True)
class PersonDuty:
    """A duty of a person, and what became of it.

    Parameters
    ----------
    duty
        With its shift, post and pattern.
    rest_before
        Since the end of the duty before; None where there is none within the time that was read.
    came_at, left_at
        When the person was reported as there, and as gone; None where nobody said so.
    late_until
        Until when the person said that they are late; None where they did not.
    """

    duty: Duty
    rest_before: timedelta | None
    came_at: datetime | None
    left_at: datetime | None
    late_until: datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether the person was taken off it."""
        return self.duty.state == DutyState.CANCELLED


@dataclass(frozen=True, slots=True)
class PostShift:
    """A shift of a post and who stands on it, by name."""

    shift: Shift
    duties: Sequence[PersonDuty]

    @property
    def missing(self) -> int:
        """How many people it lacks."""
        return max(0, self.shift.needed - len(self.duties))


def list_person_duties(person: Person, starts_on: date, ends_on: date) -> list[PersonDuty]:
    """List a person's duties that start in a half-open span of local days, cancelled ones too, wherever they are."""
    duties = person.duties.filter(**_within(starts_on, ends_on))
    rows = _read(duties.select_related("shift__post__area", "shift__post__kind", "shift__pattern", "shift__emergency"))
    ends: list[datetime] = []
    found = []
    for row in rows:
        before = max((end for end in ends if end <= row.starts_at), default=None)
        rest = row.starts_at - before if before and row.state == DutyState.PLANNED else None
        found.append(_tell(row, rest))
        if row.state == DutyState.PLANNED:
            ends.append(row.ends_at)
    return found


def get_post(code: str) -> Post:
    """Get a post by its code, with its area, pool, kind and what it needs.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    demands = Prefetch("demands", Demand.objects.select_related("pattern").order_by("pattern__start_min", "pk"))
    posts = Post.objects.select_related("kind", "area__level", "pool_area").prefetch_related(demands)
    post = posts.filter(code=code).first()
    if post is None:
        raise NotFoundError(f"There is no post {code}.")
    return post


def list_post_shifts(post: Post, starts_on: date, ends_on: date) -> list[PostShift]:
    """List a post's shifts that start in a half-open span of local days, each with who stands on it."""
    shifts = post.shifts.filter(**_within(starts_on, ends_on)).select_related("pattern", "emergency")
    duties = Duty.objects.filter(shift__in=shifts, state=DutyState.PLANNED).select_related("person")
    standing: dict[int, list[PersonDuty]] = {}
    for duty in _read(duties.defer("person__phone")):
        standing.setdefault(duty.shift_id, []).append(_tell(duty, None))
    found = [PostShift(shift, standing.get(shift.pk, ())) for shift in shifts.order_by("starts_at", "pk")]
    return [row for row in found if row.shift.needed or row.duties]


def _within(starts_on: date, ends_on: date) -> dict[str, datetime]:
    return {"starts_at__gte": local_midnight(starts_on), "starts_at__lt": local_midnight(ends_on)}


def _read(duties: QuerySet[Duty]) -> list[Duty]:
    told = Prefetch("check_ins", CheckIn.objects.order_by("at", "pk"))
    noticed = Prefetch("notices", Notice.objects.order_by("at", "pk"))
    return list(duties.prefetch_related(told, noticed).order_by("starts_at", "pk"))


def _tell(duty: Duty, rest_before: timedelta | None) -> PersonDuty:
    told = {kind: [each.at for each in duty.check_ins.all() if each.kind == kind] for kind in CheckInKind}
    return PersonDuty(
        duty=duty,
        rest_before=rest_before,
        came_at=min(told[CheckInKind.IN], default=None),
        left_at=max(told[CheckInKind.OUT], default=None),
        late_until=_find_late(duty),
    )


def _find_late(duty: Duty) -> datetime | None:
    """Return until when somebody is late by what they said last; None where they said nothing of it."""
    minutes = [notice.late_min for notice in duty.notices.all()]
    return duty.starts_at + timedelta(minutes=minutes[-1]) if minutes and minutes[-1] else None
