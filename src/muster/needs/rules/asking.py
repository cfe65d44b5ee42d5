"""What is asked for at a door: words made plain, and what is too little to help by."""

from __future__ import annotations

import re
import unicodedata

from muster.needs.kinds import NeedKind

MOST_WORDS = 400
MOST_NOTE = 200
MOST_HOUSEHOLD = 40
MOST_CONTACT = 80
WORDLESS = frozenset(NeedKind) - {NeedKind.OTHER, NeedKind.WORD}
"""Kinds that say enough by themselves."""
MOST_PHONE = 40
_PHONE = re.compile(r"[0-9+() /.,;-]+(?:(?:转|ext\.?) ?\d+)?", re.IGNORECASE)
_MARKUP = re.compile(r"<[/!]?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"(?:\w+://|www\.)[!-~]+", re.ASCII | re.IGNORECASE)
_LINK_LEFT_OUT = "[…]"


def clean_words(typed: str, most: int = MOST_WORDS) -> str:
    """Return words as they are kept: no markup, no links, no signs that cannot be seen, single spaces.

    Whoever helps opens what strangers write; nothing in it may lead elsewhere.

    Parameters
    ----------
    typed
        As somebody wrote it.
    most
        How many characters are kept.
    """
    without = _LINK.sub(_LINK_LEFT_OUT, _MARKUP.sub(" ", typed))
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in without)
    return " ".join(seen.split())[:most].strip()


def says_enough(kind: NeedKind | None, words: str) -> bool:
    """Tell whether somebody can be helped by what was asked: a kind that speaks for itself, or a few words."""
    return kind in WORDLESS or any(sign.isalnum() for sign in words)


def is_phone(text: str) -> bool:
    """Tell whether a text is a telephone number as offices write theirs, perhaps with an extension."""
    return len(text) <= MOST_PHONE and bool(_PHONE.fullmatch(text)) and any(sign.isdigit() for sign in text)
