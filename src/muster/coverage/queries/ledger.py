"""The ledger: how each area stands, with the people, the gap, its age and its owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.coverage.kinds import AppointmentRole, CoverageState
from muster.coverage.models import Appointment, CoverageTally
from muster.coverage.rules import coverage_state
from muster.emergencies.models import Emergency
from muster.emergencies.queries import list_required_areas
from muster.kernel.batches import batches
from muster.territory.models import Area

LEDGER_GAPS = (GapKind.AREA_WITHOUT_WARDEN, GapKind.AREA_WITHOUT_DEPUTY)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a role on an area, and since when."""

    appointment_id: int
    person_code: str
    person_name: str
    since_at: datetime
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap of an area: which role is missing, since when, whose it is to close, and why."""

    kind: GapKind
    since_at: datetime
    owner_code: str
    owner_name: str
    why: str
    why_detail: dict[str, Any]

    def age_s(self, now: datetime) -> float:
        """Return for how many seconds it has stood open."""
        return (now - self.since_at).total_seconds()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """How one area stands."""

    area_id: int
    code: str
    name: str
    level: str
    parent_name: str
    state: CoverageState
    warden: Holder | None
    deputy: Holder | None
    gaps: tuple[OpenGap, ...] = field(default=())


BATCH_ROWS = 500
FEW_ROWS = 20_000
"""Up to so many areas of a state are sought from their gaps or wardens; of more, a page is met soon in the tree."""


def _filter_ledger(emergency: Emergency, area: Area, state: CoverageState | None, level: str | None) -> QuerySet[Area]:
    areas = list_required_areas(emergency, area)
    if level is not None:
        areas = areas.filter(level__slug=level)
    if state is None:
        return areas
    warden, deputy = (_has_active(emergency, role) for role in (AppointmentRole.WARDEN, AppointmentRole.DEPUTY))
    conditions = {
        CoverageState.COVERED: (warden,),
        CoverageState.DEPUTY_ONLY: (~warden, deputy),
        CoverageState.GAP: (~warden, ~deputy),
    }
    return areas.filter(*conditions[state])


def _has_active(emergency: Emergency, role: AppointmentRole) -> Exists:
    return Exists(Appointment.objects.filter(emergency=emergency, area=OuterRef("pk"), role=role, ends_at=None))


def _filter_few(emergency: Emergency, state: CoverageState) -> Q:
    """Return a condition that rows of a state meet anyway, and from which the database finds them where few do."""
    if state == CoverageState.COVERED:
        wardens = Appointment.objects.filter(emergency=emergency, role=AppointmentRole.WARDEN, ends_at=None)
        return Q(pk__in=wardens.values("area"))
    gaps = Gap.objects.filter(emergency=emergency, kind=GapKind.AREA_WITHOUT_WARDEN, closed_at=None)
    return Q(pk__in=gaps.values("area"))


def count_ledger(emergency: Emergency, area: Area, state: CoverageState | None = None, level: str | None = None) -> int:
    """Count the rows that ``list_ledger`` would list in all: from the tallies, where an area has them."""
    tallies = list(CoverageTally.objects.filter(emergency=emergency, area=area).select_related("level"))
    if not tallies:
        return _filter_ledger(emergency, area, state, level).order_by().count()
    return sum(_in_state(one, state) for one in tallies if level is None or one.level.slug == level)


def _in_state(tally: CoverageTally, state: CoverageState | None) -> int:
    if state is None:
        return tally.required
    return {
        CoverageState.COVERED: tally.covered,
        CoverageState.DEPUTY_ONLY: tally.deputy_only,
        CoverageState.GAP: tally.required - tally.covered - tally.deputy_only,
    }[state]


def list_ledger(
    emergency: Emergency,
    area: Area,
    state: CoverageState | None = None,
    *,
    level: str | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[LedgerRow]:
    """List how the areas within an area stand, in the order of the tree.

    Parameters
    ----------
    emergency, area
        Where to look.
    state
        Only areas that stand so.
    level
        Slug; only areas of this level.
    offset, limit
        Which part of the list; all of it by default. Two queries more find it, from an index alone.
    """
    if limit is None:
        return list(islice(walk_ledger(emergency, area, state, level), offset, None))
    found = _filter_ledger(emergency, area, state, level)
    count = count_ledger(emergency, area, state, level)
    if offset >= count:
        return []
    if state is not None and count <= FEW_ROWS:
        found = found.filter(_filter_few(emergency, state))
    page = list(found.values_list("pk", flat=True)[offset : offset + limit])
    return read_ledger_of(emergency, _read_areas(page))


def walk_ledger(
    emergency: Emergency, area: Area, state: CoverageState | None = None, level: str | None = None
) -> Iterator[LedgerRow]:
    """List how the areas within an area stand, in the order of the tree, reading no further than one is asked for."""
    numbers = _filter_ledger(emergency, area, state, level).values_list("pk", flat=True)
    for batch in batches(numbers.iterator(chunk_size=BATCH_ROWS), BATCH_ROWS):
        yield from read_ledger_of(emergency, _read_areas(batch))


def _read_areas(numbers: list[int]) -> list[Area]:
    # Joined while filtering, the levels would lead the way, and a million areas be sorted.
    return list(Area.objects.filter(pk__in=numbers).select_related("level", "parent").order_by("path"))


def read_ledger_of(emergency: Emergency, areas: list[Area]) -> list[LedgerRow]:
    """Read how given areas (with level and parent) stand, in two queries for every 500."""
    rows: list[LedgerRow] = []
    for batch in batches(areas, BATCH_ROWS):
        holders = read_holders(emergency, batch)
        gaps = read_gaps(emergency, batch)
        rows += [_row(one, holders[one.pk], gaps[one.pk]) for one in batch]
    return rows


def read_holders(emergency: Emergency, areas: list[Area]) -> dict[int, dict[str, Holder]]:
    """Read who holds which role on areas, by area number and role."""
    found: dict[int, dict[str, Holder]] = defaultdict(dict)
    active = Appointment.objects.filter(emergency=emergency, area__in=[one.pk for one in areas], ends_at=None)
    columns = ("area_id", "role", "pk", "person__code", "person__name", "starts_at", "person__is_synthetic")
    for area_id, role, *values in active.values_list(*columns):
        found[area_id][role] = Holder(*values)
    return found


def read_gaps(emergency: Emergency, areas: list[Area]) -> dict[int, list[OpenGap]]:
    """Read the open gaps of wardens and deputies on areas, by area number."""
    found: dict[int, list[OpenGap]] = defaultdict(list)
    open_gaps = Gap.objects.filter(
        emergency=emergency, kind__in=LEDGER_GAPS, subject__in=[one.code for one in areas], closed_at=None
    ).select_related("owner_area")
    for gap in open_gaps:
        found[gap.area_id].append(
            OpenGap(GapKind(gap.kind), gap.since_at, gap.owner_area.code, gap.owner_area.name, gap.why, gap.why_detail)
        )
    return found


def _row(area: Area, holders: dict[str, Holder], gaps: list[OpenGap]) -> LedgerRow:
    warden, deputy = holders.get(AppointmentRole.WARDEN), holders.get(AppointmentRole.DEPUTY)
    return LedgerRow(
        area_id=area.pk,
        code=area.code,
        name=area.name,
        level=area.level.slug,
        parent_name=area.parent.name if area.parent else "",
        state=coverage_state(has_warden=warden is not None, has_deputy=deputy is not None),
        warden=warden,
        deputy=deputy,
        gaps=tuple(gaps),
    )
