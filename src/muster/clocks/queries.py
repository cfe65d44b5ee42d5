"""Open gaps by age, and their number by kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.territory.models import Area, Level
from muster.territory.rules import STEP_CHARS, ancestor_paths, subtree_range

OWNER_LEVEL = "community"
"""Gaps belong to the office of this level, or of the nearest one above."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Which area's office owns a gap, for all areas within one.

    Parameters
    ----------
    by_path
        Areas that have an office, by path.
    fallback_id
        Where there is none on the way up: the area asked about.
    """

    by_path: dict[str, int]
    fallback_id: int

    def find(self, path: str) -> int:
        """Find the owner of a gap at a path: the nearest office on the way up, itself included."""
        # Asked for every area of a city, so that no list of the paths above is made.
        for end in range(len(path), 0, -STEP_CHARS):
            owner = self.by_path.get(path[:end])
            if owner is not None:
                return owner
        return self.fallback_id


def list_open_gaps(emergency: Emergency, area: Area, kind: GapKind | None = None) -> QuerySet[Gap]:
    """List the open gaps within an area, oldest first, each with its area and owner."""
    gaps = Gap.objects.filter(_within(emergency, area), emergency=emergency, closed_at=None)
    if kind is not None:
        gaps = gaps.filter(kind=kind)
    return gaps.select_related("area__level", "owner_area__level").order_by("since_at", "pk")


def list_pressing(emergency: Emergency, area: Area) -> QuerySet[Gap]:
    """List the open gaps of an area: places with nobody first, oldest first; missing deputies after them."""
    return list_open_gaps(emergency, area).order_by("urgency", "since_at", "pk")


def _within(emergency: Emergency, area: Area) -> Q:
    """Return the filter of gaps within an area; of the whole emergency there is nothing to filter by."""
    if emergency.area.path.startswith(area.path):
        return Q()
    # A condition on numbers, not a join: only so does SQLite start from the areas, of which there are fewer.
    return Q(area__in=Area.objects.filter(scope_filter(emergency, area)).values("pk"))


def count_open_gaps(emergency: Emergency, area: Area, kinds: Collection[str]) -> dict[str, int]:
    """Count the open gaps of some kinds within an area by their rows; a kind with none is 0."""
    counts = dict.fromkeys(kinds, 0)
    gaps = list_open_gaps(emergency, area).filter(kind__in=kinds).order_by().select_related(None)
    counts.update(gaps.values_list("kind").annotate(count=Count("pk")))
    return counts


def read_owners(area: Area) -> Owners:
    """Read the owners of gaps within an area, in two queries."""
    rank = Level.objects.filter(slug=OWNER_LEVEL).values_list("rank", flat=True).first() or 0
    low, high = subtree_range(area.path)
    near = Q(path__gte=low, path__lt=high) | Q(path__in=ancestor_paths(area.path))
    offices = Area.objects.filter(near, level__rank__lte=rank).values_list("path", "pk")
    return Owners(dict(offices.iterator()), area.pk)
