"""Short addresses of doors and names of needs: by chance, read aloud without mistaking one sign for another."""

from __future__ import annotations

import secrets

DOOR_SIGNS = "23456789bcdfghjkmnpqrstvwxyz"
"""No 0 and o, 1, i and l; no vowels, so that no address spells a word."""
DOOR_CHARS = 8
NEED_DIGITS = 8
"""Digits alone: they are read out in every dialect and typed on every telephone."""
GROUP_CHARS = 4


def make_door_code() -> str:
    """Return a door's address: 38 bits by chance, so that of a million doors one in 380,000 guesses meets one."""
    return "".join(secrets.choice(DOOR_SIGNS) for _ in range(DOOR_CHARS))


def make_need_code() -> str:
    """Return a need's name: 8 digits by chance, which together with its door's address open it to its asker."""
    return "".join(secrets.choice("0123456789") for _ in range(NEED_DIGITS))


def read_code(typed: str) -> str:
    """Return a code as it is kept, from what somebody typed: whatever case, with or without spaces and hyphens."""
    return "".join(sign for sign in typed.lower() if sign.isalnum() and sign.isascii())


def say_code(code: str) -> str:
    """Return a code as it is read aloud and printed: capitals, in groups of four."""
    groups = [code[start : start + GROUP_CHARS] for start in range(0, len(code), GROUP_CHARS)]
    return " ".join(groups).upper()
