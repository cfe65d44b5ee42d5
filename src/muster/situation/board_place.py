"""One place of a roster, looked at closely: who stands there, how rested, and who else could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.access.queries import Actor, filter_people
from muster.duty.kinds import DutyState
from muster.duty.models import CoverRequest, Duty, Shift
from muster.duty.queries import CoverCandidate, Load, get_load, list_cover, weigh_holder
from muster.duty.queries.covering import list_late, read_places
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError
from muster.people.queries import list_people
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

READY_LIMIT = 6
HINDERED_LIMIT = 4
CANDIDATES_READ = 60


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place on a shift.

    Parameters
    ----------
    shift, duty
        The shift, and the duty that is looked at; None for an empty place.
    missing
        How many people the shift lacks.
    load
        What the person carries in the week of the shift.
    rest_before, rest_after
        How long they rest before and after it; None where no other duty is within a week.
    holder
        Whoever stands or stood there, weighed as if asked now; None for an empty place.
    ready, hindered
        Who could take the place, in the order in which to ask them, and some of those who are kept from it.
    is_over
        Whether the shift has ended.
    requests
        Open requests for cover of this place.
    late_until
        Until when whoever stands there said that they are late; None where they did not.
    """

    shift: Shift
    duty: Duty | None
    missing: int
    load: Load | None
    rest_before: timedelta | None
    rest_after: timedelta | None
    holder: CoverCandidate | None
    ready: Sequence[CoverCandidate]
    hindered: Sequence[CoverCandidate]
    is_over: bool
    requests: Sequence[CoverRequest] = ()
    late_until: datetime | None = None

    @property
    def may_ask(self) -> bool:
        """Whether cover can be asked for: nobody is asked for this place yet."""
        return not self.requests if self.duty else self.missing > len(self.requests)

    @property
    def fairer(self) -> int:
        """How many of the ready would carry less with this duty than whoever stands there."""
        return sum(self.holder is not None and one.cost < self.holder.cost for one in self.ready)


def get_shift(emergency: Emergency, area: Area, number: int) -> Shift:
    """Get a shift of an area or beneath it by its number.

    Raises
    ------
    NotFoundError
        If there is none there.
    """
    shifts = Shift.objects.filter(beneath_filter(area, "post__area__path"), emergency=emergency, pk=number)
    shift = shifts.select_related("post__kind", "post__area", "post__pool_area", "pattern", "emergency").first()
    if shift is None:
        raise NotFoundError(f"There is no shift {number} here.")
    return shift


def get_duty(emergency: Emergency, area: Area, number: int) -> Duty:
    """Get a duty that stands in an area or beneath it by its number.

    Raises
    ------
    NotFoundError
        If there is none there.
    """
    duties = Duty.objects.filter(state=DutyState.PLANNED, pk=number).select_related("person")
    duty = duties.first()
    if duty is None:
        raise NotFoundError(f"There is no duty {number} here.")
    duty.shift = get_shift(emergency, area, duty.shift_id)
    return duty


def read_place(actor: Actor, shift: Shift, duty: Duty | None, now: datetime) -> PlaceView:
    """Read a place: the person's rest and load, and whom the actor may put there."""
    is_over = shift.ends_at <= now
    before, after = _find_rest(duty) if duty else (None, None)
    found = _list_visible(actor, list_cover(shift, limit=CANDIDATES_READ)) if duty or not is_over else []
    placed = shift.duties.filter(state=DutyState.PLANNED).count()
    return PlaceView(
        shift=shift,
        duty=duty,
        missing=max(0, shift.needed - placed),
        load=_read_load(shift, duty) if duty else None,
        rest_before=before,
        rest_after=after,
        holder=weigh_holder(shift, duty.person) if duty else None,
        ready=[one for one in found if one.may_stand][:READY_LIMIT],
        hindered=[one for one in found if not one.may_stand][:HINDERED_LIMIT],
        is_over=is_over,
        requests=_list_requests(shift, duty),
        late_until=list_late([duty.pk]).get(duty.pk) if duty else None,
    )


def _list_requests(shift: Shift, duty: Duty | None) -> list[CoverRequest]:
    """List the open requests for the place of a duty, or for the empty places of a shift."""
    return [one for one in read_places(shift).requests if duty is None or one.replaces_id == duty.pk]


def _list_visible(actor: Actor, found: Sequence[CoverCandidate]) -> list[CoverCandidate]:
    people = list_people().filter(code__in=[one.person_code for one in found])
    seen = set(filter_people(actor, people).values_list("code", flat=True))
    return [one for one in found if one.person_code in seen]


def _read_load(shift: Shift, duty: Duty) -> Load:
    day = shift.starts_at.astimezone(CITY_ZONE).date()
    monday = day - timedelta(days=day.weekday())
    return get_load(shift.emergency, duty.person, monday, monday + timedelta(days=7))


def _find_rest(duty: Duty) -> tuple[timedelta | None, timedelta | None]:
    """Find how long a person rests before and after a duty, as far as a week reaches."""
    week = timedelta(days=7)
    others = Duty.objects.filter(person=duty.person, state=DutyState.PLANNED).exclude(pk=duty.pk)
    earlier = others.filter(ends_at__gt=duty.starts_at - week, ends_at__lte=duty.starts_at).order_by("-ends_at").first()
    later = others.filter(starts_at__lt=duty.ends_at + week, starts_at__gte=duty.ends_at).order_by("starts_at").first()
    return (duty.starts_at - earlier.ends_at if earlier else None, later.starts_at - duty.ends_at if later else None)
