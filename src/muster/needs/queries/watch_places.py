"""The places that a watch duty reaches: areas of a level, or doors with a mark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length, Substr

from muster.emergencies.queries import scope_filter
from muster.needs.models import MarkedDoor, WatchDuty
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


class WatchPlace(NamedTuple):
    """An area, or one door there; an area as a whole has no door."""

    area_id: int
    door: str
    code: str
    path: str


def filter_areas(watch: WatchDuty, within: Area) -> QuerySet[Area]:
    """Return the areas that a watch duty of a level reaches within an area, in no order."""
    found = Area.objects.filter(scope_filter(watch.emergency, within), beneath_filter(watch.area))
    # A sum, so that the database walks the tree: by the index of levels it would sort the whole territory.
    found = found.alias(level_number=F("level_id") + 0).filter(level_number=watch.level_id)
    if watch.kind:
        found = found.filter(kind=watch.kind)
    return found.filter(_beneath_unmanaged(watch.area)) if watch.is_unmanaged_only else found


def filter_doors(watch: WatchDuty, within: Area) -> QuerySet[MarkedDoor]:
    """Return the doors that a watch duty of a mark reaches within an area, in no order."""
    return MarkedDoor.objects.filter(
        scope_filter(watch.emergency, within, "area__path"),
        beneath_filter(watch.area, "area__path"),
        emergency=watch.emergency,
        mark=watch.mark,
        until_at=None,
    )


def read_places(watch: WatchDuty, within: Area | None = None) -> list[WatchPlace]:
    """Read the places that a watch duty reaches, all of them or those within an area, in the order of the tree."""
    top = within or watch.area
    if watch.level_id is None:
        doors = filter_doors(watch, top).order_by("area__path", "door")
        return [WatchPlace(*row) for row in doors.values_list("area_id", "door", "area__code", "area__path")]
    areas = filter_areas(watch, top).order_by("path").values_list("pk", "code", "path")
    return [WatchPlace(number, "", code, path) for number, code, path in areas]


def read_own_places(watch: WatchDuty, areas: Iterable[Area]) -> list[WatchPlace]:
    """Read which of a few areas a watch duty reaches, and at which of their doors."""
    numbers = [area.pk for area in areas]
    if watch.level_id is None:
        doors = filter_doors(watch, watch.area).filter(area__in=numbers).order_by("area__path", "door")
        return [WatchPlace(*row) for row in doors.values_list("area_id", "door", "area__code", "area__path")]
    found = filter_areas(watch, watch.area).filter(pk__in=numbers).order_by("path")
    return [WatchPlace(number, "", code, path) for number, code, path in found.values_list("pk", "code", "path")]


def _beneath_unmanaged(area: Area) -> Q:
    """Return the filter of areas that lie beneath one that no property management looks after, or are one."""
    unmanaged = Area.objects.filter(beneath_filter(area), is_managed=False)
    lengths = set(unmanaged.order_by().values_list(Length("path"), flat=True).distinct())
    joined = Q(pk__in=[])
    for length in lengths:
        # One set a depth, looked up by the beginning of each path: a range for each compound would be thousands.
        of_depth = unmanaged.alias(depth=Length("path")).filter(depth=length).values("path")
        joined |= Q(pk__in=Area.objects.alias(top=Substr("path", 1, length)).filter(top__in=of_depth).values("pk"))
    return joined
