"""Two halves of a city are filled at the same time, then what lies on the rim between them.

A plan for some areas is optimal for them whatever comes later: prices prove it. So areas that share no
candidate with the other half's can be filled beside it, and the areas on the rim afterwards, as if everything
had been filled in one order. The halves do not depend on the machine, nor does the plan.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from muster.planning.compiled import compiled
from muster.planning.matching.network import Int32s, Network, with_work_space
from muster.planning.matching.search import fill_places

_NO_LIMIT = 2**62


def fill_in_halves(network: Network) -> int:
    """Fill every place of every area at least cost.

    Parameters
    ----------
    network
        A network with nothing appointed, laid out in tiles.

    Returns
    -------
    effort
        How many persons and areas were looked at.
    """
    one, other, rim = split_rows(network)
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(fill_places, with_work_space(network), other, 0, _NO_LIMIT)
        stamp, effort = fill_places(network, one, 0, _NO_LIMIT)
        other_stamp, other_effort = running.result()
    _, rim_effort = fill_places(network, rim, max(stamp, other_stamp), _NO_LIMIT)
    return effort + other_effort + rim_effort


def split_rows(network: Network) -> tuple[Int32s, Int32s, Int32s]:
    """Split areas into two parts that share no candidate, and the rim between them.

    Returns
    -------
    one, other, rim
        Rows of areas, by rising number.
    """
    part = _part_of_areas(network)
    one, other, rim = (np.flatnonzero(part == k).astype(np.int32) for k in range(3))
    return one, other, rim


@compiled
def _part_of_areas(network: Network) -> NDArray[np.int8]:
    """Return 0 for the earlier half, 2 for later areas that share a candidate with it, else 1."""
    n_areas = len(network.areas)
    part = np.zeros(n_areas, np.int8)
    is_early = np.zeros(len(network.persons), np.bool_)
    for i in range(n_areas):
        first = network.areas[i].first
        if 2 * i >= n_areas:
            part[i] = 1
        for arc in range(first, first + network.areas[i].n_arcs):
            p = network.arcs[arc].person
            if part[i] == 0:
                is_early[p] = True
            elif is_early[p]:
                part[i] = 2
                break
    return part
