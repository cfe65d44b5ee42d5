"""Invented compounds, buildings and units beneath every real community, sized by published figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from muster.scenarios.chance import is_chance, open_stream
from muster.scenarios.divisions import URBAN_KINDS
from muster.scenarios.figures import (
    BOUNDARY_OF,
    BUILDINGS_PER_COMPOUND,
    DOORS_PER_TOWER_UNIT,
    DOORS_PER_UNIT,
    HOUSEHOLDS_PER_BUILDING,
    PEOPLE_PER_HOUSEHOLD,
    POPULATION_2010,
    RURAL_SHARE,
    draw_quantile,
)
from muster.scenarios.names import invent_block, invent_compound, invent_hamlet
from muster.scenarios.positions import Point, move
from muster.scenarios.shape import Shape
from muster.territory.kinds import AreaSpec

_UNMANAGED_BLOCK_SHARE = 0.8
_TOWER_HOUSEHOLDS = 150
_STAIRCASE_WIDTH_M = 14.0
_ROW_SPACING_M = 42.0
_GAP_BETWEEN_BUILDINGS_M = 16.0
_RURAL_COMMITTEES_OF_CITY = 1158
_MARKS = (True, True)
"""Row and position are both synthetic."""


@dataclass(frozen=True)
class _Compound:
    """A compound on the drawing board."""

    row: AreaSpec
    buildings: int
    households_per_building: float
    doors_per_unit: int
    turn: float


def invent_places(divisions: list[AreaSpec], points: dict[str, Point], shape: Shape, seed: int) -> list[AreaSpec]:
    """Invent what lies beneath each community: compounds with buildings and units, or hamlets.

    Returns
    -------
    list of AreaSpec
        Parents before children, communities in the order of the tree.
    """
    taken: dict[str, set[str]] = {}
    places: list[AreaSpec] = []
    for community in divisions:
        if community.level != "community":
            continue
        rng = open_stream(seed, "places", community.code)
        names = taken.setdefault(community.parent_code, set())
        center = points[community.code]
        if community.kind in URBAN_KINDS:
            places += _invent_compounds(community, center, shape, names, rng)
        else:
            places += _invent_hamlets(community, center, shape, names, rng)
    return places


def _invent_hamlets(
    village: AreaSpec, center: Point, shape: Shape, names: set[str], rng: np.random.Generator
) -> list[AreaSpec]:
    number = 1 + int(shape.hamlets_at_most > 1 and is_chance(rng, 0.3))
    usual = _usual_hamlet_households(village.code[:6])
    hamlets = []
    for ordinal in range(1, number + 1):
        angle = rng.uniform(0.0, 2.0 * math.pi)
        reach_m = 250.0 if ordinal == 1 else rng.uniform(900.0, 1900.0)
        at = move(center, reach_m * math.cos(angle), reach_m * math.sin(angle))
        code = f"{village.code}-{ordinal:02d}"
        households = max(24, round(usual / number * float(rng.lognormal(-0.08, 0.4))))
        name = invent_hamlet(rng, names)
        hamlets.append(AreaSpec("compound", code, name, village.code, "hamlet", households, None, *at, *_MARKS))
    return hamlets


def _usual_hamlet_households(county_code: str) -> float:
    """Return the households that a village of the county usually has, by the census."""
    population = POPULATION_2010[BOUNDARY_OF.get(county_code, county_code)]
    rural = sum(POPULATION_2010.values()) * RURAL_SHARE / PEOPLE_PER_HOUSEHOLD / _RURAL_COMMITTEES_OF_CITY
    density = population * len(POPULATION_2010) / sum(POPULATION_2010.values())
    return rural * math.sqrt(density)


def _invent_compounds(
    community: AreaSpec, center: Point, shape: Shape, names: set[str], rng: np.random.Generator
) -> list[AreaSpec]:
    rows: list[AreaSpec] = []
    number = 1 + int(is_chance(rng, shape.second_compound_share))
    edge_m = 0.0
    angle = rng.uniform(0.0, 2.0 * math.pi)
    for ordinal in range(1, number + 1):
        buildings = min(shape.buildings_at_most, round(draw_quantile(rng, BUILDINGS_PER_COMPOUND)))
        half_m = 34.0 * math.sqrt(buildings) + 20.0
        at = move(center, (edge_m + half_m) * math.cos(angle), (edge_m + half_m) * math.sin(angle))
        edge_m += 2.0 * half_m + 60.0
        compound = _invent_compound(
            community,
            ordinal=ordinal,
            buildings=buildings,
            at=at,
            names=names,
            unmanaged_share=shape.unmanaged_share,
            rng=rng,
        )
        rows += _build(compound, rng)
    return rows


def _invent_compound(
    community: AreaSpec,
    *,
    ordinal: int,
    buildings: int,
    at: Point,
    names: set[str],
    unmanaged_share: float,
    rng: np.random.Generator,
) -> _Compound:
    is_block = buildings == 1
    name = invent_block(rng, names) if is_block else invent_compound(rng, names)
    # Stand-alone blocks are the ones that nobody manages: the story's paired block was such a one.
    is_managed = not is_chance(rng, _UNMANAGED_BLOCK_SHARE if is_block else unmanaged_share)
    code = f"{community.code}-{ordinal:02d}"
    kind = "block" if is_block else "compound"
    shares = np.array([share for _, share in DOORS_PER_UNIT])
    doors = DOORS_PER_UNIT[int(rng.choice(len(shares), p=shares / shares.sum()))][0]
    return _Compound(
        row=AreaSpec("compound", code, name, community.code, kind, 0, is_managed, *at, *_MARKS),
        buildings=buildings,
        households_per_building=draw_quantile(rng, HOUSEHOLDS_PER_BUILDING),
        doors_per_unit=doors,
        turn=float(rng.normal(0.0, 0.15)),
    )


def _build(compound: _Compound, rng: np.random.Generator) -> list[AreaSpec]:
    """Build a compound: its buildings in rows that face south, as they stand in the north of China."""
    rows: list[AreaSpec] = []
    columns = max(1, round(math.sqrt(compound.buildings * 0.8)))
    for ordinal in range(1, compound.buildings + 1):
        row, column = divmod(ordinal - 1, columns)
        doors = _draw_doors(compound, rng)
        width_m = 3 * _STAIRCASE_WIDTH_M + _GAP_BETWEEN_BUILDINGS_M
        east_m = (column - (columns - 1) / 2) * width_m
        north_m = ((compound.buildings - 1) // columns / 2 - row) * _ROW_SPACING_M
        rows += _build_building(compound, ordinal, doors, (east_m, north_m))
    households = sum(row.households or 0 for row in rows if row.level == "building")
    return [compound.row._replace(households=households), *rows]


def _draw_doors(compound: _Compound, rng: np.random.Generator) -> list[int]:
    """Draw the doors behind each entrance of one building."""
    households = max(6.0, compound.households_per_building * float(rng.normal(1.0, 0.14)))
    doors = compound.doors_per_unit
    if households > _TOWER_HOUSEHOLDS:
        doors = DOORS_PER_TOWER_UNIT[int(rng.integers(len(DOORS_PER_TOWER_UNIT)))]
    units = max(1, round(households / doors))
    return [max(4, round(households / units))] * units


def _build_building(
    compound: _Compound, ordinal: int, doors: list[int], offset_m: tuple[float, float]
) -> list[AreaSpec]:
    home = compound.row
    center = Point(home.lon or 0.0, home.lat or 0.0)
    code = f"{home.code}-{ordinal:02d}"
    at = move(center, *_turn(offset_m, compound.turn))
    building = AreaSpec(
        "building", code, f"{ordinal}号楼", home.code, "building", sum(doors), home.is_managed, *at, *_MARKS
    )
    units = []
    for number, households in enumerate(doors, start=1):
        east_m = offset_m[0] + (number - (len(doors) + 1) / 2) * _STAIRCASE_WIDTH_M
        spot = move(center, *_turn((east_m, offset_m[1] - 6.0), compound.turn))
        units.append(
            AreaSpec("unit", f"{code}-{number}", f"{number}单元", code, "unit", households, None, *spot, *_MARKS)
        )
    return [building, *units]


def _turn(offset_m: tuple[float, float], angle: float) -> tuple[float, float]:
    east_m, north_m = offset_m
    return (
        east_m * math.cos(angle) - north_m * math.sin(angle),
        east_m * math.sin(angle) + north_m * math.cos(angle),
    )
