"""Figures by day: kept on each, told by dated rows before anything was kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from muster.clocks.models import Gap
from muster.coverage.actions import appoint, end_appointment
from muster.coverage.kinds import AppointmentRole
from muster.situation.actions import keep_figures
from muster.situation.board_history import DAYS, follow_figures, keep_day_figures, read_history, read_past
from muster.situation.measures import MEASURES
from muster.situation.models import DayFigure
from tests.coverage.city import NOON, OFFICER, City, build_city, settle

FIRST = date(2020, 2, 10)


@pytest.fixture
def city(db: None) -> City:
    return build_city(deputies=False)


def _follow(city: City, now: datetime, gaps: float) -> dict[date, float]:
    return follow_figures(city.emergency, city.area("2207"), now, {"gaps_open": gaps})["gaps_open"]


def test_a_figure_is_kept_once_a_day_as_last_taken(city: City) -> None:
    area = city.area("C1")
    for hours, value in ((0, 5.0), (3, 4.0), (24, 2.0)):
        now = NOON + timedelta(hours=hours)
        keep_figures(now=now, emergency=city.emergency, area=area, values={"gaps_open": value})
    assert read_history(city.emergency, area, "gaps_open", NOON + timedelta(days=1)) == {
        FIRST: 4.0,
        FIRST + timedelta(days=1): 2.0,
    }
    assert read_history(city.emergency, area, "gaps_open", NOON) == {FIRST: 4.0}


def test_looking_at_figures_keeps_them_at_most_once_an_hour(city: City) -> None:
    _follow(city, NOON, 9)
    _follow(city, NOON + timedelta(minutes=59), 8)
    assert DayFigure.objects.get(measure="gaps_open").value == 9
    assert _follow(city, NOON + timedelta(minutes=60), 7) == {FIRST: 7}
    assert DayFigure.objects.get(measure="gaps_open").value == 7


def test_a_worker_keeps_the_day_of_every_active_emergency_at_most_once_an_hour(city: City) -> None:
    kept = [keep_day_figures(NOON + timedelta(minutes=minutes)) for minutes in (0, 30, 61)]
    assert kept == [1, 0, 1]
    assert read_history(city.emergency, city.area("2207"), "areas_required", NOON) == {FIRST: 7.0}
    assert set(MEASURES) == set(DayFigure.objects.values_list("measure", flat=True))


def test_days_before_anything_was_kept_are_told_by_dated_rows(city: City) -> None:
    person = settle("P1", "王秀兰", "C1-A-1-1", max_appointments=3)
    area = city.area("C1-A-1-1")
    before = Gap.objects.filter(closed_at=None).count()
    given: dict[str, Any] = {"actor": OFFICER, "emergency": city.emergency, "area": area, "person": person}
    appointment = appoint(now=NOON + timedelta(days=1), role=AppointmentRole.WARDEN, **given)
    end_appointment(actor=OFFICER, now=NOON + timedelta(days=3), appointment=appointment, reason="rest")
    past = read_past(city.emergency, city.area("2207"), FIRST + timedelta(days=4))
    assert list(past["gaps_open"].values()) == [before, before - 1, before - 1, before]
    assert list(past["wardens_people"].values()) == [0, 1, 1, 0]
    assert list(past["warden_coverage"].values()) == pytest.approx([0, 1 / 7, 1 / 7, 0])


def test_what_was_kept_on_a_day_outweighs_what_is_told_of_it_later(city: City) -> None:
    keep_figures(now=NOON, emergency=city.emergency, area=city.area("2207"), values={"gaps_open": 99})
    days = _follow(city, NOON + timedelta(days=2), 1)
    assert days == {FIRST: 99, FIRST + timedelta(days=2): 1}


def test_the_past_reaches_back_two_weeks_and_not_before_the_emergency(city: City) -> None:
    area = city.area("2207")
    assert read_past(city.emergency, area, FIRST) == {}
    late = read_past(city.emergency, area, FIRST + timedelta(days=60))
    assert len(late["pairings"]) == DAYS - 1
