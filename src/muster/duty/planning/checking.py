"""The second check of a plan: its duties beside everything that stands, by the rules of rest themselves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from muster.duty.queries.spans import StandingDuties
from muster.duty.rules import DutySpans, RestLimits, join_spans, list_newly_broken
from muster.planning.result import VerificationError


def check_joined(
    planned: DutySpans, beside: StandingDuties, limits: RestLimits, own_week_min: Mapping[int, int]
) -> None:
    """Check that planned duties break no rule of rest, among themselves and beside those that stand.

    What was broken before is not the plan's: only a rule that a planned duty breaks, or that a standing one
    breaks because of it, counts.

    Parameters
    ----------
    planned
        The plan's duties.
    beside
        Duties that stand and stay.
    limits, own_week_min
        The limits of rest, and people's own weeks.

    Raises
    ------
    VerificationError
        With the person, the day and the rule, for the first that is broken.
    """
    joined = join_spans(beside.spans, planned)
    for rule in list_newly_broken(beside.spans, planned, limits, own_week_min):
        person, day = int(joined.person[rule.index]), np.datetime64("0001-01-01") + int(joined.day[rule.index]) - 1
        raise VerificationError(
            f"person {person}, {day}: {rule.rule.value} {rule.found} against the limit {rule.limit}"
        )
