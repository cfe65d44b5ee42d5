"""The board played back: who stood where at a moment that is past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muster.access.queries import COMMAND_LINE
from muster.coverage.actions import appoint, end_appointment
from muster.coverage.kinds import AppointmentRole
from muster.kernel import clock
from muster.situation.board import read_frame
from muster.situation.playback import look_back
from muster.situation.playback_events import count_days, read_around
from tests.coverage.city import NOON, City, build_city, settle

HOUR = timedelta(hours=1)


@pytest.fixture
def city(db: None) -> City:
    """Give a city whose one warden stood from one to three hours after noon."""
    city = build_city()
    warden = settle("P1", "Wang", "C1-A-1-1", "C1", max_appointments=3)
    standing = appoint(
        actor=COMMAND_LINE,
        now=NOON + HOUR,
        emergency=city.emergency,
        area=city.area("C1-A-1-1"),
        person=warden,
        role=AppointmentRole.WARDEN,
    )
    end_appointment(actor=COMMAND_LINE, now=NOON + 3 * HOUR, appointment=standing, reason="replaced")
    clock.set_exercise(NOON + 5 * HOUR)
    return city


def test_a_warden_is_there_from_the_appointment_to_its_end(city: City) -> None:
    frame = read_frame(actor=COMMAND_LINE, code="2207")
    covered = []
    for hours in (0.5, 2, 4):
        past, view, _shares = look_back(frame, NOON + hours * HOUR)
        covered.append(sum(line.tally.covered for line in view.levels))
        assert past.now == NOON + hours * HOUR
    assert covered == [0, 1, 0]


def test_the_gaps_are_those_that_stood_open_then(city: City) -> None:
    frame = read_frame(actor=COMMAND_LINE, code="2207")
    open_then = [look_back(frame, NOON + hours * HOUR)[0].gaps_without_warden for hours in (0.5, 2, 4)]
    assert open_then[1] == open_then[0] - 1
    assert open_then[2] == open_then[0] == frame.gaps_without_warden


def test_steps_lead_to_what_happened_before_and_after(city: City) -> None:
    around = read_around(city.emergency, city.area("2207"), NOON + 2 * HOUR, clock.now())
    assert around.previous_at == NOON + HOUR
    assert around.next_at == NOON + 3 * HOUR
    assert sum(around.bins) >= 4
    assert read_around(city.emergency, city.area("2207"), NOON + 3 * HOUR, clock.now()).next_at is None
    assert count_days(city.emergency, city.area("2207"), clock.now())[-1][1] >= 4
