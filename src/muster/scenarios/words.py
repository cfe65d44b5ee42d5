"""Lists of words that a scenario is invented from, as they come with the package."""

from __future__ import annotations

import tomllib
from importlib.resources import files


def read_words(section: str) -> dict[str, list[str]]:
    """Read the lists of one section of ``data/words.toml``, by name."""
    text = (files("muster.scenarios") / "data" / "words.toml").read_text(encoding="utf-8")
    return {name: words.split() for name, words in tomllib.loads(text)[section].items()}
