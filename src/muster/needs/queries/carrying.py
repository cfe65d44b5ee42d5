"""What paired organizations can carry: open needs by kind beside who is there, and who could take which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.models import Pairing
from muster.coverage.queries import list_pairings
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.needs.kinds import CarrierKind
from muster.needs.models import Need
from muster.needs.queries.carriers import CarrierName
from muster.needs.rules.carrying import Crew, find_duty, suggest_carriers
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

WAITING_LIMIT = 500


@dataclass(frozen=True, slots=True)
class CrewLine:
    """An organization that is paired with an area, what it takes over, and how many needs are in its hands."""

    pairing: Pairing
    carried: int

    @property
    def name(self) -> CarrierName:
        """Return how a form names it as a carrier."""
        return CarrierName(CarrierKind.ORGANIZATION, self.pairing.organization.code)

    def crew(self) -> Crew:
        """Return it as the rules weigh it."""
        pairing = self.pairing
        return Crew(pairing.organization.code, tuple(pairing.duties), max(pairing.people, 1), self.carried)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A need, the organization that could carry it, and by which of its duties."""

    need: Need
    crew: CrewLine
    duty: str


@dataclass(frozen=True, slots=True)
class CarryPanel:
    """A community: what waits there by kind, who is paired with it, and who could take which.

    Parameters
    ----------
    area
        The community.
    kinds
        How many needs wait there, by kind.
    crews
        Organizations paired with it or with something in it.
    suggestions
        Needs with whoever could carry them, most pressing first.
    """

    area: Area
    kinds: dict[str, int]
    crews: Sequence[CrewLine]
    suggestions: Sequence[Suggestion]

    @property
    def waiting(self) -> int:
        """Return how many needs wait there."""
        return sum(self.kinds.values())


def list_carry_panels(emergency: Emergency, area: Area) -> list[CarryPanel]:
    """List the communities of an area in which needs wait, those with the most first, with who could carry them.

    Needs that somebody has been given are left to them; needs without a door belong to no community here.
    """
    waiting = _list_waiting(emergency, area)
    offices = _find_offices(waiting)
    crews = _list_crews(emergency, area, offices)
    groups: dict[Area, list[Need]] = defaultdict(list)
    for need in waiting:
        office = next((offices[path] for path in ancestor_paths(need.area.path) if path in offices), None)
        if office is not None:
            groups[office].append(need)
    panels = [_panel(office, needs, crews) for office, needs in groups.items()]
    return sorted(panels, key=lambda panel: (-len(panel.suggestions), -panel.waiting, panel.area.path))


def _list_waiting(emergency: Emergency, area: Area) -> list[Need]:
    needs = Need.objects.filter(
        scope_filter(emergency, area, "area__path"),
        emergency=emergency,
        settled_at=None,
        joined_to=None,
        carrier_kind="",
    )
    return list(needs.select_related("area__level").order_by("urgency", "at", "pk")[:WAITING_LIMIT])


def _find_offices(needs: Sequence[Need]) -> dict[str, Area]:
    paths = {path for need in needs for path in ancestor_paths(need.area.path)}
    return {office.path: office for office in Area.objects.filter(path__in=paths, level__slug=OWNER_LEVEL)}


def _list_crews(emergency: Emergency, area: Area, offices: dict[str, Area]) -> list[CrewLine]:
    tops = [area] if len(offices) != 1 else list(offices.values())
    pairings = [pairing for top in tops for pairing in list_pairings(emergency, top)]
    open_needs = Need.objects.filter(emergency=emergency, settled_at=None, joined_to=None)
    of_them = open_needs.filter(carrier_organization__in={pairing.organization_id for pairing in pairings})
    carried = dict(of_them.values_list("carrier_organization").annotate(Count("pk")).order_by())
    return [CrewLine(pairing, carried.get(pairing.organization_id, 0)) for pairing in pairings]


def _panel(office: Area, needs: Sequence[Need], crews: Sequence[CrewLine]) -> CarryPanel:
    near = [line for line in crews if line.pairing.area.path.startswith(office.path)]
    by_code = {line.pairing.organization.code: line for line in near}
    suggestions: list[Suggestion] = []
    for top, some in _by_reach(needs, near):
        found = suggest_carriers([(need.code, need.kind) for need in some], [line.crew() for line in top])
        for need in some:
            if need.code in found:
                line = by_code[found[need.code]]
                suggestions.append(Suggestion(need, line, find_duty(need.kind, line.pairing.duties)))
    ordered = sorted(suggestions, key=lambda each: (each.need.urgency, each.need.at, each.need.pk))
    return CarryPanel(office, dict(Counter(need.kind for need in needs)), near, ordered)


def _by_reach(needs: Sequence[Need], crews: Sequence[CrewLine]) -> list[tuple[Sequence[CrewLine], list[Need]]]:
    """Group needs by the organizations that are paired with their door or something above it."""
    groups: dict[tuple[int, ...], tuple[Sequence[CrewLine], list[Need]]] = {}
    for need in needs:
        able = [line for line in crews if need.area.path.startswith(line.pairing.area.path)]
        key = tuple(line.pairing.pk for line in able)
        groups.setdefault(key, (able, []))[1].append(need)
    return [group for key, group in groups.items() if key]
