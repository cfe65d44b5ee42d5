"""The rules of coverage, on plain values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.coverage.kinds import CoverageState, Exclusion, Nearness, PairingDuty
from muster.coverage.rules import (
    CHANGE_M,
    DISTANCE_LIMIT_M,
    EXCLUSION_ORDER,
    NEARNESS_M,
    SECOND_AREA_M,
    NeedFacts,
    PersonFacts,
    choose_duties,
    coverage_state,
    distance_m,
    find_exclusion,
    find_exclusions,
    order_roles,
    people_wanted,
    score_need,
)

facts = st.builds(
    PersonFacts,
    may_serve=st.booleans(),
    has_consented=st.booleans(),
    is_absent=st.booleans(),
    max_appointments=st.integers(0, 5),
    appointments=st.integers(0, 5),
)


@given(st.lists(facts, max_size=20))
def test_the_rule_for_many_people_is_the_rule_for_one(people: list[PersonFacts]) -> None:
    found = find_exclusions(
        np.array([one.may_serve for one in people], bool),
        np.array([one.has_consented for one in people], bool),
        np.array([one.is_absent for one in people], bool),
        np.array([one.max_appointments - one.appointments for one in people], np.int32),
    )
    expected = [find_exclusion(one) for one in people]
    assert [EXCLUSION_ORDER[at] if at >= 0 else None for at in found] == expected


def test_somebody_willing_present_and_free_is_not_excluded() -> None:
    assert find_exclusion(PersonFacts(True, True, False, 1, 0)) is None


@given(facts)
def test_nobody_serves_without_consent(person: PersonFacts) -> None:
    if not person.has_consented:
        assert find_exclusion(person) in {Exclusion.NOT_SERVING, Exclusion.NO_CONSENT}


@pytest.mark.parametrize(
    ("has_warden", "has_deputy", "state"),
    [
        (True, True, CoverageState.COVERED),
        (True, False, CoverageState.COVERED),
        (False, True, CoverageState.DEPUTY_ONLY),
        (False, False, CoverageState.GAP),
    ],
)
def test_an_area_stands_as_its_people_do(has_warden: bool, has_deputy: bool, state: CoverageState) -> None:
    assert coverage_state(has_warden=has_warden, has_deputy=has_deputy) == state


def test_tiers_of_nearness_rise_and_a_change_outweighs_them_all() -> None:
    tiers = [NEARNESS_M[one] for one in Nearness]
    assert tiers == sorted(tiers)
    assert max(tiers) + DISTANCE_LIMIT_M + SECOND_AREA_M < CHANGE_M


people = st.integers(-1, 3)


@given(people, people, people, people)
def test_roles_go_to_the_same_people_and_never_to_a_deputy_alone(a: int, b: int, warden: int, deputy: int) -> None:
    first, second = (a, b) if a >= 0 and a != b else (max(a, b), -1)
    one = [np.array([value]) for value in (first, second, warden, deputy)]
    new_warden, new_deputy = (int(role[0]) for role in order_roles(*one))
    assert sorted([new_warden, new_deputy]) == sorted([first, second])
    assert not (new_warden < 0 <= new_deputy)
    if warden in (first, second) and warden >= 0:
        assert new_warden == warden


def test_a_standing_deputy_beside_a_new_warden_stays_deputy() -> None:
    warden, deputy = order_roles(np.array([7]), np.array([9]), np.array([-1]), np.array([7]))
    assert (warden[0], deputy[0]) == (9, 7)


def test_a_degree_of_latitude_is_about_a_hundred_and_eleven_kilometers() -> None:
    way = distance_m(np.array([124.8]), np.array([45.0]), np.array([124.8]), np.array([46.0]))
    assert way[0] == pytest.approx(111_000, rel=0.01)


def test_the_way_to_an_unknown_point_is_not_a_number() -> None:
    assert np.isnan(distance_m(np.array([np.nan]), np.array([45.0]), np.array([124.8]), np.array([46.0]))[0])


def test_a_community_without_committee_or_management_needs_a_pairing_more() -> None:
    quiet = NeedFacts(households=800, unmanaged=0, has_committee=True)
    needy = NeedFacts(households=800, unmanaged=4, has_committee=False)
    assert score_need(needy) == score_need(quiet) + 18
    assert people_wanted(score_need(needy)) > people_wanted(score_need(quiet))


@given(st.integers(0, 10_000))
def test_a_pairing_sends_at_least_one_person_and_never_a_crowd(need: int) -> None:
    assert 1 <= people_wanted(need) <= 12


def test_duties_follow_from_what_a_community_lacks() -> None:
    assert PairingDuty.GATE in choose_duties(NeedFacts(200, 2, has_committee=True))
    assert PairingDuty.HOTLINE in choose_duties(NeedFacts(200, 0, has_committee=False))
    assert choose_duties(NeedFacts(200, 0, has_committee=True)) == [PairingDuty.REGISTRATION]
