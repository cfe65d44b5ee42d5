"""Rules of the tree as plain values: paths, levels, and what makes a list of areas a tree."""

from muster.territory.rules.levels import LevelOrder, LevelOrderError, order_levels
from muster.territory.rules.paths import STEP_CHARS, ancestor_paths, encode_step, step_ordinal, subtree_range
from muster.territory.rules.tree import AreaRow, Flaw, KnownArea, find_flaws

__all__ = [
    "STEP_CHARS",
    "AreaRow",
    "Flaw",
    "KnownArea",
    "LevelOrder",
    "LevelOrderError",
    "ancestor_paths",
    "encode_step",
    "find_flaws",
    "order_levels",
    "step_ordinal",
    "subtree_range",
]
