"""The rostering problem and its plan: validated when built, arrays inside, names at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.planning.rostering import validation

DAY_MIN = 1440
WEEK_DAYS = 7
OFF = -1
FREE = -2

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShiftType:
    """One kind of shift.

    Parameters
    ----------
    name
        Name, unique in the problem.
    start_min
        Minute of the day at which it starts (0 to 1439).
    length_min
        Its length in minutes; it may run into the next days.
    is_night
        Whether it counts as a night.
    """

    name: str
    start_min: int
    length_min: int
    is_night: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What a person brings along from before the horizon.

    Parameters
    ----------
    last_end_min
        End of the last shift in minutes from the first midnight of the horizon (negative: before it),
        or None when it is long ago.
    run_days
        Days worked in a row up to the day before the horizon; 0 when that day was off.
    days_off
        Days off in a row up to the day before the horizon; None when long enough for any rule.
    night_run
        Nights in a row up to the day before the horizon.
    week_min
        Minutes already worked in the calendar week that the horizon starts in.
    minutes, nights, weekends
        Totals so far, for fairness only.
    night_days
        Days, counted from the first of the horizon, with a night that the roster does not hold: before the horizon
        (negative), after it, or inside. They count where nights are limited in spans of days.
    has_open_start
        Whether a run that starts on the first day is taken to have begun before the horizon, so that the
        least number of working days in a row does not apply to it (the convention of the benchmark).
    """

    last_end_min: int | None = None
    run_days: int = 0
    days_off: int | None = None
    night_run: int = 0
    week_min: int = 0
    minutes: int = 0
    nights: int = 0
    weekends: int = 0
    night_days: tuple[int, ...] = ()
    has_open_start: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One person and the hard rules that are theirs; None means no limit.

    Parameters
    ----------
    name
        Name, unique in the problem.
    max_minutes, min_minutes
        Minutes worked in the horizon.
    max_week_minutes
        Minutes in any calendar week, counted by the day on which a shift starts.
    max_run_days, min_run_days
        Working days in a row.
    min_days_off
        Days off in a row.
    max_weekends
        Weekends with a shift on Saturday or Sunday.
    max_nights, max_night_run
        Nights in the horizon, or in any span of days if the problem says so, and in a row.
    max_of_type
        Most shifts by name of shift type.
    share
        Part of a full load that is fair for this person, 1.0 for full time.
    history
        What came before the horizon.
    """

    name: str
    max_minutes: int | None = None
    min_minutes: int = 0
    max_week_minutes: int | None = None
    max_run_days: int | None = None
    min_run_days: int = 1
    min_days_off: int = 1
    max_weekends: int | None = None
    max_nights: int | None = None
    max_night_run: int | None = None
    max_of_type: dict[str, int] = field(default_factory=dict)
    share: float = 1.0
    history: History = field(default_factory=History)


class Request(NamedTuple):
    """A wish: person, day and shift type by index; costs `weight` when not met."""

    person: int
    day: int
    shift: int
    weight: float
    is_on: bool


@dataclass(frozen=True, slots=True)
class Fairness:
    """Weights of the convex sharing penalty: weight × (history + own count)² ÷ share, summed over people.

    Parameters
    ----------
    nights, weekends
        Weight of a squared night and of a squared weekend.
    hours
        Weight of a squared ten hours of work.
    """

    nights: float = 0.0
    weekends: float = 0.0
    hours: float = 0.0


HOURS_UNIT_MIN = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class RosterProblem:
    """Who may work what when, what is asked for, and what a deviation costs.

    Parameters
    ----------
    n_days
        Length of the horizon in days.
    shifts, people
        Shift types and people; their order is the order of every array.
    demand
        People wanted, shape (n_days, n_shifts).
    under_weight, over_weight
        Cost of each person missing or too many, same shape.
    allowed
        Whether a person may work a shift type on a day, shape (n_people, n_days, n_shifts).
    max_cover
        Most people that may ever be placed, shape (n_days, n_shifts); -1 for no limit.
    first_weekday
        Weekday of the first day, Monday 0. Weeks start on Mondays; weekends are Saturday and Sunday.
    min_rest_min
        Least minutes between the end of any shift and the start of any later one; 0 for none.
    nights_span_days
        Length of the spans of days, each of them, in which `max_nights` holds; None for the whole horizon.
    forbidden
        Pairs of names (earlier, later) that may not fall on consecutive days, beside the rest rule.
    requests
        Wishes.
    fairness
        Weights for sharing nights, weekends and hours.
    standing
        The roster that stands, shape (n_people, n_days): shift type, -1 for off, -2 where nothing stands.
    disturbance_weight
        Cost of each person and day that differs from the standing roster.
    frozen_days
        Days at the start of the horizon on which the standing roster may not change: they have been worked.

    Raises
    ------
    ProblemError
        When the parts contradict each other; says which and where.
    """

    n_days: int
    shifts: tuple[ShiftType, ...]
    people: tuple[Person, ...]
    demand: IntArray
    under_weight: FloatArray
    over_weight: FloatArray
    allowed: BoolArray
    max_cover: IntArray | None = None
    first_weekday: int = 0
    min_rest_min: int = 0
    nights_span_days: int | None = None
    forbidden: frozenset[tuple[str, str]] = frozenset()
    requests: tuple[Request, ...] = ()
    fairness: Fairness = field(default_factory=Fairness)
    standing: IntArray | None = None
    disturbance_weight: float = 0.0
    frozen_days: int = 0

    def __post_init__(self) -> None:
        """Check the parts against each other."""
        validation.check(self)

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.people)

    @property
    def n_shifts(self) -> int:
        """Number of shift types."""
        return len(self.shifts)

    def weekday(self, day: int) -> int:
        """Return the weekday of a day of the horizon, Monday 0."""
        return (self.first_weekday + day) % WEEK_DAYS

    def gap_days(self) -> IntArray:
        """Return the fewest days from a shift of type i to one of type j, shape (n_shifts, n_shifts).

        1 means that j may fall on the next day. Derived from the minimum rest between the end of the
        earlier and the start of the later, over as many midnights as it takes, and from `forbidden`.
        """
        start = np.array([shift.start_min for shift in self.shifts], np.int64)
        end = start + np.array([shift.length_min for shift in self.shifts], np.int64)
        wait_min = end[:, None] + self.min_rest_min - start[None, :]
        gap: IntArray = np.maximum(1, -(-wait_min // DAY_MIN))
        index = {shift.name: i for i, shift in enumerate(self.shifts)}
        for earlier, later in self.forbidden:
            gap[index[earlier], index[later]] = max(2, gap[index[earlier], index[later]])
        return gap


@dataclass(frozen=True, slots=True, eq=False)
class RosterPlan:
    """A roster: shift type of each person on each day, -1 for off; shape (n_people, n_days)."""

    shift: NDArray[np.int16]

    def assignments(self, problem: RosterProblem) -> list[dict[str, str | int]]:
        """List the duties by name, in order of person and day."""
        rows = zip(*np.nonzero(self.shift >= 0), strict=True)
        return [
            {"staff": problem.people[p].name, "day": int(d), "shift": problem.shifts[self.shift[p, d]].name}
            for p, d in rows
        ]
