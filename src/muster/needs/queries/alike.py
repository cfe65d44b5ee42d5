"""Pairs of needs that may have been asked twice, as a person decides on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.needs.kinds import PairVerdict
from muster.needs.models import Need, NeedPair
from muster.needs.rules.likeness import Asked, Likeness, Pair, find_alike
from muster.territory.models import Area

COMPARED_LIMIT = 5_000
"""So many unsettled needs, the newest, are compared; older ones have been looked at before."""


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two needs that may be one, the older first, and what they have in common."""

    older: Need
    newer: Need
    score: float
    likenesses: tuple[Likeness, ...]


def list_alike_pairs(emergency: Emergency, area: Area, *, limit: int = 50) -> list[AlikePair]:
    """List pairs of unsettled needs of an area that may be one, most alike first; those kept apart are left out."""
    pairs = _without_apart(find_alike(_read_asked(emergency, area)))[:limit]
    needs = Need.objects.select_related("area", "joined_to", "emergency").in_bulk(
        {number for pair in pairs for number in (pair.older, pair.newer)}
    )
    return [AlikePair(needs[pair.older], needs[pair.newer], pair.score, pair.likenesses) for pair in pairs]


def list_alike_to(need: Need, *, limit: int = 5) -> list[AlikePair]:
    """List the unsettled needs that may be one with a need, most alike first."""
    if need.settled_at is not None or need.joined_to_id is not None:
        return []
    near = need.area.parent or need.area
    pairs = list_alike_pairs(need.emergency, near.parent or near, limit=COMPARED_LIMIT)
    return [pair for pair in pairs if need.pk in {pair.older.pk, pair.newer.pk}][:limit]


def _read_asked(emergency: Emergency, area: Area) -> Iterable[Asked]:
    needs = Need.objects.filter(
        scope_filter(emergency, area, "area__path"), emergency=emergency, settled_at=None, joined_to=None
    )
    rows = needs.order_by("-at", "-pk").values_list("pk", "at", "area__path", "kind", "words")[:COMPARED_LIMIT]
    return [Asked(*row) for row in rows]


def _without_apart(pairs: list[Pair]) -> list[Pair]:
    numbers = {number for pair in pairs for number in (pair.older, pair.newer)}
    standing = NeedPair.objects.filter(verdict=PairVerdict.TWO, undone_at=None)
    near = standing.filter(Q(first__settled_at=None, second__settled_at=None))
    apart = {frozenset(each) for each in near.values_list("first_id", "second_id") if numbers.issuperset(each)}
    return [pair for pair in pairs if frozenset((pair.older, pair.newer)) not in apart]
