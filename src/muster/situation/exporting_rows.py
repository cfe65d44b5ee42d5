"""Where the rows of each export come from. All are read in chunks: a million areas need no memory of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from muster.clocks.queries import list_open_gaps
from muster.clocks.rules import WARDEN_RANK
from muster.coverage.queries import list_active_appointments
from muster.coverage.queries import list_pairings as list_active_pairings
from muster.duty.queries import list_posts_for_export
from muster.duty.queries.spans import planned_duties
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.kernel.clock import CITY_ZONE
from muster.membership.queries import list_open
from muster.needs.kinds import NeedUrgency
from muster.needs.queries import list_needs
from muster.organizations.queries import list_open_seats, list_organizations
from muster.people.queries import list_absences, list_people
from muster.territory.models import Area
from muster.territory.queries import beneath, list_levels

_CHUNK_ROWS = 2_000
_NO_BELONGING = [("", "", "")]
_PERSON_FIELDS = (
    *("pk", "code", "name", "home_area__code", "work_area__code", "abilities", "restrictions", "may_serve"),
    *("max_appointments", "max_week_min", "consented_at", "is_synthetic"),
)
Row = Sequence[object]
_Rows = TypeVar("_Rows", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export covers.

    Parameters
    ----------
    areas
        Areas, with all beneath them; none lies beneath another.
    is_everything
        Whether that is the whole territory, so that people without an area belong to it too.
    emergency
        The emergency of those lists that belong to one.
    today
        Local day, for absences.
    with_phones
        Whether telephone numbers are read.
    among
        Numbers of the rows of which alone people and organizations are listed; None for all.
    """

    areas: Sequence[Area]
    is_everything: bool
    emergency: Emergency | None
    today: date
    with_phones: bool = False
    among: QuerySet[Any, Any] | None = None

    @property
    def active_emergency(self) -> Emergency:
        """The emergency, for lists that belong to one; whoever exports them has found it."""
        if self.emergency is None:
            raise LookupError("This list belongs to an emergency, and the scope has none.")
        return self.emergency


def list_areas(scope: Scope) -> Iterator[Row]:
    """List areas, parents first."""
    fields = ("code", "level__slug", "name", "parent__code", "kind", "households", "is_managed", "lon", "lat")
    for area in scope.areas:
        yield from _stream(beneath(area).order_by("path"), *fields, "is_synthetic", "is_position_synthetic")


def list_people_rows(scope: Scope) -> Iterator[Row]:
    """List people with where they belong, as the import reads them; an absence only if it is not over."""
    fields = (*_PERSON_FIELDS, "phone") if scope.with_phones else _PERSON_FIELDS
    seen: set[int] = set()
    for area in [None] if scope.is_everything else scope.areas:
        for chunk in batches(_stream(_among(list_people(area), scope), *fields), _CHUNK_ROWS):
            people = [dict(zip(fields, row, strict=True)) for row in chunk if row[0] not in seen]
            # Somebody who lives in one of the areas and works in another stands in the list once.
            seen.update(person["pk"] for person in people if len(scope.areas) > 1)
            yield from _complete_people(people, scope)


def _complete_people(people: Sequence[dict[str, Any]], scope: Scope) -> Iterator[Row]:
    memberships: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    absences: dict[int, tuple[date, date]] = {}
    for some in batches(person["pk"] for person in people):
        for membership in list_open(person_ids=some):
            belonging = (membership.organization.code, membership.role, membership.since_on.isoformat())
            memberships[membership.person_id].append(belonging)
        for absence in list_absences(some).filter(ends_on__gt=scope.today):
            absences.setdefault(absence.person_id, (absence.starts_on, absence.ends_on))
    for person in people:
        belongings = memberships.get(person["pk"], _NO_BELONGING)
        away = absences.get(person["pk"])
        yield [
            *(person[name] for name in ("code", "name", "home_area__code", "work_area__code")),
            *([person["phone"]] if scope.with_phones else ()),
            ";".join(person["abilities"]),
            ";".join(person["restrictions"]),
            person["may_serve"],
            person["max_appointments"],
            _as_hours(person["max_week_min"]),
            _as_local_day(person["consented_at"]),
            *((day.isoformat() for day in away) if away else ("", "")),
            *(";".join(words) for words in zip(*belongings, strict=True)),
            person["is_synthetic"],
        ]


def _as_local_day(moment: datetime | None) -> str:
    return moment.astimezone(CITY_ZONE).date().isoformat() if moment else ""


def _as_hours(minutes: int | None) -> int | float | None:
    if minutes is None:
        return None
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 4)


def list_organization_rows(scope: Scope) -> Iterator[Row]:
    """List organizations with the areas in whose alliances they sit, as the import reads them."""
    fields = ("pk", "code", "name", "kind", "parent__code", "seat_area__code", "people_offered", "is_synthetic")
    for area in scope.areas:
        for rows in batches(_stream(_among(list_organizations(area), scope), *fields), _CHUNK_ROWS):
            seats: dict[int, list[str]] = defaultdict(list)
            for some in batches(row[0] for row in rows):
                for seat in list_open_seats(some):
                    seats[seat.organization_id].append(seat.alliance.area.code)
            for pk, *cells, is_synthetic in rows:
                yield [*cells, ";".join(seats.get(pk, ())), is_synthetic]


def list_wardens(scope: Scope) -> Iterator[Row]:
    """List active appointments, in the order of the tree."""
    fields = ("area__code", "area__level__slug", "role", "person__code", "person__name", "starts_at", "ends_at")
    appointments = (list_active_appointments(scope.active_emergency, area) for area in scope.areas)
    return _stream_all(appointments, *fields, "area__name", "emergency__code")


def list_pairings(scope: Scope) -> Iterator[Row]:
    """List active pairings, in the order of the tree."""
    fields = ("organization__code", "area__code", "duties", "people", "starts_at", "organization__name", "area__name")
    pairings = (list_active_pairings(scope.active_emergency, area) for area in scope.areas)
    for organization, area, duties, *rest in _stream_all(pairings, *fields):
        yield [organization, area, ";".join(duties), *rest]


def list_roster(scope: Scope) -> Iterator[Row]:
    """List the duties that stand, in the order of time."""
    fields = ("person__code", "person__name", "shift__post__code", "shift__post__kind__slug", "shift__post__area__code")
    more = ("starts_at", "ends_at", "state", "shift__post__name", "shift__pattern__slug", "override_by")
    duties = (planned_duties(scope.active_emergency, area) for area in scope.areas)
    ordered = (some.order_by("starts_at", "shift__post__code", "person__code") for some in duties)
    return _stream_all(ordered, *fields, *more)


def list_gaps(scope: Scope) -> Iterator[Row]:
    """List open gaps, oldest first, with how high their clocks have come and since when somebody has them in hand."""
    fields = ("kind", "subject", "area__code", "since_at", "owner_area__code", "why", "people_missing", "area__name")
    gaps = (list_open_gaps(scope.active_emergency, area) for area in scope.areas)
    told = {WARDEN_RANK: "warden", **{level.rank: level.slug for level in list_levels()}}
    rows = _stream_all(gaps, *fields, "told_rank", "taken_over_at")
    return ([*row, told.get(rank, ""), taken_over_at] for *row, rank, taken_over_at in rows)


def list_check_ins(scope: Scope) -> Iterator[Row]:
    """List who reported at posts, in the order of the duties."""
    fields = ("person__code", "person__name", "shift__post__code", "shift__post__area__code", "check_ins__kind")
    more = ("check_ins__at", "check_ins__recorded_at", "check_ins__is_for_other", "starts_at", "ends_at")
    duties = (planned_duties(scope.active_emergency, area).exclude(check_ins=None) for area in scope.areas)
    ordered = (some.order_by("starts_at", "shift__post__code", "person__code", "check_ins__at") for some in duties)
    return _stream_all(ordered, *fields, *more)


def list_need_rows(scope: Scope) -> Iterator[Row]:
    """List what was asked for, oldest first, with whoever carries it by code: a person's is for the desk."""
    fields = ("code", "area__code", "kind", "state", "at", "words", "is_for_other", "is_synthetic", "area__name")
    more = ("urgency", "is_triaged", "carrier_kind", "carrier_organization__code", "carrier_office__code")
    last = ("taken_at", "settled_at", "joined_to__code")
    for row in _stream_all((list_needs(scope.active_emergency, area) for area in scope.areas), *fields, *more, *last):
        *told, urgency, is_triaged, kind, organization, office, taken_at, settled_at, joined_to = row
        yield (*told, _URGENCIES[urgency], is_triaged, kind, organization or office, taken_at, settled_at, joined_to)


_URGENCIES = {urgency.value: urgency.slug for urgency in NeedUrgency}


def list_posts(scope: Scope) -> Iterator[Row]:
    """List posts with what they need, as the import reads them."""
    return chain.from_iterable(list_posts_for_export(area) for area in scope.areas)


def _among(rows: QuerySet[_Rows], scope: Scope) -> QuerySet[_Rows]:
    return rows if scope.among is None else rows.filter(pk__in=scope.among)


def _stream_all(queries: Iterable[QuerySet[Any]], *fields: str) -> Iterator[tuple[Any, ...]]:
    for rows in queries:
        for row in _stream(rows, *fields):
            yield tuple(as_local(value) for value in row)


def _stream(rows: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    return rows.values_list(*fields).iterator(chunk_size=_CHUNK_ROWS)


def as_local(value: object) -> object:
    """Return a moment as local ISO 8601 with its offset, and anything else as it is."""
    return value.astimezone(CITY_ZONE).isoformat(timespec="seconds") if isinstance(value, datetime) else value
