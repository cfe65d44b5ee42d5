from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median

import pytest
from shapely.geometry import Point

from muster.scenarios.divisions import URBAN_KINDS, read_grounds
from muster.scenarios.invention import invent_city
from muster.scenarios.rows import City
from muster.scenarios.shape import SMALL, SONGYUAN_2020

NEEDS_WARDEN = {"compound", "building", "unit"}
REAL = {"province", "city", "county", "township", "community"}


@pytest.fixture(scope="module")
def city() -> City:
    return invent_city(SONGYUAN_2020, 1)


def test_the_same_seed_invents_the_same_city() -> None:
    assert invent_city(SMALL, 7) == invent_city(SMALL, 7)


def test_another_seed_invents_another_city_on_the_same_real_tree() -> None:
    one, other = invent_city(SMALL, 1), invent_city(SMALL, 2)
    assert one.people != other.people
    assert [a.code for a in one.areas if a.level in REAL] == [a.code for a in other.areas if a.level in REAL]


def test_more_duty_changes_neither_places_nor_organizations() -> None:
    one, other = invent_city(SMALL, 1), invent_city(replace(SMALL, duty_places_per_day=40), 1)
    assert one.posts != other.posts
    assert one.areas == other.areas
    assert one.organizations == other.organizations


def test_a_township_is_peopled_alike_in_the_small_city_and_in_the_whole_one(city: City) -> None:
    township = "220702002"
    alone = replace(SONGYUAN_2020, townships=frozenset({township}))
    places = [area for area in invent_city(alone, 1).areas if area.level in NEEDS_WARDEN]
    here = [area for area in city.areas if area.level in NEEDS_WARDEN and area.code.startswith(township)]
    # Townships are placed beside each other, so that positions alone depend on the others.
    assert [area._replace(lon=0, lat=0) for area in places] == [area._replace(lon=0, lat=0) for area in here]


def test_the_real_tree_is_whole_and_only_its_positions_are_synthetic(city: City) -> None:
    real = [area for area in city.areas if area.level in REAL]
    assert len(real) == 1467
    assert not any(area.is_synthetic for area in real)
    assert all(area.is_position_synthetic for area in real if area.lon is not None)
    assert {area.level for area in real if area.lon is None} == {"province", "city"}


def test_every_invented_area_says_so(city: City) -> None:
    assert all(area.is_synthetic and area.is_position_synthetic for area in city.areas if area.level not in REAL)


def test_every_community_has_places_also_those_without_a_committee(city: City) -> None:
    communities = {area.code for area in city.areas if area.level == "community"}
    with_places = {area.parent_code for area in city.areas if area.level == "compound"}
    assert with_places == communities


def test_urban_communities_have_buildings_with_units_and_villages_have_hamlets(city: City) -> None:
    by_code = {area.code: area for area in city.areas}
    for area in city.areas:
        if area.level == "compound":
            assert (area.kind == "hamlet") == (by_code[area.parent_code].kind not in URBAN_KINDS)
    buildings = {area.code for area in city.areas if area.level == "building"}
    assert buildings == {area.parent_code for area in city.areas if area.level == "unit"}


def test_households_add_up_from_unit_to_compound(city: City) -> None:
    sums: Counter[str] = Counter()
    for area in city.areas:
        if area.level in {"unit", "building"}:
            sums[area.parent_code] += area.households or 0
    for area in city.areas:
        if area.level == "building" or (area.level == "compound" and area.kind != "hamlet"):
            assert sums[area.code] == area.households


def test_compounds_are_as_large_as_the_published_listings(city: City) -> None:
    sizes = Counter(area.parent_code for area in city.areas if area.level == "building")
    assert 4 <= median(sizes.values()) <= 7
    assert max(sizes.values()) <= 53
    per_building = [area.households or 0 for area in city.areas if area.level == "building"]
    assert 55 <= median(per_building) <= 95


def test_about_a_third_of_compounds_is_unmanaged_and_most_stand_alone_blocks_are(city: City) -> None:
    urban = [area for area in city.areas if area.level == "compound" and area.kind != "hamlet"]
    blocks = [area for area in urban if area.kind == "block"]
    assert 0.22 <= sum(not area.is_managed for area in urban) / len(urban) <= 0.45
    assert sum(not area.is_managed for area in blocks) > len(blocks) / 2


def test_every_position_of_the_real_tree_lies_on_its_countys_ground(city: City) -> None:
    grounds = read_grounds(city.areas)
    for area in city.areas:
        if area.level in {"county", "township", "community"}:
            assert area.lon is not None
            assert area.lat is not None
            assert grounds[area.code[:6]].covers(Point(area.lon, area.lat)), area


def test_codes_and_phones_are_given_once(city: City) -> None:
    for codes in (
        [area.code for area in city.areas],
        [person.code for person in city.people],
        [person.phone for person in city.people],
        [organization.code for organization in city.organizations],
        [post.code for post in city.posts],
    ):
        assert len(set(codes)) == len(codes)


def test_the_city_is_of_the_storys_size(city: City) -> None:
    assert 6_000 <= sum(area.level in NEEDS_WARDEN for area in city.areas) <= 8_200
    assert 11_000 <= len(city.people) <= 14_500
    assert 400 <= len(city.organizations) <= 600
    assert sum(sum(post.demand.values()) for post in city.posts) == SONGYUAN_2020.duty_places_per_day


def test_every_kind_of_post_of_the_story_is_there(city: City) -> None:
    story = {"vanguard_post", "responsibility_zone", "rapid_team", "volunteer_guard", "voluntary_supervisor"}
    assert story <= {post.kind for post in city.posts}


def test_nobody_is_burdened_with_many_doorways_and_with_shifts(city: City) -> None:
    assert all(person.max_appointments <= 1 for person in city.people if person.max_week_h != 0)


def test_everybody_has_a_home_that_exists_and_organizations_that_exist(city: City) -> None:
    areas = {area.code for area in city.areas}
    organizations = {organization.code for organization in city.organizations}
    assert {person.home_code for person in city.people} <= areas
    assert {person.work_code for person in city.people if person.work_code} <= areas
    assert {person.organization_code for person in city.people if person.organization_code} <= organizations
    assert {o.seat_code for o in city.organizations} <= areas
    assert {o.parent_code for o in city.organizations if o.parent_code} <= organizations
