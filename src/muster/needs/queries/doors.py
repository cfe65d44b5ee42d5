"""Doors as residents see them: where one is, who answers for it, whom to ring. No number of any person is read here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.emergencies.queries import find_active
from muster.kernel.errors import NotFoundError
from muster.needs.models import DoorAddress, OfficePhone
from muster.needs.rules import read_code, say_code
from muster.people.models import Person
from muster.territory.models import Area, Level
from muster.territory.queries import list_ancestors


@dataclass(frozen=True, slots=True)
class DoorHolder:
    """Somebody who answers for a door: the name and the role that hang on it, and nothing else of them.

    Parameters
    ----------
    name, role
        Who it is, as warden or deputy.
    area
        What they answer for, with its level: the door itself, or what it lies in.
    since_at
        Since when.
    is_synthetic
        Whether they are invented.
    """

    name: str
    role: AppointmentRole
    area: Area
    since_at: datetime
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office with its public telephone number."""

    office: Area
    phone: str


@dataclass(frozen=True, slots=True)
class Door:
    """A door, and everything that its page says.

    Parameters
    ----------
    code
        Its short address.
    area
        The area whose door it is, with its level.
    line
        From the compound down to the area itself.
    office
        The community, or what lies next above the door in place of one.
    above
        What the office lies in, one level up; None at the top.
    offices
        Offices on the way up with a public number, nearest first.
    emergency
        The one that is active here, or None.
    holders
        Who answers, nearest first; nobody where no emergency is active.
    """

    code: str
    area: Area
    line: Sequence[Area]
    office: Area
    above: Area | None
    offices: Sequence[OfficeLine]
    emergency: Emergency | None
    holders: Sequence[DoorHolder]

    @property
    def spoken(self) -> str:
        """Return the address as it is read aloud."""
        return say_code(self.code)

    @property
    def place(self) -> str:
        """Return where it is, from the compound down."""
        return " ".join(area.name for area in self.line)

    @property
    def nearest(self) -> Sequence[DoorHolder]:
        """Return those who answer for the door, or for the least that it lies in where nobody does: warden first."""
        return [holder for holder in self.holders if holder.area == self.holders[0].area]

    @property
    def others(self) -> Sequence[DoorHolder]:
        """Return those who answer for what lies around it."""
        return self.holders[len(self.nearest) :]

    @property
    def has_own_holder(self) -> bool:
        """Tell whether somebody answers for this very door."""
        return bool(self.holders) and self.holders[0].area == self.area


def get_door(typed: str) -> Door:
    """Get a door by its short address, in whatever case and spacing somebody typed it.

    Raises
    ------
    NotFoundError
        If no door has it.
    """
    address = DoorAddress.objects.select_related("area__level").filter(code=read_code(typed)).first()
    if address is None:
        raise NotFoundError(f"No door has the address {say_code(read_code(typed)[:16])}.")
    return read_door(address.area, address.code)


def find_door_code(area: Area) -> str:
    """Find the short address of an area's door; empty where it has none."""
    return DoorAddress.objects.filter(area=area).values_list("code", flat=True).first() or ""


def read_door(area: Area, code: str = "") -> Door:
    """Read what the page of an area's door says, in a handful of queries."""
    path_down = [*list_ancestors(area), area]
    line, offices = _split(path_down)
    emergency = find_active(area)
    return Door(
        code=code,
        area=area,
        line=line,
        office=offices[-1] if offices else line[0],
        above=offices[-2] if len(offices) > 1 else None,
        offices=list_offices(area),
        emergency=emergency,
        holders=list_holders(emergency, path_down) if emergency is not None else (),
    )


def _split(path_down: Sequence[Area]) -> tuple[Sequence[Area], Sequence[Area]]:
    """Return the places down from the compound, and the offices above them; an office of its own is its own place."""
    rank = Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0
    offices = [area for area in path_down if area.level.rank <= rank]
    return [area for area in path_down if area.level.rank > rank] or path_down[-1:], offices


def list_holders(emergency: Emergency, areas: Iterable[Area]) -> list[DoorHolder]:
    """List who answers for areas, the lowest area first, wardens before deputies."""
    active = Appointment.objects.filter(emergency=emergency, area__in=list(areas), ends_at=None)
    found = active.select_related("area__level", "person").order_by("-area__path", "-role")
    return [
        DoorHolder(
            one.person.name, AppointmentRole(one.role), one.area, one.starts_at, is_synthetic=one.person.is_synthetic
        )
        for one in found
    ]


def read_answering(emergency: Emergency, area: Area) -> tuple[list[Person], Area]:
    """Read who answers for an area: those of the least place around it that anybody answers for; and its office."""
    path_down = [*list_ancestors(area), area]
    active = Appointment.objects.filter(emergency=emergency, area__in=path_down, ends_at=None)
    found = list(active.select_related("person", "area").order_by("-area__path", "-role"))
    _line, offices = _split(path_down)
    return [one.person for one in found if one.area == found[0].area], offices[-1] if offices else path_down[-1]


def list_offices(area: Area) -> list[OfficeLine]:
    """List the offices on the way up from an area that have a public number, nearest first."""
    above = [*list_ancestors(area), area]
    lines = OfficePhone.objects.filter(area__in=above).select_related("area__level").order_by("-area__path")
    return [OfficeLine(line.area, line.phone) for line in lines]


def find_office_phones(areas: Iterable[Area]) -> dict[int, str]:
    """Find the public number of some areas' own offices, by the area's number."""
    return dict(OfficePhone.objects.filter(area__in=list(areas)).values_list("area_id", "phone"))
