"""Who is there when an exercise begins: people on duty, wardens, offices; each with an account and a token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db import transaction

from muster.access.kinds import Role
from muster.access.phones import Holder, open_phones
from muster.access.queries import SystemActor
from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.kinds import AppointmentRole
from muster.coverage.queries import list_active_appointments
from muster.duty.queries.gaps import gap_subject
from muster.duty.queries.spans import planned_duties
from muster.emergencies.models import Emergency
from muster.kernel import clock
from muster.kernel.batches import batches
from muster.messages.actions import set_contact
from muster.messages.kinds import Channel
from muster.needs.actions.door_addresses import give_door_addresses
from muster.scenarios.chance import open_stream
from muster.territory.models import Area, Level
from muster.territory.queries import beneath_filter
from muster.territory.rules import ancestor_paths

SIMULATION = SystemActor("simulation")
_LABEL = "simulation"
_OFFICE_ROLES = {"city": Role.DUTY_OFFICER, "county": Role.DUTY_OFFICER}


class Standing(NamedTuple):
    """A duty that somebody is to do."""

    duty_id: int
    person_id: int
    person_code: str
    post_code: str
    area_path: str
    starts_at: datetime
    ends_at: datetime


class Door(NamedTuple):
    """An area and who answers for it."""

    area_code: str
    area_path: str
    person_id: int
    person_code: str


class Office(NamedTuple):
    """The office of an area, reached under its code."""

    area_id: int
    code: str
    path: str
    level: str


@dataclass
class Cast:
    """Who takes part.

    Parameters
    ----------
    emergency
        In which.
    duties
        Those that begin in the exercise, in the order of their start.
    doors
        Those that a warden of the exercise answers for.
    deputies
        The same doors, with whoever stands in for their wardens.
    offices
        By path.
    addresses
        Short addresses of the doors, by code of the area.
    tokens
        By number of the person.
    office_tokens
        By code of the area.
    """

    emergency: Emergency
    duties: list[Standing]
    doors: list[Door]
    deputies: list[Door]
    offices: dict[str, Office]
    addresses: dict[str, str]
    tokens: dict[int, str] = field(default_factory=dict)
    office_tokens: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _answering(self) -> dict[int, list[Door]]:
        by_person: dict[int, list[Door]] = defaultdict(list)
        for door in (*self.doors, *self.deputies):
            by_person[door.person_id].append(door)
        return by_person

    def doors_of(self, person_id: int) -> list[Door]:
        """Return the doors that somebody answers for, as warden or deputy; none of most people."""
        return self._answering.get(person_id, [])

    @cached_property
    def _by_shift(self) -> dict[str, list[Standing]]:
        by_shift: dict[str, list[Standing]] = defaultdict(list)
        for duty in self.duties:
            by_shift[gap_subject(duty.post_code, duty.starts_at, duty.ends_at)].append(duty)
        return by_shift

    def duties_of(self, subject: str) -> list[Standing]:
        """Return the duties of a shift by its name as a gap, as they were when the exercise began."""
        return self._by_shift.get(subject, [])

    def office_of(self, path: str) -> Office:
        """Return the office that answers for what lies at a path: the nearest on the way up."""
        return next(self.offices[one] for one in reversed(ancestor_paths(path)) if one in self.offices)


def gather(emergency: Emergency, *, begins_at: datetime, ends_at: datetime, wardens: int, seed: int) -> Cast:
    """Gather who takes part in an exercise, and give them accounts and tokens.

    Parameters
    ----------
    emergency
        In which.
    begins_at, ends_at
        Whose duties begin in this half-open span.
    wardens
        How many wardens take part at most, drawn by the seed.
    seed
        From 0.
    """
    duties = _list_duties(emergency, begins_at, ends_at)
    doors = _draw_doors(emergency, wardens, seed)
    offices = {office.path: office for office in _list_offices(emergency.area)}
    cast = Cast(emergency, duties, doors, _list_deputies(emergency, doors), offices, _give_addresses(doors))
    with transaction.atomic():
        _open_people(cast)
        _open_offices(cast)
    return cast


def _list_duties(emergency: Emergency, begins_at: datetime, ends_at: datetime) -> list[Standing]:
    rows = planned_duties(emergency).filter(starts_at__gte=begins_at, starts_at__lt=ends_at)
    columns = ("pk", "person_id", "person__code", "shift__post__code", "shift__post__area__path")
    # By what a seed repeats: numbers of rows may differ between databases.
    ordered = rows.order_by("starts_at", "shift__post__code", "person__code")
    return [Standing(*row) for row in ordered.values_list(*columns, "starts_at", "ends_at")]


def _draw_doors(emergency: Emergency, wardens: int, seed: int) -> list[Door]:
    by_person: dict[str, list[Door]] = defaultdict(list)
    for door in _list_doors(emergency, AppointmentRole.WARDEN):
        by_person[door.person_code].append(door)
    codes = sorted(by_person)
    drawn = open_stream(seed, "wardens").permutation(len(codes))[:wardens]
    return [door for at in sorted(drawn.tolist()) for door in by_person[codes[at]]]


def _list_deputies(emergency: Emergency, doors: Iterable[Door]) -> list[Door]:
    wanted = {door.area_code for door in doors}
    return [door for door in _list_doors(emergency, AppointmentRole.DEPUTY) if door.area_code in wanted]


def _list_doors(emergency: Emergency, role: AppointmentRole) -> Iterator[Door]:
    appointed = list_active_appointments(emergency, emergency.area).filter(role=role)
    columns = ("area__code", "area__path", "person_id", "person__code")
    return (Door(*row) for row in appointed.order_by("person__code", "area__code").values_list(*columns))


def _give_addresses(doors: Iterable[Door]) -> dict[str, str]:
    areas = [area for some in batches(door.area_code for door in doors) for area in Area.objects.filter(code__in=some)]
    given = give_door_addresses(areas)
    return {area.code: given[area.pk] for area in areas}


def _list_offices(area: Area) -> Iterable[Office]:
    lowest = Level.objects.get(slug=OWNER_LEVEL)
    found = Area.objects.filter(beneath_filter(area), level__rank__lte=lowest.rank).order_by("path")
    return [Office(*row) for row in found.values_list("pk", "code", "path", "level__slug")]


def _open_people(cast: Cast) -> None:
    areas: dict[int, list[str]] = defaultdict(list)
    codes = {duty.person_id: duty.person_code for duty in cast.duties}
    for door in (*cast.doors, *cast.deputies):
        codes[door.person_id] = door.person_code
        areas[door.person_id].append(door.area_code)
    numbers = dict(Area.objects.filter(beneath_filter(cast.emergency.area)).values_list("code", "pk"))
    holders = [
        Holder(
            username=f"phone-{code}",
            display_name=code,
            person_id=person_id,
            role=Role.WARDEN if person_id in areas else None,
            area_ids=tuple(numbers[area] for area in areas[person_id]),
        )
        for person_id, code in sorted(codes.items())
    ]
    tokens = open_phones(actor=SIMULATION, now=clock.now(), holders=holders, label=_LABEL)
    cast.tokens.update({_number(holder): token for holder, token in zip(holders, tokens, strict=True)})


def open_phone(cast: Cast, *, person_id: int, code: str) -> str:
    """Give somebody an account and a token who joins later, such as whoever stands in."""
    holder = Holder(f"phone-{code}", code, person_id)
    [token] = open_phones(actor=SIMULATION, now=clock.now(), holders=[holder], label=_LABEL)
    cast.tokens[person_id] = token
    return token


def _number(holder: Holder) -> int:
    if holder.person_id is None:
        raise ValueError(f"{holder.username} is nobody's phone.")
    return holder.person_id


def _open_offices(cast: Cast) -> None:
    """Give every office an account, and a number under which messages reach it: its code."""
    offices: Sequence[Office] = list(cast.offices.values())
    holders = [
        Holder(
            username=f"office-{office.code}",
            display_name=office.code,
            role=_OFFICE_ROLES.get(office.level, Role.COMMUNITY_WORKER),
            area_ids=(office.area_id,),
        )
        for office in offices
    ]
    now = clock.now()
    tokens = open_phones(actor=SIMULATION, now=now, holders=holders, label=_LABEL)
    cast.office_tokens.update({office.code: token for office, token in zip(offices, tokens, strict=True)})
    for area in Area.objects.filter(pk__in=[office.area_id for office in offices], contacts=None):
        set_contact(actor=SIMULATION, now=now, of=area, channel=Channel.SMS, address=area.code)
