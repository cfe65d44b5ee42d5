"""Somebody drops out: what it costs in fairness that another takes a duty, so that the fairest is asked first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.planning.rostering.problem import HOURS_UNIT_MIN, BoolArray, Fairness, FloatArray, IntArray

METERS_PER_COST = 1000.0
UNKNOWN_WAY_M = 3_000.0
"""Way taken where a position is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """What people carry around a duty, without it; arrays of one length.

    Parameters
    ----------
    minutes, nights, weekends
        Of the weeks that count towards a fair share.
    has_weekend
        Whether the weekend of the duty, if it falls on one, is worked already.
    share
        Part of a full load that is fair for each, above 0 and at most 1.
    """

    minutes: IntArray
    nights: IntArray
    weekends: IntArray
    has_weekend: BoolArray
    share: FloatArray


def added_cost(fairness: Fairness, loads: Loads, *, length_min: int, is_night: bool, is_weekend: bool) -> FloatArray:
    """Return what one more duty adds to each person's convex penalty for nights, weekends and hours.

    Parameters
    ----------
    fairness
        The weights that rosters are planned with.
    loads
        What people carry without the duty.
    length_min, is_night, is_weekend
        The duty.
    """
    more_weekends = np.where(is_weekend & ~loads.has_weekend, 1, 0)
    before = loads.minutes / HOURS_UNIT_MIN
    after = (loads.minutes + length_min) / HOURS_UNIT_MIN
    return np.asarray(
        (
            fairness.hours * (after**2 - before**2)
            + fairness.nights * ((loads.nights + is_night) ** 2 - loads.nights**2)
            + fairness.weekends * ((loads.weekends + more_weekends) ** 2 - loads.weekends**2)
        )
        / loads.share,
        np.float64,
    )


def rank(cost: FloatArray, distance_m: FloatArray, may_stand: BoolArray) -> IntArray:
    """Return people in the order in which to ask them: who may stand, by cost and by a point for each kilometer.

    Parameters
    ----------
    cost
        As from ``added_cost``.
    distance_m
        Way to the post; not a number where it is not known.
    may_stand
        Whether no rule keeps them from it; the others come last.
    """
    way_m = np.nan_to_num(distance_m, nan=UNKNOWN_WAY_M)
    return np.lexsort((cost + way_m / METERS_PER_COST, ~may_stand)).astype(np.int64)
