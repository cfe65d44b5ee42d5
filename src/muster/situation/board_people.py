"""One person, and one organization: what they answer for, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from muster.coverage.models import Appointment, Pairing
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.duty.queries import Load, get_load
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.membership.models import Membership
from muster.membership.queries import count_members, list_open
from muster.organizations.models import AllianceSeat, Organization
from muster.organizations.queries import list_branches, list_open_seats
from muster.people.models import Person
from muster.situation.board_names import name_areas
from muster.situation.records import Event, KeptFact, list_kept, list_organization_events, list_person_events
from muster.territory.models import Area

DUTIES_AHEAD_DAYS = 14
DUTIES_PAST_DAYS = 28
DUTIES_LIMIT = 20
PAST_LIMIT = 40
MEMBERS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person: memberships, what they answer for, their next duties and their load this week.

    ``places`` says in full where they live and work, by code of the area.
    """

    person: Person
    memberships: Sequence[Membership]
    appointments: Sequence[Appointment]
    duties: Sequence[Duty]
    load: Load | None
    week_starts_on: date
    places: Mapping[str, str]
    past_duties: Sequence[Duty] = ()
    kept: Sequence[KeptFact] = ()
    history: Sequence[Event] = ()
    former_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization: its branches, alliances, members and pairings."""

    organization: Organization
    branches: Sequence[Organization]
    seats: Sequence[AllianceSeat]
    members_count: int
    members: Sequence[Membership]
    pairings: Sequence[Pairing]
    history: Sequence[Event] = ()
    former_codes: Sequence[str] = ()


def read_person(emergency: Emergency | None, person: Person, now: datetime) -> PersonView:
    """Read what a person answers for and what is asked of them."""
    today = now.astimezone(CITY_ZONE).date()
    week_starts_on = today - timedelta(days=today.weekday())
    appointments = Appointment.objects.filter(person=person).select_related("area__level", "area__parent", "emergency")
    duties = Duty.objects.filter(person=person, state=DutyState.PLANNED).select_related("shift__post", "shift__pattern")
    ahead = duties.filter(ends_at__gt=now, starts_at__lt=now + timedelta(days=DUTIES_AHEAD_DAYS))
    past = duties.filter(ends_at__lte=now, starts_at__gt=now - timedelta(days=DUTIES_PAST_DAYS))
    return PersonView(
        person=person,
        memberships=list(list_open(person_ids=[person.pk])),
        appointments=list(appointments.order_by("ends_at", "-starts_at")[:DUTIES_LIMIT]),
        duties=list(ahead.order_by("starts_at")[:DUTIES_LIMIT]),
        load=get_load(emergency, person, week_starts_on, week_starts_on + timedelta(days=7)) if emergency else None,
        week_starts_on=week_starts_on,
        places=name_areas(area.code for area in (person.home_area, person.work_area) if area),
        past_duties=list(past.order_by("-starts_at")[:PAST_LIMIT]),
        kept=list_kept(person),
        history=list_person_events(person),
        former_codes=list(person.former_codes.values_list("code", flat=True)),
    )


def read_organization(emergency: Emergency | None, organization: Organization) -> OrganizationView:
    """Read who belongs to an organization and what it is responsible for."""
    pairings = Pairing.objects.filter(emergency=emergency, organization=organization, ends_at=None)
    return OrganizationView(
        organization=organization,
        branches=list(list_branches(organization)),
        seats=list(list_open_seats([organization.pk])),
        members_count=count_members(organization),
        members=list(list_open(organization=organization)[:MEMBERS_LIMIT]),
        pairings=list(pairings.select_related("area__parent").order_by("area__path")) if emergency else (),
        history=list_organization_events(organization),
        former_codes=list(organization.former_codes.values_list("code", flat=True)),
    )


def seat_of(person: Person) -> Area | None:
    """Return the area in which a person is shown: where they live, or else where they work."""
    return person.home_area or person.work_area
