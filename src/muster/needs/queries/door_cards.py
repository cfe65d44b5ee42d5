"""What the cards of doors say: read for thousands of doors at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from muster.clocks.queries import read_owners
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_warden_rules, list_required_areas, scope_filter
from muster.kernel.batches import batches
from muster.needs.models import DoorCard, OfficePhone
from muster.territory.models import Area, Level
from muster.territory.queries import read_names
from muster.territory.rules import STEP_CHARS, ancestor_paths

_DIGEST_CHARS = 32


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Somebody a card names, by what they are to which level."""

    name: str
    role: AppointmentRole
    level: Level
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class DoorCardText:
    """What the card of one door says.

    Parameters
    ----------
    area
        Whose door, with its level.
    place
        The names that lead to it, from the compound down.
    holders
        Who answers for the door itself, warden first; where nobody does, who answers for what lies around it.
    others
        Who answers for what lies around it, nearest first.
    office, phone
        The community's name, and its public number where there is one.
    shown
        Digest of everything that may change.
    """

    area: Area
    place: tuple[str, ...]
    holders: tuple[CardHolder, ...]
    others: tuple[CardHolder, ...]
    office: str
    phone: str
    shown: str

    @property
    def is_synthetic(self) -> bool:
        """Whether the door, or somebody whom the card names, is invented."""
        return self.area.is_synthetic or any(one.is_synthetic for one in (*self.holders, *self.others))


def list_card_levels(emergency: Emergency) -> list[Level]:
    """List the levels whose doors have cards: those that need wardens, lowest first."""
    return list(Level.objects.filter(pk__in=get_warden_rules(emergency)).order_by("-rank"))


def list_card_areas(emergency: Emergency, area: Area, level: Level) -> QuerySet[Area]:
    """List the areas of a level within an area, in the order of the tree; an area beneath the level has its own."""
    return list_required_areas(emergency, area).filter(level=level).select_related("level")


def read_cards(emergency: Emergency, areas: Sequence[Area]) -> list[DoorCardText]:
    """Read what the cards of some areas (with their levels) say, in the order given.

    Parameters
    ----------
    emergency
        Whose wardens are named.
    areas
        Any number, beneath one top: they are read in a query for every 900.
    """
    if not areas:
        return []
    names = read_names(areas)
    held = _read_holders(emergency, names)
    offices = _read_offices(areas)
    phones = dict(OfficePhone.objects.values_list("area__path", "phone"))
    depth = min((len(path) for path in held.doorways), default=0)
    return [_text(area, names, held, offices[area.pk], phones, depth) for area in areas]


@dataclass(frozen=True, slots=True)
class _Held:
    """Who answers for what, by path, and the paths that anybody may answer for."""

    holders: dict[str, tuple[CardHolder, ...]]
    doorways: frozenset[str]


def _read_holders(emergency: Emergency, paths: Iterable[str]) -> _Held:
    doorways: set[str] = set()
    holders: dict[str, tuple[CardHolder, ...]] = {}
    rules = get_warden_rules(emergency)
    levels = Level.objects.in_bulk()
    for some in batches(paths):
        doorways.update(Area.objects.filter(path__in=some, level__in=list(rules)).values_list("path", flat=True))
        active = Appointment.objects.filter(emergency=emergency, area__path__in=some, ends_at=None)
        columns = ("area__path", "area__level_id", "person__name", "role", "person__is_synthetic")
        for path, level, name, role, is_synthetic in active.order_by("area__path", "-role").values_list(*columns):
            holders[path] = (
                *holders.get(path, ()),
                CardHolder(name, AppointmentRole(role), levels[level], is_synthetic),
            )
    return _Held(holders, frozenset(doorways))


def _read_offices(areas: Sequence[Area]) -> dict[int, tuple[str, str]]:
    """Return path and name of the office of each area, by its number."""
    shared = areas[0].path
    for area in areas:
        while not area.path.startswith(shared):
            shared = shared[:-STEP_CHARS]
    top = Area.objects.select_related("level").get(path=shared)
    owners = read_owners(top)
    numbers = {area.pk: owners.find(area.path) for area in areas}
    found = Area.objects.in_bulk(set(numbers.values()))
    return {area: (found[number].path, found[number].name) for area, number in numbers.items()}


def _text(
    area: Area,
    names: Mapping[str, str],
    held: _Held,
    office: tuple[str, str],
    phones: Mapping[str, str],
    depth: int,
) -> DoorCardText:
    line = [path for path in ancestor_paths(area.path) if len(path) >= depth and path in held.doorways]
    around = [held.holders[path] for path in reversed(line) if path in held.holders]
    holders, others = (around[0], sum(around[1:], ())) if around else ((), ())
    phone = next((phones[path] for path in reversed(ancestor_paths(office[0])) if path in phones), "")
    place = tuple(names[path] for path in line) or (area.name,)
    told = [*place, *(f"{one.level.slug}/{one.role}/{one.name}" for one in (*holders, *others)), office[1], phone]
    shown = hashlib.sha256("\n".join(told).encode()).hexdigest()[:_DIGEST_CHARS]
    return DoorCardText(area, place, holders, others, office[1], phone, shown)


def filter_changed(emergency: Emergency, cards: Sequence[DoorCardText]) -> list[DoorCardText]:
    """Return the cards that say something else than the last one that was printed for the door, or were never."""
    last: dict[int, str] = {}
    for some in batches(card.area.pk for card in cards):
        printed = DoorCard.objects.filter(emergency=emergency, area__in=some).order_by("printed_at", "pk")
        last.update(printed.values_list("area_id", "shown"))
    return [card for card in cards if last.get(card.area.pk) != card.shown]


def find_last_printed(emergency: Emergency, area: Area) -> DoorCard | None:
    """Find the card that was printed last within an area."""
    printed = DoorCard.objects.filter(scope_filter(emergency, area, "area__path"), emergency=emergency)
    return printed.order_by("-printed_at", "-pk").first()
