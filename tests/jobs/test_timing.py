"""What time does, the worker does beside the solving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import find_last_pass
from muster.duty.actions.gaps import match_gaps
from muster.duty.models import Shift
from muster.jobs.timing import pass_time
from muster.kernel import clock
from tests.duty.cast import EIGHT, add_post, build_town, lay_out


@pytest.mark.django_db
def test_a_row_that_cannot_be_read_stops_no_clock(caplog: pytest.LogCaptureFixture) -> None:
    emergency = build_town().emergency
    Gap.objects.create(
        emergency=emergency,
        kind=GapKind.SHIFT_UNFILLED,
        subject="no shift is called so",
        area=emergency.area,
        owner_area=emergency.area,
        since_at=EIGHT,
        clock_from_at=EIGHT,
    )
    pass_time()
    assert "has failed" in caplog.text
    assert find_last_pass(emergency) is not None


@pytest.mark.django_db
def test_the_gaps_of_shifts_that_are_over_close_by_themselves() -> None:
    town = build_town()
    add_post(town)
    lay_out(town, days=2)
    match_gaps(emergency=town.emergency, now=EIGHT, shifts=Shift.objects.all())
    clock.set_exercise(EIGHT + timedelta(days=1))
    pass_time()
    assert [gap.closed_at is None for gap in Gap.objects.order_by("subject")] == [False, True]
