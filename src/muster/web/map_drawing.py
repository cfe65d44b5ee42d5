"""Draws a part of the territory as a picture of paths and points: pure geometry, no database.

The projection is the equirectangular one, true to scale at the middle of the picture, which is right to
half a percent over a city of 300 km.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import get_parts
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon, shape
from shapely.ops import polylabel

WIDTH, HEIGHT = 800, 520
MARGIN = 28.0
HULL_RIM = 11.0
KM_PER_DEGREE = 111.32
_NICE_KM = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Projection:
    """Degrees to points of the picture."""

    middle_lon: float
    middle_lat: float
    points_per_km: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a position lies in the picture."""
        squeeze = math.cos(math.radians(self.middle_lat))
        x = (lon - self.middle_lon) * squeeze * KM_PER_DEGREE * self.points_per_km
        y = (self.middle_lat - lat) * KM_PER_DEGREE * self.points_per_km
        return WIDTH / 2 + x, HEIGHT / 2 + y


@dataclass(frozen=True)
class ScaleBar:
    """A length that is easy to read."""

    length: float
    words: str

    @property
    def start(self) -> float:
        """Return where the bar begins."""
        return WIDTH - 24 - self.length

    @property
    def end(self) -> float:
        """Return where the bar ends."""
        return WIDTH - 24


def fit(box: Box) -> Projection:
    """Return the projection that fills the picture with a box of degrees (west, south, east, north)."""
    west, south, east, north = box
    middle_lat = (south + north) / 2
    squeeze = math.cos(math.radians(middle_lat))
    wide_km = max((east - west) * squeeze * KM_PER_DEGREE, 0.3)
    high_km = max((north - south) * KM_PER_DEGREE, 0.3)
    points_per_km = min((WIDTH - 2 * MARGIN) / wide_km, (HEIGHT - 2 * MARGIN) / high_km)
    return Projection((west + east) / 2, middle_lat, points_per_km)


def bounds(geometries: Sequence[Any], points: Iterable[tuple[float, float]]) -> Box | None:
    """Return the box of degrees around boundaries and points, or None when there is nothing to show."""
    lons: list[float] = []
    lats: list[float] = []
    for geometry in geometries:
        west, south, east, north = geometry.bounds
        lons += [west, east]
        lats += [south, north]
    for lon, lat in points:
        lons.append(lon)
        lats.append(lat)
    return (min(lons), min(lats), max(lons), max(lats)) if lons else None


def read_geometry(geojson: dict[str, Any]) -> Any:
    """Return the shape of a GeoJSON polygon or multipolygon."""
    return shape(geojson)


def draw_land(geometry: Any, projection: Projection, *, tolerance: float = 0.6) -> str:
    """Return the path data of a boundary, simplified to what the eye can see in the picture."""
    degrees = tolerance / (projection.points_per_km * KM_PER_DEGREE)
    plain = geometry.simplify(degrees, preserve_topology=True)
    return "".join(
        _draw_ring(ring.coords, projection)
        for polygon in get_parts(plain)
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _draw_ring(coordinates: Iterable[tuple[float, ...]], projection: Projection) -> str:
    placed = (projection.place(each[0], each[1]) for each in coordinates)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed) + "Z"


def draw_dots(points: Iterable[tuple[float, float]], projection: Projection) -> str:
    """Return the path data of many dots at once: lines without length, whose round caps are seen."""
    return "".join("M{:.0f} {:.0f}h0".format(*projection.place(lon, lat)) for lon, lat in points)


def draw_hull(points: Sequence[tuple[float, float]], projection: Projection) -> str:
    """Return the path data of the ground around some positions that belong together, with a rim of air."""
    placed = [projection.place(lon, lat) for lon, lat in points]
    ground = MultiPoint(placed).convex_hull.buffer(HULL_RIM).simplify(0.5)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ground.exterior.coords) + "Z"


def label_point(geometry: Any) -> tuple[float, float]:
    """Return the position deepest inside a boundary, where a name has most room (lon, lat)."""
    parts = list(get_parts(geometry)) if isinstance(geometry, MultiPolygon) else [geometry]
    largest: Polygon = max(parts, key=lambda part: part.area)
    point: Point = polylabel(largest.simplify(0.005), tolerance=0.02)
    return point.x, point.y


def scale_bar(projection: Projection, *, longest: float = 120.0) -> ScaleBar:
    """Return the longest easy length that still fits into the corner."""
    km = max((each for each in _NICE_KM if each * projection.points_per_km <= longest), default=_NICE_KM[0])
    words = f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"
    return ScaleBar(km * projection.points_per_km, words)


def ring_radius(households: int) -> float:
    """Return the radius of a gap's ring, its area growing with the households that it concerns."""
    return min(14.0, 4.5 + math.sqrt(max(households, 0)) / 6)


@dataclass(frozen=True)
class Block:
    """How a building is drawn: around its position, long enough to carry its name or not."""

    width: int

    @property
    def height(self) -> int:
        """Return its height."""
        return max(6, round(self.width * 0.36))

    @property
    def left(self) -> float:
        """Return where it begins, from its position."""
        return -self.width / 2

    @property
    def top(self) -> float:
        """Return where it begins downwards, from its position."""
        return -self.height / 2

    @property
    def has_name(self) -> bool:
        """Tell whether its name has room within it."""
        return self.width >= 40


def size_block(projection: Projection) -> Block:
    """Return how a building of 45 m is drawn, kept within what can be seen and hit."""
    return Block(round(min(64.0, max(12.0, 0.045 * projection.points_per_km))))
