"""A city into which lists come, and an officer who brings them."""

from __future__ import annotations

import pytest

from muster.organizations.models import Organization
from tests.coverage.city import City, build_city


@pytest.fixture
def city(db: None) -> City:
    city = build_city()
    Organization.objects.create(code="O1", name="市档案馆", kind="agency", seat_area=city.area("C1"), people_offered=9)
    return city
