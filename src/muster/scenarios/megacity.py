"""A city of ten million, township by township, so that no more than one of them is in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.scenarios.chance import open_stream
from muster.scenarios.divisions import URBAN_KINDS, read_divisions
from muster.scenarios.figures import WUHAN_BUILDINGS_PER_COMPOUND, WUHAN_SEATS
from muster.scenarios.names import invent_compound, invent_hamlet
from muster.scenarios.positions import METERS_PER_DEGREE, Point, move
from muster.scenarios.shape import Shape
from muster.territory.kinds import AreaSpec

_BUILDING_M = 55.0
_UNIT_M = 12.0
_ROW_M = 40.0
_MARKS = (True, True)
"""Row and position are both synthetic."""


class _Fabric(NamedTuple):
    """How a community is built: each figure at least the first and less than the second."""

    compounds: tuple[int, int]
    buildings: tuple[int, int] | None
    units: tuple[int, int]
    doors: tuple[int, int]
    reach_m: float


_URBAN: Final = _Fabric((4, 8), None, (3, 7), (10, 34), 450.0)
"""Buildings of a compound as published for the city."""

_VILLAGE: Final = _Fabric((4, 7), (5, 13), (2, 6), (3, 9), 1400.0)
"""Hamlets of a village, rows of houses, and houses that share a yard."""


@dataclass(frozen=True)
class Township:
    """A township of the real tree with its communities, all with points.

    Parameters
    ----------
    ordinal
        Its place in the tree, from 0.
    area, communities
        The township, and what lies directly beneath.
    """

    ordinal: int
    area: AreaSpec
    communities: list[AreaSpec]


@dataclass(frozen=True)
class Megacity:
    """The real tree with invented points.

    Parameters
    ----------
    upper
        Province, city and counties.
    townships
        The rest, in the order of the tree.
    seed
        From which everything else is invented.
    """

    upper: list[AreaSpec]
    townships: list[Township]
    seed: int

    def invent_areas(self, township: Township) -> list[AreaSpec]:
        """Invent what a township consists of, parents before children; the same each time it is asked."""
        rows = [township.area]
        names: set[str] = set()
        for community in township.communities:
            rng = open_stream(self.seed, "places", community.code)
            rows.append(community)
            rows += _invent_compounds(community, names, rng)
        return rows


def open_megacity(shape: Shape, seed: int) -> Megacity:
    """Read the real tree of a scenario, and invent where its townships and communities lie."""
    divisions = read_divisions(shape)
    children: dict[str, list[AreaSpec]] = {}
    for area in divisions:
        children.setdefault(area.parent_code, []).append(area)
    upper = [area for area in divisions if area.level in {"province", "city"}]
    counties = [_at(area, Point(*WUHAN_SEATS[area.code])) for area in divisions if area.level == "county"]
    townships: list[Township] = []
    for county in counties:
        reach_m = 4_000.0 if county.code < _FIRST_OUTER_COUNTY else 17_000.0
        placed = _scatter(county, children[county.code], reach_m, open_stream(seed, "positions", county.code))
        for area in placed:
            rng = open_stream(seed, "positions", area.code)
            communities = _scatter(area, children.get(area.code, []), reach_m / 5, rng)
            townships.append(Township(len(townships), area, communities))
    return Megacity([*upper, *counties], townships, seed)


_FIRST_OUTER_COUNTY: Final = "420111"


def _at(area: AreaSpec, point: Point) -> AreaSpec:
    return area._replace(lon=point.lon, lat=point.lat, is_position_synthetic=True)


def _scatter(center: AreaSpec, areas: list[AreaSpec], reach_m: float, rng: np.random.Generator) -> list[AreaSpec]:
    """Spread areas evenly over the disk around a center."""
    distance_m = reach_m * np.sqrt(rng.random(len(areas)))
    angle = rng.uniform(0.0, 2.0 * np.pi, len(areas))
    offsets = zip((distance_m * np.cos(angle)).tolist(), (distance_m * np.sin(angle)).tolist(), strict=True)
    origin = Point(center.lon or 0.0, center.lat or 0.0)
    return [_at(area, move(origin, *offset)) for area, offset in zip(areas, offsets, strict=True)]


def _invent_compounds(community: AreaSpec, names: set[str], rng: np.random.Generator) -> list[AreaSpec]:
    is_urban = community.kind in URBAN_KINDS
    fabric = _URBAN if is_urban else _VILLAGE
    rows: list[AreaSpec] = []
    bare = []
    for ordinal in range(1, int(rng.integers(*fabric.compounds)) + 1):
        name = invent_compound(rng, names) if is_urban else invent_hamlet(rng, names)
        code, kind = f"{community.code}-{ordinal:02d}", "compound" if is_urban else "hamlet"
        bare.append(AreaSpec("compound", code, name, community.code, kind, is_synthetic=True))
    for compound in _scatter(community, bare, fabric.reach_m, rng):
        beneath = _build(compound, fabric, rng)
        households = sum(row.households or 0 for row in beneath if row.level == "building")
        is_managed = bool(rng.random() < 0.74) if is_urban else None
        rows.append(compound._replace(households=households, is_managed=is_managed))
        rows += beneath
    return rows


def _count_buildings(fabric: _Fabric, rng: np.random.Generator) -> int:
    if fabric.buildings:
        return int(rng.integers(*fabric.buildings))
    shares, values = zip(*WUHAN_BUILDINGS_PER_COMPOUND, strict=True)
    return max(1, round(float(np.interp(rng.random() * shares[-1], shares, values))))


def _build(compound: AreaSpec, fabric: _Fabric, rng: np.random.Generator) -> list[AreaSpec]:
    """Build a compound: its buildings in a square of rows, each with its units side by side."""
    n = _count_buildings(fabric, rng)
    units = rng.integers(*fabric.units, n)
    doors = rng.integers(*fabric.doors, n)
    columns = max(1, round(n**0.5))
    place = np.arange(n)
    east_m = (place % columns - (columns - 1) / 2) * _BUILDING_M
    north_m = (n // columns / 2 - place // columns) * _ROW_M
    spots = _degrees(compound, east_m, north_m)
    buildings = _name_rows("building", compound.code, "号楼", (units * doors).tolist(), spots)
    owner = np.repeat(place, units)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(units) - units, units)
    spots = _degrees(compound, east_m[owner] + number * _UNIT_M, north_m[owner] - 6.0)
    inside = []
    for at, (first, last) in enumerate(
        zip((np.cumsum(units) - units).tolist(), np.cumsum(units).tolist(), strict=True)
    ):
        households = [int(doors[at])] * (last - first)
        inside += _name_rows("unit", buildings[at].code, "单元", households, spots[first:last])
    return buildings + inside


def _name_rows(
    level: str, parent_code: str, word: str, households: list[int], spots: list[tuple[float, float]]
) -> list[AreaSpec]:
    """Return areas that are numbered from 1 beneath the one above."""
    width = 2 if level == "building" else 1
    return [
        AreaSpec(
            level, f"{parent_code}-{nth:0{width}d}", f"{nth}{word}", parent_code, level, doors, None, lon, lat, *_MARKS
        )
        for nth, (doors, (lon, lat)) in enumerate(zip(households, spots, strict=True), start=1)
    ]


def _degrees(center: AreaSpec, east_m: NDArray[np.float64], north_m: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the points (longitude, latitude) some meters east and north of a center, rounded to a decimeter."""
    lat = center.lat or 0.0
    lon = (center.lon or 0.0) + east_m / (METERS_PER_DEGREE * np.cos(np.radians(lat)))
    return list(zip(np.round(lon, 6).tolist(), np.round(lat + north_m / METERS_PER_DEGREE, 6).tolist(), strict=True))


def list_units(areas: list[AreaSpec]) -> Iterator[tuple[str, list[str]]]:
    """Yield each community of a township, and the codes of the entrances in it."""
    units: dict[str, list[str]] = {area.code: [] for area in areas if area.level == "community"}
    for area in areas:
        if area.level == "unit":
            units[area.code.split("-", 1)[0]].append(area.code)
    yield from units.items()
