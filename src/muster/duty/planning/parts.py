"""A city too large for one plan: planned in parts that share no post and no pool, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Length

from muster.duty.models import Demand
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.territory.models import Area
from muster.territory.queries import list_children
from muster.territory.rules import STEP_CHARS

MOST_PLACES = 400_000
"""So many places are planned at once, in some 4 GiB of memory."""
WEEK_DAYS = 7


def list_parts(emergency: Emergency, area: Area, days: int) -> list[Area]:
    """List the areas to plan one after the other where an area is too large to plan at once.

    Parameters
    ----------
    emergency, area
        Whose posts, where.
    days
        Length of the roster.

    Returns
    -------
    list of Area
        The area itself where it is small enough, or where posts beneath it are staffed across the areas directly
        beneath; otherwise those of these that have posts, each divided further if need be, in the order of the tree.
    """
    demands = Demand.objects.filter(
        scope_filter(emergency, area, "post__area__path"), post__is_active=True, people__gt=0
    )
    if _count_places(demands, days) <= MOST_PLACES:
        return [area]
    length = len(area.path) + STEP_CHARS
    pairs = list(demands.order_by().values_list("post__area__path", "post__pool_area__path").distinct())
    if any(len(post) < length or post[:length] != pool[:length] for post, pool in pairs):
        return [area]
    staffed = {post[:length] for post, _ in pairs}
    return list(_divide(emergency, area, staffed, days))


def _divide(emergency: Emergency, area: Area, staffed: set[str], days: int) -> Iterator[Area]:
    for child in list_children(area):
        if child.path in staffed:
            yield from list_parts(emergency, child, days)


def _count_places(demands: QuerySet[Demand], days: int) -> int:
    in_week = demands.aggregate(places=Sum(F("people") * Length("weekdays")))["places"] or 0
    return int(in_week * days / WEEK_DAYS)
