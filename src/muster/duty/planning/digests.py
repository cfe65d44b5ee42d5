"""Digests of plain values: whether what a plan was made from still stands."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of(value: Any) -> str:
    """Return the SHA-256 digest of plain values, their order included."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return sets in order, and days and whatever else as their text."""
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
