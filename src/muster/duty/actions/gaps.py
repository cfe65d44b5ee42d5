"""Keeping the gaps of unfilled shifts true to the duties that stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.duty.models import Shift
from muster.duty.queries.gaps import gap_subject, owner_areas, read_gap_subject, unfilled_shifts
from muster.emergencies.models import Emergency


class Reason(NamedTuple):
    """Why a place stays unfilled: a slug, and the figures behind it."""

    why: str
    detail: Mapping[str, Any]


def match_gaps(
    *,
    emergency: Emergency,
    now: datetime,
    shifts: QuerySet[Shift],
    reasons: Mapping[int, Reason] | None = None,
) -> int:
    """Open a gap for each of the shifts that lacks people, and close those of the filled ones.

    Parameters
    ----------
    emergency, now
        Whose gaps, and since when a new one stands open.
    shifts
        Shifts to look at; those that are over are passed by.
    reasons
        Why, by number of the shift, where it is known.

    Returns
    -------
    int
        How many of the shifts lack people.
    """
    close_past_gaps(emergency=emergency, now=now)
    shifts = shifts.filter(ends_at__gt=now)
    lacking = list(unfilled_shifts(shifts).select_related("post__area__level"))
    owners = owner_areas([shift.post.area for shift in lacking])
    specs = [_spec(shift, owners, (reasons or {}).get(shift.pk)) for shift in lacking]
    filled = _open_subjects_of(emergency, shifts) - {spec.subject for spec in specs}
    close_gaps(emergency=emergency, now=now, kind=GapKind.SHIFT_UNFILLED, subjects=filled)
    open_gaps(emergency=emergency, now=now, gaps=specs)
    return len(lacking)


def close_past_gaps(*, emergency: Emergency, now: datetime) -> int:
    """Close the gaps of shifts that are over: nobody can fill them any more.

    Returns
    -------
    int
        How many were closed.
    """
    open_subjects = _open_subjects(emergency)
    over = [subject for subject in open_subjects if read_gap_subject(subject).ends_at <= now]
    return close_gaps(emergency=emergency, now=now, kind=GapKind.SHIFT_UNFILLED, subjects=over)


def _open_subjects(emergency: Emergency) -> set[str]:
    gaps = Gap.objects.filter(emergency=emergency, kind=GapKind.SHIFT_UNFILLED, closed_at=None)
    return set(gaps.values_list("subject", flat=True))


def _open_subjects_of(emergency: Emergency, shifts: QuerySet[Shift]) -> set[str]:
    """Return the names of the open gaps that are about these shifts."""
    subjects = _open_subjects(emergency)
    if not subjects:
        return subjects
    return {gap_subject(*row) for row in shifts.values_list("post__code", "starts_at", "ends_at")} & subjects


def _spec(shift: Any, owners: Mapping[int, int], reason: Reason | None) -> GapSpec:
    return GapSpec(
        kind=GapKind.SHIFT_UNFILLED,
        subject=gap_subject(shift.post.code, shift.starts_at, shift.ends_at),
        area_id=shift.post.area_id,
        owner_area_id=owners[shift.post.area_id],
        why=reason.why if reason else "",
        why_detail=dict(reason.detail) if reason else {},
        people_missing=shift.needed - shift.rostered,
    )
