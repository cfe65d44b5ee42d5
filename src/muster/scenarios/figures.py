"""Published figures that the scenario is sized by, typed in; nothing here describes a real household.

Sizes of compounds: published listings of 2020 for Jilin City, the city nearest in kind, 1,316 compounds.
Population: national census of 2010, by county.
"""

from __future__ import annotations

from typing import Final

import numpy as np

BUILDINGS_PER_COMPOUND: Final = (
    (0.0, 1.0),
    (0.10, 1.0),
    (0.25, 2.0),
    (0.50, 5.0),
    (0.75, 12.0),
    (0.90, 23.0),
    (0.99, 53.0),
)
"""Quantiles: share of compounds, and the buildings that they have at most."""

HOUSEHOLDS_PER_BUILDING: Final = (
    (0.0, 24.0),
    (0.10, 37.9),
    (0.25, 52.7),
    (0.50, 69.0),
    (0.75, 93.7),
    (0.90, 140.0),
    (0.99, 376.5),
)

DOORS_PER_UNIT: Final = ((14, 0.10), (18, 0.16), (24, 0.24), (28, 0.22), (34, 0.18), (40, 0.10))
"""Doors of a staircase in a house without a lift, and how common each is."""

DOORS_PER_TOWER_UNIT: Final = (66, 96, 120)

PEOPLE_PER_HOUSEHOLD: Final = 2.9
RURAL_SHARE: Final = 0.62

POPULATION_2010: Final = {
    "220702": 612_816,
    "220721": 607_640,
    "220722": 639_205,
    "220723": 301_438,
    "220781": 718_987,
}
"""By county. The development zone 220771 was counted with its neighbors."""

SEATS: Final = {
    "220702": (124.820, 45.180),
    "220721": (124.823, 45.118),
    "220722": (123.985, 44.276),
    "220723": (124.024, 45.008),
    "220771": (124.862, 45.100),
    "220781": (126.043, 44.986),
}
"""Where each county's seat lies, longitude and latitude in degrees."""

BOUNDARY_OF: Final = {"220771": "220721"}
"""The statistical county without a polygon is drawn inside the neighbor that its real ground belongs to."""


WUHAN_BUILDINGS_PER_COMPOUND: Final = (
    (0.0, 1.0),
    (0.10, 1.0),
    (0.25, 3.0),
    (0.50, 7.0),
    (0.75, 14.0),
    (0.90, 29.0),
    (0.99, 91.0),
)
"""The same for Wuhan, 3,594 compounds."""

WUHAN_SEATS: Final = {
    "420102": (114.309, 30.600),
    "420103": (114.271, 30.601),
    "420104": (114.215, 30.582),
    "420105": (114.219, 30.554),
    "420106": (114.316, 30.554),
    "420107": (114.385, 30.640),
    "420111": (114.343, 30.500),
    "420112": (114.137, 30.620),
    "420113": (114.085, 30.309),
    "420114": (114.029, 30.582),
    "420115": (114.322, 30.376),
    "420116": (114.376, 30.882),
    "420117": (114.801, 30.842),
}
"""Where the seats of Wuhan's districts lie, roughly: longitude and latitude in degrees."""


def draw_quantile(rng: np.random.Generator, quantiles: tuple[tuple[float, float], ...]) -> float:
    """Draw a value from a distribution known by its quantiles, straight lines between them."""
    shares, values = zip(*quantiles, strict=True)
    return float(np.interp(rng.random() * shares[-1], shares, values))
