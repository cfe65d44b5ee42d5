"""Shifts that lack people: how each is named as a gap, and whose it is to close."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from muster.duty.kinds import DutyState
from muster.duty.models import Shift
from muster.kernel.clock import CITY_ZONE
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

COMMUNITY_RANK = 600
"""Rank of the lowest level that has an office: what is empty beneath it is that office's to close."""
_ROSTERED = Count("duties", filter=Q(duties__state=DutyState.PLANNED))


@dataclass(frozen=True, slots=True)
class GapName:
    """What the name of an unfilled shift's gap says: post, local start and length."""

    post_code: str
    starts_at: datetime
    ends_at: datetime


def gap_subject(post_code: str, starts_at: datetime, ends_at: datetime) -> str:
    """Return the name of an unfilled shift: its post, its local start and its length in minutes."""
    length_min = int((ends_at - starts_at).total_seconds()) // 60
    return f"{post_code}@{starts_at.astimezone(CITY_ZONE):%Y%m%dT%H%M}+{length_min}"


def read_gap_subject(subject: str) -> GapName:
    """Read back what ``gap_subject`` wrote.

    Raises
    ------
    ValueError
        If it is not the name of an unfilled shift.
    """
    post_code, _, span = subject.rpartition("@")
    start, _, length_min = span.partition("+")
    starts_at = datetime.strptime(start, "%Y%m%dT%H%M").replace(tzinfo=CITY_ZONE)
    return GapName(post_code, starts_at, starts_at + timedelta(minutes=int(length_min)))


def unfilled_shifts(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    """Return those shifts that have fewer duties than they need, with ``rostered``."""
    return shifts.annotate(rostered=_ROSTERED).filter(rostered__lt=F("needed"))


def owner_areas(areas: Collection[Area]) -> dict[int, int]:
    """Return, by number of an area, the number of the area whose office is to close its gaps.

    That is the area itself from the community upwards, and the nearest community or higher above it
    beneath that.

    Parameters
    ----------
    areas
        Areas with their levels.
    """
    low = {area.path: area.pk for area in areas if area.level.rank > COMMUNITY_RANK}
    owners = {area.pk: area.pk for area in areas}
    above = _offices_above(low)
    for path, number in low.items():
        found = [above[step] for step in ancestor_paths(path) if step in above]
        owners[number] = found[-1] if found else number
    return owners


def _offices_above(paths: Collection[str]) -> dict[str, int]:
    steps = {step for path in paths for step in ancestor_paths(path)[:-1]}
    offices = Area.objects.filter(path__in=steps, level__rank__lte=COMMUNITY_RANK)
    return dict(offices.values_list("path", "pk"))
