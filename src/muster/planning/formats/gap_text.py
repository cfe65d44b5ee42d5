"""Read generalized assignment problems in the text format of the OR-Library.

Numbers separated by white space: agents, jobs, costs row by row, weights row by row, capacities
(J. E. Beasley, "OR-Library: distributing test problems by electronic mail", JORS 41, 1990). A leading
count of problems, as in the library's collections, is accepted where it is 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from muster.planning.assignment.problem import PairProblem
from muster.planning.result import ProblemError


def read_gap_text(path: Path) -> PairProblem:
    """Read one problem from a file.

    Raises
    ------
    ProblemError
        If the file is not such a problem; the message says where.
    OSError
        If the file cannot be read.
    """
    return parse_gap_text(path.read_text(encoding="utf-8", errors="replace"), str(path))


def parse_gap_text(text: str, name: str) -> PairProblem:
    """Parse one problem from text.

    Parameters
    ----------
    text
        The numbers.
    name
        What to call the text in messages.

    Raises
    ------
    ProblemError
        If the text is not such a problem; the message says where.
    """
    numbers = _numbers(text, name)
    if len(numbers) > 2 and numbers[0] == 1 and len(numbers) == 3 + _size(numbers[1:3]):
        numbers = numbers[1:]
    if len(numbers) < 2 or numbers[0] < 1 or numbers[1] < 1:
        raise ProblemError(f"{name}: the file must begin with the numbers of agents and of jobs, both at least 1.")
    expected = 2 + _size(numbers[:2])
    if len(numbers) != expected:
        raise ProblemError(
            f"{name}: {numbers[0]} agents and {numbers[1]} jobs need {expected} numbers "
            f"(costs, weights, capacities), but the file holds {len(numbers)}. "
            "If it holds several problems, cut it into one file each."
        )
    n_agents, n_jobs = numbers[:2]
    try:
        values = np.array(numbers[2:], np.int64)
    except OverflowError:
        raise ProblemError(f"{name}: a number does not fit into 64 bits.") from None
    matrix = n_agents * n_jobs
    return PairProblem.build(
        cost=values[:matrix].reshape(n_agents, n_jobs),
        weight=values[matrix : 2 * matrix].reshape(n_agents, n_jobs),
        capacity=values[2 * matrix :],
    )


def _size(shape: list[int]) -> int:
    return 2 * shape[0] * shape[1] + shape[0]


def _numbers(text: str, name: str) -> list[int]:
    try:
        return [int(word) for word in text.split()]
    except ValueError:
        pass
    for number, line in enumerate(text.splitlines(), start=1):
        for word in line.split():
            try:
                int(word)
            except ValueError:
                raise ProblemError(f"{name}, line {number}: {word[:40]!r} is not a whole number.") from None
    raise ProblemError(f"{name}: holds something that is not a whole number.")
