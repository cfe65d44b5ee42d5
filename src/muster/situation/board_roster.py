"""Rosters as the desk shows them: of one neighborhood in full, of anything larger by what lies beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Substr

from muster.duty.kinds import DutyState
from muster.duty.models import Duty, Shift
from muster.duty.queries.spans import local_midnight
from muster.emergencies.models import Emergency
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_children
from muster.territory.rules import STEP_CHARS

WHOLE_SHIFTS_LIMIT = 30_000
"""Up to so many shifts a roster is shown whole, a window at a time; beyond, its outline alone takes too long."""


@dataclass(frozen=True, slots=True)
class AreaRoster:
    """The shifts beneath an area in a span of days: places, and how many of them have nobody."""

    area: Area
    shifts: int
    places: int
    duties: int

    @property
    def open_places(self) -> int:
        """Return how many places are without somebody, at least."""
        return max(0, self.places - self.duties)


def count_shifts(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> int:
    """Count the shifts of an area and beneath it that begin in a half-open span of local days."""
    return _shifts(emergency, area, starts_on, ends_on).count()


def list_area_rosters(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> Sequence[AreaRoster]:
    """List the areas directly beneath one that have shifts in a span, in the order of the tree."""
    shifts = _shifts(emergency, area, starts_on, ends_on)
    duties = Duty.objects.filter(shift__in=shifts, state=DutyState.PLANNED)
    length = len(area.path) + STEP_CHARS
    needs = _by_child(shifts, "post__area__path", length, shifts=Count("pk"), places=Sum("needed"))
    placed = _by_child(duties, "shift__post__area__path", length, duties=Count("pk"))
    return [
        AreaRoster(child, *needs[child.path], *placed.get(child.path, (0,)))
        for child in list_children(area)
        if child.path in needs
    ]


def _shifts(emergency: Emergency, area: Area, starts_on: date, ends_on: date) -> QuerySet[Shift]:
    return Shift.objects.filter(
        beneath_filter(area, "post__area__path"),
        emergency=emergency,
        starts_at__gte=local_midnight(starts_on),
        starts_at__lt=local_midnight(ends_on),
    )


def _by_child(rows: QuerySet[Any], path: str, length: int, **figures: Any) -> dict[str, tuple[int, ...]]:
    grouped = rows.order_by().annotate(child=Substr(path, 1, length)).values_list("child").annotate(**figures)
    return {child: tuple(amounts) for child, *amounts in grouped}
