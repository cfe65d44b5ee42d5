"""Phrases that an installation makes of its own secret: short to type, the same each time, its own."""

from __future__ import annotations

import base64

from django.conf import settings
from django.utils.crypto import salted_hmac

_STARTS = (0, 4, 8)


def derive_phrase(purpose: str) -> str:
    """Return the phrase for a purpose: 60 bits in three groups of four letters and digits."""
    digest = salted_hmac("muster.kernel.phrases", purpose, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in _STARTS)
