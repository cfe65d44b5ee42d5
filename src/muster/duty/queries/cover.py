"""Who could take a place on a shift: fit, rested, little burdened and near, best first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Q

from muster.coverage.models import Pairing
from muster.duty.kinds import DutyState, Unfit
from muster.duty.models import Duty, Post, Shift
from muster.duty.queries.fitness import NEIGHBOR_DAYS, list_absent, unfit_of
from muster.duty.queries.rest import list_broken
from muster.duty.queries.spans import (
    StandingDuties,
    get_rest_limits,
    local_days,
    minute_of,
    moment_of,
    read_duties,
    span_of,
)
from muster.duty.rules import BrokenRule, IntArray, join_spans, week_of
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

METERS_PER_DEGREE = 111_195.0
PAST_DAYS = 28


@dataclass(frozen=True, slots=True)
class CoverCandidate:
    """Somebody who could take a place, and what keeps them from it, if anything does.

    Parameters
    ----------
    week_min
        Minutes on duty in the calendar week of the shift, without it.
    nights
        Nights in the 28 days before the shift.
    last_end_at
        When their last duty before the shift ends; None when there is none near.
    distance_m
        From home or work, the nearer, to the post; None where a position is not known.
    unfit, broken
        Why they are not fit, and the first rule of rest that it would break.
    """

    person_code: str
    person_name: str
    week_min: int
    nights: int
    last_end_at: datetime | None
    distance_m: float | None
    unfit: Unfit | None
    broken: BrokenRule | None

    @property
    def may_stand(self) -> bool:
        """Whether nothing keeps them from it."""
        return self.unfit is None and self.broken is None


def list_cover(shift: Shift, *, limit: int = 20) -> list[CoverCandidate]:
    """List who of the post's pool could take a place on a shift, those whom nothing keeps from it first.

    Among these, whoever has the fewest hours this week, the fewest nights, and the shortest way comes first.

    Parameters
    ----------
    shift
        The shift, wherever it is.
    limit
        How many at most.
    """
    people = _list_people(shift)
    numbers = np.array([person.pk for person in people], np.int64)
    standing = _read_near(shift, numbers)
    broken = _find_broken(shift, people, standing)
    absent = list_absent(shift, numbers.tolist())
    found = [
        _candidate(
            shift, person, standing, unfit_of(shift, person, is_absent=person.pk in absent), broken.get(person.pk)
        )
        for person in people
    ]
    return sorted(found, key=_rank)[:limit]


def _rank(one: CoverCandidate) -> tuple[bool, int, int, float, str]:
    distance_m = math.inf if one.distance_m is None else one.distance_m
    return not one.may_stand, one.week_min, one.nights, distance_m, one.person_code


def _list_people(shift: Shift) -> Sequence[Person]:
    """List who serves in the pool: lives or works there, or belongs to an organization seated or paired there."""
    pool: Area = shift.post.pool_area
    pairings = Pairing.objects.filter(beneath_filter(pool, "area__path"), emergency=shift.emergency, ends_at=None)
    seated = beneath_filter(pool, "memberships__organization__seat_area__path")
    paired = Q(memberships__organization__in=pairings.values("organization"))
    near = beneath_filter(pool, "home_area__path") | beneath_filter(pool, "work_area__path")
    belongs = Person.objects.filter(seated | paired, memberships__until_on=None).values("pk")
    length_min = minute_of(shift.ends_at) - minute_of(shift.starts_at)
    has_time = Q(max_week_min=None) | Q(max_week_min__gte=length_min)
    already = shift.duties.filter(state=DutyState.PLANNED).values("person")
    people = Person.objects.filter(near | Q(pk__in=belongs)).filter(
        has_time, may_serve=True, consented_at__isnull=False
    )
    return list(people.exclude(pk__in=already).select_related("home_area", "work_area").order_by("code"))


def _read_near(shift: Shift, people: IntArray) -> StandingDuties:
    reach = timedelta(days=NEIGHBOR_DAYS)
    near = Duty.objects.filter(
        state=DutyState.PLANNED, starts_at__gt=shift.starts_at - reach, starts_at__lt=shift.ends_at + reach
    )
    return read_duties(near.filter(person__in=people.tolist()))


def _find_broken(shift: Shift, people: Sequence[Person], standing: StandingDuties) -> dict[int, BrokenRule]:
    """Return, by person, the first rule of rest that the shift would newly break; all people at once."""
    limits = get_rest_limits(shift.emergency)
    own = {person.pk: person.max_week_min for person in people if person.max_week_min is not None}
    numbers = np.array([person.pk for person in people], np.int64)
    starts, ends = (np.full(len(people), minute_of(at), np.int64) for at in (shift.starts_at, shift.ends_at))
    joined = join_spans(standing.spans, span_of(numbers, starts, ends))
    before = {(rule.index, rule.rule) for rule in list_broken(standing.spans, limits, own)}
    broken: dict[int, BrokenRule] = {}
    for rule in list_broken(joined, limits, own):
        if (rule.index, rule.rule) not in before:
            broken.setdefault(int(joined.person[rule.index]), rule)
    return broken


def _candidate(
    shift: Shift, person: Person, standing: StandingDuties, unfit: Unfit | None, broken: BrokenRule | None
) -> CoverCandidate:
    own = standing.take(standing.spans.person == person.pk)
    start_min = minute_of(shift.starts_at)
    day = local_days(np.array([start_min], np.int64))
    in_week = week_of(own.spans.day) == week_of(day)
    recent = own.is_night & (own.spans.day < day) & (own.spans.day >= day - PAST_DAYS)
    ended = own.spans.end_min[own.spans.end_min <= start_min]
    return CoverCandidate(
        person_code=person.code,
        person_name=person.name,
        week_min=int((own.spans.end_min - own.spans.start_min)[in_week].sum()),
        nights=int(recent.sum()),
        last_end_at=moment_of(int(ended.max())) if len(ended) else None,
        distance_m=_distance_m(shift, person),
        unfit=unfit,
        broken=broken,
    )


def _distance_m(shift: Shift, person: Person) -> float | None:
    ways = [_way_m(shift.post, place) for place in (person.home_area, person.work_area) if place is not None]
    return min((way_m for way_m in ways if way_m is not None), default=None)


def _way_m(post: Post, place: Area) -> float | None:
    if post.lon is None or post.lat is None or place.lon is None or place.lat is None:
        return None
    east = (place.lon - post.lon) * math.cos(math.radians(post.lat))
    return METERS_PER_DEGREE * math.hypot(east, place.lat - post.lat)
