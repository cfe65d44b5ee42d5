"""Letting the clocks run: gaps move on in bounded batches, each step once, and nothing that was due is forgotten.

No gap knows when it is due. Since when at the latest a clock must count for the next step to be due is the same for
all gaps of a kind at a rank, so that what is due is one range of an index, also among a million gaps, also after
the worker has stood still, and a clock that is set anew holds at once for gaps that stand open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from muster.clocks.actions.holding import let_go
from muster.clocks.actions.setting import lay_out_clocks
from muster.clocks.actions.telling import tell_recipients
from muster.clocks.kinds import GapStepKind
from muster.clocks.models import ClockRun, Gap, GapStep
from muster.clocks.queries.clocks import read_clocks, read_emergency_waking
from muster.clocks.rules import UNTOLD_RANK, WARDEN_RANK, Clock, DueStep, Waking, find_latest_due, list_due
from muster.clocks.wardens import find_wardens
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel import clock as kernel_clock
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_rows
from muster.territory.models import Area, Level
from muster.territory.rules import STEP_CHARS

BATCH_GAPS = 2_000
"""In one transaction: whoever writes meanwhile waits a fraction of a second for it on SQLite."""


class _Due(NamedTuple):
    """A gap that is due, as read."""

    pk: int
    kind: str
    area_id: int
    owner_area_id: int
    clock_from_at: datetime
    told_rank: int


_FIELDS = ("gap_id", "kind", "rank", "area_id", "person_id", "at")
_Row = tuple[int, str, int, int | None, int | None, datetime]


@dataclass(frozen=True)
class _Pass:
    """One look at the clocks of an emergency, and what it needs to know."""

    emergency: Emergency
    now: datetime

    @cached_property
    def clocks(self) -> dict[str, Clock]:
        return read_clocks(self.emergency)

    @cached_property
    def waking(self) -> Waking:
        return read_emergency_waking(self.emergency)

    @cached_property
    def ranks(self) -> list[int]:
        """Return every rank that a gap may have reached."""
        return [UNTOLD_RANK, WARDEN_RANK, *Level.objects.order_by("-rank").values_list("rank", flat=True)]

    @cached_property
    def offices(self) -> dict[int, dict[str, int]]:
        """Return the areas that have offices which a clock can reach, by rank and path."""
        ranks = {leg.rank for clock in self.clocks.values() for leg in clock.legs} - {WARDEN_RANK}
        areas = Area.objects.filter(scope_filter(self.emergency, self.emergency.area), level__rank__in=ranks)
        found: dict[int, dict[str, int]] = {rank: {} for rank in ranks}
        for rank, path, pk in areas.values_list("level__rank", "path", "pk").iterator():
            found[rank][path] = pk
        return found

    def list_ranges(self) -> Iterator[QuerySet[Gap]]:
        """Yield the ranges in which gaps are due, what may not wait first."""
        running = Gap.objects.filter(emergency=self.emergency, closed_at=None, taken_over_at=None)
        for kind, clock in sorted(self.clocks.items(), key=lambda item: item[1].may_wait):
            for rank in self.ranks:
                latest = find_latest_due(clock, self.waking, told_rank=rank, now=self.now)
                if latest is not None:
                    yield running.filter(kind=kind, told_rank=rank, clock_from_at__lte=latest)

    @cached_property
    def known(self) -> dict[tuple[str, datetime, int], list[DueStep]]:
        """Return what was found before: gaps that an emergency's beginning opened are due alike."""
        return {}

    def list_steps(self, gap: _Due) -> list[DueStep]:
        """List the steps of a gap that are due."""
        alike = gap.kind, gap.clock_from_at, gap.told_rank
        if alike not in self.known:
            clock = self.clocks[gap.kind]
            self.known[alike] = list_due(
                clock, self.waking, counts_from=gap.clock_from_at, told_rank=gap.told_rank, now=self.now
            )
        return self.known[alike]

    def find_office(self, path: str, owner_path: str, rank: int) -> int | None:
        """Find the office of a level that a gap goes to; None where it has none that is not beneath its owner."""
        offices = self.offices[rank]
        for end in range(min(len(path), len(owner_path)), 0, -STEP_CHARS):
            if path[:end] in offices:
                return offices[path[:end]]
        return None


def run_clocks(*, emergency: Emergency, now: datetime) -> int:
    """Move every gap of an emergency to where it should be by now, and tell whoever has it then.

    Any number of workers may do this at once: each step is made once. Steps that were due while nobody looked are
    made in order, each with the moment at which it was due; only whom the gap has reached by now is told, with one
    message for all gaps.

    Parameters
    ----------
    emergency
        One that is active.
    now
        As of when.

    Returns
    -------
    int
        How many gaps moved.
    """
    with transaction.atomic():
        lay_out_clocks(emergency, now)
    look = _Pass(emergency, now)
    let_go(emergency=emergency, clocks=look.clocks, waking=look.waking, now=now)
    moved = sum(_move_range(look, due) for due in list(look.list_ranges()))
    with transaction.atomic():
        run = _hold_run(emergency)
        if run is not None:
            tell_recipients(emergency=emergency, run=run, clocks=look.clocks, now=now)
            run.passed_at = kernel_clock.real_now()
            run.save(update_fields=["passed_at", "told_until"])
    return moved


def _hold_run(emergency: Emergency) -> ClockRun | None:
    """Hold an emergency's clocks until the transaction ends; None where another worker has them."""
    skips = connection.features.has_select_for_update_skip_locked
    return ClockRun.objects.select_for_update(skip_locked=skips).filter(emergency=emergency).first()


def _move_range(look: _Pass, due: QuerySet[Gap]) -> int:
    moved = 0
    # Looked at first without a transaction, which on SQLite keeps everybody else from writing.
    while due.exists():
        some = _move_some(look, due)
        if not some:
            break
        moved += some
    return moved


def _move_some(look: _Pass, due: QuerySet[Gap]) -> int:
    """Move a batch of gaps, and return how many; none where another worker is at it."""
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        if _hold_run(look.emergency) is None:
            return 0
        locked = due.select_for_update(skip_locked=skips).order_by("clock_from_at")
        gaps = [_Due(*row) for row in locked.values_list(*_Due._fields)[:BATCH_GAPS]]
        steps = {gap: look.list_steps(gap) for gap in gaps}
        made = list(_make_steps(look, steps))
        insert_rows(GapStep, _FIELDS, made, same={"made_at": look.now})
        _bring_up(steps)
    return len(gaps)


def _make_steps(look: _Pass, steps: dict[_Due, list[DueStep]]) -> Iterator[_Row]:
    paths = _read_paths({number for gap in steps for number in (gap.area_id, gap.owner_area_id)})
    to_wardens = {paths[gap.area_id] for gap, due in steps.items() if any(step.rank == WARDEN_RANK for step in due)}
    wardens = find_wardens(look.emergency, to_wardens)
    for gap, due in steps.items():
        path, owner_id, owner_path = paths[gap.area_id], gap.owner_area_id, paths[gap.owner_area_id]
        for step in due:
            if step.rank == WARDEN_RANK:
                yield gap.pk, GapStepKind.TOLD.value, step.rank, None, wardens.get(path), step.at
                continue
            office_id = look.find_office(path, owner_path, step.rank)
            if office_id is not None:
                kind = GapStepKind.TOLD if office_id == owner_id else GapStepKind.ESCALATED
                yield gap.pk, kind.value, step.rank, office_id, None, step.at


def _read_paths(area_ids: Iterable[int]) -> dict[int, str]:
    return {
        pk: path
        for some in batches(area_ids)
        for pk, path in Area.objects.filter(pk__in=some).values_list("pk", "path")
    }


def _bring_up(steps: dict[_Due, list[DueStep]]) -> None:
    """Write how high each gap has come, and whose it is: the highest office that its clock reached."""
    reached = GapStep.objects.filter(gap=OuterRef("pk"), rank__isnull=False, area__isnull=False).order_by("rank")
    owner = Coalesce(Subquery(reached.values("area_id")[:1]), F("owner_area_id"))
    by_rank: dict[int, list[int]] = {}
    for gap, due in steps.items():
        by_rank.setdefault(due[-1].rank, []).append(gap.pk)
    for rank, numbers in by_rank.items():
        for some in batches(numbers):
            Gap.objects.filter(pk__in=some).update(told_rank=rank, owner_area=owner)
