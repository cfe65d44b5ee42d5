"""Which people a filter leaves, asked so that the database begins where the fewest are.

A small area, a role, an organization or a rare name: the few whom it names are read and sorted. A whole city: its
people are walked in the order of the list, until a page is full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency
from muster.kernel.batches import QUERY_CODES
from muster.kernel.clock import CITY_ZONE
from muster.kernel.search import list_matches
from muster.membership.models import Membership
from muster.organizations.models import Organization
from muster.people.models import Absence, Person
from muster.situation.lists.kinds import Availability, PeopleSort, PhoneFilter, PlaceFilter, RoleFilter
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_outside

FEW = 20_000
"""So many people are read and sorted sooner than a million are walked."""
COUNTED = 2_000
"""More than so many are not counted: a page says so."""
PAST_DAYS = 28
"""How far back nights and duties are looked at, as the rules of rest do."""

Seed = Sequence[QuerySet[Any, Any]]
"""Numbers of people, in parts that may overlap, each found by an index."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Whom a list of people shows.

    Parameters
    ----------
    text
        The beginning of a code, a part of a name, pinyin or initials; empty for all.
    ability
        Slug of something they can do; empty for all.
    organization
        To which they belong.
    """

    text: str = ""
    role: RoleFilter | None = None
    organization: Organization | None = None
    ability: str = ""
    availability: Availability | None = None
    phone: PhoneFilter | None = None
    place: PlaceFilter | None = None
    sort: PeopleSort = PeopleSort.NAME

    @property
    def is_narrow(self) -> bool:
        """Tell whether it leaves anybody out."""
        return any((self.text, self.role, self.organization, self.ability, self.availability, self.phone, self.place))


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """The people whom a filter leaves.

    Parameters
    ----------
    rows
        The people, in no order.
    count, is_counted
        How many they are; where they are not counted, more than so many.
    name_key
        By what they are sorted by name: an index to be walked, or for a few the same text, which leads to none.
    """

    rows: QuerySet[Person]
    count: int
    is_counted: bool
    name_key: str


def find_people(asked: PeopleFilter, area: Area, emergency: Emergency | None, now: datetime) -> FoundPeople:
    """Find whom a filter leaves of the people who live or work in an area.

    Parameters
    ----------
    asked, area
        Whom, and where.
    emergency, now
        In which roles and duties are looked up, and as of when.
    """
    seeds = list(_list_seeds(asked, emergency, now))
    named, is_named = _read_text(asked.text)
    conditions = [named, *(_among(seed) for seed in seeds)]
    conditions += _list_conditions(asked, emergency, now.astimezone(CITY_ZONE).date())
    placed = _list_placed(asked.place, area)
    is_few = _is_few(placed)
    conditions.append(_among(placed) if is_few else _within(asked.place, area))
    people = Person.objects.alias(said=Cast("abilities", TextField())).annotate(sound=Concat("pinyin", Value("")))
    rows = people.filter(*conditions)
    count = rows.order_by()[: COUNTED + 1].count()
    is_counted = count <= COUNTED
    is_few = is_few or is_counted or is_named or any(_is_few(seed) for seed in seeds)
    return FoundPeople(rows, min(count, COUNTED), is_counted, "sound" if is_few else "pinyin")


def _among(seed: Seed) -> Q:
    """Return the filter for people of any part of a seed."""
    return reduce(or_, (Q(pk__in=part) for part in seed))


def _is_few(seed: Seed) -> bool:
    return sum(part.order_by()[: FEW + 1].count() for part in seed) <= FEW


def _read_text(text: str) -> tuple[Q, bool]:
    """Return the filter for the people whom a text finds, and whether they are few: names are read through once."""
    if not text.strip():
        return Q(), False
    numbers: set[int] = set()
    matches: list[Q] = []
    for match in list_matches(text):
        found = list(Person.objects.filter(match).order_by().values_list("pk", flat=True)[: FEW + 1])
        numbers.update(found)
        matches += [match] if found else []
    if len(numbers) <= QUERY_CODES:
        return Q(pk__in=numbers), True
    if len(numbers) <= FEW:
        return _among([Person.objects.filter(match).values("pk") for match in matches]), True
    # They are met soon enough on the way; a half that nobody matches is not asked of each.
    return reduce(or_, matches), False


def _list_seeds(asked: PeopleFilter, emergency: Emergency | None, now: datetime) -> Iterator[Seed]:
    """List the parts of a filter that name people by an index."""
    if asked.organization is not None:
        yield [Membership.objects.filter(organization=asked.organization, until_on=None).values("person")]
    if asked.role in {RoleFilter.WARDEN, RoleFilter.DEPUTY}:
        yield [holders_of(emergency, AppointmentRole(asked.role))]
    if asked.role is RoleFilter.ON_DUTY:
        yield [on_duty(now)]
    if asked.availability is Availability.AWAY:
        yield [_away(now.astimezone(CITY_ZONE).date()).values("person")]


def holders_of(emergency: Emergency | None, role: AppointmentRole) -> QuerySet[Any, Any]:
    """Return the numbers of those who hold a role in an emergency."""
    return Appointment.objects.filter(emergency=emergency, role=role, ends_at=None).values("person")


def on_duty(now: datetime) -> QuerySet[Any, Any]:
    """Return the numbers of those whose duty it is now."""
    # No shift is longer than two days: without this bound the index of starts would be read from its beginning.
    begun = Q(starts_at__gt=now - timedelta(days=2), starts_at__lte=now)
    return Duty.objects.filter(begun, ends_at__gt=now, state=DutyState.PLANNED).values("person")


def past_duties(now: datetime) -> QuerySet[Duty]:
    """Return the duties that were begun in the last four weeks."""
    since = now - timedelta(days=PAST_DAYS)
    return Duty.objects.filter(state=DutyState.PLANNED, starts_at__gt=since, starts_at__lte=now)


def _list_conditions(asked: PeopleFilter, emergency: Emergency | None, today: date) -> Iterator[Q]:
    """List the parts of a filter that are asked of one person after the other."""
    if asked.role is RoleFilter.NONE:
        answers = Appointment.objects.filter(emergency=emergency, person=OuterRef("pk"), ends_at=None)
        yield ~Q(Exists(answers))
    if asked.ability:
        yield Q(said__contains=f'"{asked.ability}"')
    if asked.phone is not None:
        yield Q(phone_index="") if asked.phone is PhoneFilter.NO else ~Q(phone_index="")
    serves = Q(may_serve=True, consented_at__isnull=False)
    if asked.availability is Availability.FREE:
        yield serves & ~Q(Exists(_away(today).filter(person=OuterRef("pk"))))
    if asked.availability is Availability.NOT_SERVING:
        yield ~serves


def _away(today: date) -> QuerySet[Absence]:
    return Absence.objects.filter(starts_on__lte=today, ends_on__gt=today)


def _list_placed(place: PlaceFilter | None, area: Area) -> Seed:
    places = [place] if place else list(PlaceFilter)
    return [Person.objects.filter(beneath_filter(area, _path_of(each))).values("pk") for each in places]


def _within(place: PlaceFilter | None, area: Area) -> Q:
    """Return the filter by place as it is asked of one person after the other."""
    places = [place] if place else list(PlaceFilter)
    if not list_outside(area).exists():
        # Of the whole territory it is enough that there is a place; a join of a million rows would say the same.
        tests = [Q(**{f"{_path_of(each).removesuffix('__path')}__isnull": False}) for each in places]
    else:
        tests = [beneath_filter(area, _path_of(each)) for each in places]
    return tests[0] if len(tests) == 1 else tests[0] | tests[1]


def _path_of(place: PlaceFilter) -> str:
    return "home_area__path" if place is PlaceFilter.HOME else "work_area__path"
