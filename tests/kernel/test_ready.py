"""A query that was made ready asks the database what the query itself would ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from muster.access.models import User
from muster.kernel.models import ExerciseClock
from muster.kernel.ready import EXAMPLE, ReadyQuery

EIGHT = datetime(2020, 2, 20, 0, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_it_reads_moments_and_numbers_as_the_query_does() -> None:
    ExerciseClock.objects.create(exercise_at=EIGHT, set_at=EIGHT, speed=2.5)
    ready = ReadyQuery(lambda number: ExerciseClock.objects.filter(pk=number).values_list(), EXAMPLE)
    for clock in ExerciseClock.objects.all():
        assert ready.ask(clock.pk) == list(ExerciseClock.objects.filter(pk=clock.pk).values_list())
        assert ready.ask(clock.pk + 1) == []


def test_only_its_value_changes_from_one_time_to_the_next(django_assert_num_queries: Any) -> None:
    for name in ("bai", "chen"):
        User.objects.create(username=name, is_active=name == "bai")
    ready = ReadyQuery(
        lambda name: User.objects.filter(username=name, is_active=True, language="").values_list("username"), "a name"
    )
    with django_assert_num_queries(3):
        assert [ready.ask(name) for name in ("bai", "chen", "bai")] == [[("bai",)], [], [("bai",)]]
