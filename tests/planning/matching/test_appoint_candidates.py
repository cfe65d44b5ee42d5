"""Candidates are those near by, and none that may not serve."""

from __future__ import annotations

import numpy as np
import pytest

from muster.planning.matching.candidates import list_near, list_within


def test_the_nearest_who_may_serve_are_listed_within_reach() -> None:
    areas = np.array([[0.0, 0.0], [1000.0, 0.0], [9000.0, 0.0]])
    persons = np.array([[3.0, 4.0], [0.0, 1.0], [1000.0, 20.0], [1.0, 1.0]])
    may_serve = np.array([True, True, True, False])
    (arcs,) = list_near(areas, persons, n_nearest=2, reach_m=100.0, may_serve=may_serve)
    listed = sorted(zip(arcs.area.tolist(), arcs.person.tolist(), arcs.cost.tolist(), strict=True))
    assert listed == [(0, 0, 5), (0, 1, 1), (1, 2, 20)]


def test_where_nobody_may_serve_nobody_is_listed() -> None:
    points = np.zeros((2, 2))
    assert not list(list_near(points, points, n_nearest=1, reach_m=1.0, may_serve=np.zeros(2, np.bool_)))


@pytest.mark.parametrize("seed", range(5))
def test_near_candidates_agree_with_all_distances(seed: int) -> None:
    rng = np.random.default_rng(seed)
    areas, persons = rng.random((40, 2)) * 1000, rng.random((60, 2)) * 1000
    (arcs,) = list_near(areas, persons, n_nearest=5, reach_m=200.0)
    distance = np.linalg.norm(areas[:, None] - persons[None], axis=2)
    expected = {
        (area, int(person))
        for area in range(40)
        for person in np.argsort(distance[area])[:5]
        if distance[area, person] < 200.0
    }
    assert set(zip(arcs.area.tolist(), arcs.person.tolist(), strict=True)) == expected


def test_the_tree_is_climbed_until_there_are_enough() -> None:
    # Leaves 0 to 9: two buildings of five in one compound; homes by leaf.
    begins, ends = np.array([[0, 0, 0], [7, 5, 0]]), np.array([[1, 5, 10], [8, 10, 10]])
    home = np.array([0, 3, 9, 6, 0])
    (arcs,) = list_within(begins, ends, home, level_cost=np.array([0, 10, 50]), n_enough=2, n_most=5)
    listed = sorted(zip(arcs.area.tolist(), arcs.person.tolist(), arcs.cost.tolist(), strict=True))
    assert listed == [(0, 0, 0), (0, 4, 0), (1, 2, 10), (1, 3, 10)]


def test_a_missing_level_is_passed_over_without_listing_anybody_twice() -> None:
    begins, ends = np.array([[2, 0, 0]]), np.array([[4, 0, 10]])
    home = np.array([2, 3, 8, 1])
    (arcs,) = list_within(begins, ends, home, level_cost=np.array([0, 10, 50]), n_enough=9, n_most=9)
    listed = sorted(zip(arcs.person.tolist(), arcs.cost.tolist(), strict=True))
    assert listed == [(0, 0), (1, 0), (2, 50), (3, 50)]
