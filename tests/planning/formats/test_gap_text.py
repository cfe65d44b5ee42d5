"""The OR-Library's text is read, and what is wrong with a file is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.planning.formats.gap_text import parse_gap_text, read_gap_text
from muster.planning.result import ProblemError

TEXT = " 2 3\n 1 2 3\n 4 5 6\n\n 1 1 1\n 2 2 2\n 3 4\n"


def test_costs_weights_and_capacities_are_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "problem"
    path.write_text(TEXT)
    problem = read_gap_text(path)
    assert problem.cost.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert problem.weight.tolist() == [[1, 1, 1], [2, 2, 2]]
    assert problem.capacity.tolist() == [3, 4]


def test_a_leading_count_of_one_problem_is_accepted() -> None:
    assert parse_gap_text("1\n" + TEXT, "it").n_jobs == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with the numbers of agents and of jobs"),
        ("0 3", "both at least 1"),
        ("2 3 1 2", "need 16 numbers .* holds 4"),
        (TEXT.replace("5", "five"), "line 3: 'five' is not a whole number"),
        (TEXT.replace("5", str(2**70)), "does not fit into 64 bits"),
        (TEXT.replace(" 3 4\n", " -3 4\n"), "capacity at"),
    ],
)
def test_a_broken_file_says_where(text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        parse_gap_text(text, "it")
