"""The megacity: invented township by township, the same each time, and written as any city is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from muster.access.queries import SystemActor
from muster.coverage.planning import plan_coverage, publish
from muster.emergencies.actions import activate
from muster.people.models import Person
from muster.scenarios.crowd import invent_crowd
from muster.scenarios.megacity import Megacity, open_megacity
from muster.scenarios.shape import WUHAN_SCALE
from muster.scenarios.streaming import write_crowd, write_megacity_territory, write_offices
from muster.situation.measures import read_measures
from muster.territory.models import Area
from muster.territory.queries import get_area, list_tallies

SOMEBODY = SystemActor("somebody")
NOON = WUHAN_SCALE.moment(WUHAN_SCALE.activated_on, 12)
NEEDS_WARDEN = {"compound", "building", "unit"}


@pytest.fixture(scope="module")
def city() -> Megacity:
    return open_megacity(WUHAN_SCALE, 1)


@pytest.fixture(scope="module")
def part(city: Megacity) -> Megacity:
    """One community in each of two townships."""
    few = [replace(township, communities=township.communities[:1]) for township in city.townships[:2]]
    return replace(city, townships=few)


def test_the_real_tree_of_the_megacity_is_whole(city: Megacity) -> None:
    real = [*city.upper, *(area for township in city.townships for area in (township.area, *township.communities))]
    assert Counter(area.level for area in real) == {
        "province": 1, "city": 1, "county": 13, "township": 193, "community": 3495
    }  # fmt: skip
    assert not any(area.is_synthetic for area in real)
    assert all(area.is_position_synthetic for area in real if area.lon is not None)


def test_a_township_is_the_same_each_time_and_another_with_another_seed(city: Megacity) -> None:
    township = city.townships[40]
    assert city.invent_areas(township) == city.invent_areas(township)
    assert invent_crowd(city, township, WUHAN_SCALE) == invent_crowd(city, township, WUHAN_SCALE)
    other = open_megacity(WUHAN_SCALE, 2)
    assert other.invent_areas(other.townships[40]) != city.invent_areas(township)


def test_a_sample_of_townships_makes_a_million_areas_and_more_people(city: Megacity) -> None:
    sample = city.townships[::12]
    needy = sum(area.level in NEEDS_WARDEN for township in sample for area in city.invent_areas(township))
    people = sum(len(invent_crowd(city, township, WUHAN_SCALE)) for township in sample)
    communities = sum(len(township.communities) for township in sample)
    assert 0.85e6 < needy / communities * 3495 < 1.2e6
    assert people / needy == pytest.approx(1.3, abs=0.01)


def test_codes_and_telephone_numbers_are_nobody_elses(city: Megacity) -> None:
    people = [person for township in city.townships[:3] for person in invent_crowd(city, township, WUHAN_SCALE)]
    assert len({person["code"] for person in people}) == len({person["phone"] for person in people}) == len(people)
    assert all(person["phone"].startswith("+86154") and len(person["phone"]) == 14 for person in people)


@pytest.mark.django_db
def test_a_part_of_the_megacity_is_written_activated_planned_and_published(part: Megacity) -> None:
    write_megacity_territory(part, actor=SOMEBODY, now=NOON, count=lambda done, total: None)
    write_offices(part, actor=SOMEBODY, now=NOON)
    write_crowd(part, WUHAN_SCALE, actor=SOMEBODY, now=NOON, count=lambda done, total: None)
    top = get_area("4201")
    beneath = {tally.level.slug: tally.areas for tally in list_tallies(top)}
    assert beneath["unit"] == Area.objects.filter(level__slug="unit").count() > 300
    emergency = activate(
        actor=SOMEBODY, now=NOON, code="exercise", name_zh="演练", name_en="Exercise", response_level=1, area=top
    )
    assert read_measures(emergency=emergency, area=top, now=NOON)["gaps_open"] == sum(
        beneath[level] for level in NEEDS_WARDEN
    )
    publish(actor=SOMEBODY, now=NOON, plan=plan_coverage(actor=SOMEBODY, now=NOON, emergency=emergency, area=top))
    assert read_measures(emergency=emergency, area=top, now=NOON)["warden_coverage"] == 1.0
    assert Person.objects.exclude(phone=None).count() == Person.objects.count() > 500
