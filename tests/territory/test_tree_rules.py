"""What does not fit into one tree is told row by row; paths keep subtrees together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.territory.rules import (
    AreaRow,
    KnownArea,
    ancestor_paths,
    encode_step,
    find_flaws,
    step_ordinal,
    subtree_range,
)


def _flaws(rows: list[tuple[str, str, int]], known: dict[str, KnownArea] | None = None) -> dict[str, str]:
    numbered = [AreaRow(index, code, parent, rank) for index, (code, parent, rank) in enumerate(rows)]
    found = find_flaws(numbered, known or {}, root_ranks=frozenset({1}))
    return {rows[flaw.index][0]: flaw.what for flaw in found}


def test_a_tree_has_no_flaws_whatever_the_order_of_its_rows() -> None:
    assert _flaws([("c", "b", 3), ("b", "a", 2), ("a", "", 1)]) == {}


def test_an_orphan_is_named_and_so_is_all_beneath_it() -> None:
    flaws = _flaws([("a", "", 1), ("b", "x", 2), ("c", "b", 3), ("d", "c", 4)])
    assert "no area with the code x" in flaws["b"]
    assert "b was not taken" in flaws["c"]
    assert "c was not taken" in flaws["d"]


def test_a_circle_is_named_in_each_of_its_rows_and_not_beyond() -> None:
    flaws = _flaws([("a", "", 1), ("b", "d", 2), ("c", "b", 3), ("d", "c", 4), ("e", "d", 5)])
    assert all("lead back" in flaws[code] for code in "bcd")
    assert "d was not taken" in flaws["e"]


def test_an_area_cannot_be_its_own_parent() -> None:
    assert "lead back" in _flaws([("a", "", 1), ("b", "b", 2)])["b"]


def test_a_level_must_stand_below_its_parents_level() -> None:
    flaws = _flaws([("a", "", 1), ("b", "a", 2), ("c", "b", 2)])
    assert "not above it" in flaws["c"]


def test_only_the_top_stands_without_a_parent() -> None:
    assert "no parent" in _flaws([("a", "", 1), ("b", "", 2)])["b"]


def test_a_row_whose_bad_parent_is_known_from_before_is_taken() -> None:
    known = {"a": KnownArea(1, ""), "b": KnownArea(2, "a")}
    assert set(_flaws([("b", "x", 2), ("c", "b", 3)], known)) == {"b"}


@given(st.integers(0, 36**5 - 1))
def test_a_step_tells_its_ordinal(ordinal: int) -> None:
    assert step_ordinal("00000" + encode_step(ordinal)) == ordinal


@given(st.lists(st.integers(0, 36**5 - 1), min_size=1, max_size=6), st.lists(st.integers(0, 36**5 - 1), max_size=6))
def test_a_range_of_paths_holds_an_area_and_what_is_beneath_it_and_nothing_else(
    one: list[int], other: list[int]
) -> None:
    path, another = ("".join(encode_step(step) for step in steps) for steps in (one, other))
    low, high = subtree_range(path)
    assert (low <= another < high) == (other[: len(one)] == one)
    assert ancestor_paths(path)[-1] == path
