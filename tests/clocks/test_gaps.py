"""Gaps open once, keep their age, and close once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from muster.clocks.actions import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.clocks.queries import (
    Among,
    count_among,
    count_open_gaps,
    list_open_gaps,
    list_owner_ages,
    list_pressing,
    read_owners,
)
from tests.coverage.city import NOON, City, build_city

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def city(db: None) -> City:
    built = build_city()
    close_gaps(emergency=built.emergency, now=NOON)
    return built


def unfilled(city: City, subject: str, **values: Any) -> GapSpec:
    area = city.area("C1")
    return GapSpec(GapKind.SHIFT_UNFILLED, subject, area.pk, area.pk, **values)


def test_a_gap_opened_again_keeps_its_age_and_takes_the_new_reason(city: City) -> None:
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "gate", why="no_candidate")])
    open_gaps(
        emergency=city.emergency,
        now=LATER,
        gaps=[unfilled(city, "gate", why="all_full", why_detail={"people": 2}, people_missing=2)],
    )
    gap = Gap.objects.get(closed_at=None)
    assert (gap.since_at, gap.why, gap.why_detail, gap.people_missing) == (NOON, "all_full", {"people": 2}, 2)


def test_a_gap_given_without_a_reason_keeps_the_one_it_has(city: City) -> None:
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "gate", why="no_candidate")])
    open_gaps(emergency=city.emergency, now=LATER, gaps=[unfilled(city, "gate")])
    assert Gap.objects.get(closed_at=None).why == "no_candidate"


def test_a_gap_that_closed_opens_anew_with_a_new_age(city: City) -> None:
    spec = unfilled(city, "gate")
    open_gaps(emergency=city.emergency, now=NOON, gaps=[spec])
    assert close_gaps(emergency=city.emergency, now=NOON, kind=spec.kind, subjects=["gate"]) == 1
    assert close_gaps(emergency=city.emergency, now=LATER, kind=spec.kind, subjects=["gate"]) == 0
    open_gaps(emergency=city.emergency, now=LATER, gaps=[spec])
    assert Gap.objects.get(closed_at=None).since_at == LATER


def test_thousands_of_gaps_open_and_close_in_bulk(city: City) -> None:
    specs = [unfilled(city, f"post{k}") for k in range(6000)]
    assert open_gaps(emergency=city.emergency, now=NOON, gaps=specs) == 6000
    open_gaps(emergency=city.emergency, now=LATER, gaps=specs)
    assert Gap.objects.filter(closed_at=None).count() == 6000
    closed = close_gaps(emergency=city.emergency, now=LATER, subjects=[spec.subject for spec in specs[:2000]])
    assert closed == 2000


def test_gaps_close_by_a_condition(city: City) -> None:
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "a"), unfilled(city, "b")])
    close_gaps(emergency=city.emergency, now=LATER, where=Q(subject="a"))
    assert list(list_open_gaps(city.emergency, city.area("C1")).values_list("subject", flat=True)) == ["b"]


def test_open_gaps_are_listed_oldest_first_and_counted_by_kind(city: City) -> None:
    open_gaps(emergency=city.emergency, now=LATER, gaps=[unfilled(city, "young")])
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "old")])
    assert [gap.subject for gap in list_open_gaps(city.emergency, city.area("2207"))] == ["old", "young"]
    counts = count_open_gaps(city.emergency, city.area("2207"), GapKind.values)
    assert (counts[GapKind.SHIFT_UNFILLED], counts[GapKind.AREA_WITHOUT_WARDEN]) == (2, 0)
    assert list_open_gaps(city.emergency, city.area("C2")).count() == 0


def test_a_gap_belongs_to_the_nearest_office_on_the_way_up(city: City) -> None:
    owners = read_owners(city.area("C1-A-1"))
    assert owners.find(city.area("C1-A-1-1").path) == city.area("C1").pk
    everywhere = read_owners(city.area("2207"))
    assert everywhere.find(city.area("220702001").path) == city.area("220702001").pk


def press(city: City) -> None:
    """Open gaps of three kinds at three times in the communities of C1 and C2."""
    places = [
        ("C1-A-1", GapKind.AREA_WITHOUT_DEPUTY),
        ("C1-A-2", GapKind.AREA_WITHOUT_WARDEN),
        ("C2", "shift_unfilled"),
    ]
    for hours, (code, kind) in enumerate(places):
        area = city.area(code)
        spec = GapSpec(GapKind(kind), code, area.pk, area.pk)
        open_gaps(emergency=city.emergency, now=NOON + timedelta(hours=hours), gaps=[spec])


@pytest.mark.parametrize(("within", "subjects"), [("2207", ["C1-A-2", "C2", "C1-A-1"]), ("C1", ["C1-A-2", "C1-A-1"])])
def test_places_with_nobody_press_before_missing_deputies(city: City, within: str, subjects: list[str]) -> None:
    press(city)
    whole = list_pressing(city.emergency, city.area(within), limit=9)
    assert [gap.subject for gap in whole] == subjects
    assert list_pressing(city.emergency, city.area(within), offset=1, limit=1) == whole[1:2]
    only = list_pressing(city.emergency, city.area(within), Among(GapKind.AREA_WITHOUT_DEPUTY), limit=9)
    assert [gap.subject for gap in only] == ["C1-A-1"]


def test_a_page_of_gaps_takes_two_queries(city: City, django_assert_num_queries: Any) -> None:
    press(city)
    with django_assert_num_queries(2):
        assert {gap.owner_area.level.slug for gap in list_pressing(city.emergency, city.area("C1"), limit=9)}


@pytest.mark.parametrize("within", ["2207", "C1", "C2"])
def test_gaps_of_one_kind_are_counted_as_among_all(city: City, within: str) -> None:
    press(city)
    everything = count_open_gaps(city.emergency, city.area(within))
    for kind, count in everything.items():
        assert count_open_gaps(city.emergency, city.area(within), [kind]) == {kind: count}


def test_offices_are_told_how_many_of_their_gaps_are_how_old(city: City) -> None:
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "old"), unfilled(city, "older")])
    open_gaps(emergency=city.emergency, now=LATER, gaps=[unfilled(city, "young")])
    other = city.area("C2")
    open_gaps(emergency=city.emergency, now=LATER, gaps=[GapSpec(GapKind.SHIFT_UNFILLED, "far", other.pk, other.pk)])
    spans = (Among(opened_until=LATER), Among(opened_from=LATER))
    whole = list_owner_ages(city.emergency, city.area("2207"), spans, limit=5)
    assert [(row.owner.code, row.counts) for row in whole] == [("C1", (2, 1)), ("C2", (0, 1))]
    assert [row.owner.code for row in list_owner_ages(city.emergency, city.area("2207"), spans, limit=1)] == ["C1"]


def test_gaps_are_narrowed_by_owner_and_by_when_they_opened(city: City) -> None:
    open_gaps(emergency=city.emergency, now=NOON, gaps=[unfilled(city, "old")])
    open_gaps(emergency=city.emergency, now=LATER, gaps=[unfilled(city, "young")])
    young = Among(owner=city.area("C1"), opened_from=LATER)
    assert [gap.subject for gap in list_pressing(city.emergency, city.area("2207"), young, limit=9)] == ["young"]
    assert count_among(city.emergency, city.area("2207"), young) == 1
    assert count_among(city.emergency, city.area("2207"), Among(owner=city.area("C2"))) == 0
