"""The order of levels, read off the rows themselves: other countries have other levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

RANK_STEP = 100
"""Distance between neighboring levels, so that a later one fits between them."""

_WITNESSES_AGAINST_KNOWN_ORDER = 3


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
        Known levels whose rank changes, because no area uses them and the list orders them otherwise.
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
    pairs: Iterable[tuple[str, str]], known: Mapping[str, int], in_use: frozenset[str] = frozenset()
) -> LevelOrder:
    """Find the order of the levels of a list of areas.

    A level that is not known is taken as new when it carries weight in the list: at least two areas, or
    the top of the tree. One that stands alone, or is spelled almost like another, is refused as a slip.
    Known levels keep their order, unless no area uses them yet and the list speaks against it with at
    least three rows and none in favor.

    Parameters
    ----------
    pairs
        For each row, the level of its parent (empty for a root) and its own.
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
    edges = Counter({pair: count for pair, count in edges.items() if not refused.keys() & set(pair) and pair[0]})
    accepted = [level for level in used if level not in refused]
    above = _majority(edges, known, in_use)
    new = [level for level in accepted if level not in known]
    if not new and all(known[upper] < known[lower] for upper, lower in above):
        return LevelOrder(dict(known), (), (), refused)
    return _rank_anew(accepted, above, known, in_use, refused)


def _find_slips(used: Counter[str], edges: Counter[tuple[str, str]], known: Mapping[str, int]) -> dict[str, str]:
    slips: dict[str, str] = {}
    for level, count in used.items():
        if level in known:
            continue
        rivals = [*known, *(other for other, many in used.items() if other not in known and many > 5 * count)]
        meant = get_close_matches(level, rivals, n=1, cutoff=0.8)
        is_root = ("", level) in edges
        if meant or (count < 2 and not is_root):
            slips[level] = meant[0] if meant else ""
    return slips


def _majority(
    edges: Counter[tuple[str, str]], known: Mapping[str, int], in_use: frozenset[str]
) -> list[tuple[str, str]]:
    """Return the pairs (upper, lower) that the list speaks for, each pair of levels once."""
    above = []
    for (upper, lower), count in edges.items():
        counter = edges.get((lower, upper), 0)
        if upper == lower or count < counter:
            continue
        if _contradicts(upper, lower, known) and (
            count < _WITNESSES_AGAINST_KNOWN_ORDER or counter or {upper, lower} & in_use
        ):
            continue
        if count == counter and not _agrees(upper, lower, known):
            continue
        above.append((upper, lower))
    return above


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
    moved = tuple(level for level in order if level in known and ranks[level] != known[level])
    return LevelOrder(ranks, tuple(level for level in order if level not in known), moved, refused)


def _moved_levels(above: Sequence[tuple[str, str]], known: Mapping[str, int]) -> set[str]:
    """Return the known levels that the list orders otherwise, directly or by way of new levels between them."""
    lower_of: dict[str, set[str]] = {}
    for upper, lower in above:
        lower_of.setdefault(upper, set()).add(lower)
    moved: set[str] = set()
    for upper in known:
        reached: set[str] = set()
        frontier = [upper]
        while frontier:
            following = lower_of.get(frontier.pop(), set()) - reached
            reached |= following
            frontier.extend(following)
        against = {lower for lower in reached if _contradicts(upper, lower, known)}
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
