"""How people behave: shares and spans. They are assumptions, told in the documentation, and no survey's figures."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

# Phones.
CLOCK_OFF_SHARE = 0.1
MOST_CLOCK_OFF_MIN = 40
SILENCE_SHARE = 0.12
"""Share of days on which somebody has no signal, for half an hour up to eight."""
REPEATS_SHARE = 0.05
NO_PHONE_SHARE = 0.12
"""Share of people for whom an office enters what they do."""

# At posts.
ILL_BEFORE_SHARE = 0.02
"""Share of duties before which somebody falls ill, and says so one to ten hours ahead."""
ILL_AT_START_SHARE = 0.008
SILENTLY_AWAY_SHARE = 0.007
LATE_SHARE = 0.05
LATE_TOLD_SHARE = 0.5
CHECKS_OUT_SHARE = 0.97
HANDS_OVER_SHARE = 0.35

# At doors.
ROUND_SHARE = 0.92
"""Share of days on which a warden goes from door to door."""
MET_SHARE, UNFIT_SHARE = 0.7, 0.02

DEPUTY_STANDS_IN_SHARE = 0.8

# Who asks for help.
NEEDS_A_DOOR_AND_DAY = 0.05
BY_TELEPHONE_SHARE = 0.25
TAKES_UP_SHARE = 0.6
"""Share of needs that a warden or deputy takes up who is told; what neither does waits for the office."""
TAKES_UP_MIN, ANSWERS_MIN = 10.0, 75.0
"""Medians of the minutes until a need is taken up by whoever knows of it, and from then until it is answered."""

# Who is asked to stand in.
ANSWERS_COVER_SHARE = 0.8
ACCEPTS_COVER_SHARE = 0.4
"""Of those who answer."""
LOOKS_AT_PHONE_MIN = 4.0
"""Median of the minutes until somebody who is rung reads and answers."""
ON_THE_WAY_MIN = 25.0

# Offices.
DEALS_WITH_MIN = 5.0
"""Median of the minutes until an office that is rung acts."""


def draw_minutes(rng: np.random.Generator, median: float, spread: float = 0.8) -> timedelta:
    """Draw how long something takes: around a median, now and then much longer."""
    return timedelta(minutes=float(median * np.exp(spread * rng.standard_normal())))
