"""Who could carry a need: those who answer for its door, its offices, organizations paired there, people on duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor
from muster.access.reach import Reach
from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.models import Appointment, Pairing
from muster.duty.kinds import DutyState
from muster.duty.models import Duty
from muster.needs.kinds import CarrierKind
from muster.territory.models import Area, Level
from muster.territory.rules import ancestor_paths, subtree_range

SOON = timedelta(hours=2)
"""Whoever comes on duty within this can be given a need now."""


class CarrierName(NamedTuple):
    """A carrier as somebody names it.

    Parameters
    ----------
    kind
        What it is.
    code
        Of an office or of a warden's or deputy's area: its code, the nearest where it is empty. Of an
        organization or a person: its code.
    """

    kind: str
    code: str = ""


class CarrierNumbers(NamedTuple):
    """A carrier as rows refer to it, in the order of their columns."""

    kind: str
    person_id: int | None = None
    organization_id: int | None = None
    office_id: int | None = None


NOBODY = CarrierNumbers("")


class Spot(NamedTuple):
    """Where a need is: its emergency, and the path of its area."""

    emergency_id: int
    path: str


@dataclass(frozen=True, slots=True)
class CarrierChoice:
    """Somebody who could carry a need of an area.

    Parameters
    ----------
    name
        How a form or a fact names them.
    title, person
        What they are called, and who stands behind a role; empty where only the role may be shown.
    area
        Name of the area that they answer for.
    duties, people
        What a paired organization has taken over, and how many people it sends.
    carried
        How many needs are in their hands already.
    """

    name: CarrierName
    title: str
    person: str = ""
    area: str = ""
    duties: tuple[str, ...] = ()
    people: int = 0
    carried: int = 0

    @property
    def value(self) -> str:
        """Return how a form names it."""
        return f"{self.name.kind}:{self.name.code}"


def read_carrier(value: str) -> CarrierName | None:
    """Read a carrier as a form names it; None where it names none."""
    kind, _colon, code = value.partition(":")
    return CarrierName(kind, code) if kind in CarrierKind.values else None


def find_carrier(actor: Actor, now: datetime, spot: Spot, name: CarrierName) -> CarrierNumbers | None:
    """Find the rows behind a carrier that somebody names for a need; None where nobody there could carry it.

    A carrier has something to do with the door: an office or a warden on the way up from it, an organization
    paired on that way, a person on duty in its community whom the actor may see.
    """
    find = _FINDERS.get(name.kind)
    return find(actor, now, spot, name) if find is not None else None


def _find_holder(actor: Actor, now: datetime, spot: Spot, name: CarrierName) -> CarrierNumbers | None:
    found = _holders(spot).filter(role=name.kind)
    if name.code:
        found = found.filter(area__code=name.code)
    person_id = found.order_by("-area__path").values_list("person_id", flat=True).first()
    return CarrierNumbers(name.kind, person_id=person_id) if person_id is not None else None


def _find_office(actor: Actor, now: datetime, spot: Spot, name: CarrierName) -> CarrierNumbers | None:
    offices = _offices(spot.path)
    if name.code:
        offices = offices.filter(code=name.code)
    office_id = offices.order_by("-path").values_list("pk", flat=True).first()
    return CarrierNumbers(name.kind, office_id=office_id) if office_id is not None else None


def _find_organization(actor: Actor, now: datetime, spot: Spot, name: CarrierName) -> CarrierNumbers | None:
    found = _pairings(spot).filter(organization__code=name.code)
    number = found.values_list("organization_id", flat=True).first()
    return CarrierNumbers(name.kind, organization_id=number) if number is not None else None


def _find_on_duty(actor: Actor, now: datetime, spot: Spot, name: CarrierName) -> CarrierNumbers | None:
    if not Reach(actor, Right.SEE_PEOPLE).has(spot.path):
        return None
    number = _on_duty(spot, now).filter(person__code=name.code).values_list("person_id", flat=True).first()
    return CarrierNumbers(name.kind, person_id=number) if number is not None else None


_FINDERS = {
    CarrierKind.WARDEN.value: _find_holder,
    CarrierKind.DEPUTY.value: _find_holder,
    CarrierKind.OFFICE.value: _find_office,
    CarrierKind.ORGANIZATION.value: _find_organization,
    CarrierKind.ON_DUTY.value: _find_on_duty,
}


def _holders(spot: Spot) -> QuerySet[Appointment]:
    paths = ancestor_paths(spot.path)
    return Appointment.objects.filter(emergency=spot.emergency_id, area__path__in=paths, ends_at=None)


def _offices(path: str) -> QuerySet[Area]:
    rank = Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0
    return Area.objects.filter(path__in=ancestor_paths(path), level__rank__lte=rank)


def _pairings(spot: Spot) -> QuerySet[Pairing]:
    paths = ancestor_paths(spot.path)
    return Pairing.objects.filter(emergency=spot.emergency_id, area__path__in=paths, ends_at=None)


def _on_duty(spot: Spot, now: datetime) -> QuerySet[Duty]:
    office = _offices(spot.path).order_by("-path").values_list("path", flat=True).first() or spot.path
    low, high = subtree_range(office)
    return Duty.objects.filter(
        shift__emergency=spot.emergency_id,
        shift__post__area__path__gte=low,
        shift__post__area__path__lt=high,
        state=DutyState.PLANNED,
        starts_at__lt=now + SOON,
        ends_at__gt=now,
    )


def list_carriers(actor: Actor, now: datetime, spot: Spot) -> list[CarrierChoice]:
    """List who could carry a need, nearest first: wardens and deputies, organizations, people on duty, offices."""
    may_see = Reach(actor, Right.SEE_PEOPLE).has(spot.path)
    people = _list_on_duty(spot, now) if may_see else []
    return [*_list_holders(spot, may_see=may_see), *_list_organizations(spot), *people, *_list_offices(spot)]


def _list_holders(spot: Spot, *, may_see: bool) -> Iterable[CarrierChoice]:
    found = _holders(spot).select_related("person", "area__level").order_by("-area__path", "-role")
    for held in found:
        name = CarrierName(held.role, held.area.code)
        yield CarrierChoice(name, held.role, person=held.person.name if may_see else "", area=held.area.name)


def _list_organizations(spot: Spot) -> Sequence[CarrierChoice]:
    found = _pairings(spot).select_related("organization", "area").order_by("-area__path")
    return [
        CarrierChoice(
            CarrierName(CarrierKind.ORGANIZATION, pairing.organization.code),
            pairing.organization.name,
            area=pairing.area.name,
            duties=tuple(pairing.duties),
            people=pairing.people,
        )
        for pairing in found
    ]


def _list_on_duty(spot: Spot, now: datetime) -> Sequence[CarrierChoice]:
    found = _on_duty(spot, now).select_related("person", "shift__post").order_by("starts_at", "person__code")
    names = {duty.person_id: duty for duty in reversed(found)}
    return [
        CarrierChoice(CarrierName(CarrierKind.ON_DUTY, duty.person.code), duty.person.name, area=duty.shift.post.name)
        for duty in reversed(names.values())
    ]


def _list_offices(spot: Spot) -> Iterable[CarrierChoice]:
    for office in _offices(spot.path).order_by("-path"):
        yield CarrierChoice(CarrierName(CarrierKind.OFFICE, office.code), office.name)
