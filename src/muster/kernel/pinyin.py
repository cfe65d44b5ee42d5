"""Chinese names as they are typed on a keyboard without Chinese."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin, load_single_dict

# The library reads a lone 长 as "zhang" (elder); in the names of places and families it is "chang" (long).
load_single_dict({ord("长"): "cháng,zhǎng"})


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
    if name.isascii():
        return name.lower()
    syllables = [syllable.lower() for syllable in lazy_pinyin(name) if syllable.strip()]
    if not syllables:
        return ""
    return f"{''.join(syllables)} {''.join(syllable[0] for syllable in syllables)}"
