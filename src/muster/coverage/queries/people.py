"""Who could answer for an area, and who did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.kinds import Exclusion, Nearness
from muster.coverage.models import Appointment
from muster.coverage.rules import PersonFacts, find_exclusion
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel.clock import CITY_ZONE
from muster.people.models import Absence, Person
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_ancestors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person near an area, and what keeps the person from it, if anything does."""

    person_code: str
    person_name: str
    home_name: str
    nearness: Nearness
    appointments: int
    max_appointments: int
    exclusion: Exclusion | None


def list_appointments(emergency: Emergency, area: Area) -> QuerySet[Appointment]:
    """List the appointments on an area itself, past ones too, newest first."""
    appointments = Appointment.objects.filter(emergency=emergency, area=area)
    return appointments.select_related("person", "area__level", "emergency").order_by("-starts_at", "-pk")


def list_active_appointments(emergency: Emergency, area: Area) -> QuerySet[Appointment]:
    """List the active appointments within an area, in the order of the tree, wardens first."""
    appointments = Appointment.objects.filter(
        scope_filter(emergency, area, "area__path"), emergency=emergency, ends_at=None
    )
    return appointments.select_related("person", "area__level").order_by("area__path", "-role")


def list_candidates(area: Area, *, now: datetime, limit: int = 20) -> list[Candidate]:
    """List the people nearest to an area who might answer for it, those who may be appointed first.

    Parameters
    ----------
    area
        People who live in it are nearest, then those of the areas above it up to the township, and those
        who work in its community.
    now
        The moment whose local day decides who is absent.
    limit
        How many at most.
    """
    today = timezone.localtime(now, CITY_ZONE).date()
    found: dict[int, Candidate] = {}
    for ring, nearness in _rings(area):
        if len(found) >= 2 * limit:
            break
        place = "work_area__path" if nearness == Nearness.WORKS_NEARBY else "home_area__path"
        people = Person.objects.filter(beneath_filter(ring, place)).exclude(pk__in=list(found))
        for person in _with_facts(people, today)[: 2 * limit]:
            found[person.pk] = _candidate(person, nearness)
    ordered = sorted(found.values(), key=lambda one: (one.exclusion is not None, one.appointments, one.nearness))
    return ordered[:limit]


def _rings(area: Area) -> list[tuple[Area, Nearness]]:
    """Return the areas in which to look for people, nearest first, and how near those are who are found there."""
    line = [*list_ancestors(area), area]
    offices = [at for at, one in enumerate(line) if one.level.slug == OWNER_LEVEL]
    office = offices[-1] if offices else 0
    rings = [(area, Nearness.LIVES_HERE)]
    rings += [
        (line[at], Nearness.SAME_COMPOUND if at == office + 1 else Nearness.SAME_BUILDING)
        for at in range(len(line) - 2, office, -1)
    ]
    if office < len(line) - 1:
        rings.append((line[office], Nearness.SAME_COMMUNITY))
    rings.append((line[office], Nearness.WORKS_NEARBY))
    if office > 0:
        rings.append((line[office - 1], Nearness.SAME_TOWNSHIP))
    return rings


def _with_facts(people: QuerySet[Person], today: object) -> QuerySet[Person]:
    absent = Absence.objects.filter(person=OuterRef("pk"), starts_on__lte=today, ends_on__gt=today)
    active = Count("appointments", filter=Q(appointments__ends_at=None, appointments__emergency__ends_at=None))
    return people.annotate(is_absent=Exists(absent), active=active).select_related("home_area").order_by("active", "pk")


def _candidate(person: Person, nearness: Nearness) -> Candidate:
    facts = PersonFacts(
        may_serve=person.may_serve,
        has_consented=person.consented_at is not None,
        is_absent=person.is_absent,  # type: ignore[attr-defined]  # annotated above
        max_appointments=person.max_appointments,
        appointments=person.active,  # type: ignore[attr-defined]  # annotated above
    )
    return Candidate(
        person_code=person.code,
        person_name=person.name,
        home_name=person.home_area.name if person.home_area else "",
        nearness=nearness,
        appointments=facts.appointments,
        max_appointments=facts.max_appointments,
        exclusion=find_exclusion(facts),
    )


def read_facts(person: Person, now: datetime) -> PersonFacts:
    """Read what decides whether a person may be appointed on the local day of a moment."""
    today = timezone.localtime(now, CITY_ZONE).date()
    absences = Absence.objects.filter(person=person, starts_on__lte=today, ends_on__gt=today)
    active = Appointment.objects.filter(person=person, ends_at=None, emergency__ends_at=None)
    return PersonFacts(
        may_serve=person.may_serve,
        has_consented=person.consented_at is not None,
        is_absent=absences.exists(),
        max_appointments=person.max_appointments,
        appointments=active.count(),
    )
