"""What screens and higher rooms ask of the territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from muster.kernel.batches import batches
from muster.kernel.errors import NotFoundError
from muster.kernel.search import search_rows
from muster.territory.models import Area, AreaTally, Boundary, Level
from muster.territory.rules import STEP_CHARS, ancestor_paths, subtree_range


def find_area(code: str) -> Area | None:
    """Find an area by its code, with its level, or return None."""
    return Area.objects.select_related("level", "parent").filter(code=code).first()


def find_area_ids(codes: Iterable[str]) -> dict[str, int]:
    """Find the numbers of areas by their codes; codes that are not known are left out."""
    found: dict[str, int] = {}
    for batch in batches(sorted(set(codes))):
        found.update(Area.objects.filter(code__in=batch).values_list("code", "pk"))
    return found


def get_area(code: str) -> Area:
    """Get an area by its code, with its level.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    area = find_area(code)
    if area is None:
        raise NotFoundError(f"There is no area with the code {code}.", remedy="Check the code.")
    return area


def list_roots() -> QuerySet[Area]:
    """List the areas at the top of the tree."""
    return Area.objects.select_related("level").filter(parent=None).order_by("path")


def list_children(area: Area) -> QuerySet[Area]:
    """List the areas directly beneath one, in the order of their codes."""
    return Area.objects.select_related("level").filter(parent=area).order_by("path")


def list_ancestors(area: Area) -> list[Area]:
    """List the areas above one, from the root down, without itself."""
    paths = ancestor_paths(area.path)[:-1]
    return list(Area.objects.select_related("level").filter(path__in=paths).order_by("path"))


def read_names(areas: Iterable[Area]) -> dict[str, str]:
    """Read the names of some areas and of all above them, by path."""
    paths = {path for area in areas for path in ancestor_paths(area.path)}
    return {
        path: name
        for some in batches(paths)
        for path, name in Area.objects.filter(path__in=some).values_list("path", "name")
    }


def say_place(area: Area, names: Mapping[str, str], *, below: Area | None = None) -> str:
    """Say where an area is: from beneath another down to itself.

    Parameters
    ----------
    area
        Which area.
    names
        Names of it and of all above it, by path, as from ``read_names``.
    below
        An area that needs no telling; where it is the area itself, or not given, the name of the area alone.
    """
    start = len(below.path) if below is not None and area.path != below.path else len(area.path) - STEP_CHARS
    return " ".join(names[path] for path in ancestor_paths(area.path) if len(path) > start)


def beneath_filter(area: Area, field: str = "path") -> Q:
    """Return the filter for an area and all beneath it, on the path found at ``field``.

    One range of the index. ``startswith`` would become a LIKE that SQLite answers by reading all rows.
    """
    low, high = subtree_range(area.path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def beneath_any_filter(areas: Iterable[Area], field: str = "path") -> Q:
    """Return the filter for several areas and all beneath them; of no areas it lets nothing through."""
    joined = Q(pk__in=[])
    for area in areas:
        joined |= beneath_filter(area, field)
    return joined


def beneath(area: Area) -> QuerySet[Area]:
    """List an area and all beneath it."""
    return Area.objects.filter(beneath_filter(area))


def list_outside(area: Area) -> QuerySet[Area]:
    """List the areas that are neither an area nor beneath it."""
    low, high = subtree_range(area.path)
    return Area.objects.filter(Q(path__lt=low) | Q(path__gte=high))


def list_levels() -> list[Level]:
    """List the levels from the top down."""
    return list(Level.objects.all())


def list_tallies(area: Area) -> QuerySet[AreaTally]:
    """List what lies beneath an area, counted per level, from the top down."""
    return AreaTally.objects.select_related("level").filter(area=area).order_by("level__rank")


def list_boundaries(areas: Iterable[Area]) -> QuerySet[Boundary]:
    """List the boundaries that are known of some areas."""
    return Boundary.objects.select_related("area").filter(area__in=areas)


def search_areas(text: str, *, within: Sequence[Area], limit: int = 20) -> list[Area]:
    """Search areas by code, name, pinyin or initials.

    Parameters
    ----------
    text
        What was typed: the beginning of a code, a part of a name, or pinyin.
    within
        Only these areas and all beneath them are searched.
    limit
        How many to return at most: those above all doorways first, each part by level.
    """
    areas = Area.objects.select_related("level", "parent")
    high = areas.filter(
        beneath_any_filter(within), level__in=[level for level in list_levels() if not level.needs_warden]
    )
    found = _by_level(search_rows(high, text, limit=limit))
    if len(found) < limit:
        # As another text, so that the database walks the names: within a city it would sort a million areas by theirs.
        placed = areas.alias(place=Concat("path", Value(""))).filter(beneath_any_filter(within, "place"))
        seen = {area.pk for area in found}
        found += [area for area in _by_level(search_rows(placed, text, limit=limit)) if area.pk not in seen]
    return found[:limit]


def _by_level(areas: Iterable[Area]) -> list[Area]:
    return sorted(areas, key=lambda area: (area.level.rank, area.path))
