"""Generalized assignment instances of the families C, D and E, by seed.

After the published descriptions (Chu and Beasley, "A genetic algorithm for the generalised assignment
problem", Computers and Operations Research 24, 1997; Laguna, Kelly, González-Velarde and Glover, "Tabu search
for the multilevel generalized assignment problem", European Journal of Operational Research 82, 1995). The
published instances themselves come from other seeds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]

#: Every agent offers this share of what all jobs would take of it, divided by the number of agents; but room
#: for its largest job at least.
_TIGHTNESS = 0.8


def _family_c(shape: tuple[int, int], random: np.random.Generator) -> tuple[Int64s, Int64s]:
    """Draw costs and weights that have nothing to do with each other."""
    weight = random.integers(5, 26, shape)
    return random.integers(10, 51, shape), weight


def _family_d(shape: tuple[int, int], random: np.random.Generator) -> tuple[Int64s, Int64s]:
    """Draw costs that fall as weights rise, in a straight line."""
    weight = random.integers(1, 101, shape)
    return 111 - weight + random.integers(-10, 11, shape), weight


def _family_e(shape: tuple[int, int], random: np.random.Generator) -> tuple[Int64s, Int64s]:
    """Draw exponential weights, and costs that fall as weights rise, in a hyperbola."""
    weight = np.maximum(1, (1.0 - 10.0 * np.log(1.0 - random.random(shape))).astype(np.int64))
    cost = np.maximum(1, (1000.0 / weight - 10.0 * random.random(shape)).astype(np.int64))
    return cost, weight


_FAMILIES: dict[str, Callable[[tuple[int, int], np.random.Generator], tuple[Int64s, Int64s]]] = {
    "c": _family_c,
    "d": _family_d,
    "e": _family_e,
}


def write_instance(folder: Path, name: str, seed: int) -> Path:
    """Draw an instance and write it as OR-Library text.

    Parameters
    ----------
    folder
        Where to write it; the file's name ends in ``-`` and the seed.
    name
        Family, two digits for the agents, and the jobs: ``d40400``.
    seed
        Seed of the numbers.

    Raises
    ------
    ValueError
        If the name is not of that form.
    """
    parts = re.fullmatch(r"([cde])(\d\d)(\d+)", name)
    if parts is None or int(parts[2]) == 0 or int(parts[3]) == 0:
        raise ValueError(f"{name!r}: a family (c, d, e), two digits of agents and the jobs are needed, as in 'd40400'.")
    shape = int(parts[2]), int(parts[3])
    cost, weight = _FAMILIES[parts[1]](shape, np.random.default_rng([seed, *name.encode()]))
    capacity = np.maximum((_TIGHTNESS * weight.sum(axis=1) / shape[0]).astype(np.int64), weight.max(axis=1))
    lines = [f"{shape[0]} {shape[1]}", *(" ".join(map(str, row)) for row in (*cost.tolist(), *weight.tolist()))]
    path = folder / f"{name}-{seed}"
    path.write_text("\n".join([*lines, " ".join(map(str, capacity.tolist()))]) + "\n", encoding="utf-8")
    return path
