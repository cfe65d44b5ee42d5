"""What boards, trees and ledgers ask: right, and in few queries whatever the size."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from muster.coverage.actions import appoint
from muster.coverage.kinds import AppointmentRole, CoverageState, Exclusion, Nearness
from muster.coverage.queries import (
    count_ledger,
    get_area_coverage,
    get_warden_figures,
    list_active_appointments,
    list_candidates,
    list_children_coverage,
    list_ledger,
)
from muster.people.models import Person
from tests.coverage.city import NOON, OFFICER, City, settle

WARDEN, DEPUTY = AppointmentRole.WARDEN, AppointmentRole.DEPUTY


def put(city: City, code: str, person: Person, role: AppointmentRole) -> None:
    appoint(actor=OFFICER, now=NOON, emergency=city.emergency, area=city.area(code), person=person, role=role)


@pytest.fixture
def staffed(city: City, wang: Person, li: Person) -> City:
    """A warden on one unit, a deputy alone on the next."""
    put(city, "C1-A-1-1", wang, WARDEN)
    put(city, "C1-A-1-2", li, DEPUTY)
    return city


def test_children_stand_as_their_subtrees_do(staffed: City) -> None:
    rows = list_children_coverage(staffed.emergency, staffed.area("220702001"))
    assert [(row.code, row.required, row.covered, row.deputy_only, row.gap, row.has_children) for row in rows] == [
        ("C1", 6, 1, 1, 4, True),
        ("C2", 1, 0, 0, 1, True),
    ]


def test_children_without_children_stand_as_they_do_themselves(staffed: City) -> None:
    rows = list_children_coverage(staffed.emergency, staffed.area("C1-A-1"))
    assert [(row.code, row.covered, row.deputy_only, row.has_children) for row in rows] == [
        ("C1-A-1-1", 1, 0, False),
        ("C1-A-1-2", 0, 1, False),
    ]


@pytest.mark.parametrize("code", ["2207", "220702001", "C1-A", "C1-A-1"])
def test_a_tree_needs_four_queries_at_most(
    staffed: City, code: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        list_children_coverage(staffed.emergency, staffed.area(code))


def test_an_area_needs_four_queries_whatever_its_size(
    staffed: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        coverage = get_area_coverage(staffed.emergency, staffed.area("2207"))
    assert [(one.level, one.tally.required) for one in coverage.levels] == [
        ("compound", 2),
        ("building", 2),
        ("unit", 3),
    ]
    assert coverage.state is None
    assert (coverage.total.required, coverage.total.gap) == (7, 5)


def test_a_doorway_shows_its_own_people_and_tally(staffed: City) -> None:
    coverage = get_area_coverage(staffed.emergency, staffed.area("C1-A-1-1"))
    assert coverage.state == CoverageState.COVERED
    assert coverage.warden is not None
    assert coverage.warden.person_name == "王秀兰"
    assert (coverage.total.required, coverage.total.covered) == (1, 1)


@pytest.mark.parametrize(("state", "expected"), [("covered", 1), ("deputy_only", 1), ("gap", 5), (None, 7)])
def test_the_ledger_is_filtered_by_state(staffed: City, state: CoverageState | None, expected: int) -> None:
    rows = list_ledger(staffed.emergency, staffed.area("2207"), state)
    assert len(rows) == count_ledger(staffed.emergency, staffed.area("2207"), state) == expected
    if state:
        assert {row.state for row in rows} == {state}


def test_the_ledger_is_filtered_by_level_and_read_in_pages(staffed: City) -> None:
    top = staffed.area("2207")
    units = list_ledger(staffed.emergency, top, level="unit")
    assert [row.code for row in units] == ["C1-A-1-1", "C1-A-1-2", "C1-A-2-1"]
    assert list_ledger(staffed.emergency, top, level="unit", offset=1, limit=1) == units[1:2]


@pytest.mark.parametrize("state", [None, "covered", "deputy_only", "gap"])
def test_pages_of_the_ledger_are_parts_of_the_whole(staffed: City, state: CoverageState | None) -> None:
    top = staffed.area("2207")
    whole = list_ledger(staffed.emergency, top, state)
    pages = [list_ledger(staffed.emergency, top, state, offset=at, limit=2) for at in range(0, len(whole) + 2, 2)]
    assert [row for page in pages for row in page] == whole


def test_a_gap_of_the_ledger_shows_age_and_owner(staffed: City) -> None:
    row = next(row for row in list_ledger(staffed.emergency, staffed.area("C2")))
    assert [(gap.since_at, gap.owner_name) for gap in row.gaps] == [(NOON, "江畔社区")]


def test_figures_count_different_people(city: City) -> None:
    zhao = settle("P9", "赵敏", "C1-A", max_appointments=3)
    for code in ("C1-A", "C1-A-1", "C1-A-2"):
        put(city, code, zhao, WARDEN)
    figures = get_warden_figures(city.emergency, city.area("2207"))
    assert (figures.required, figures.covered, figures.people) == (7, 3, 1)


def test_active_appointments_are_listed_down_the_tree(staffed: City) -> None:
    rows = list_active_appointments(staffed.emergency, staffed.area("2207"))
    assert [(row.area.code, row.role) for row in rows] == [("C1-A-1-1", WARDEN), ("C1-A-1-2", DEPUTY)]


def test_candidates_are_the_nearest_first_and_say_what_keeps_them_away(staffed: City) -> None:
    settle("P5", "陈静", "C1-A-1-1")
    settle("P6", "刘洋", "C1-A-1", may_serve=False)
    found = list_candidates(staffed.area("C1-A-1-1"), now=NOON)
    assert [(one.person_name, one.nearness, one.exclusion) for one in found] == [
        ("陈静", Nearness.LIVES_HERE, None),
        ("刘洋", Nearness.SAME_BUILDING, Exclusion.NOT_SERVING),
        ("王秀兰", Nearness.LIVES_HERE, Exclusion.FULL),
        ("李建国", Nearness.SAME_BUILDING, Exclusion.FULL),
    ]


def test_candidates_of_a_compound_are_of_its_community_its_workers_and_its_township(city: City) -> None:
    settle("P5", "陈静", "C1-A-1-1")
    settle("P6", "刘洋", "C1")
    settle("P7", "周强", work="C1")
    settle("P8", "孙丽", "C2-B")
    found = list_candidates(city.area("C1-A"), now=NOON)
    assert [(one.person_name, one.nearness) for one in found] == [
        ("陈静", Nearness.LIVES_HERE),
        ("刘洋", Nearness.SAME_COMMUNITY),
        ("周强", Nearness.WORKS_NEARBY),
        ("孙丽", Nearness.SAME_TOWNSHIP),
    ]
