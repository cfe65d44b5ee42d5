"""What time does, the worker does beside the solving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.clocks.models import Gap
from muster.duty.actions.gaps import match_gaps
from muster.duty.models import Shift
from muster.jobs.timing import pass_time
from muster.kernel import clock
from tests.duty.cast import EIGHT, add_post, build_town, lay_out


@pytest.mark.django_db
def test_the_gaps_of_shifts_that_are_over_close_by_themselves() -> None:
    town = build_town()
    add_post(town)
    lay_out(town, days=2)
    match_gaps(emergency=town.emergency, now=EIGHT, shifts=Shift.objects.all())
    clock.set_exercise(EIGHT + timedelta(days=1))
    pass_time()
    assert [gap.closed_at is None for gap in Gap.objects.order_by("subject")] == [False, True]
