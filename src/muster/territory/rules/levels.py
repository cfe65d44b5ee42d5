"""The order of levels, read off the rows themselves: other countries have other levels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

RANK_STEP = 100
"""Distance between neighboring levels, so that a later one fits between them."""

_WITNESSES_AGAINST_KNOWN_ORDER = 3
_LEAST_ROWS = 2
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class LevelOrder:
    """The levels of a list and how they stand.

    Parameters
    ----------
    ranks
        Rank of every accepted level, known and new; a smaller one stands higher.
    new
        Levels that were not known before, from the top down.
    moved
        Known levels whose order changes, because no area uses them and the list orders them otherwise.
    refused
        Levels that look like a slip, with the level that was probably meant (or an empty string).
    """

    ranks: dict[str, int]
    new: tuple[str, ...]
    moved: tuple[str, ...]
    refused: dict[str, str]


class LevelOrderError(ValueError):
    """Levels that cannot be put in one order."""


def order_levels(
    pairs: Iterable[tuple[str | None, str]], known: Mapping[str, int], in_use: frozenset[str] = frozenset()
) -> LevelOrder:
    """Find the order of the levels of a list of areas.

    A level that is not known is taken as new when it carries weight in the list: at least two areas, the top
    of the tree, areas beneath it, or no other level beside it. One that stands alone, or is spelled almost like
    another that could stand in its place, is refused as a slip. Known levels keep their order, unless no area
    uses them yet and the list speaks against it, with nothing in favor or with at least three rows for each one
    in favor.

    Parameters
    ----------
    pairs
        For each row, the level of its parent (empty for a root, None where the parent is not there) and its own.
    known
        Rank of each level in the database.
    in_use
        Known levels that areas in the database already have.

    Raises
    ------
    LevelOrderError
        If two levels each stand above the other in many rows.
    """
    edges = Counter(pairs)
    used = Counter[str]()
    for (_, level), count in edges.items():
        used[level] += count
    refused = _find_slips(used, edges, known)
    accepted = [level for level in used if level not in refused]
    told = Counter(
        {
            (upper, lower): many
            for (upper, lower), many in edges.items()
            if upper and not refused.keys() & {upper, lower}
        }
    )
    above = _majority(told, known, in_use)
    new = [level for level in accepted if level not in known]
    if not new and all(known[upper] < known[lower] for upper, lower in above):
        return LevelOrder(dict(known), (), (), refused)
    return _rank_anew(accepted, above, known, in_use, refused)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What stands above, beneath and beside a level in a list."""

    above: frozenset[str | None]
    beneath: frozenset[str]
    is_beside_others: bool

    def is_foreign(self, known: Mapping[str, int]) -> bool:
        """Tell whether a level next to it is new as well, so that the list has levels of its own."""
        return any(level and level not in known for level in (*self.above, *self.beneath))


def _look_around(level: str, edges: Counter[tuple[str | None, str]]) -> _Surroundings:
    above = frozenset(upper for upper, lower in edges if lower == level)
    beneath = frozenset(lower for upper, lower in edges if upper == level)
    is_beside_others = None in above or any(upper in above and lower != level for upper, lower in edges)
    return _Surroundings(above, beneath, is_beside_others)


def _find_slips(used: Counter[str], edges: Counter[tuple[str | None, str]], known: Mapping[str, int]) -> dict[str, str]:
    slips: dict[str, str] = {}
    for level, count in used.items():
        around = _look_around(level, edges)
        if level in known or (around.beneath and not around.is_beside_others and around.is_foreign(known)):
            continue
        meant = _find_meant(level, used, known, around)
        is_lone = count < _LEAST_ROWS and not around.beneath and "" not in around.above
        if meant or (is_lone and (around.is_beside_others or not around.is_foreign(known))):
            slips[level] = meant
    return slips


def _find_meant(level: str, used: Counter[str], known: Mapping[str, int], around: _Surroundings) -> str:
    """Return the level that a slip was meant to be, or an empty string when it resembles none in whose place it stands.

    Levels that differ only by a number are told apart on purpose, and one that holds another is not the other.
    """
    count = used[level]
    rivals = [
        other
        for other in {**known, **used}
        if other not in around.above | around.beneath
        and _NUMBERS.sub("", other) != _NUMBERS.sub("", level)
        and (used[other] > 5 * count or (other in known and (used[other] or count < _LEAST_ROWS)))
    ]
    return next(iter(get_close_matches(level, rivals, n=1, cutoff=0.8)), "")


def _majority(
    edges: Counter[tuple[str, str]], known: Mapping[str, int], in_use: frozenset[str]
) -> list[tuple[str, str]]:
    """Return the pairs (upper, lower) that the list speaks for, each pair of levels once."""
    above: list[tuple[str, str]] = []
    doubtful: list[tuple[str, str]] = []
    for (upper, lower), count in edges.items():
        counter = edges.get((lower, upper), 0)
        if upper == lower or count < counter or (count == counter and not _agrees(upper, lower, known)):
            continue
        if not _contradicts(upper, lower, known):
            above.append((upper, lower))
        elif not {upper, lower} & in_use and count >= _WITNESSES_AGAINST_KNOWN_ORDER * counter:
            (above if count >= _WITNESSES_AGAINST_KNOWN_ORDER else doubtful).append((upper, lower))
    # A row or two against the known order count only where no longer way through the list says what it says.
    return above + [(upper, lower) for upper, lower in doubtful if upper not in _reach(lower, above)]


def _reach(level: str, above: Sequence[tuple[str, str]]) -> set[str]:
    """Return every level that the pairs put beneath one, directly or by way of others."""
    reached: set[str] = set()
    frontier = [level]
    while frontier:
        upper = frontier.pop()
        following = {lower for higher, lower in above if higher == upper} - reached
        reached |= following
        frontier.extend(following)
    return reached


def _contradicts(upper: str, lower: str, known: Mapping[str, int]) -> bool:
    return upper in known and lower in known and known[upper] > known[lower]


def _agrees(upper: str, lower: str, known: Mapping[str, int]) -> bool:
    return upper in known and lower in known and known[upper] < known[lower]


def _rank_anew(
    accepted: Sequence[str],
    above: Sequence[tuple[str, str]],
    known: Mapping[str, int],
    in_use: frozenset[str],
    refused: dict[str, str],
) -> LevelOrder:
    """Order all levels so that the list's pairs hold, and known levels keep theirs where the list is silent."""
    spoken = {level for pair in above for level in pair} | set(accepted)
    moved_levels = _moved_levels(above, known) - in_use
    firm = sorted(known.keys() - moved_levels, key=lambda level: known[level])
    graph: dict[str, set[str]] = {level: set() for level in spoken | set(known)}
    for upper, lower in [*above, *pairwise(firm)]:
        graph[lower].add(upper)
    try:
        order = _stable_order(graph, known)
    except CycleError as error:
        raise LevelOrderError(" → ".join(dict.fromkeys(error.args[1]))) from error
    ranks = _spread(order, known)
    moved = tuple(level for level in order if level in moved_levels)
    return LevelOrder(ranks, tuple(level for level in order if level not in known), moved, refused)


def _moved_levels(above: Sequence[tuple[str, str]], known: Mapping[str, int]) -> set[str]:
    """Return the known levels that the list orders otherwise, directly or by way of new levels between them."""
    moved: set[str] = set()
    for upper in known:
        against = {lower for lower in _reach(upper, above) if _contradicts(upper, lower, known)}
        if against:
            moved |= against | {upper}
    return moved


def _stable_order(graph: Mapping[str, set[str]], known: Mapping[str, int]) -> list[str]:
    """Sort topologically; among levels that are free to go next, the known highest one goes first."""
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready: list[str] = []
    order: list[str] = []
    while sorter.is_active():
        ready.extend(sorter.get_ready())
        # A new level waits for nothing but its uppers, so it goes before known ones that come later.
        ready.sort(key=lambda level: (known.get(level, -1), level))
        order.append(ready.pop(0))
        sorter.done(order[-1])
    return order


def _spread(order: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Give ranks in order: known ones stay where they fit; the others are put between or, lacking room, all anew."""
    ranks: dict[str, int] = {}
    last = 0
    for place, level in enumerate(order):
        following = [known[later] for later in order[place + 1 :] if known.get(later, 0) > last]
        if level in known and known[level] > last:
            rank = known[level]
        else:
            rank = (last + min(following)) // 2 if following else last + RANK_STEP
        if rank <= last:
            return {each: (number + 1) * RANK_STEP for number, each in enumerate(order)}
        ranks[level] = last = rank
    return ranks
