"""A page of the people of an area: who they are, what they answer for, how much they carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.membership.queries import list_open
from muster.people.models import Person
from muster.people.queries import count_people, is_soon_counted, list_absences
from muster.situation.lists.keyset import Segment, read_key_page
from muster.situation.lists.kinds import PeopleSort
from muster.situation.lists.people_found import (
    FoundPeople,
    PeopleFilter,
    find_people,
    holders_of,
    on_duty,
    past_duties,
)
from muster.situation.models import DayFigure
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, read_names
from muster.territory.rules import ancestor_paths

ROWS = 50
_NAMES_SAID = 3


@dataclass(frozen=True, slots=True)
class RoleLine:
    """An area that somebody answers for, where it is, and as what."""

    area: Area
    place: str
    role: AppointmentRole

    @property
    def words(self) -> str:
        """Return what the role is called."""
        return str(self.role.label)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list.

    Parameters
    ----------
    home, work
        Where they live and work, by the last names of the way there; empty where it is not known.
    roles
        What they answer for.
    organizations
        Names of the organizations that they belong to.
    is_on_duty, is_away
        Whether it is their duty now, and whether they are away today.
    nights, last_at
        Nights in the last four weeks, and when their last duty ended.
    """

    person: Person
    home: str
    work: str
    roles: Sequence[RoleLine] = ()
    organizations: Sequence[str] = ()
    is_on_duty: bool = False
    is_away: bool = False
    nights: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has; where they are not counted, more than so many, or as many as on a day before."""

    count: int
    is_exact: bool = True
    kept_on: date | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a list of people."""

    lines: Sequence[PersonLine]
    total: Total
    next_code: str = ""

    @property
    def is_invented(self) -> bool:
        """Tell whether a row of it is invented for a demonstration."""
        return any(line.person.is_synthetic for line in self.lines)


def read_people(
    asked: PeopleFilter, area: Area, emergency: Emergency | None, now: datetime, *, after: str = ""
) -> PeoplePage:
    """Read a page of the people who live or work in an area.

    Parameters
    ----------
    asked, area
        Whom, and where; access to the area's people is the caller's to check.
    emergency, now
        In which roles and duties are looked up, and as of when.
    after
        Code of the person that the page before ended with; empty for the first page.
    """
    found = find_people(asked, area, emergency, now)
    last = Person.objects.filter(code=after).values_list("pk", flat=True).first() if after else None
    page = read_key_page(_list_segments(found, asked.sort, area, emergency, now), after=last, limit=ROWS)
    lines = _read_lines(page.numbers, emergency, now)
    return PeoplePage(lines, _total(found, asked, area, emergency), lines[-1].person.code if page.has_more else "")


def _total(found: FoundPeople, asked: PeopleFilter, area: Area, emergency: Emergency | None) -> Total:
    if found.is_counted or asked.is_narrow:
        return Total(found.count, found.is_counted)
    if is_soon_counted(area):
        return Total(count_people(area))
    kept = DayFigure.objects.filter(emergency=emergency, area=area, measure="people").order_by("-on_day").first()
    return Total(int(kept.value), is_exact=False, kept_on=kept.on_day) if kept else Total(found.count, is_exact=False)


def _list_segments(
    found: FoundPeople, sort: PeopleSort, area: Area, emergency: Emergency | None, now: datetime
) -> list[Segment]:
    name = found.name_key
    if sort is PeopleSort.AREA:
        lives_here = beneath_filter(area, "home_area__path")
        elsewhere = found.rows.exclude(pk__in=Person.objects.filter(lives_here).values("pk"))
        return [Segment(found.rows.filter(lives_here), ("home_area__path", "pinyin")), Segment(elsewhere, (name,))]
    if sort is PeopleSort.ROLE:
        wardens = holders_of(emergency, AppointmentRole.WARDEN)
        deputies = holders_of(emergency, AppointmentRole.DEPUTY)
        others = found.rows.exclude(pk__in=wardens).exclude(pk__in=deputies)
        second = found.rows.filter(pk__in=deputies).exclude(pk__in=wardens)
        return [
            Segment(found.rows.filter(pk__in=wardens), ("sound",)),
            Segment(second, ("sound",)),
            Segment(others, (name,)),
        ]
    if sort in {PeopleSort.NIGHTS, PeopleSort.REST}:
        return _list_by_duty(found, sort, now)
    return [Segment(found.rows, (name,))]


def _list_by_duty(found: FoundPeople, sort: PeopleSort, now: datetime) -> list[Segment]:
    """Return those with duties in the last four weeks by what they carried, then all others by name."""
    past = past_duties(now)
    if sort is PeopleSort.NIGHTS:
        past = past.filter(shift__pattern__is_night=True)
    own = past.filter(person=OuterRef("pk")).order_by().values("person")
    carried = found.rows.filter(pk__in=past.values("person"))
    if sort is PeopleSort.NIGHTS:
        counted = Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), Value(0))
        first = Segment(carried.annotate(carried=counted), ("-carried", "sound"))
    else:
        ended = Subquery(own.annotate(last=Max("ends_at")).values("last"))
        first = Segment(carried.annotate(carried=ended), ("carried", "sound"))
    return [first, Segment(found.rows.exclude(pk__in=past.values("person")), (found.name_key,))]


def _read_lines(numbers: Sequence[int], emergency: Emergency | None, now: datetime) -> list[PersonLine]:
    people = Person.objects.defer("phone").select_related("home_area", "work_area").in_bulk(numbers)
    active = Appointment.objects.filter(emergency=emergency, person__in=numbers, ends_at=None)
    appointments = list(active.select_related("area").order_by("-role"))
    homes = [area for person in people.values() for area in (person.home_area, person.work_area) if area]
    names = read_names([*homes, *(one.area for one in appointments)])
    facts = _read_facts(numbers, now)
    roles = (
        (one.person_id, RoleLine(one.area, say_place(one.area, names), AppointmentRole(one.role)))
        for one in appointments
    )
    _gather(facts, "roles", roles)
    return [
        PersonLine(
            person=people[pk],
            home=say_place(people[pk].home_area, names),
            work=say_place(people[pk].work_area, names),
            **facts[pk],
        )
        for pk in numbers
    ]


def say_place(area: Area | None, names: Mapping[str, str]) -> str:
    """Say where an area is by its own name and the two above it; nothing where there is none."""
    return " ".join(names[path] for path in ancestor_paths(area.path)[-_NAMES_SAID:]) if area else ""


def _read_facts(numbers: Sequence[int], now: datetime) -> dict[int, dict[str, Any]]:
    """Read what the lines of some people say beside the record, in a query for each kind of fact."""
    facts: dict[int, dict[str, Any]] = {pk: {} for pk in numbers}
    belonging = ((one.person_id, one.organization.name) for one in list_open(person_ids=numbers))
    _gather(facts, "organizations", belonging)
    today = now.astimezone(CITY_ZONE).date()
    away = list_absences(numbers).filter(starts_on__lte=today, ends_on__gt=today)
    for pk in away.values_list("person_id", flat=True):
        facts[pk]["is_away"] = True
    for pk in on_duty(now).filter(person__in=numbers).values_list("person", flat=True):
        facts[pk]["is_on_duty"] = True
    for pk, nights, last_at in _count_carried(numbers, now):
        facts[pk].update(nights=nights, last_at=last_at)
    return facts


def _gather(facts: dict[int, dict[str, Any]], name: str, found: Any) -> None:
    gathered: dict[int, list[Any]] = defaultdict(list)
    for pk, one in found:
        gathered[pk].append(one)
    for pk, several in gathered.items():
        facts[pk][name] = several


def _count_carried(numbers: Sequence[int], now: datetime) -> QuerySet[Any, Any]:
    past = past_duties(now).filter(person__in=numbers).order_by().values("person")
    is_night = Count("pk", filter=Q(shift__pattern__is_night=True))
    return past.annotate(nights=is_night, last=Max("ends_at")).values_list("person", "nights", "last")
