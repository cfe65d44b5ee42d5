"""How emergencies are coded."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from muster.kernel.pinyin import spell

_MOST_CHARS = 40


def propose_code(name: str, on: date, taken: Collection[str]) -> str:
    """Return a code for an emergency that no other has: the initials of its name, the year, and a number if needed.

    Parameters
    ----------
    name
        What people call it, in any language.
    on
        The day on which it begins.
    taken
        The codes that begin alike.
    """
    words = re.findall(r"[a-z0-9]+", spell(name).split(" ")[-1] if not name.isascii() else name.lower())
    stem = f"{'-'.join(words)[:_MOST_CHARS].strip('-') or 'emergency'}-{on.year}"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)
