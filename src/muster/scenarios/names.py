"""Names to invent people, places and organizations from."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

import numpy as np

from muster.scenarios.chance import is_chance, pick
from muster.scenarios.words import read_words

_WORDS: Final = read_words("names")


def invent_person(rng: np.random.Generator) -> str:
    """Invent a person's name."""
    given = pick(rng, _WORDS["female"]) if is_chance(rng, 0.52) else pick(rng, _WORDS["male"])
    return pick(rng, _WORDS["surnames"]) + given


def invent_phone(rng: np.random.Generator, number: int) -> str:
    """Invent a mobile number, in the form of E.164, that no two people share.

    Numbers that begin with 154 are not given out in China, so that none of these rings anywhere; the
    person's ordinal behind a drawn digit keeps it unique.
    """
    return f"+86154{int(rng.integers(10))}{number:07d}"


def invent_compound(rng: np.random.Generator, taken: set[str]) -> str:
    """Invent a compound's name that its township does not have yet."""
    return _untaken(taken, lambda: pick(rng, _WORDS["compound_heads"]) + pick(rng, _WORDS["compound_tails"]))


def invent_block(rng: np.random.Generator, taken: set[str]) -> str:
    """Invent the name of a stand-alone block: the housing of a works unit that is long gone."""
    return _untaken(taken, lambda: pick(rng, _WORDS["block_owners"]) + pick(rng, _WORDS["block_tails"]))


def invent_hamlet(rng: np.random.Generator, taken: set[str]) -> str:
    """Invent a natural village's name, after the family that first settled there."""
    return _untaken(taken, lambda: pick(rng, _WORDS["surnames"]) + pick(rng, _WORDS["hamlet_tails"]))


def invent_enterprise(rng: np.random.Generator, taken: set[str]) -> str:
    """Invent an enterprise's name."""
    return _untaken(taken, lambda: pick(rng, _WORDS["enterprise_heads"]) + pick(rng, _WORDS["enterprise_tails"]))


def _untaken(taken: set[str], invent: Callable[[], str]) -> str:
    """Invent until the name is new; after enough tries, number it as real towns do."""
    for _ in range(20):
        name = invent()
        if name not in taken:
            taken.add(name)
            return name
    for number in count(2):
        numbered = f"{name}{number}区" if name.endswith(("区", "园", "村", "苑", "寓")) else f"{name}{number}"
        if numbered not in taken:
            taken.add(numbered)
            return numbered
    raise AssertionError("Counting never ends.")
