"""Names for the codes that stand in the rows of a figure."""

from __future__ import annotations

from collections.abc import Iterable

from muster.duty.models import Post
from muster.territory.models import Area
from muster.territory.queries import read_names
from muster.territory.rules import ancestor_paths


def name_areas(codes: Iterable[str]) -> dict[str, str]:
    """Return where some areas are, by code: a doorway from its compound down, a larger area by its own name."""
    areas = list(Area.objects.filter(code__in=set(codes)).select_related("level"))
    names = read_names(areas)
    lowest_above = {path for area in areas for path in ancestor_paths(area.path)}
    doorways = set(Area.objects.filter(path__in=lowest_above, level__needs_warden=True).values_list("path", flat=True))
    return {area.code: _say_line(area, names, doorways) for area in areas}


def name_posts(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of some posts, by code."""
    return dict(Post.objects.filter(code__in=set(codes)).values_list("code", "name"))


def _say_line(area: Area, names: dict[str, str], doorways: set[str]) -> str:
    line = [names[path] for path in ancestor_paths(area.path) if path in doorways]
    return " ".join(line) or area.name
