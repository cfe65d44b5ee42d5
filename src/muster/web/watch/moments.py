"""When somebody looked, as it is written on paper: a time of the round's day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import RuleError
from muster.needs.rules.watching import read_times


def propose_seen_at(one: Any, now: datetime) -> datetime:
    """Return the moment that is proposed: now while the round counts, its time where it is past."""
    moment: datetime = now if one.opens_at <= now < one.closes_at else one.starts_at
    return moment.astimezone(CITY_ZONE)


def read_seen_at(one: Any, text: str, now: datetime) -> datetime:
    """Read a time of the day as a moment that counts for a round.

    Raises
    ------
    RuleError
        If it is no time of the day, lies outside of the round, or has not come yet.
    """
    try:
        [minute] = read_times(text)
    except ValueError:
        raise RuleError("This is no time of the day.", remedy="Write it such as 08:15.") from None
    midnight = one.starts_at.astimezone(CITY_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight + timedelta(days=count, minutes=minute) for count in (-1, 0, 1))
    # A minute's grace: what is entered in the minute in which the round opens was seen in it.
    counting = [at for at in days if one.opens_at - timedelta(minutes=1) < at < one.closes_at]
    if not counting:
        raise RuleError("This round does not count at that time.", remedy="Enter it for the round of its time.")
    at: datetime = max(counting[0], one.opens_at)
    if at > now:
        raise RuleError("That time has not come yet.", remedy="Enter when somebody looked.")
    return at
