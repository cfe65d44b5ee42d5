"""Reading in bulk what a roster is planned from, and the digests that tell when it has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.expressions import ExpressionWrapper, F
from django.db.models.fields import IntegerField
from django.db.models.functions import Length

from muster.coverage.models import Pairing
from muster.duty.kinds import DutyState
from muster.duty.models import Demand, Duty, Post, PostKind, Shift
from muster.duty.planning.base import Base, Candidate, KindNeeds, PoolNeed, Position, Shifts, digest_of
from muster.duty.queries.crew import crew_numbers, list_crew
from muster.duty.queries.fitness import NEIGHBOR_DAYS
from muster.duty.queries.spans import (
    EpochMinutes,
    StandingDuties,
    get_rest_limits,
    is_whole,
    local_midnight,
    local_minutes,
    read_duties,
)
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.membership.models import Membership
from muster.people.models import Absence, Person
from muster.plans.rules import fingerprint
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

ValueT = TypeVar("ValueT")


def planned_shifts(emergency: Emergency, area: Area, starts_on: date, ends_on: date, now: datetime) -> QuerySet[Shift]:
    """Return the shifts that a roster is to fill: of the span, in the area, needing people, not begun by now."""
    return Shift.objects.filter(
        scope_filter(emergency, area, "post__area__path"),
        emergency=emergency,
        needed__gt=0,
        starts_at__gte=local_midnight(starts_on),
        starts_at__lt=local_midnight(ends_on),
    ).filter(starts_at__gt=now)


def read_base(emergency: Emergency, area: Area, starts_on: date, ends_on: date, now: datetime) -> Base:
    """Read what a roster is planned from.

    Parameters
    ----------
    emergency, area
        Shifts at posts in the area and beneath it, as far as the emergency holds there, and the people of their
        pools: what a part of a city is planned from does not grow with the city.
    starts_on, ends_on
        Half-open span of local days.
    now
        Shifts that have begun by then are not planned.
    """
    asked = planned_shifts(emergency, area, starts_on, ends_on, now)
    shifts = _read_shifts(asked)
    crew = _crew_of(emergency, area)
    standing = read_duties(_near_duties(emergency, crew, asked, starts_on, ends_on))
    people = _read_people(emergency, crew)
    ties = _read_ties(emergency, crew, starts_on)
    pools = _read_pools(emergency, area)
    absences = _read_absences(emergency, crew, starts_on, ends_on)
    kinds = _read_kinds()
    limits = get_rest_limits(emergency)
    parts = {
        "shifts": fingerprint({field.name: getattr(shifts, field.name) for field in fields(shifts)}),
        "duties": _digest_duties(standing),
        "people": digest_of(people),
        "memberships and pairings": digest_of([ties.paired, ties.seated]),
        "pools": digest_of(pools),
        "absences": digest_of(absences),
        "kinds of post": digest_of(sorted(kinds.items())),
        "rules of rest": digest_of(limits),
    }
    return Base(
        starts_on=starts_on,
        ends_on=ends_on,
        shifts=shifts,
        people=people,
        paired=_grouped(ties.paired),
        seated=_grouped(ties.seated),
        pools=pools,
        absences=_grouped((person, (first.toordinal(), last.toordinal())) for person, first, last in absences),
        standing=standing,
        kinds=kinds,
        posts_at=_read_positions(shifts),
        limits=limits,
        parts=parts,
    )


def _read_shifts(shifts: QuerySet[Shift]) -> Shifts:
    rows = shifts.order_by("pk").values_list(
        "pk",
        "post_id",
        "post__kind_id",
        "post__pool_area_id",
        EpochMinutes("starts_at"),
        EpochMinutes("ends_at"),
        "needed",
        "pattern__is_night",
    )
    table = np.array(list(rows.iterator(chunk_size=10_000)), np.int64).reshape(-1, 8)
    number, post, kind, pool, start_min, end_min, needed, is_night = table.T
    return Shifts(
        number, post, kind, pool, start_min, end_min, needed, is_night.astype(np.bool_), local_minutes(start_min)
    )


def _crew_of(emergency: Emergency, area: Area) -> Sequence[Area]:
    """Return the areas whose people staff the posts of an area; none for the whole emergency: that takes everybody."""
    if is_whole(emergency, area):
        return ()
    pools = Post.objects.filter(beneath_filter(area, "area__path"), is_active=True).values("pool_area")
    outside = Area.objects.filter(pk__in=pools).exclude(beneath_filter(area))
    return [area, *outside.order_by("path")]


def _near_duties(
    emergency: Emergency, crew: Sequence[Area], asked: QuerySet[Shift], starts_on: date, ends_on: date
) -> QuerySet[Duty]:
    """Return the duties that the rules of rest can see from the span, in every emergency: rest knows no borders."""
    reach = timedelta(days=NEIGHBOR_DAYS)
    near = Duty.objects.filter(
        state=DutyState.PLANNED,
        starts_at__gte=local_midnight(starts_on - reach),
        starts_at__lt=local_midnight(ends_on + reach),
    )
    if not crew:
        return near
    lent = Duty.objects.filter(shift__in=asked.values("pk"), state=DutyState.PLANNED).values_list(
        "person_id", flat=True
    )
    return near.filter(person__in=crew_numbers(emergency, crew).union(lent))


def _digest_duties(standing: StandingDuties) -> str:
    order = np.argsort(standing.duty)
    return fingerprint(
        {
            "shift": standing.shift[order],
            "person": standing.spans.person[order],
            "is_overridden": standing.is_overridden[order],
        }
    )


def _read_people(emergency: Emergency, crew: Sequence[Area]) -> list[Candidate]:
    everybody = Person.objects.filter(may_serve=True, consented_at__isnull=False)
    people = list_crew(emergency, crew) if crew else everybody
    rows = people.order_by("code").values_list(
        "pk",
        "code",
        "home_area__path",
        "work_area__path",
        "home_area__lon",
        "home_area__lat",
        "work_area__lon",
        "work_area__lat",
        "abilities",
        "restrictions",
        "max_week_min",
    )
    return [
        Candidate(
            number=row[0],
            code=row[1],
            home_path=row[2] or "",
            work_path=row[3] or "",
            home_at=_position(row[4], row[5]),
            work_at=_position(row[6], row[7]),
            abilities=frozenset(row[8]),
            restrictions=frozenset(row[9]),
            max_week_min=row[10],
        )
        for row in rows.iterator(chunk_size=10_000)
    ]


def _position(lon: float | None, lat: float | None) -> Position:
    return None if lon is None or lat is None else (lon, lat)


@dataclass(frozen=True, slots=True)
class _Ties:
    """Pairs of person and path: of areas that their organizations are paired with, and are seated in."""

    paired: list[tuple[int, str]]
    seated: list[tuple[int, str]]


def _read_ties(emergency: Emergency, crew: Sequence[Area], on: date) -> _Ties:
    open_then = Q(until_on=None) | Q(until_on__gt=on)
    members = Membership.objects.filter(open_then, since_on__lte=on)
    if crew:
        members = members.filter(person__in=crew_numbers(emergency, crew))
    rows = members.order_by("person_id", "organization_id", "pk").values_list(
        "person_id", "organization_id", "organization__seat_area__path"
    )
    pairings = Pairing.objects.filter(emergency=emergency, ends_at=None).order_by("area__path")
    areas = _grouped(pairings.values_list("organization_id", "area__path"))
    belongs = list(rows.iterator(chunk_size=10_000))
    paired = [(person, path) for person, organization, _ in belongs for path in areas.get(organization, ())]
    return _Ties(paired, [(person, path) for person, _, path in belongs])


def _read_pools(emergency: Emergency, area: Area) -> list[PoolNeed]:
    demands = Demand.objects.filter(
        scope_filter(emergency, area, "post__area__path"), post__is_active=True, people__gt=0
    )
    minutes = ExpressionWrapper(F("people") * F("pattern__length_min") * Length("weekdays"), IntegerField())
    pools = demands.values("post__pool_area_id", "post__pool_area__path").order_by("post__pool_area__path")
    rows = pools.annotate(week_min=Sum(minutes), shortest_min=Min("pattern__length_min"))
    return [
        PoolNeed(row["post__pool_area_id"], row["post__pool_area__path"], row["week_min"], row["shortest_min"])
        for row in rows
    ]


def _read_absences(
    emergency: Emergency, crew: Sequence[Area], starts_on: date, ends_on: date
) -> list[tuple[int, date, date]]:
    absences = Absence.objects.filter(starts_on__lte=ends_on, ends_on__gt=starts_on)
    if crew:
        absences = absences.filter(person__in=crew_numbers(emergency, crew))
    return list(absences.order_by("person_id", "starts_on", "pk").values_list("person_id", "starts_on", "ends_on"))


def _read_kinds() -> dict[int, KindNeeds]:
    return {kind.pk: KindNeeds(frozenset(kind.abilities), frozenset(kind.barred_by)) for kind in PostKind.objects.all()}


def _read_positions(shifts: Shifts) -> Mapping[int, Position]:
    """Return where the posts are: their own position, or that of their area."""
    wanted = set(np.unique(shifts.post).tolist())
    rows = Post.objects.order_by("pk").values_list("pk", "lon", "lat", "area__lon", "area__lat")
    return {
        number: _position(lon, lat) or _position(area_lon, area_lat)
        for number, lon, lat, area_lon, area_lat in rows
        if number in wanted
    }


def _grouped(pairs: Iterable[tuple[Any, ValueT]]) -> dict[Any, Sequence[ValueT]]:
    groups: dict[Any, list[ValueT]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
