"""Checks a roster against its problem, rule by rule, in plain numpy: shares nothing with the solvers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from muster.planning.result import VerificationError
from muster.planning.rostering.problem import (
    DAY_MIN,
    FREE,
    HOURS_UNIT_MIN,
    OFF,
    IntArray,
    Person,
    RosterPlan,
    RosterProblem,
)


def verify(problem: RosterProblem, plan: RosterPlan) -> float:
    """Check every hard rule and recompute the objective.

    Returns
    -------
    float
        The plan's cost.

    Raises
    ------
    VerificationError
        With the person, the day and the rule, for the first rule that is broken.
    """
    shift = np.asarray(plan.shift, dtype=np.int64)
    if shift.shape != (problem.n_people, problem.n_days):
        raise VerificationError(f"plan: shape {shift.shape}, expected {(problem.n_people, problem.n_days)}")
    if shift.size and not OFF <= shift.min() <= shift.max() < problem.n_shifts:
        raise VerificationError("plan: holds a value that is no shift type and not -1")
    for fault in violations(problem, shift):
        raise VerificationError(fault)
    return objective(problem, shift)


def violations(problem: RosterProblem, shift: IntArray) -> Iterator[str]:
    """Name every broken hard rule of a roster, shape (n_people, n_days)."""
    for p, person in enumerate(problem.people):
        for fault in person_faults(problem, p, shift[p]):
            yield f"person {person.name}: {fault}"
    if problem.max_cover is not None:
        cover = cover_of(problem, shift)
        for day, s in np.argwhere((problem.max_cover >= 0) & (cover > problem.max_cover)):
            name = problem.shifts[s].name
            yield f"day {day}, shift {name}: {cover[day, s]} people, at most {problem.max_cover[day, s]}"


def cover_of(problem: RosterProblem, shift: IntArray) -> IntArray:
    """Count the people on each day and shift type; shape (n_days, n_shifts)."""
    return np.stack([(shift == s).sum(axis=0) for s in range(problem.n_shifts)], axis=1).astype(np.int64)


def person_faults(problem: RosterProblem, p: int, row: IntArray) -> Iterator[str]:
    """Name every rule of their own that one person's schedule, shape (n_days,), breaks."""
    person = problem.people[p]
    days = np.flatnonzero(row >= 0)
    for day in days[~problem.allowed[p, days, row[days]]]:
        yield f"day {day}: may not work {problem.shifts[row[day]].name}"
    if problem.standing is not None:
        standing = problem.standing[p, : problem.frozen_days]
        for day in np.flatnonzero((standing != FREE) & (standing != row[: problem.frozen_days])):
            yield f"day {day}: is frozen and has been changed"
    yield from _rest_faults(problem, person, row, days)
    yield from _run_faults(person, row)
    yield from _night_faults(problem, person, row)
    yield from _total_faults(problem, person, row, days)


def _rest_faults(problem: RosterProblem, person: Person, row: IntArray, days: IntArray) -> Iterator[str]:
    last_end = person.history.last_end_min
    previous = -1
    for day in days:
        shift = problem.shifts[row[day]]
        start = int(day) * DAY_MIN + shift.start_min
        if last_end is not None and start - last_end < problem.min_rest_min:
            yield f"day {day}: {start - last_end} min of rest before {shift.name}"
        if previous >= 0 and previous == day - 1:
            pair = (problem.shifts[row[previous]].name, shift.name)
            if pair in problem.forbidden:
                yield f"day {day}: {pair[1]} after {pair[0]}"
        end = start + shift.length_min
        last_end = end if last_end is None else max(last_end, end)
        previous = int(day)


def _runs(row: IntArray) -> Iterator[tuple[bool, int, int]]:
    """Yield (is work, first day, days) of each run of work or of days off."""
    first = 0
    for day in range(1, len(row) + 1):
        if day == len(row) or (row[day] >= 0) != (row[first] >= 0):
            yield bool(row[first] >= 0), first, day - first
            first = day


def _run_faults(person: Person, row: IntArray) -> Iterator[str]:
    past = person.history
    for is_work, first, own in _runs(row):
        ends_inside = first + own < len(row)
        if is_work:
            days = own + (past.run_days if first == 0 else 0)
            is_open = first == 0 and past.has_open_start
            if person.max_run_days is not None and days > person.max_run_days:
                yield f"day {first}: {days} days in a row, at most {person.max_run_days}"
            if ends_inside and not is_open and days < person.min_run_days:
                yield f"day {first}: {days} days in a row, at least {person.min_run_days}"
        elif ends_inside and not (first == 0 and past.days_off is None and not past.run_days):
            days = own + ((past.days_off or 0) if first == 0 else 0)
            if days < person.min_days_off:
                yield f"day {first}: {days} days off in a row, at least {person.min_days_off}"
    yield from _history_faults(person, row)


def _history_faults(person: Person, row: IntArray) -> Iterator[str]:
    """Check runs that end with the history itself."""
    past = person.history
    if not len(row):
        return
    if row[0] < 0 and 0 < past.run_days < person.min_run_days and not past.has_open_start:
        yield f"day 0: {past.run_days} days in a row before it, at least {person.min_run_days}"
    if row[0] >= 0 and not past.run_days and past.days_off is not None:
        days_off = max(1, past.days_off)
        if days_off < person.min_days_off:
            yield f"day 0: {days_off} days off in a row before it, at least {person.min_days_off}"


def _night_faults(problem: RosterProblem, person: Person, row: IntArray) -> Iterator[str]:
    is_night = np.array([s >= 0 and problem.shifts[s].is_night for s in row])
    if person.max_nights is not None:
        yield from _many_nights(problem, person, np.flatnonzero(is_night))
    if person.max_night_run is None:
        return
    run = person.history.night_run
    for day, night in enumerate(is_night):
        run = run + 1 if night else 0
        if run > person.max_night_run:
            yield f"day {day}: {run} nights in a row, at most {person.max_night_run}"


def _many_nights(problem: RosterProblem, person: Person, own: IntArray) -> Iterator[str]:
    most, span = person.max_nights or 0, problem.nights_span_days
    if span is None:
        if len(own) > most:
            yield f"{len(own)} nights, at most {most}"
        return
    nights = np.sort(np.append(own, np.array(person.history.night_days, np.int64)))
    for first in nights:
        inside = (nights >= first) & (nights < first + span)
        # What stands beside the roster is not the roster's: only a span with a night of its own can be its fault.
        if inside.sum() > most and ((own >= first) & (own < first + span)).any():
            yield f"{inside.sum()} nights in {span} days from day {first} on, at most {most}"


def worked_weekends(problem: RosterProblem, person: Person, row: IntArray) -> int:
    """Count the weekends with a shift on Saturday or Sunday; one that history has counted does not count again."""
    weeks = set()
    for day in np.flatnonzero(row >= 0):
        if problem.weekday(int(day)) >= 5:
            weeks.add((problem.first_weekday + int(day)) // 7)
    if problem.first_weekday == 6 and person.history.run_days:
        weeks.discard(0)
    return len(weeks)


def minutes_of(problem: RosterProblem, row: IntArray) -> IntArray:
    """Return the minutes worked by day on which the shift starts."""
    return np.array([problem.shifts[s].length_min if s >= 0 else 0 for s in row], np.int64)


def _total_faults(problem: RosterProblem, person: Person, row: IntArray, days: IntArray) -> Iterator[str]:
    minutes = minutes_of(problem, row)
    total = int(minutes.sum())
    if total < person.min_minutes:
        yield f"{total} min in all, at least {person.min_minutes}"
    if person.max_minutes is not None and total > person.max_minutes:
        yield f"{total} min in all, at most {person.max_minutes}"
    weekends = worked_weekends(problem, person, row)
    if person.max_weekends is not None and weekends > person.max_weekends:
        yield f"{weekends} weekends, at most {person.max_weekends}"
    for s, shift in enumerate(problem.shifts):
        count = int((row[days] == s).sum())
        if count > person.max_of_type.get(shift.name, count):
            yield f"{count} shifts {shift.name}, at most {person.max_of_type[shift.name]}"
    if person.max_week_minutes is not None:
        yield from _week_faults(problem, person, minutes)


def _week_faults(problem: RosterProblem, person: Person, minutes: IntArray) -> Iterator[str]:
    week = (problem.first_weekday + np.arange(problem.n_days)) // 7
    totals = np.bincount(week, weights=minutes)
    worked = totals > 0
    totals[0] += person.history.week_min
    for i in np.flatnonzero(worked & (totals > (person.max_week_minutes or 0))):
        yield f"calendar week {i}: {totals[i]:.0f} min, at most {person.max_week_minutes}"


def objective(problem: RosterProblem, shift: IntArray) -> float:
    """Recompute the cost of a roster: wishes, cover, fairness and disturbance."""
    cost = sum(w.weight for w in problem.requests if (shift[w.person, w.day] == w.shift) != w.is_on)
    missing = problem.demand - cover_of(problem, shift)
    cost += float((np.maximum(missing, 0) * problem.under_weight).sum())
    cost += float((np.maximum(-missing, 0) * problem.over_weight).sum())
    if problem.standing is not None:
        changed = (problem.standing != FREE) & (problem.standing != shift)
        cost += problem.disturbance_weight * int(changed.sum())
    return cost + sum(fairness_penalty(problem, person, shift[p]) for p, person in enumerate(problem.people))


def fairness_penalty(problem: RosterProblem, person: Person, row: IntArray) -> float:
    """Return the convex penalty for one person's nights, weekends and hours, history included."""
    fair, past = problem.fairness, person.history
    nights = past.nights + sum(s >= 0 and problem.shifts[s].is_night for s in row)
    weekends = past.weekends + worked_weekends(problem, person, row)
    load = (past.minutes + int(minutes_of(problem, row).sum())) / HOURS_UNIT_MIN
    total = fair.nights * nights**2 + fair.weekends * weekends**2 + fair.hours * load**2
    return float(total / person.share)
