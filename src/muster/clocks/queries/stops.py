"""How far the clocks of some gaps have come: which stops lie behind them and before them, and who has them in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.clocks.kinds import GapStepKind
from muster.clocks.models import Gap, GapStep
from muster.clocks.queries.clocks import read_clocks, read_emergency_waking
from muster.clocks.rules import WARDEN_RANK, Clock, Waking
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.territory.models import Area, Level
from muster.territory.rules import ancestor_paths

NO_CLOCK = Clock((), may_wait=True, hold=timedelta())
"""Of kinds that an emergency rules nothing about, before a worker has first run."""
_HANDS = frozenset({GapStepKind.TAKEN_OVER, GapStepKind.GIVEN_BACK, GapStepKind.LAPSED})


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on a gap's way: its warden, or an office.

    Parameters
    ----------
    level
        Of the office; None for the warden.
    name
        What the office's area is called; empty for the warden.
    due_at
        When the gap is due there; None while its clock stands.
    reached_at
        When it came there; None while it has not.
    """

    level: Level | None
    name: str
    due_at: datetime | None
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class GapClock:
    """How far the clock of a gap has come.

    Parameters
    ----------
    stops
        In their order.
    steps
        What happened to it, in the order in which it did; its opening and its end are the gap's own moments.
    holder
        The step by which somebody has it in hand; None where nobody has.
    held_until_at
        Until when they may have it in hand.
    acknowledged
        The last step by which somebody said that they have seen it, since it came to where it is.
    is_quiet
        Whether its clock stands because these are quiet hours.
    """

    stops: tuple[Stop, ...] = ()
    steps: tuple[GapStep, ...] = ()
    holder: GapStep | None = None
    held_until_at: datetime | None = None
    acknowledged: GapStep | None = None
    is_quiet: bool = False

    @property
    def following(self) -> Stop | None:
        """Return the stop that comes next; None where the clock has run out."""
        return next((stop for stop in self.stops if stop.reached_at is None), None)

    @property
    def last(self) -> Stop | None:
        """Return the stop that was reached last; None where none was."""
        return next((stop for stop in reversed(self.stops) if stop.reached_at is not None), None)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What all gaps of an emergency have in common, and where each lies."""

    emergency: Emergency
    now: datetime
    clocks: Mapping[str, Clock]
    waking: Waking
    levels: Mapping[int, Level]
    areas: Mapping[str, Area]

    def find_office(self, gap: Gap, rank: int) -> Area | None:
        """Find the area whose office a gap comes to at a rank."""
        for path in reversed(ancestor_paths(gap.area.path)):
            area = self.areas.get(path)
            if area is not None and self.levels[area.level_id].rank == rank:
                return area
        return None


def read_gap_clocks(emergency: Emergency, gaps: Iterable[Gap], now: datetime) -> dict[int, GapClock]:
    """Read how far the clocks of some gaps of an emergency have come, by number, in eight queries or so.

    Parameters
    ----------
    emergency
        Whose gaps.
    gaps
        With their areas.
    now
        As of when.
    """
    rows = list(gaps)
    steps: dict[int, list[GapStep]] = defaultdict(list)
    for some in batches([gap.pk for gap in rows]):
        for step in GapStep.objects.filter(gap__in=some).select_related("area", "person").order_by("pk"):
            steps[step.gap_id].append(step)
    around = _read_surroundings(emergency, rows, now)
    return {gap.pk: _read_clock(around, gap, steps[gap.pk]) for gap in rows}


def _read_surroundings(emergency: Emergency, gaps: Sequence[Gap], now: datetime) -> _Surroundings:
    paths = {path for gap in gaps for path in ancestor_paths(gap.area.path) if path.startswith(emergency.area.path)}
    areas = (area for some in batches(paths) for area in Area.objects.filter(path__in=some))
    return _Surroundings(
        emergency=emergency,
        now=now,
        clocks=read_clocks(emergency),
        waking=read_emergency_waking(emergency),
        levels=Level.objects.in_bulk(),
        areas={area.path: area for area in areas},
    )


def _read_clock(around: _Surroundings, gap: Gap, steps: Sequence[GapStep]) -> GapClock:
    clock = around.clocks.get(gap.kind, NO_CLOCK)
    reached = {step.rank: step for step in steps if step.rank is not None}
    holder = next((step for step in reversed(steps) if step.kind in _HANDS), None) if gap.taken_over_at else None
    arrived = max((step.pk for step in reached.values()), default=0)
    seen = [step for step in steps if step.kind == GapStepKind.ACKNOWLEDGED and step.pk > arrived]
    return GapClock(
        stops=tuple(_list_stops(around, gap, clock, reached)),
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.pk))),
        holder=holder,
        held_until_at=gap.taken_over_at + clock.hold if gap.taken_over_at else None,
        acknowledged=seen[-1] if seen else None,
        is_quiet=not clock.hours(around.waking).is_running(around.now),
    )


def _list_stops(around: _Surroundings, gap: Gap, clock: Clock, reached: Mapping[int, GapStep]) -> Iterable[Stop]:
    hours = clock.hours(around.waking)
    for rank, after in clock.legs:
        step, office = reached.get(rank), around.find_office(gap, rank)
        is_passed = step is None and rank >= gap.told_rank
        if is_passed or (rank != WARDEN_RANK and (office is None or not _may_reach(gap, office, step))):
            continue
        runs = gap.taken_over_at is None and step is None
        yield Stop(
            level=around.levels[office.level_id] if office is not None else None,
            name=office.name if office is not None else "",
            due_at=hours.find_latest(hours.count_until(gap.clock_from_at) + after) if runs else None,
            reached_at=step.at if step is not None else None,
        )


def _may_reach(gap: Gap, office: Area, step: GapStep | None) -> bool:
    """Tell whether a gap can come, or has come, to an office: not to one beneath the office that has it."""
    return step is not None or gap.taken_over_at is not None or gap.owner_area.path.startswith(office.path)
