"""The order of levels is read off the rows: other countries have other levels, and a slip is no level."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.territory.rules import LevelOrderError, order_levels

KNOWN = {"province": 200, "city": 300, "county": 400, "township": 500, "community": 600, "building": 800}


def _sorted(ranks: dict[str, int], levels: list[str]) -> list[str]:
    return sorted(levels, key=lambda level: ranks[level])


def test_known_levels_stay_as_they_are() -> None:
    order = order_levels([("", "city"), ("city", "county"), ("county", "community")], KNOWN)
    assert (order.ranks, order.new, order.moved, order.refused) == (KNOWN, (), (), {})


def test_new_levels_find_their_place_between_known_ones() -> None:
    pairs = [("", "city"), ("city", "ward"), ("city", "ward"), ("ward", "building"), ("building", "door")] * 2
    order = order_levels(pairs, KNOWN)
    assert order.new == ("ward", "door")
    assert _sorted(order.ranks, ["door", "building", "ward", "city"]) == ["city", "ward", "building", "door"]
    assert all(order.ranks[level] == rank for level, rank in KNOWN.items())


def test_a_tree_with_levels_all_of_its_own_is_taken() -> None:
    pairs = [("", "region"), *[("region", "district")] * 2, *[("district", "ward")] * 4, *[("ward", "door")] * 9]
    order = order_levels(pairs, KNOWN)
    assert order.new == ("region", "district", "ward", "door")


@pytest.mark.parametrize(("slip", "meant"), [("comunity", "community"), ("planet", "")])
def test_a_slip_is_refused_and_the_level_that_was_meant_is_named(slip: str, meant: str) -> None:
    order = order_levels([("", "city"), ("city", "county"), ("county", slip)], KNOWN)
    assert order.refused == {slip: meant}
    assert slip not in order.ranks


def test_a_country_where_counties_hold_cities_is_taken_while_no_area_says_otherwise() -> None:
    pairs = [("", "state"), *[("state", "county")] * 3, *[("county", "city")] * 5]
    order = order_levels(pairs, KNOWN)
    assert _sorted(order.ranks, ["city", "county", "state"]) == ["state", "county", "city"]


def test_levels_in_use_keep_their_order_against_any_list() -> None:
    pairs = [("", "state"), *[("state", "county")] * 3, *[("county", "city")] * 5]
    order = order_levels(pairs, KNOWN, frozenset({"city", "county"}))
    assert order.ranks["city"] < order.ranks["county"]


def test_one_wrong_row_does_not_turn_the_order_round() -> None:
    order = order_levels([("", "city"), ("city", "county"), ("county", "township"), ("township", "county")], KNOWN)
    assert order.moved == ()


def test_a_few_wrong_rows_among_many_right_ones_do_not_keep_a_country_out() -> None:
    pairs = [("", "state"), *[("state", "county")] * 2, *[("county", "city")] * 3, ("city", "county")]
    order = order_levels(pairs, KNOWN)
    assert _sorted(order.ranks, ["city", "county", "state"]) == ["state", "county", "city"]


def test_a_small_list_that_nothing_speaks_against_is_believed() -> None:
    order = order_levels([("", "state"), ("state", "county"), ("county", "city")], KNOWN)
    assert _sorted(order.ranks, ["city", "county", "state"]) == ["state", "county", "city"]


def test_a_row_against_a_whole_chain_does_not_turn_the_order_round() -> None:
    chain = ["city", "county", "township", "community"]
    order = order_levels([("", "city"), *pairwise(chain), ("community", "county")], KNOWN)
    assert order.moved == ()


@pytest.mark.parametrize(
    "chain",
    [
        ["adm0", "adm1", "adm2", "adm3"],
        ["province", "district", "subdistrict"],
        ["regione", "provincia", "comune"],
        ["town", "house"],
    ],
)
@pytest.mark.parametrize("many", [1, 10])
def test_levels_that_resemble_each_other_are_no_slips_where_one_holds_the_other(chain: list[str], many: int) -> None:
    pairs = [("", chain[0]), *(pair for depth, pair in enumerate(pairwise(chain)) for _ in range(many**depth))]
    order = order_levels(pairs, KNOWN)
    assert order.refused == {}
    assert _sorted(order.ranks, chain) == chain


def test_a_level_of_many_rows_is_its_own_even_where_it_resembles_one_that_nobody_uses() -> None:
    assert order_levels([("", "country"), *[("country", "provincia")] * 9], KNOWN).new == ("country", "provincia")


def test_a_slip_with_areas_beneath_it_stays_a_slip() -> None:
    pairs = [("", "city"), *[("city", "county")] * 3, ("city", "conuty"), ("conuty", "township")]
    assert order_levels(pairs, KNOWN).refused == {"conuty": "county"}


def test_a_level_of_rows_whose_parent_is_not_there_is_no_root() -> None:
    assert order_levels([("", "city"), (None, "moon")], KNOWN).refused == {"moon": ""}


def test_known_levels_that_keep_their_order_are_not_said_to_move() -> None:
    chain = [f"{letter}-level" for letter in "abcdefghijkl"]
    pairs = [("", chain[0]), *(pair for pair in pairwise(chain) for _ in range(3))]
    order = order_levels(pairs, KNOWN)
    assert order.moved == ()
    assert _sorted(order.ranks, list(KNOWN)) == list(KNOWN)


def test_levels_that_stand_above_each_other_are_refused() -> None:
    pairs = [("a", "b")] * 5 + [("b", "c")] * 5 + [("c", "a")] * 5
    with pytest.raises(LevelOrderError):
        order_levels(pairs, KNOWN)


@given(st.lists(st.sampled_from(["p", "q", "r", "s", "city", "county"]), min_size=2, max_size=6, unique=True))
def test_any_chain_of_levels_keeps_its_order(chain: list[str]) -> None:
    pairs = [("", chain[0])] + [pair for pair in pairwise(chain) for _ in range(3)]
    order = order_levels(pairs, KNOWN)
    assert _sorted(order.ranks, sorted(chain)) == chain
    assert len(set(order.ranks.values())) == len(order.ranks)
