"""How a round stands over a large area: counted for each part of it, never place by place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Substr

from muster.needs.models import WatchCheck, WatchMiss, WatchRound
from muster.needs.queries.watch_places import filter_areas, filter_doors
from muster.needs.queries.watching import span_of
from muster.needs.rules.watching import WatchState, judge_round
from muster.territory.models import Area
from muster.territory.queries import beneath_filter
from muster.territory.rules import STEP_CHARS


@dataclass(frozen=True, slots=True)
class WatchCount:
    """How a round stands in one part of an area.

    Parameters
    ----------
    total, well, found
        At how many places it is due, and where somebody looked.
    open_state
        How it stands where nobody has.
    """

    total: int
    well: int
    found: int
    open_state: WatchState

    @property
    def unseen(self) -> int:
        """At how many places nobody has looked."""
        return max(0, self.total - self.well - self.found)

    @property
    def seen(self) -> int:
        """At how many somebody has."""
        return self.well + self.found


def count_parts(one: WatchRound, area: Area, now: datetime) -> dict[str, WatchCount]:
    """Count how a round stands in each part directly beneath an area, by the part's path, in three queries."""
    step = len(area.path) + STEP_CHARS
    done = _count_seen(one, area, step)
    totals = _count_settled(one, area, step, done) if one.settled_at else _count_due(one, area, step)
    state = judge_round(span_of(one), now, [])
    parts: dict[str, WatchCount] = {}
    for path in totals.keys() | done.keys():
        seen, found = done.get(path, (0, 0))
        parts[path] = WatchCount(max(totals.get(path, 0), seen), seen - found, found, state)
    return parts


def count_places(one: WatchRound, area: Area) -> int:
    """Count the places within an area that the duty of a round reaches now."""
    found = filter_areas(one.watch, area) if one.watch.level_id else filter_doors(one.watch, area)
    return found.count()


def _list_checks(one: WatchRound, area: Area) -> QuerySet[WatchCheck]:
    spanned = WatchCheck.objects.filter(watch=one.watch_id, at__gte=one.opens_at, at__lt=one.closes_at)
    return spanned.filter(beneath_filter(area, "area__path"))


def _count_seen(one: WatchRound, area: Area, step: int) -> dict[str, tuple[int, int]]:
    """Count by part at how many places somebody looked, and at how many of these something was found."""
    place = F("area_id") if one.watch.level_id else Concat(Cast("area_id", TextField()), Value("#"), "door")
    grouped = _list_checks(one, area).annotate(place=place).values(part=Substr("area__path", 1, step))
    counted = grouped.annotate(
        seen=Count("place", distinct=True), found=Count("place", distinct=True, filter=Q(is_well=False))
    )
    return {part: (seen, found) for part, seen, found in counted.order_by().values_list("part", "seen", "found")}


def _count_due(one: WatchRound, area: Area, step: int) -> dict[str, int]:
    """Count by part at how many places it is due now."""
    if one.watch.level_id:
        grouped = filter_areas(one.watch, area).order_by().values(part=Substr("path", 1, step))
        return dict(grouped.annotate(count=Count("pk")).values_list("part", "count"))
    doors = filter_doors(one.watch, area).order_by().values(part=Substr("area__path", 1, step))
    return dict(doors.annotate(count=Count("pk")).values_list("part", "count"))


def _count_settled(one: WatchRound, area: Area, step: int, done: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Count by part at how many places it was due when it was settled: where it was seen to, and where it was not."""
    later = WatchCheck.objects.filter(
        watch=one.watch_id,
        area=OuterRef("area"),
        door=OuterRef("door"),
        at__gte=one.opens_at,
        at__lt=one.closes_at,
    )
    unseen = WatchMiss.objects.filter(~Exists(later), beneath_filter(area, "area__path"), round=one)
    totals: dict[str, int] = defaultdict(int)
    grouped = unseen.order_by().values(part=Substr("area__path", 1, step)).annotate(count=Count("pk"))
    totals.update(grouped.values_list("part", "count"))
    for part, (seen, _found) in done.items():
        totals[part] += seen
    return dict(totals)
