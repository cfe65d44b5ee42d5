"""The benchmark's text files and the rosters written for them; bad files are named by section and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muster.planning.formats.roster_text import read_roster_text
from muster.planning.result import ProblemError, VerificationError
from muster.planning.rostering.files import solve_file, verify_file

TEXT = """\
# A comment
SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
L,480,E

SECTION_STAFF
A,E=7|L=3,2400,960,5,1,2,1
B,E=7|L=0,2400,960,5,1,2,1

SECTION_DAYS_OFF
A,0
B,3,4

SECTION_SHIFT_ON_REQUESTS
A,2,L,3

SECTION_SHIFT_OFF_REQUESTS
B,1,E,2

SECTION_COVER
0,E,1,100,1
1,E,2,100,1
2,L,1,100,1
"""


@pytest.fixture
def problem_path(tmp_path: Path) -> Path:
    path = tmp_path / "week.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_becomes_the_problem_it_describes(problem_path: Path) -> None:
    problem = read_roster_text(problem_path)
    assert (problem.n_people, problem.n_days, problem.n_shifts) == (2, 7, 2)
    assert problem.forbidden == {("L", "E")}
    assert problem.demand[2, 1] == 1
    assert not problem.allowed[1, 3].any()
    assert not problem.allowed[1, :, 1].any()
    assert problem.people[0].max_of_type == {"L": 3}


def test_a_solved_file_verifies(problem_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    told = solve_file(problem_path, time_limit_s=3, seed=1, out=out)
    assert told["objective"] == 2
    assert told["bound"] <= 2
    assert verify_file(problem_path, out)["objective"] == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7\n", "seven\n", r"section HORIZON, line 3: horizon 'seven' is not a whole number"),
        ("L,480,E", "L,480,X", r"section SHIFTS, line 7: shift 'X' is not declared"),
        ("L,480,E", "E,480,", r"section SHIFTS, line 7: shift 'E' is empty or declared twice"),
        ("A,E=7|L=3,2400", "A,E=7|L=3,2400,1", r"section STAFF, line 10: 9 fields, expected 8"),
        ("A,0\n", "Z,0\n", r"section DAYS_OFF, line 14: employee 'Z' is not declared"),
        ("A,2,L,3", "A,9,L,3", r"section SHIFT_ON_REQUESTS, line 18: day 9 is outside the horizon of 7 days"),
        ("0,E,1,100,1", "0,E,-1,100,1", r"section COVER, line 24: cover -1 is not between"),
        ("1,E,2,100,1", "0,E,1,100,1", r"section COVER, line 25: cover of day 0, shift E is given twice"),
        ("SECTION_COVER", "SECTION_COVERS", r"unknown section; the sections are HORIZON, SHIFTS"),
    ],
)
def test_a_malformed_file_is_named_by_section_and_line(problem_path: Path, old: str, new: str, message: str) -> None:
    problem_path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemError, match=message):
        read_roster_text(problem_path)


def test_a_missing_section_and_a_missing_file_are_named(tmp_path: Path, problem_path: Path) -> None:
    problem_path.write_text(TEXT.split("SECTION_COVER", maxsplit=1)[0], encoding="utf-8")
    with pytest.raises(ProblemError, match="SECTION_COVER is missing"):
        read_roster_text(problem_path)
    with pytest.raises(ProblemError, match="cannot be read"):
        read_roster_text(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("document", "error", "message"),
    [
        ("{", ProblemError, "is not JSON"),
        ("[]", ProblemError, "expected an object"),
        ({"assignments": [{"staff": "A", "day": 1}]}, ProblemError, "assignment 0: expected"),
        ({"assignments": [{"staff": "Q", "day": 1, "shift": "E"}]}, ProblemError, "is not in the problem"),
        ({"assignments": [{"staff": "A", "day": 7, "shift": "E"}]}, ProblemError, "is not a day"),
        ({"assignments": [{"staff": "A", "day": 1, "shift": "E"}] * 2}, VerificationError, "works twice"),
        ({"assignments": [{"staff": "A", "day": 0, "shift": "E"}]}, VerificationError, "person A: day 0"),
    ],
)
def test_a_broken_roster_file_is_refused(
    problem_path: Path, tmp_path: Path, document: object, error: type[Exception], message: str
) -> None:
    path = tmp_path / "roster.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    with pytest.raises(error, match=message):
        verify_file(problem_path, path)


def test_a_roster_that_claims_a_better_objective_is_refused(problem_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    solve_file(problem_path, time_limit_s=3, seed=1, out=out)
    document = json.loads(out.read_text(encoding="utf-8"))
    out.write_text(json.dumps({**document, "objective": 1}), encoding="utf-8")
    with pytest.raises(VerificationError, match="claims objective 1, but the roster costs 2"):
        verify_file(problem_path, out)
