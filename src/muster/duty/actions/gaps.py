"""Keeping the gaps of unfilled shifts true to the duties that stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.duty.models import Shift
from muster.duty.queries.gaps import gap_subject, owner_areas, read_gap_subject, with_rostered
from muster.emergencies.models import Emergency

SHIFTS_PER_QUERY = 900


class Reason(NamedTuple):
    """Why a place stays unfilled: a slug, and the figures behind it."""

    why: str
    detail: Mapping[str, Any]


def match_gaps(
    *,
    emergency: Emergency,
    now: datetime,
    shift_ids: Collection[int],
    reasons: Mapping[int, Reason] | None = None,
) -> int:
    """Open a gap for each of the shifts that lacks people, and close those of the filled ones.

    Parameters
    ----------
    emergency, now
        Whose gaps, and since when a new one stands open.
    shift_ids
        Shifts to look at; those that are over are passed by.
    reasons
        Why, by number of the shift, where it is known.

    Returns
    -------
    int
        How many of the shifts lack people.
    """
    shifts = _read_shifts(shift_ids, now)
    lacking = [shift for shift in shifts if shift.rostered < shift.needed]
    owners = owner_areas([shift.post.area for shift in lacking])
    filled = [_subject(shift) for shift in shifts if shift.rostered >= shift.needed]
    close_gaps(emergency=emergency, now=now, kind=GapKind.SHIFT_UNFILLED, subjects=filled)
    specs = [_spec(shift, owners, (reasons or {}).get(shift.pk)) for shift in lacking]
    open_gaps(emergency=emergency, now=now, gaps=specs)
    return len(lacking)


def close_past_gaps(*, emergency: Emergency, now: datetime) -> int:
    """Close the gaps of shifts that are over: nobody can fill them any more.

    Returns
    -------
    int
        How many were closed.
    """
    open_subjects = Gap.objects.filter(emergency=emergency, kind=GapKind.SHIFT_UNFILLED, closed_at=None).values_list(
        "subject", flat=True
    )
    over = [subject for subject in open_subjects if read_gap_subject(subject).ends_at <= now]
    return close_gaps(emergency=emergency, now=now, kind=GapKind.SHIFT_UNFILLED, subjects=over)


def _read_shifts(shift_ids: Collection[int], now: datetime) -> list[Any]:
    numbers = sorted(shift_ids)
    shifts = with_rostered(Shift.objects.filter(ends_at__gt=now)).select_related("post__area__level")
    return [
        shift
        for start in range(0, len(numbers), SHIFTS_PER_QUERY)
        for shift in shifts.filter(pk__in=numbers[start : start + SHIFTS_PER_QUERY])
    ]


def _subject(shift: Shift) -> str:
    return gap_subject(shift.post.code, shift.starts_at, shift.ends_at)


def _spec(shift: Any, owners: Mapping[int, int], reason: Reason | None) -> GapSpec:
    return GapSpec(
        kind=GapKind.SHIFT_UNFILLED,
        subject=_subject(shift),
        area_id=shift.post.area_id,
        owner_area_id=owners[shift.post.area_id],
        why=reason.why if reason else "",
        why_detail=dict(reason.detail) if reason else {},
        people_missing=shift.needed - shift.rostered,
    )
