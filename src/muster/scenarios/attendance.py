"""Who came to their post: check-ins of all duties that began before the exercise starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import numpy as np

from muster.access.queries import SystemActor
from muster.duty.actions import CheckInFact, close_past_gaps, take_check_ins
from muster.duty.kinds import CheckInKind, DutyState
from muster.duty.models import Duty
from muster.emergencies.models import Emergency
from muster.kernel.facts import count_taken, require_taken
from muster.scenarios.chance import is_chance, open_stream
from muster.scenarios.shape import Shape

_CAME_SHARE = 0.975
_LATE_SHARE = 0.04
_LEFT_SHARE = 0.97
_ENTERED_BY_OTHERS_SHARE = 0.12
_TAKEN_WITHIN = timedelta(minutes=30)


class _Report(NamedTuple):
    """A check-in and the moment by which it is taken."""

    taken_by: datetime
    fact: CheckInFact


def take_attendance(
    emergency: Emergency, shape: Shape, seed: int, *, actor: SystemActor, count: Callable[[int, int], None]
) -> int:
    """Check people in and out of their duties, most on time, a few missing, some entered by others.

    Returns
    -------
    int
        How many check-ins were taken.
    """
    reports = sorted(_invent_reports(emergency, shape, seed), key=lambda report: report.taken_by)
    taken = 0
    for taken_by, group in groupby(reports, key=lambda report: report.taken_by):
        facts = [report.fact for report in group]
        answers = take_check_ins(actor=actor, now=taken_by, facts=facts)
        for answer in answers:
            require_taken(answer)
        close_past_gaps(emergency=emergency, now=taken_by)
        taken += count_taken(answers)
        count(taken, len(reports))
    return taken


def _invent_reports(emergency: Emergency, shape: Shape, seed: int) -> Iterator[_Report]:
    rng = open_stream(seed, "attendance")
    # Sorted by what a seed repeats, never by row numbers alone: a duty's number may differ between databases.
    duties = (
        Duty.objects.filter(
            shift__emergency=emergency, state=DutyState.PLANNED, starts_at__lt=shape.exercise_at - timedelta(minutes=20)
        )
        .order_by("starts_at", "shift__post__code", "person__code")
        .values_list("pk", "starts_at", "ends_at")
    )
    for duty_id, starts_at, ends_at in duties:
        is_for_other = is_chance(rng, _ENTERED_BY_OTHERS_SHARE)
        came_at = starts_at + timedelta(minutes=_draw_delay_min(rng))
        left_at = ends_at + timedelta(minutes=int(rng.integers(0, 12)))
        came, left = is_chance(rng, _CAME_SHARE), is_chance(rng, _LEFT_SHARE)
        ids = (UUID(bytes=rng.bytes(16), version=4), UUID(bytes=rng.bytes(16), version=4))
        if came and came_at <= shape.exercise_at:
            fact = _fact(ids[0], duty_id, CheckInKind.IN, came_at, is_for_other)
            yield _Report(min(starts_at + _TAKEN_WITHIN, shape.exercise_at), fact)
        if came and left and left_at <= shape.exercise_at:
            fact = _fact(ids[1], duty_id, CheckInKind.OUT, left_at, is_for_other)
            yield _Report(min(ends_at + _TAKEN_WITHIN, shape.exercise_at), fact)


def _fact(client_id: UUID, duty_id: int, kind: CheckInKind, at: datetime, is_for_other: bool) -> CheckInFact:
    return CheckInFact(duty_id, kind, client_id=client_id, at=at, is_for_other=is_for_other, is_synthetic=True)


def _draw_delay_min(rng: np.random.Generator) -> int:
    """Draw how many minutes after the start somebody comes: most a little before, a few late."""
    is_late = is_chance(rng, _LATE_SHARE)
    return int(rng.integers(8, 27)) if is_late else int(rng.integers(-14, 4))
