"""The city and its cast."""

from __future__ import annotations

import pytest

from muster.people.models import Person
from tests.coverage.city import City, build_city, settle


@pytest.fixture
def city(db: None) -> City:
    return build_city()


@pytest.fixture
def wang(city: City) -> Person:
    return settle("P1", "王秀兰", "C1-A-1-1")


@pytest.fixture
def li(city: City) -> Person:
    return settle("P2", "李建国", "C1-A-1-2")
