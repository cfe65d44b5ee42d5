"""Invented positions: townships spread over their county's real ground, everything else around them.

No positions of Songyuan's villages, compounds and buildings are to be had; every one here is marked as synthetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import contains_xy
from shapely.geometry.base import BaseGeometry

from muster.scenarios.chance import open_stream
from muster.scenarios.divisions import read_grounds
from muster.scenarios.figures import SEATS
from muster.territory.kinds import AreaSpec

METERS_PER_DEGREE = 111_320.0
_CANDIDATES = 24
_TRIES = 40


class Point(NamedTuple):
    """A place on the earth, in degrees."""

    lon: float
    lat: float


def move(point: Point, east_m: float, north_m: float) -> Point:
    """Return the point some meters east and north of another, good to a few kilometers.

    Rounded to a decimeter, so that a position written to a file and read again is the same.
    """
    lon = point.lon + east_m / (METERS_PER_DEGREE * math.cos(math.radians(point.lat)))
    return Point(round(lon, 6), round(point.lat + north_m / METERS_PER_DEGREE, 6))


def place_divisions(areas: list[AreaSpec], seed: int) -> dict[str, Point]:
    """Place counties, townships and communities.

    Returns
    -------
    dict
        A point for each county, township and community, by code.
    """
    grounds = read_grounds(areas)
    points = {code: Point(*SEATS[code]) for code in grounds}
    for code, ground in grounds.items():
        townships = [area for area in areas if area.parent_code == code]
        points |= _place_townships(townships, points[code], ground, open_stream(seed, "positions", code))
    by_code = {area.code: area for area in areas}
    for area in areas:
        if area.level == "community":
            township = by_code[area.parent_code]
            rng = open_stream(seed, "positions", area.code)
            reach_m = 900.0 if township.kind == "subdistrict" else 6500.0
            ground = grounds[township.parent_code]
            points[area.code] = _scatter(points[township.code], reach_m, ground, rng)
    return points


def _place_townships(
    townships: list[AreaSpec], seat: Point, ground: BaseGeometry, rng: np.random.Generator
) -> dict[str, Point]:
    placed: dict[str, Point] = {}
    drawn = _drawer(ground, seat, rng, is_small=len(townships) <= 3)
    for township in townships:
        if township.kind == "subdistrict":
            placed[township.code] = _scatter(seat, 3800.0, ground, rng)
        else:
            placed[township.code] = _farthest(drawn(), list(placed.values()))
    return placed


def _drawer(
    ground: BaseGeometry, seat: Point, rng: np.random.Generator, *, is_small: bool
) -> Callable[[], NDArray[np.float64]]:
    """Return a function that draws points on the ground: all of it, or around the seat for a small county."""
    west, south, east, north = ground.bounds
    if is_small:
        west, south, east, north = seat.lon - 0.08, seat.lat - 0.06, seat.lon + 0.08, seat.lat + 0.06

    def draw() -> NDArray[np.float64]:
        kept: list[NDArray[np.float64]] = []
        while sum(map(len, kept)) < _CANDIDATES:
            points = rng.uniform((west, south), (east, north), (4 * _CANDIDATES, 2))
            kept.append(points[contains_xy(ground, points[:, 0], points[:, 1])])
        return np.concatenate(kept)[:_CANDIDATES]

    return draw


def _farthest(candidates: NDArray[np.float64], others: list[Point]) -> Point:
    """Return the candidate farthest from all others, so that townships spread evenly (Mitchell's best candidate)."""
    if others:
        deltas = candidates[:, None, :] - np.array(others)[None, :, :]
        best = int(np.hypot(deltas[..., 0] * 0.71, deltas[..., 1]).min(axis=1).argmax())
    else:
        best = 0
    return Point(round(float(candidates[best, 0]), 6), round(float(candidates[best, 1]), 6))


def _scatter(center: Point, reach_m: float, ground: BaseGeometry, rng: np.random.Generator) -> Point:
    """Draw a point within reach of a center and on the ground; the center itself where none is found."""
    for _ in range(_TRIES):
        distance_m = reach_m * math.sqrt(rng.uniform(0.02, 1.0))
        angle = rng.uniform(0.0, 2.0 * math.pi)
        point = move(center, distance_m * math.cos(angle), distance_m * math.sin(angle))
        if contains_xy(ground, point.lon, point.lat):
            return point
    return center
