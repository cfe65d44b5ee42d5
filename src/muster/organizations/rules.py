"""Rules of the organizations' tree as plain values."""

from __future__ import annotations

from collections.abc import Mapping


def find_loops(parents: Mapping[str, str]) -> list[list[str]]:
    """Find organizations that stand above themselves.

    Parameters
    ----------
    parents
        For each code the code of the organization above, or the empty string.

    Returns
    -------
    list of list of str
        Each loop once, beginning with its smallest code and going upwards.
    """
    loops: list[list[str]] = []
    settled: set[str] = set()
    for start in parents:
        line: dict[str, int] = {}
        code = start
        while code and code not in settled and code not in line:
            line[code] = len(line)
            code = parents.get(code, "")
        if code in line:
            loops.append(_turn(list(line)[line[code] :]))
        settled.update(line)
    return loops


def _turn(loop: list[str]) -> list[str]:
    first = loop.index(min(loop))
    return loop[first:] + loop[:first]
