"""The rules of rest, held against a counter that compares every duty with every other."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.duty.kinds import RestRule, Unfit
from muster.duty.rules import BrokenRule, DutySpans, Fitness, RestLimits, find_unfitness, find_violations

DAY_MIN = 1440
MONDAY = 737_458
LIMITS = RestLimits(min_rest_min=660, max_days_in_row=6, max_week_min=2880)

Row = tuple[int, int, int]
"""Person, start in minutes from Monday 00:00, length in minutes."""


def spans_of(rows: list[Row]) -> DutySpans:
    table = np.array(rows, np.int64).reshape(-1, 3)
    return DutySpans(table[:, 0], table[:, 1], table[:, 1] + table[:, 2], MONDAY * DAY_MIN + table[:, 1])


def broken(rows: list[Row], limits: RestLimits = LIMITS) -> set[tuple[RestRule, int]]:
    return {(rule.rule, rule.index) for rule in find_violations(spans_of(rows), limits)}


def broken_by_comparing_all(rows: list[Row], limits: RestLimits) -> set[tuple[RestRule, int]]:
    """Compare every duty with every earlier one of the same person."""
    found: set[tuple[RestRule, int]] = set()
    order = sorted(range(len(rows)), key=lambda i: (rows[i][0], rows[i][1], rows[i][1] + rows[i][2], i))
    for place, i in enumerate(order):
        person, start, length = rows[i]
        earlier = [rows[j] for j in order[:place] if rows[j][0] == person]
        if any(start - (s + n) < limits.min_rest_min for _, s, n in earlier):
            found.add((RestRule.REST, i))
        day = start // DAY_MIN
        days = {s // DAY_MIN for _, s, _ in earlier} | {day}
        run = next(n for n in range(1, len(days) + 2) if day - n not in days)
        if run > limits.max_days_in_row:
            found.add((RestRule.DAYS_IN_ROW, i))
        week = day // 7 * 7 * DAY_MIN, (day // 7 + 1) * 7 * DAY_MIN
        by_start = length + sum(n for _, s, n in earlier if week[0] <= s < week[1])
        by_clock = sum(max(0, min(s + n, week[1]) - max(s, week[0])) for _, s, n in [*earlier, rows[i]])
        if max(by_start, by_clock) > limits.max_week_min:
            found.add((RestRule.WEEK, i))
        nights = [s // DAY_MIN for _, s, n in [*earlier, rows[i]] if _is_under_way_at_three(s, n)]
        recent = sum(night > day - 28 for night in nights)
        if _is_under_way_at_three(start, length) and recent > limits.max_nights:
            found.add((RestRule.NIGHTS, i))
    return found


def _is_under_way_at_three(start: int, length: int) -> bool:
    return any(start <= day * DAY_MIN + 180 < start + length for day in range(start // DAY_MIN, start // DAY_MIN + 3))


rosters = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 80).map(lambda q: q * 360), st.sampled_from([300, 480, 720, 1600])),
    max_size=40,
)


@given(rosters, st.sampled_from([LIMITS, RestLimits(0, 1, 480, 0), RestLimits(1500, 3, 1200, 2)]))
def test_the_bulk_counter_finds_what_comparing_every_pair_finds(rows: list[Row], limits: RestLimits) -> None:
    assert broken(rows, limits) == broken_by_comparing_all(rows, limits)


@given(rosters, st.randoms())
def test_the_order_in_which_duties_are_written_changes_nothing(rows: list[Row], random: object) -> None:
    rows = sorted(set(rows))
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own Random
    assert {(rule, rows[i]) for rule, i in broken(rows)} == {(rule, shuffled[i]) for rule, i in broken(shuffled)}


@given(rosters, st.data())
def test_taking_a_duty_away_never_breaks_a_rule(rows: list[Row], data: st.DataObject) -> None:
    rows = sorted(set(rows))
    if not rows:
        return
    gone = data.draw(st.sampled_from(rows))
    rest = [row for row in rows if row != gone]
    assert {(rule, rest[i]) for rule, i in broken(rest)} <= {(rule, rows[i]) for rule, i in broken(rows)}


def test_ten_hours_fifty_nine_between_two_shifts_is_too_short_and_eleven_hours_is_enough() -> None:
    assert broken([(1, 0, 480), (1, 480 + 659, 480)]) == {(RestRule.REST, 1)}
    assert broken([(1, 0, 480), (1, 480 + 660, 480)]) == set()


def test_a_short_rest_names_the_duty_that_is_in_the_way_and_what_rest_was_left() -> None:
    night, short, morning = (1, -60, 480), (1, 0, 30), (1, 500, 480)
    rules = [rule for rule in find_violations(spans_of([night, short, morning]), LIMITS) if rule.index == 2]
    assert rules == [BrokenRule(2, RestRule.REST, found=80, limit=660, other=0)]


def test_a_seventh_day_in_a_row_is_one_too_many_and_a_day_off_starts_afresh() -> None:
    seven = [(1, day * DAY_MIN, 60) for day in range(7)]
    assert broken(seven) == {(RestRule.DAYS_IN_ROW, 6)}
    assert broken([row for row in seven if row[1] != 3 * DAY_MIN]) == set()


def test_a_sunday_night_counts_into_its_own_week_whole_and_into_the_next_from_midnight() -> None:
    sunday_night = (1, 6 * DAY_MIN + 23 * 60, 480)
    limits = LIMITS._replace(max_days_in_row=9)
    five = [(1, (7 + day) * DAY_MIN + 1200, 480) for day in range(1, 6)]
    assert broken([sunday_night, *five], limits) == set()
    assert broken([sunday_night, *five, (1, 13 * DAY_MIN + 1200, 480)], limits) == {(RestRule.WEEK, 6)}
    assert broken([*five, (1, 13 * DAY_MIN + 1380, 480)], limits) == set()
    assert broken([*five, (1, 11 * DAY_MIN, 300), (1, 13 * DAY_MIN + 1380, 480)], limits) >= {(RestRule.WEEK, 6)}


def test_two_people_do_not_tire_each_other() -> None:
    assert broken([(1, 0, 480), (2, 480, 480)]) == set()


def test_a_persons_own_narrower_week_counts() -> None:
    rows = [(1, 0, 480), (1, 2 * DAY_MIN, 480), (2, 0, 480), (2, 2 * DAY_MIN, 480)]
    own = np.array([600, 600, 9000, 9000])
    rules = find_violations(spans_of(rows), LIMITS, own)
    assert [(rule.index, rule.rule, rule.found, rule.limit) for rule in rules] == [(1, RestRule.WEEK, 960, 600)]


def test_thirty_five_thousand_duties_are_counted_within_a_tenth_of_a_second() -> None:
    rows = np.array([(p, d * DAY_MIN + 420, 480) for p in range(2300) for d in range(0, 30, 2)], np.int64)
    spans = DutySpans(rows[:, 0], rows[:, 1], rows[:, 1] + rows[:, 2], MONDAY * DAY_MIN + rows[:, 1])
    began_s = time.process_time()
    assert find_violations(spans, LIMITS) == []
    assert time.process_time() - began_s < 0.1


@pytest.mark.parametrize(
    ("fitness", "when", "why"),
    [
        (Fitness(True, ["driver"], []), "night", None),
        (Fitness(False, ["driver"], []), "day", Unfit.NOT_SERVING),
        (Fitness(True, ["driver"], [], is_absent=True), "day", Unfit.ABSENT),
        (Fitness(True, [], []), "day", Unfit.UNABLE),
        (Fitness(True, ["driver"], ["lifting"]), "day", Unfit.RESTRICTED),
        (Fitness(True, ["driver"], ["nights"]), "night", Unfit.NO_NIGHTS),
        (Fitness(True, ["driver"], ["nights"]), "day", None),
        (Fitness(True, ["driver"], ["weekends"]), "weekend", Unfit.NO_WEEKENDS),
        (Fitness(True, ["driver"], ["weekends"]), "night", None),
    ],
)
def test_who_may_not_stand_on_a_shift_is_told_why(fitness: Fitness, when: str, why: Unfit | None) -> None:
    found = find_unfitness(
        fitness, needs=["driver"], barred_by=["lifting"], is_night=when == "night", is_weekend=when == "weekend"
    )
    assert found == why


def test_the_eleventh_night_in_four_weeks_is_one_too_many_and_a_later_month_is_not() -> None:
    limits = LIMITS._replace(max_days_in_row=99, max_week_min=99_999)
    nights = [(1, 1380 + day * DAY_MIN, 480) for day in range(0, 22, 2)]
    assert broken(nights, limits) == {(RestRule.NIGHTS, 10)}
    assert broken([*nights[:10], (1, 1380 + 28 * DAY_MIN, 480)], limits) == set()
    assert broken([(1, day * DAY_MIN + 420, 480) for day in range(0, 60, 2)], limits) == set()
