"""What the map of an area shows: lands with boundaries, places without, dots of what lies deeper, gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from muster.clocks.models import Gap
from muster.emergencies.models import Emergency
from muster.situation.board_coverage import SharedArea, list_children_shared
from muster.territory.models import Area, Level
from muster.territory.queries import beneath, list_ancestors, list_boundaries, list_levels, list_tallies
from muster.territory.rules import STEP_CHARS

DOTS_LIMIT = 4000
RINGS_LIMIT = 300
BLOCKS_OF_LIMIT = 12
DOORWAY_LEVELS = 2
"""Compounds and buildings; the doors of one building lie on one another."""

Position = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True)
class Land:
    """A child area with a boundary (GeoJSON)."""

    row: SharedArea
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A child area without a boundary, at a position."""

    row: SharedArea
    position: Position


@dataclass(frozen=True, slots=True)
class Ring:
    """A place with nobody, and the households that it concerns; or a need, whose kind is how pressing it is.

    It leads to the page of its area where it has no address of its own.
    """

    code: str
    name: str
    position: Position
    households: int
    kind: str
    why: str
    address: str = ""
    rank: int = 0

    @property
    def is_need(self) -> bool:
        """Tell whether it stands for a need, which has a page of its own."""
        return bool(self.address)


@dataclass(frozen=True, slots=True)
class MapRows:
    """Everything that a map is drawn from.

    Parameters
    ----------
    lands, places
        The children of the area, by whether they have a boundary.
    blocks
        Buildings of the children, where these are compounds: each compound is then only named.
    outline
        Boundary of the area itself, or of the nearest above that has one, for places to lie in.
    is_own_outline
        Whether it is the area's own.
    dots
        Positions of what lies deeper: the lowest level above those that need wardens, or the doorways of a
        township, unless there are more than ``DOTS_LIMIT``.
    groups
        The doorways of a township, by community: the ground that each looks after.
    rings
        Gaps, of those given.
    is_synthetic
        Whether a position on the map is invented.
    """

    lands: tuple[Land, ...]
    places: tuple[Place, ...]
    blocks: tuple[Place, ...]
    outline: dict[str, Any] | None
    is_own_outline: bool
    dots: tuple[Position, ...]
    groups: tuple[tuple[Position, ...], ...]
    rings: tuple[Ring, ...]
    is_synthetic: bool


Lister = Callable[[Emergency | None, Area], list[SharedArea]]
"""Lists the areas beneath one with their shares, as they are or as they were."""


def read_map(
    emergency: Emergency | None, area: Area, pressing: Sequence[Gap], list_children: Lister = list_children_shared
) -> MapRows:
    """Read what the map of an area shows, with a ring around each of the gaps given that leaves a place empty."""
    children = list_children(emergency, area)
    boundaries = {each.area_id: each.geometry for each in list_boundaries([row.area for row in children])}
    levels = list(list_levels())
    deeper = _list_deeper(area, levels)
    groups = _group(area, deeper)
    lands = tuple(Land(row, boundaries[row.area.pk]) for row in children if row.area.pk in boundaries)
    placed = ((row, _position(row.area) or _middle(groups.get(row.area.path))) for row in children)
    places = tuple(Place(row, position) for row, position in placed if position and row.area.pk not in boundaries)
    outline, is_own_outline = _find_outline(area)
    return MapRows(
        lands=lands,
        places=places,
        blocks=_list_blocks(emergency, children, list_children),
        outline=None if lands else outline,
        is_own_outline=is_own_outline,
        dots=tuple((lon, lat) for _path, lon, lat, _synthetic in deeper),
        groups=tuple(map(tuple, groups.values())) if _has_doorways_next(area, levels) else (),
        rings=_list_rings(pressing),
        is_synthetic=any(row[3] for row in deeper) or any(row.area.is_position_synthetic for row in children),
    )


def _list_blocks(
    emergency: Emergency | None, children: Sequence[SharedArea], list_children: Lister
) -> tuple[Place, ...]:
    if len(children) > BLOCKS_OF_LIMIT or not all(child.area.level.needs_warden for child in children):
        return ()
    buildings = (row for child in children if child.has_children for row in list_children(emergency, child.area))
    return tuple(Place(row, position) for row in buildings if (position := _position(row.area)))


def _position(area: Area) -> Position | None:
    return (area.lon, area.lat) if area.lon is not None and area.lat is not None else None


def _has_doorways_next(area: Area, levels: Sequence[Level]) -> bool:
    """Tell whether the areas right beneath are the last above those that need wardens."""
    above = [level.rank for level in levels if not level.needs_warden]
    return len(above) > 1 and area.level.rank == above[-2]


def _list_deeper(area: Area, levels: Sequence[Level]) -> list[tuple[str, float, float, bool]]:
    """Return path and position of the areas at the level just above those that need wardens, or the doorways."""
    above = [level for level in levels if not level.needs_warden]
    if not above or above[-1].rank <= area.level.rank:
        return []
    shown = [level for level in levels if level.needs_warden][:DOORWAY_LEVELS]
    if not _has_doorways_next(area, levels):
        shown = above[-1:]
    # A part of a million dots would say that the rest of the land is empty.
    if sum(tally.areas for tally in list_tallies(area).filter(level__in=shown)) > DOTS_LIMIT:
        return []
    found = beneath(area).filter(level__in=shown, lon__isnull=False, lat__isnull=False).order_by("path")
    rows = found.values_list("path", "lon", "lat", "is_position_synthetic")
    return [(path, lon, lat, synthetic) for path, lon, lat, synthetic in rows if lon is not None and lat is not None]


def _group(area: Area, deeper: Sequence[tuple[str, float, float, bool]]) -> dict[str, list[Position]]:
    """Return the positions beneath each child, by its path."""
    groups: dict[str, list[Position]] = defaultdict(list)
    for path, lon, lat, _synthetic in deeper:
        groups[path[: len(area.path) + STEP_CHARS]].append((lon, lat))
    return groups


def _middle(group: Sequence[Position] | None) -> Position | None:
    """Return the middle of what lies beneath a child that has no position of its own."""
    if not group:
        return None
    return sum(lon for lon, _ in group) / len(group), sum(lat for _, lat in group) / len(group)


def _find_outline(area: Area) -> tuple[dict[str, Any] | None, bool]:
    line = [*list_ancestors(area), area]
    known = {each.area_id: each.geometry for each in list_boundaries(line)}
    nearest = next((each for each in reversed(line) if each.pk in known), None)
    return (known[nearest.pk], nearest.pk == area.pk) if nearest else (None, False)


def _list_rings(pressing: Sequence[Gap]) -> tuple[Ring, ...]:
    return tuple(
        Ring(gap.area.code, gap.area.name, position, gap.area.households or 0, gap.kind, gap.why)
        for gap in pressing
        if not gap.urgency and (position := _position(gap.area))
    )
