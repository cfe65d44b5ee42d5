"""Where the changes of a plan lie: areas grouped by the part of the plan's area that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from muster.territory.models import Area
from muster.territory.queries import list_children
from muster.territory.rules import STEP_CHARS

CODES_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class AreaPart:
    """A part of an area, and the codes of some areas in it in the order of the tree."""

    area: Area
    codes: Sequence[str]


def group_by_part(area: Area, codes: Collection[str]) -> list[AreaPart]:
    """Group areas by the child of an area that they lie in, the area itself first; parts without any are left out."""
    paths: list[tuple[str, str]] = []
    ordered = sorted(codes)
    for start in range(0, len(ordered), CODES_PER_QUERY):
        found = Area.objects.filter(code__in=ordered[start : start + CODES_PER_QUERY])
        paths += found.values_list("path", "code")
    groups: dict[str, list[str]] = defaultdict(list)
    for path, code in sorted(paths):
        groups[path[: len(area.path) + STEP_CHARS]].append(code)
    return [AreaPart(part, groups[part.path]) for part in (area, *list_children(area)) if part.path in groups]
