"""Chinese names as they are typed on a keyboard without Chinese."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin


@lru_cache(maxsize=65536)
def spell(name: str) -> str:
    """Return the full pinyin of a name and its initials, for search.

    Parameters
    ----------
    name
        Any text; what is not Chinese stays as it is, in small letters.

    Returns
    -------
    str
        Such as ``zhangwei zw``; empty for an empty name.
    """
    syllables = [syllable.lower() for syllable in lazy_pinyin(name) if syllable.strip()]
    if not syllables:
        return ""
    return f"{''.join(syllables)} {''.join(syllable[0] for syllable in syllables)}"
