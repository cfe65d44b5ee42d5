"""Coverage as boards and trees show it, read from tallies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from muster.clocks.kinds import GapKind
from muster.clocks.queries import count_open_gaps
from muster.coverage.kinds import AppointmentRole, CoverageState
from muster.coverage.models import Appointment, CoverageTally
from muster.coverage.queries.ledger import Holder, OpenGap, read_gaps, read_holders
from muster.coverage.rules import coverage_state
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_warden_rules, scope_filter
from muster.territory.models import Area

_TALLIED = frozenset({GapKind.AREA_WITHOUT_WARDEN, GapKind.AREA_WITHOUT_DEPUTY})


@dataclass(frozen=True, slots=True)
class Tally:
    """Areas that need a warden, and how they stand."""

    required: int = 0
    covered: int = 0
    deputy_only: int = 0
    with_deputy: int = 0

    @property
    def gap(self) -> int:
        """Areas with nobody."""
        return self.required - self.covered - self.deputy_only

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.required + other.required,
            self.covered + other.covered,
            self.deputy_only + other.deputy_only,
            self.with_deputy + other.with_deputy,
        )


@dataclass(frozen=True, slots=True)
class LevelTally:
    """A tally of the areas of one level."""

    level: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """How an area and all beneath it stand.

    ``state`` is None where the area itself needs no warden in this emergency.
    """

    code: str
    name: str
    level: str
    state: CoverageState | None
    warden: Holder | None
    deputy: Holder | None
    gaps: tuple[OpenGap, ...]
    levels: tuple[LevelTally, ...]

    @property
    def total(self) -> Tally:
        """Sum over all levels."""
        return sum((one.tally for one in self.levels), Tally())


@dataclass(frozen=True, slots=True)
class ChildCoverage:
    """How a child of an area, with all beneath it, stands: one line of a tree."""

    area_id: int
    code: str
    name: str
    level: str
    kind: str
    tally: Tally
    has_children: bool

    @property
    def required(self) -> int:
        """Areas that need a warden."""
        return self.tally.required

    @property
    def covered(self) -> int:
        """Of them, those with a warden."""
        return self.tally.covered

    @property
    def deputy_only(self) -> int:
        """Of them, those with a deputy alone."""
        return self.tally.deputy_only

    @property
    def gap(self) -> int:
        """Of them, those with nobody."""
        return self.tally.gap


def get_area_coverage(emergency: Emergency, area: Area) -> AreaCoverage:
    """Get how an area stands: its people, its gaps, and its tallies by level from the top down.

    Four queries, whatever the size of the area.
    """
    rules = get_warden_rules(emergency)
    is_required = area.level_id in rules and area.path.startswith(emergency.area.path)
    holders = read_holders(emergency, [area])[area.pk]
    warden, deputy = holders.get(AppointmentRole.WARDEN), holders.get(AppointmentRole.DEPUTY)
    state = coverage_state(has_warden=warden is not None, has_deputy=deputy is not None)
    levels = _level_tallies(emergency, area)
    if is_required and not levels:
        levels = (LevelTally(area.level.slug, _own_tally(holders)),)
    return AreaCoverage(
        code=area.code,
        name=area.name,
        level=area.level.slug,
        state=state if is_required else None,
        warden=warden,
        deputy=deputy,
        gaps=tuple(read_gaps(emergency, [area])[area.pk]),
        levels=levels,
    )


def _level_tallies(emergency: Emergency, area: Area) -> tuple[LevelTally, ...]:
    tallies = CoverageTally.objects.filter(emergency=emergency, area=area).select_related("level")
    return tuple(LevelTally(one.level.slug, _tally(one)) for one in tallies.order_by("level__rank"))


def _tally(row: CoverageTally) -> Tally:
    return Tally(row.required, row.covered, row.deputy_only, row.with_deputy)


def _own_tally(roles: Collection[str]) -> Tally:
    has_warden, has_deputy = AppointmentRole.WARDEN in roles, AppointmentRole.DEPUTY in roles
    return Tally(1, int(has_warden), int(has_deputy and not has_warden), int(has_warden and has_deputy))


def list_children_coverage(emergency: Emergency, area: Area) -> list[ChildCoverage]:
    """List how the children of an area stand, in the order of the tree.

    Four queries, whatever lies beneath: tallies for children that have children, appointments for those
    that have none.
    """
    below = Area.objects.filter(parent=OuterRef("pk"))
    children = list(
        Area.objects.filter(parent=area).annotate(has_below=Exists(below)).select_related("level").order_by("path")
    )
    tallies: dict[int, Tally] = defaultdict(Tally)
    for row in CoverageTally.objects.filter(
        emergency=emergency, area__in=Area.objects.filter(parent=area).values("pk")
    ):
        tallies[row.area_id] += _tally(row)
    tallies.update(_leaf_tallies(emergency, area, [one for one in children if not one.has_below]))
    return [
        ChildCoverage(one.pk, one.code, one.name, one.level.slug, one.kind, tallies[one.pk], one.has_below)
        for one in children
    ]


def _leaf_tallies(emergency: Emergency, area: Area, leaves: list[Area]) -> dict[int, Tally]:
    rules = get_warden_rules(emergency) if leaves else {}
    required = [one for one in leaves if one.level_id in rules and one.path.startswith(emergency.area.path)]
    roles: dict[int, set[str]] = defaultdict(set)
    if required:
        active = Appointment.objects.filter(emergency=emergency, area__parent=area, ends_at=None)
        for area_id, role in active.values_list("area_id", "role"):
            roles[area_id].add(role)
    return {one.pk: _own_tally(roles[one.pk]) for one in required}


@dataclass(frozen=True, slots=True)
class WardenFigures:
    """Coverage of an area in figures.

    Parameters
    ----------
    required, covered, deputy_only, with_deputy
        Areas that need a warden, and how they stand.
    people
        Different people with an active appointment as warden.
    """

    required: int
    covered: int
    deputy_only: int
    with_deputy: int
    people: int


def get_warden_figures(emergency: Emergency, area: Area) -> WardenFigures:
    """Get the figures of coverage within an area: sums of its tallies, and the number of different wardens."""
    total = get_area_coverage(emergency, area).total
    return WardenFigures(
        total.required, total.covered, total.deputy_only, total.with_deputy, count_wardens(emergency, area)
    )


def count_wardens(emergency: Emergency, area: Area) -> int:
    """Count the different people with an active appointment as warden within an area."""
    wardens = Appointment.objects.filter(emergency=emergency, role=AppointmentRole.WARDEN, ends_at=None)
    if not emergency.area.path.startswith(area.path):
        # A condition on numbers, not a join: only so does SQLite start from the areas, of which there are fewer.
        wardens = wardens.filter(area__in=Area.objects.filter(scope_filter(emergency, area)).values("pk"))
    return wardens.aggregate(people=Count("person", distinct=True))["people"] or 0


def count_gaps(emergency: Emergency, area: Area) -> dict[str, int]:
    """Count the open gaps within an area by kind; a kind with none is 0.

    Areas without a warden or a deputy are read from the tallies, which are kept with the gaps and are a
    handful of rows where a city that has just been called up has a million gaps.
    """
    rules = get_warden_rules(emergency)
    tallies = list(CoverageTally.objects.filter(emergency=emergency, area=area))
    if not tallies:
        return count_open_gaps(emergency, area)
    others = [kind for kind in GapKind.values if kind not in _TALLIED]
    return {
        **count_open_gaps(emergency, area, others),
        GapKind.AREA_WITHOUT_WARDEN: sum(one.required - one.covered for one in tallies),
        GapKind.AREA_WITHOUT_DEPUTY: sum(one.covered - one.with_deputy for one in tallies if rules.get(one.level_id)),
    }
