"""Opening and closing gaps: one mechanism for every place with nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.rules import UNTOLD_RANK
from muster.emergencies.models import Emergency
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_rows

CHUNK_ROWS = 20_000
_FIELDS = ("kind", "subject", "area_id", "owner_area_id", "why", "why_detail", "people_missing")
SUBJECTS_PER_QUERY = 500
"""Names in one condition: SQLite's older builds take at most 999 values in a statement."""


@dataclass(frozen=True, slots=True)
class GapSpec:
    """A gap as it is to stand open.

    Parameters
    ----------
    kind
        Which place is empty.
    subject
        Code of what is empty; with the kind it names the gap.
    area_id
        The area that it lies in.
    owner_area_id
        The area whose office is to close it.
    why, why_detail
        Slug of the reason, and its figures and remedies.
    people_missing
        How many people would close it.
    since_at
        Since when the place is empty, which its clock counts from; from the moment of opening by default.
    """

    kind: GapKind
    subject: str
    area_id: int
    owner_area_id: int
    why: str = ""
    why_detail: dict[str, Any] = field(default_factory=dict)
    people_missing: int = 1
    since_at: datetime | None = None


def open_gaps(*, emergency: Emergency, now: datetime, gaps: Iterable[GapSpec]) -> int:
    """Open gaps in bulk; one that stands open keeps its age and takes the reason given now.

    A room calls this in the transaction of what leaves a place empty. Everything after that is done by the clocks:
    whom to tell, when to pass it on, whom it belongs to. After how long a place that became empty is a gap,
    ``queries.get_opening_delay`` tells; a gap that is opened later than that names ``since_at``.

    Parameters
    ----------
    emergency
        Whose gaps they are.
    now
        Since when a new gap stands open, where it does not say so itself.
    gaps
        Any number; read once, in chunks.

    Returns
    -------
    int
        How many were given.
    """
    count = 0
    with transaction.atomic():
        # Looking for each subject would take longer than opening the gaps of an emergency that begins.
        has_standing = Gap.objects.filter(emergency=emergency, closed_at=None).exists()
        for chunk in batches(gaps, CHUNK_ROWS):
            _open_chunk(emergency, now, chunk, _standing(emergency, chunk) if has_standing else {})
            count += len(chunk)
    return count


def _open_chunk(
    emergency: Emergency, now: datetime, specs: list[GapSpec], standing: dict[tuple[str, str], Gap]
) -> None:
    fresh = [spec for spec in specs if (spec.kind, spec.subject) not in standing]
    changed = []
    for spec in specs:
        gap = standing.get((spec.kind, spec.subject))
        if gap is not None and _take_reason(gap, spec):
            changed.append(gap)
    for since_at, some in groupby(fresh, key=lambda spec: spec.since_at or now):
        same = {"emergency_id": emergency.pk, "since_at": since_at, "clock_from_at": since_at}
        insert_rows(Gap, _FIELDS, map(_row, some), same=same)
    Gap.objects.bulk_update(changed, ["why", "why_detail", "people_missing", "owner_area"], batch_size=200)


def _standing(emergency: Emergency, specs: list[GapSpec]) -> dict[tuple[str, str], Gap]:
    gaps = Gap.objects.filter(emergency=emergency, closed_at=None, kind__in={spec.kind for spec in specs})
    found: dict[tuple[str, str], Gap] = {}
    subjects = [spec.subject for spec in specs]
    for start in range(0, len(subjects), SUBJECTS_PER_QUERY):
        batch = gaps.filter(subject__in=subjects[start : start + SUBJECTS_PER_QUERY])
        found.update({(gap.kind, gap.subject): gap for gap in batch})
    return found


def _take_reason(gap: Gap, spec: GapSpec) -> bool:
    """Give an open gap the reason of now and tell whether that changed it."""
    # Once a clock or a hand has moved it, it belongs to whom they say.
    owner_id = spec.owner_area_id if gap.told_rank == UNTOLD_RANK and gap.taken_over_at is None else gap.owner_area_id
    wanted = (spec.why or gap.why, spec.why_detail or gap.why_detail, spec.people_missing, owner_id)
    if wanted == (gap.why, gap.why_detail, gap.people_missing, gap.owner_area_id):
        return False
    gap.why, gap.why_detail, gap.people_missing, gap.owner_area_id = wanted
    return True


def _row(spec: GapSpec) -> tuple[object, ...]:
    """Return the values of ``_FIELDS``."""
    return (
        str(spec.kind),
        spec.subject,
        spec.area_id,
        spec.owner_area_id,
        str(spec.why),
        spec.why_detail,
        spec.people_missing,
    )


def close_gaps(
    *,
    emergency: Emergency,
    now: datetime,
    kind: GapKind | None = None,
    subjects: Iterable[str] | None = None,
    where: Q | None = None,
) -> int:
    """Close open gaps in bulk; what is closed already stays as it is.

    Parameters
    ----------
    emergency, now
        Whose gaps, and when they closed.
    kind
        Only gaps of this kind; by default of all.
    subjects
        Only gaps with these subjects; by default all.
    where
        A further condition on the rows of gaps.

    Returns
    -------
    int
        How many were closed.
    """
    gaps = Gap.objects.filter(emergency=emergency, closed_at=None)
    if kind is not None:
        gaps = gaps.filter(kind=kind)
    if where is not None:
        gaps = gaps.filter(where)
    if subjects is None:
        return gaps.update(closed_at=now)
    names = list(subjects)
    with transaction.atomic():
        return sum(
            gaps.filter(subject__in=names[start : start + SUBJECTS_PER_QUERY]).update(closed_at=now)
            for start in range(0, len(names), SUBJECTS_PER_QUERY)
        )
