"""Counting coverage up the tree, level by level from the leaves, inside the database."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Length

from muster.coverage.models import CoverageTally
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter, scope_paths
from muster.territory.models import Area
from muster.territory.rules import STEP_CHARS, ancestor_paths

# Areas of one depth are counted from the tallies of their children, from children that have none because
# nothing lies beneath them, and from themselves. The deepest go first, so that every row is read once.
_COUNT_ONE_DEPTH = """
INSERT INTO coverage_coveragetally (emergency_id, area_id, level_id, required, covered, deputy_only, with_deputy)
SELECT %(emergency)s, area_id, level_id, SUM(required), SUM(covered), SUM(deputy_only), SUM(with_deputy)
FROM (
  SELECT parent.id AS area_id, beneath.level_id, beneath.required, beneath.covered, beneath.deputy_only,
         beneath.with_deputy
  FROM territory_area parent
  JOIN territory_area child ON child.parent_id = parent.id
  JOIN coverage_coveragetally beneath ON beneath.area_id = child.id AND beneath.emergency_id = %(emergency)s
  WHERE parent.path >= %(low)s AND parent.path < %(high)s AND LENGTH(parent.path) = %(chars)s
  UNION ALL
  SELECT parent.id, own.level_id, 1,
         CASE WHEN warden.id IS NULL THEN 0 ELSE 1 END,
         CASE WHEN warden.id IS NULL AND deputy.id IS NOT NULL THEN 1 ELSE 0 END,
         CASE WHEN warden.id IS NOT NULL AND deputy.id IS NOT NULL THEN 1 ELSE 0 END
  FROM territory_area parent
  JOIN territory_area own ON own.parent_id = parent.id
  JOIN emergencies_wardenrule rule ON rule.level_id = own.level_id AND rule.emergency_id = %(emergency)s
  LEFT JOIN coverage_appointment warden ON warden.emergency_id = %(emergency)s AND warden.area_id = own.id
       AND warden.role = 'warden' AND warden.ends_at IS NULL
  LEFT JOIN coverage_appointment deputy ON deputy.emergency_id = %(emergency)s AND deputy.area_id = own.id
       AND deputy.role = 'deputy' AND deputy.ends_at IS NULL
  WHERE parent.path >= %(low)s AND parent.path < %(high)s AND LENGTH(parent.path) = %(chars)s
    AND own.path >= %(own_low)s AND own.path < %(own_high)s
    AND NOT EXISTS (SELECT 1 FROM territory_area below WHERE below.parent_id = own.id)
  UNION ALL
  SELECT own.id, own.level_id, 1,
         CASE WHEN warden.id IS NULL THEN 0 ELSE 1 END,
         CASE WHEN warden.id IS NULL AND deputy.id IS NOT NULL THEN 1 ELSE 0 END,
         CASE WHEN warden.id IS NOT NULL AND deputy.id IS NOT NULL THEN 1 ELSE 0 END
  FROM territory_area own
  JOIN emergencies_wardenrule rule ON rule.level_id = own.level_id AND rule.emergency_id = %(emergency)s
  LEFT JOIN coverage_appointment warden ON warden.emergency_id = %(emergency)s AND warden.area_id = own.id
       AND warden.role = 'warden' AND warden.ends_at IS NULL
  LEFT JOIN coverage_appointment deputy ON deputy.emergency_id = %(emergency)s AND deputy.area_id = own.id
       AND deputy.role = 'deputy' AND deputy.ends_at IS NULL
  WHERE own.path >= %(low)s AND own.path < %(high)s AND LENGTH(own.path) = %(chars)s
    AND own.path >= %(own_low)s AND own.path < %(own_high)s
    AND EXISTS (SELECT 1 FROM territory_area below WHERE below.parent_id = own.id)
) AS counted
GROUP BY area_id, level_id
"""


def rebuild_tallies(emergency: Emergency, area: Area | None = None) -> None:
    """Count coverage anew for an area, all beneath it and all above it.

    Parameters
    ----------
    emergency
        Whose coverage.
    area
        Where it may have changed; by default everywhere.
    """
    scope = area or emergency.area
    low, high = scope_paths(emergency, scope)
    if low >= high:
        return
    top = low
    above = ancestor_paths(top)[:-1]
    with transaction.atomic():
        _forget(emergency, scope, above)
        deepest = Area.objects.filter(scope_filter(emergency, scope)).aggregate(chars=Max(Length("path")))["chars"]
        for chars in range(deepest or 0, len(top) - 1, -STEP_CHARS):
            _count_depth(emergency, chars, low, high)
        for path in reversed(above):
            _count_depth(emergency, len(path), path, path + "0")


def _forget(emergency: Emergency, scope: Area, above: list[str]) -> None:
    tallies = CoverageTally.objects.filter(emergency=emergency)
    tallies.filter(area__in=Area.objects.filter(scope_filter(emergency, scope))).delete()
    tallies.filter(area__in=Area.objects.filter(path__in=above)).delete()


def _count_depth(emergency: Emergency, chars: int, low: str, high: str) -> None:
    own_low, own_high = scope_paths(emergency, emergency.area)
    values: dict[str, Any] = {
        "emergency": emergency.pk,
        "chars": chars,
        "low": low,
        "high": high,
        "own_low": own_low,
        "own_high": own_high,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE_DEPTH, values)
