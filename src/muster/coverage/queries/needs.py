"""What makes communities need a pairing, counted from the territory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Max

from muster.clocks.queries import OWNER_LEVEL
from muster.coverage.rules import NeedFacts
from muster.territory.models import Area, AreaTally
from muster.territory.queries import beneath_filter
from muster.territory.rules import ancestor_paths

KINDS_WITHOUT_COMMITTEE = frozenset({"virtual", "quasi_residents", "quasi_villagers"})
"""Kinds of community that exist for statistics alone, as the sources call them: nobody runs a committee there."""


@dataclass(frozen=True, slots=True)
class Need:
    """A community and what it lacks."""

    area_id: int
    code: str
    name: str
    lon: float | None
    lat: float | None
    facts: NeedFacts


def read_needs(area: Area) -> list[Need]:
    """Read the needs of all communities within an area, in the order of the tree, in three queries."""
    communities = Area.objects.filter(beneath_filter(area), level__slug=OWNER_LEVEL).order_by("path")
    households = _read_households(area)
    unmanaged = _count_unmanaged(area)
    return [
        Need(
            area_id=one.pk,
            code=one.code,
            name=one.name,
            lon=one.lon,
            lat=one.lat,
            facts=NeedFacts(
                households=max(one.households or 0, households.get(one.pk, 0)),
                unmanaged=unmanaged[one.path],
                has_committee=one.kind not in KINDS_WITHOUT_COMMITTEE,
            ),
        )
        for one in communities
    ]


def read_own_need(area: Area) -> NeedFacts | None:
    """Read what one community lacks; None of an area that is no community."""
    return next((need.facts for need in read_needs(area) if need.area_id == area.pk), None)


def _read_households(area: Area) -> dict[int, int]:
    # A compound, its buildings and their units each count the same households, so the fullest level is taken.
    tallies = AreaTally.objects.filter(beneath_filter(area, "area__path"), area__level__slug=OWNER_LEVEL)
    return dict(tallies.values_list("area_id").annotate(most=Max("households")))


def _count_unmanaged(area: Area) -> Counter[str]:
    """Count the areas without property management by the path of every area above them."""
    counts: Counter[str] = Counter()
    for path in Area.objects.filter(beneath_filter(area), is_managed=False).values_list("path", flat=True):
        counts.update(ancestor_paths(path))
    return counts
