"""The command line's two languages."""

from __future__ import annotations

import os


def is_chinese() -> bool:
    """Tell whether the surroundings ask for Chinese (``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.lower().startswith("zh")
    return False


def say(english: str, chinese: str) -> str:
    """Return the text in the language that the surroundings ask for."""
    return chinese if is_chinese() else english
