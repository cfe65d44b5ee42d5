"""Clocks that stand still in quiet hours: how much of them has run at a moment, and when so much has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from muster.messages.rules import DAY_MIN, QuietSpan

_WHOLE_DAY = ((timedelta(0), timedelta(days=1)),)


@dataclass(frozen=True, slots=True)
class Waking:
    """The hours of each local day in which a clock runs, by the clock on the wall.

    Parameters
    ----------
    spans
        Half-open spans after local midnight, in order and apart; at least one.
    zone
        Whose midnight.
    """

    spans: tuple[tuple[timedelta, timedelta], ...] = _WHOLE_DAY
    zone: tzinfo = UTC

    @property
    def of_a_day(self) -> timedelta:
        """Return for how long the clock runs in a day."""
        return sum((ends - starts for starts, ends in self.spans), timedelta())

    def is_running(self, moment: datetime) -> bool:
        """Tell whether the clock runs at a moment."""
        since_midnight = self._split(moment)[1]
        return any(starts <= since_midnight < ends for starts, ends in self.spans)

    def count_until(self, moment: datetime) -> timedelta:
        """Return how much has run at a moment, counted from the first day of the calendar."""
        days, since_midnight = self._split(moment)
        today = (min(max(since_midnight - starts, timedelta()), ends - starts) for starts, ends in self.spans)
        return days * self.of_a_day + sum(today, timedelta())

    def find_latest(self, count: timedelta) -> datetime:
        """Find the latest moment at which no more than so much has run: always one at which the clock runs."""
        days, rest = divmod(count, self.of_a_day)
        for starts, ends in self.spans:
            if rest < ends - starts:
                break
            rest -= ends - starts
        local = datetime.combine(date.fromordinal(days), time(), self.zone) + starts + rest
        return local.astimezone(UTC)

    def _split(self, moment: datetime) -> tuple[int, timedelta]:
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        midnight = datetime.combine(local.date(), time())
        return midnight.toordinal(), local - midnight


ALWAYS = Waking()
"""A clock that knows no quiet hours."""


def read_waking(quiet: Iterable[QuietSpan], zone: tzinfo) -> Waking:
    """Return the hours that quiet ones leave; where they leave none, the clock runs on all day."""
    minutes = set(range(DAY_MIN))
    for starts, ends in quiet:
        minutes -= set(range(starts, ends)) if starts <= ends else {*range(starts, DAY_MIN), *range(ends)}
    edges = [minute for minute in range(DAY_MIN + 1) if (minute in minutes) != (minute - 1 in minutes)]
    moments = [timedelta(minutes=minute) for minute in edges]
    spans = tuple(zip(moments[::2], moments[1::2], strict=True))
    return Waking(spans or _WHOLE_DAY, zone)
