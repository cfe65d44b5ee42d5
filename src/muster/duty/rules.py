"""The rules of rest, and who is fit for a shift: plain values in, plain values out, no database.

A duty belongs to the local day on which it starts. Its minutes count into the calendar week of that day,
and, where it runs on into Monday, those after midnight into the new week as well: a week may be over its
limit neither by the days on which duties start nor by the clock. A duty that is under way at three in the
morning is a night. Each broken rule is charged to the later duty: the one that starts too soon, that lies too
far in a run of days, or that takes the week or the nights of four weeks over their limit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.duty.kinds import NIGHTS, WEEKENDS, RestRule, Unfit

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DAY_MIN = 1440
WEEK_DAYS = 7
NIGHTS_SPAN_DAYS = 28
PAST_DAYS = 28
"""How far back nights, weekends and hours count towards a fair share."""
_DEEP_NIGHT_MIN = 180


class RestLimits(NamedTuple):
    """The limits of one emergency: rest and hours in minutes, nights in any 28 days."""

    min_rest_min: int = 660
    max_days_in_row: int = 6
    max_week_min: int = 2880
    max_nights: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class DutySpans:
    """Duties of many people as arrays of one length.

    Parameters
    ----------
    person
        Number of the person.
    start_min, end_min
        Minutes of absolute time, so that a change of clocks neither gives nor takes rest.
    local_min
        Local minutes of the start, counted from the midnight before the day with ordinal 0.
    """

    person: IntArray
    start_min: IntArray
    end_min: IntArray
    local_min: IntArray

    @property
    def day(self) -> IntArray:
        """Local day on which each starts, as ``date.toordinal``."""
        return self.local_min // DAY_MIN

    def __len__(self) -> int:
        return len(self.person)

    def take(self, index: IntArray | BoolArray) -> DutySpans:
        """Return the duties at an index, or under a mask."""
        return DutySpans(self.person[index], self.start_min[index], self.end_min[index], self.local_min[index])


def join_spans(*parts: DutySpans) -> DutySpans:
    """Return the duties of several sets as one set, in their order."""
    return DutySpans(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.start_min for part in parts]),
        np.concatenate([part.end_min for part in parts]),
        np.concatenate([part.local_min for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule broken by one duty.

    Parameters
    ----------
    index
        Place of the duty in the spans.
    rule
        Which rule.
    found, limit
        What was found and what is allowed: minutes of rest (negative when two duties overlap), days in a
        row, minutes in the week, nights in four weeks.
    other
        Place of the earlier duty that is in the way, for a rest too short; otherwise None.
    """

    index: int
    rule: RestRule
    found: int
    limit: int
    other: int | None = None


def week_of(day: IntArray) -> IntArray:
    """Return the calendar week of each day, Monday to Sunday; ordinal 1 is a Monday."""
    return (day - 1) // WEEK_DAYS


def find_violations(spans: DutySpans, limits: RestLimits, own_week_min: IntArray | None = None) -> list[BrokenRule]:
    """Find every broken rule of rest, in bulk, over any number of people.

    Parameters
    ----------
    spans
        The duties, in any order.
    limits
        The limits that hold for everybody.
    own_week_min
        Each duty's person's own limit of minutes a week, where it is narrower; same length as the duties.

    Returns
    -------
    list of BrokenRule
        Ordered by rule, then person, then start.
    """
    if not len(spans):
        return []
    order = np.lexsort((spans.end_min, spans.start_min, spans.person))
    ordered = spans.take(order)
    week_limit = np.full(len(spans), limits.max_week_min, np.int64)
    if own_week_min is not None:
        week_limit = np.minimum(week_limit, own_week_min[order])
    return [
        *_short_rests(ordered, order, limits.min_rest_min),
        *_long_runs(ordered, order, limits.max_days_in_row),
        *_full_weeks(ordered, order, week_limit),
        *_many_nights(ordered, order, limits.max_nights),
    ]


def own_week_limits(people: IntArray, own: Mapping[int, int]) -> IntArray:
    """Return each duty's person's own limit of minutes a week, a very large one where there is none."""
    distinct, place = np.unique(people, return_inverse=True)
    limits = np.array([own.get(int(person), np.iinfo(np.int32).max) for person in distinct], np.int64)
    return limits[place] if len(distinct) else np.empty(0, np.int64)


def list_broken(spans: DutySpans, limits: RestLimits, own_week_min: Mapping[int, int]) -> list[BrokenRule]:
    """List the broken rules among duties.

    Parameters
    ----------
    own_week_min
        Minutes a week of those people who have a limit of their own, by number.
    """
    return find_violations(spans, limits, own_week_limits(spans.person, own_week_min))


def list_newly_broken(
    standing: DutySpans, added: DutySpans, limits: RestLimits, own_week_min: Mapping[int, int]
) -> list[BrokenRule]:
    """List the rules that duties break when others are added to them, and that are not broken without these.

    Parameters
    ----------
    standing, added
        Duties of any number of people, all looked at in one pass. In what is returned the added ones follow the
        standing ones: ``index`` counts through both.
    limits, own_week_min
        As for ``list_broken``.
    """
    before = {(rule.index, rule.rule) for rule in list_broken(standing, limits, own_week_min)}
    joined = list_broken(join_spans(standing, added), limits, own_week_min)
    return [rule for rule in joined if (rule.index, rule.rule) not in before]


def find_rest_hindrances(
    standing: DutySpans, added: DutySpans, limits: RestLimits, own_week_min: Mapping[int, int]
) -> dict[int, BrokenRule]:
    """Find, by person, the first rule of rest that one more duty would newly break; all people in one pass.

    Parameters
    ----------
    standing
        What people have.
    added
        The duty in question, once for each person who might take it.
    limits, own_week_min
        As for ``list_broken``.
    """
    people = np.concatenate([standing.person, added.person])
    found: dict[int, BrokenRule] = {}
    for rule in list_newly_broken(standing, added, limits, own_week_min):
        found.setdefault(int(people[rule.index]), rule)
    return found


def _is_first(*keys: IntArray) -> BoolArray:
    """Mark the first of each group of equal neighbors."""
    first = np.ones(len(keys[0]), np.bool_)
    first[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return first


def _group_start(first: BoolArray) -> IntArray:
    """Return, for each place, the place where its group starts."""
    return np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))


def _short_rests(spans: DutySpans, order: IntArray, min_rest_min: int) -> list[BrokenRule]:
    first = _is_first(spans.person)
    # A short duty may lie inside a long one: what counts is the latest end so far, not the last duty's end.
    rank = np.cumsum(first)
    base = int(spans.end_min.min())
    stride = int(spans.end_min.max()) - base + 1
    latest = np.maximum.accumulate(spans.end_min - base + rank * stride)
    previous_end = np.roll(latest - rank * stride + base, 1)
    rest_min = spans.start_min - previous_end
    broken = np.nonzero(~first & (rest_min < min_rest_min))[0]
    return [
        BrokenRule(int(order[i]), RestRule.REST, int(rest_min[i]), min_rest_min, int(order[_last_ending(spans, i)]))
        for i in broken.tolist()
    ]


def _last_ending(spans: DutySpans, i: int) -> int:
    """Return the earlier duty of the same person that ends last before duty ``i``."""
    start = int(np.searchsorted(spans.person, spans.person[i]))
    return start + int(np.argmax(spans.end_min[start:i]))


def _long_runs(spans: DutySpans, order: IntArray, max_days: int) -> list[BrokenRule]:
    is_new_day = _is_first(spans.person, spans.day)
    days = np.nonzero(is_new_day)[0]
    breaks = _is_first(spans.person[days], spans.day[days] - np.arange(len(days)))
    place = np.arange(len(days)) - _group_start(breaks) + 1
    run = place[np.cumsum(is_new_day) - 1]
    return [
        BrokenRule(int(order[i]), RestRule.DAYS_IN_ROW, int(run[i]), max_days)
        for i in np.nonzero(run > max_days)[0].tolist()
    ]


def _full_weeks(spans: DutySpans, order: IntArray, limit_min: IntArray) -> list[BrokenRule]:
    first = _is_first(spans.person, week_of(spans.day))
    start = _group_start(first)
    length_min, spill_min = spans.end_min - spans.start_min, _minutes_after_sunday(spans)
    by_start = _running_sum(length_min, start)
    by_clock = _running_sum(length_min - spill_min, start) + _minutes_from_last_week(spans, spill_min, first)
    week_min = np.maximum(by_start, by_clock)
    return [
        BrokenRule(int(order[i]), RestRule.WEEK, int(week_min[i]), int(limit_min[i]))
        for i in np.nonzero(week_min > limit_min)[0].tolist()
    ]


def _running_sum(amounts: IntArray, start: IntArray) -> IntArray:
    """Return the sum of each group from its start up to each place, the place included."""
    total = np.cumsum(amounts)
    sums: IntArray = total - (total - amounts)[start]
    return sums


def _minutes_after_sunday(spans: DutySpans) -> IntArray:
    """Return how many minutes of each duty lie in the week after the one in which it starts."""
    week_ends_at = (week_of(spans.day) + 1) * WEEK_DAYS * DAY_MIN + DAY_MIN
    spill_min: IntArray = np.maximum(spans.local_min + spans.end_min - spans.start_min - week_ends_at, 0)
    return spill_min


def _minutes_from_last_week(spans: DutySpans, spill_min: IntArray, first: BoolArray) -> IntArray:
    """Return, for each duty, the minutes that its person's duties of the week before run on into its week."""
    starts = np.nonzero(first)[0]
    spilled = np.add.reduceat(spill_min, starts)
    person, week = spans.person[starts], week_of(spans.day[starts])
    follows = np.zeros(len(starts), np.bool_)
    follows[1:] = (person[1:] == person[:-1]) & (week[1:] == week[:-1] + 1)
    carried: IntArray = np.where(follows, np.roll(spilled, 1), 0)[np.cumsum(first) - 1]
    return carried


def is_night(spans: DutySpans) -> BoolArray:
    """Tell of each duty whether it is under way at three in the morning, local time."""
    deep_night = -(-(spans.local_min - _DEEP_NIGHT_MIN) // DAY_MIN) * DAY_MIN + _DEEP_NIGHT_MIN
    nights: BoolArray = deep_night < spans.local_min + spans.end_min - spans.start_min
    return nights


def _many_nights(spans: DutySpans, order: IntArray, max_nights: int) -> list[BrokenRule]:
    nights = np.nonzero(is_night(spans))[0]
    if not len(nights):
        return []
    day = spans.day[nights]
    # People far apart on one line of days, so that one search finds where each night's four weeks begin.
    stride = int(day.max() - day.min()) + 2 * NIGHTS_SPAN_DAYS
    line = np.cumsum(_is_first(spans.person[nights])) * stride + day - day.min()
    found = np.arange(len(nights)) - np.searchsorted(line, line - NIGHTS_SPAN_DAYS + 1) + 1
    return [
        BrokenRule(int(order[nights[i]]), RestRule.NIGHTS, int(found[i]), max_nights)
        for i in np.nonzero(found > max_nights)[0].tolist()
    ]


@dataclass(frozen=True, slots=True)
class Fitness:
    """What is known of a person when a shift is to be filled.

    Parameters
    ----------
    is_serving
        Whether the person agreed to serve, and to being kept.
    abilities, restrictions
        Slugs of ``people.kinds``.
    is_absent
        Whether an absence touches a day of the shift.
    """

    is_serving: bool
    abilities: Collection[str]
    restrictions: Collection[str]
    is_absent: bool = False


def find_unfitness(
    fitness: Fitness, *, needs: Collection[str], barred_by: Collection[str], is_night: bool, is_weekend: bool
) -> Unfit | None:
    """Return the first reason why a person cannot stand on a shift, or None when they can.

    Parameters
    ----------
    fitness
        The person.
    needs
        Abilities that the kind of post asks for, all of them.
    barred_by
        Restrictions that exclude from the kind of post.
    is_night
        Whether the shift pattern is a night.
    is_weekend
        Whether the shift starts on a Saturday or Sunday.
    """
    excluded = {
        Unfit.NOT_SERVING: not fitness.is_serving,
        Unfit.ABSENT: fitness.is_absent,
        Unfit.UNABLE: not set(needs) <= set(fitness.abilities),
        Unfit.RESTRICTED: bool(set(barred_by) & set(fitness.restrictions)),
        Unfit.NO_NIGHTS: is_night and NIGHTS in fitness.restrictions,
        Unfit.NO_WEEKENDS: is_weekend and WEEKENDS in fitness.restrictions,
    }
    return next((reason for reason, holds in excluded.items() if holds), None)
