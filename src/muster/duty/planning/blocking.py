"""How duties that a plan may not touch narrow what it may do: plain arrays, no database.

The planner knows one history per person, one limit a week, and the nights near its span. Duties inside or after that
are worked around by closing days to the person, always on the safe side: a place may stay empty for it, no rule breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.duty.rules import NIGHTS_SPAN_DAYS, PAST_DAYS, BoolArray, DutySpans, IntArray, RestLimits, is_night
from muster.planning.rostering.problem import History

DAY_MIN = 1440
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """The span of a plan.

    Parameters
    ----------
    first_day
        Local day, as ``date.toordinal``.
    n_days
        Length.
    midnight_min
        When the first day begins, in minutes since 1970.
    limits
        The limits of rest.
    """

    first_day: int
    n_days: int
    midnight_min: int
    limits: RestLimits

    def week_of(self, day: int) -> int:
        """Return the calendar week of a day of the span."""
        return (self.first_day + day - 1) // WEEK_DAYS


def history_of(fixed: DutySpans, counts_as_night: BoolArray, calendar: Calendar) -> History:
    """Return what a person brings along into the span from the duties that stand before it, and all nights near it.

    Parameters
    ----------
    fixed
        The person's duties that a plan may not touch, whenever they are.
    counts_as_night
        Whether each counts as a night where nights are shared out.
    calendar
        The span.
    """
    day = fixed.day - calendar.first_day
    nights = day[is_night(fixed) & (day > -NIGHTS_SPAN_DAYS) & (day < calendar.n_days + NIGHTS_SPAN_DAYS)]
    night_days = tuple(sorted(nights.tolist()))
    before = day < 0
    if not before.any():
        return History(night_days=night_days)
    recent = before & (day >= -PAST_DAYS)
    length_min = fixed.end_min - fixed.start_min
    in_week = before & ((fixed.day - 1) // WEEK_DAYS == calendar.week_of(0))
    weekends = recent & ((fixed.day - 1) % WEEK_DAYS >= 5)
    return History(
        last_end_min=int(fixed.end_min[before].max()) - calendar.midnight_min,
        run_days=_run_before(set(day.tolist())),
        week_min=int(length_min[in_week].sum()),
        minutes=int(length_min[recent].sum()),
        nights=int(counts_as_night[recent].sum()),
        weekends=len(np.unique((fixed.day[weekends] - 1) // WEEK_DAYS)),
        night_days=night_days,
    )


def _run_before(days: set[int]) -> int:
    run = 0
    while -1 - run in days:
        run += 1
    return run


def room_beside(
    fixed: DutySpans, calendar: Calendar, start_min: IntArray, length_min: IntArray, week_min: int
) -> BoolArray:
    """Return which shift types are open to a person on which days, beside duties that must stay.

    Parameters
    ----------
    fixed
        The person's duties, whenever they are.
    calendar
        The span.
    start_min, length_min
        Minute of the day and length of each shift type.
    week_min
        The person's limit of minutes a week.

    Returns
    -------
    array of bool, shape (days, shift types)
    """
    room = np.ones((calendar.n_days, len(start_min)), np.bool_)
    begins = calendar.midnight_min + DAY_MIN * np.arange(calendar.n_days)[:, None] + start_min[None]
    ends = begins + length_min[None]
    rest = calendar.limits.min_rest_min
    for first, last in zip(fixed.start_min.tolist(), fixed.end_min.tolist(), strict=True):
        room &= (begins >= last + rest) | (ends + rest <= first)
    days = sorted(set((fixed.day - calendar.first_day).tolist()))
    _close(room, [day for day in days if day >= 0])
    _close(room, _days_that_break_runs(days, calendar))
    _leave_room_in_weeks(room, fixed, calendar, int(length_min.max()), week_min)
    return room


def _close(room: BoolArray, days: list[int]) -> None:
    room[[day for day in days if 0 <= day < len(room)]] = False


def _days_that_break_runs(days: list[int], calendar: Calendar) -> list[int]:
    """Return days to keep off so that no run with a fixed day in it grows too long.

    Runs wholly before the span are the planner's history. One that reaches in from before may only grow on,
    one that reaches past the end only backwards, and none may grow into its neighbor.
    """
    runs = _runs(days)
    last_before = [-calendar.n_days, *(last for _, last in runs[:-1])]
    first_after = [*(first for first, _ in runs[1:]), 2 * calendar.n_days]
    closed = []
    for (first, last), before, after in zip(runs, last_before, first_after, strict=True):
        if last >= 0 and first <= calendar.n_days:
            slack = max(0, calendar.limits.max_days_in_row - (last - first + 1))
            back = 0 if first <= 0 else slack if last >= calendar.n_days - 1 else slack // 2
            closed.append(max(first - back - 1, before + 1))
            closed.append(min(last + slack - back + 1, after - 1))
    return closed


def _runs(days: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and day == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _leave_room_in_weeks(
    room: BoolArray, fixed: DutySpans, calendar: Calendar, longest_min: int, week_min: int
) -> None:
    """Keep no more days of a week open than its fixed duties leave room for, the first ones."""
    weeks = (fixed.day - 1) // WEEK_DAYS
    beside = fixed.day >= calendar.first_day
    for week in np.unique(weeks[beside]).tolist():
        taken = int((fixed.end_min - fixed.start_min)[weeks == week].sum())
        days = [day for day in range(calendar.n_days) if calendar.week_of(day) == week and room[day].any()]
        _close(room, days[max(0, week_min - taken) // longest_min :])
