"""What makes a list of areas a tree, told row by row when it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A row of a list of areas, as far as the tree goes.

    Parameters
    ----------
    index
        Place of the row in its table.
    code, parent_code
        Its own code and its parent's; an empty parent is a root.
    rank
        Rank of its level; a smaller one stands higher.
    """

    index: int
    code: str
    parent_code: str
    rank: int


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area that is in the database already.

    Parameters
    ----------
    rank
        Rank of its level.
    parent_code
        Code of its parent; empty for a root.
    top_rank_beneath
        The smallest rank, which stands highest, among its children of which the list says nothing; None without any.
    """

    rank: int
    parent_code: str
    top_rank_beneath: int | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a row out of the tree.

    Parameters
    ----------
    index
        Place of the row in its table.
    column
        The column that is wrong.
    what, remedy
        What is wrong, and what to do.
    """

    index: int
    column: str
    what: str
    remedy: str


def find_flaws(rows: Sequence[AreaRow], known: Mapping[str, KnownArea], *, root_ranks: frozenset[int]) -> list[Flaw]:
    """Find the rows that do not fit into one tree with the areas that are known.

    Parameters
    ----------
    rows
        Rows with different codes.
    known
        Areas in the database, at least all that the rows' codes and parent codes name.
    root_ranks
        Ranks at which an area may stand without a parent.

    Returns
    -------
    list of Flaw
        At most one a row. A row beneath one that is flawed, and not known from before, is flawed as well.
    """
    by_code = {row.code: row for row in rows}
    flaws: dict[str, Flaw] = {}
    for row in rows:
        flaw = _own_flaw(row, by_code, known, root_ranks)
        if flaw is not None:
            flaws[row.code] = flaw
    for row in _rows_in_circles(rows, by_code):
        flaws[row.code] = Flaw(
            row.index, "parent_code", f"The parents of {row.code} lead back to it.", "Correct one of the parents."
        )
    # From the top down, so that a flaw reaches everything beneath it in one pass.
    for row in sorted(rows, key=lambda row: row.rank):
        parent_flaw = flaws.get(row.parent_code)
        if row.code not in flaws and parent_flaw is not None and row.parent_code not in known:
            flaws[row.code] = Flaw(
                row.index,
                "parent_code",
                f"Its parent {row.parent_code} was not taken.",
                "It can be imported once the parent is mended.",
            )
    return sorted(flaws.values(), key=lambda flaw: flaw.index)


def _own_flaw(
    row: AreaRow, by_code: Mapping[str, AreaRow], known: Mapping[str, KnownArea], root_ranks: frozenset[int]
) -> Flaw | None:
    standing = known.get(row.code)
    if standing and standing.top_rank_beneath is not None and standing.top_rank_beneath <= row.rank:
        return Flaw(
            row.index,
            "level",
            f"Areas lie in {row.code} whose level would not be beneath its own.",
            "Correct the level, or import those areas with other levels as well.",
        )
    if not row.parent_code:
        if row.rank in root_ranks:
            return None
        return Flaw(row.index, "parent_code", "It has no parent.", "Name the code of the area that it lies in.")
    parent = by_code.get(row.parent_code) or known.get(row.parent_code)
    if parent is None:
        return Flaw(
            row.index,
            "parent_code",
            f"There is no area with the code {row.parent_code}, neither in this file nor imported before.",
            "Correct the code, or import the parent as well.",
        )
    if parent.rank >= row.rank:
        return Flaw(
            row.index,
            "level",
            f"An area of this level cannot lie in {row.parent_code}, whose level is not above it.",
            "Correct the level or the parent.",
        )
    return None


def _rows_in_circles(rows: Sequence[AreaRow], by_code: Mapping[str, AreaRow]) -> list[AreaRow]:
    """Return the rows from which following the parents leads back to the row itself."""
    settled: set[str] = set()
    circles: list[AreaRow] = []
    for start in rows:
        trail: dict[str, int] = {}
        row: AreaRow | None = start
        while row is not None and row.code not in settled and row.code not in trail:
            trail[row.code] = len(trail)
            row = by_code.get(row.parent_code)
        if row is not None and row.code in trail:
            circles.extend(by_code[code] for code, place in trail.items() if place >= trail[row.code])
        settled.update(trail)
    return circles
