"""Whose clock is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from muster.facts.rules import TOLERANCE, put_right, read_offset

NOW = datetime(2020, 2, 10, tzinfo=UTC)
YEARS_MIN = 24 * 60 * 900


@given(off_min=st.integers(-YEARS_MIN, YEARS_MIN), ago_min=st.integers(0, 4320))
def test_a_clock_that_is_wrong_by_any_span_tells_the_right_moment_in_the_end(off_min: int, ago_min: int) -> None:
    off, ago = timedelta(minutes=off_min), timedelta(minutes=ago_min)
    clock_now = NOW - off
    at, off_s = put_right(clock_now - ago, read_offset(clock_now, NOW), NOW, may_clamp=True)
    assert abs(at - (NOW - ago)) <= TOLERANCE
    assert abs(timedelta(seconds=off_s) - (at - (clock_now - ago))) < timedelta(seconds=1)


def test_a_clock_that_says_nothing_is_believed() -> None:
    assert read_offset(None, NOW) == timedelta()
    ahead = NOW + timedelta(hours=1)
    assert put_right(ahead, timedelta(), NOW, may_clamp=False) == (ahead, 0)


def test_what_lies_ahead_even_so_has_happened_now() -> None:
    assert put_right(NOW + timedelta(hours=1), timedelta(), NOW, may_clamp=True) == (NOW, -3600)
