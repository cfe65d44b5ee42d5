"""How somebody does a duty, drawn from the seed before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from muster.scenarios.chance import is_chance, pick
from muster.simulation.habits import (
    CHECKS_OUT_SHARE,
    HANDS_OVER_SHARE,
    ILL_AT_START_SHARE,
    ILL_BEFORE_SHARE,
    LATE_SHARE,
    LATE_TOLD_SHARE,
    NO_PHONE_SHARE,
    SILENTLY_AWAY_SHARE,
)

_NOTES = (
    "一切正常，已交接。",
    "三号楼老人需送药。",
    "东门测温枪电量不足。",
    "登记簿用完，已向社区要新的。",
    "夜间来车两辆，均已登记。",
)


class Fate(StrEnum):
    """What becomes of somebody's duty."""

    COMES = "comes"
    LATE = "late"
    ILL = "ill"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Turn:
    """How somebody does one duty, drawn from the seed before it begins.

    Parameters
    ----------
    fate
        Whether they come.
    tells_at
        When they say that they are ill or late; None where they do not.
    comes_at, leaves_at
        When they come and go, if they come.
    checks_out, note
        Whether they say that they go, and what they leave for the next one, if anything.
    has_phone
        Whether they report themselves; else the office does, on paper.
    """

    fate: Fate
    tells_at: datetime | None
    comes_at: datetime
    leaves_at: datetime
    checks_out: bool
    note: str
    has_phone: bool


def draw_turn(rng: np.random.Generator, starts_at: datetime, ends_at: datetime) -> Turn:
    """Draw how somebody does a duty."""
    fate, tells_at = _draw_fate(rng, starts_at)
    delay_min = rng.uniform(12, 45) if fate is Fate.LATE else rng.uniform(-14, 4)
    return Turn(
        fate=fate,
        tells_at=tells_at,
        comes_at=starts_at + timedelta(minutes=float(delay_min)),
        leaves_at=ends_at + timedelta(minutes=float(rng.uniform(0, 12))),
        checks_out=is_chance(rng, CHECKS_OUT_SHARE),
        note=pick(rng, _NOTES) if is_chance(rng, HANDS_OVER_SHARE) else "",
        has_phone=not is_chance(rng, NO_PHONE_SHARE),
    )


def _draw_fate(rng: np.random.Generator, starts_at: datetime) -> tuple[Fate, datetime | None]:
    chance, ahead, near, is_told = rng.random(), rng.uniform(1, 10), rng.uniform(-15, 10), rng.random()
    if chance < ILL_BEFORE_SHARE:
        return Fate.ILL, starts_at - timedelta(hours=float(ahead))
    chance -= ILL_BEFORE_SHARE
    if chance < ILL_AT_START_SHARE:
        return Fate.ILL, starts_at + timedelta(minutes=float(near))
    chance -= ILL_AT_START_SHARE
    if chance < SILENTLY_AWAY_SHARE:
        return Fate.AWAY, None
    chance -= SILENTLY_AWAY_SHARE
    if chance < LATE_SHARE:
        return Fate.LATE, starts_at - timedelta(minutes=5) if is_told < LATE_TOLD_SHARE else None
    return Fate.COMES, None
