"""Rules of the tree as plain values: how a path is made, and the range of paths beneath it."""

from __future__ import annotations

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
STEP_CHARS = 5
"""Characters of one step of a path: 36 ** 5 = 60 million children of one area."""


def encode_step(ordinal: int) -> str:
    """Return the path step of an area's ordinal among its siblings.

    Parameters
    ----------
    ordinal
        From 0 to 36 ** 5 - 1.

    Raises
    ------
    ValueError
        If the ordinal does not fit into one step.
    """
    if not 0 <= ordinal < len(_DIGITS) ** STEP_CHARS:
        raise ValueError(f"An area cannot have a child number {ordinal}.")
    chars = []
    for _ in range(STEP_CHARS):
        ordinal, digit = divmod(ordinal, len(_DIGITS))
        chars.append(_DIGITS[digit])
    return "".join(reversed(chars))


def subtree_range(path: str) -> tuple[str, str]:
    """Return the half-open range of paths that holds an area and all beneath it.

    The upper bound increments the last character, which is right in byte order; every path is made of
    digits and small letters, so that the character after ``z`` is never part of one.
    """
    return path, path[:-1] + chr(ord(path[-1]) + 1)


def ancestor_paths(path: str) -> list[str]:
    """Return the paths of all areas above, from the root down, and of the area itself."""
    return [path[:end] for end in range(STEP_CHARS, len(path) + 1, STEP_CHARS)]


def step_ordinal(path: str) -> int:
    """Return the ordinal of an area among its siblings, from its path."""
    return int(path[-STEP_CHARS:], 36)
