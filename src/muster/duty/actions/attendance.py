"""Keeping the gaps of posts to which nobody has come true to the check-ins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import get_opening_delay
from muster.duty.queries.attendance import Unattended, has_unattended, list_unattended, read_subjects
from muster.duty.queries.gaps import owner_areas
from muster.emergencies.models import Emergency


def watch_posts(*, emergency: Emergency, now: datetime) -> int:
    """Open a gap for every shift that began a while ago and whose people have not come; close those that need none.

    It closes when they come, when others were placed instead and came, and when the shift is over. How long a
    while is, the emergency's clocks say.

    Parameters
    ----------
    emergency, now
        Whose shifts, and as of when. Any number of workers may look at once.

    Returns
    -------
    int
        How many shifts lack somebody.
    """
    unattended = list_unattended(emergency, now, get_opening_delay(emergency, GapKind.POST_UNATTENDED))
    standing = _read_standing(emergency)
    missing = {one.subject: one.missing for one in unattended}
    if missing == standing:
        return len(missing)
    with transaction.atomic():
        _close(emergency, now, standing.keys() - missing.keys())
        _open(emergency, now, [one for one in unattended if standing.get(one.subject) != one.missing])
    return len(missing)


def follow_check_ins(*, now: datetime, duty_ids: Collection[int]) -> int:
    """Close the gaps of posts to which somebody has come just now, within the transaction of the check-ins.

    Parameters
    ----------
    now
        When they were taken.
    duty_ids
        Duties that somebody was reported at after their start.

    Returns
    -------
    int
        How many posts have all their people now.
    """
    # Most come while nobody is missed anywhere: one question then answers for five hundred.
    if not has_unattended():
        return 0
    shifts = read_subjects(duty_ids)
    found = Gap.objects.filter(
        emergency__in={emergency for emergency, _ in shifts},
        kind=GapKind.POST_UNATTENDED,
        subject__in=[subject for _, subject in shifts],
        closed_at=None,
    )
    closed = 0
    for emergency_id in set(found.values_list("emergency", flat=True)):
        emergency = Emergency.objects.get(pk=emergency_id)
        own = {subject: shift for (number, subject), shift in shifts.items() if number == emergency_id}
        delay = get_opening_delay(emergency, GapKind.POST_UNATTENDED)
        lacking = list_unattended(emergency, now, delay, list(own.values()))
        closed += _close(emergency, now, own.keys() - {one.subject for one in lacking})
        _open(emergency, now, lacking)
    return closed


def _read_standing(emergency: Emergency) -> Mapping[str, int]:
    gaps = Gap.objects.filter(emergency=emergency, kind=GapKind.POST_UNATTENDED, closed_at=None)
    return dict(gaps.values_list("subject", "people_missing"))


def _close(emergency: Emergency, now: datetime, subjects: Collection[str]) -> int:
    return close_gaps(emergency=emergency, now=now, kind=GapKind.POST_UNATTENDED, subjects=subjects)


def _open(emergency: Emergency, now: datetime, unattended: Sequence[Unattended]) -> None:
    owners = owner_areas([one.area for one in unattended])
    specs = [
        GapSpec(
            GapKind.POST_UNATTENDED,
            one.subject,
            one.area.pk,
            owners[one.area.pk],
            people_missing=one.missing,
            since_at=one.starts_at,
        )
        for one in sorted(unattended, key=lambda each: each.starts_at)
    ]
    open_gaps(emergency=emergency, now=now, gaps=specs)
