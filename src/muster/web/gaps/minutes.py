"""Spans of time as people set them: ``15``, ``90 min``, ``8 h``, ``3 d``, ``8小时``."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_HOUR_MIN, _DAY_MIN = 60, 1440
_FORM = re.compile(r"(?P<number>\d{1,6})\s*(?P<unit>min|m|分钟|分|h|小时|时|d|天|日)?", re.IGNORECASE)
_UNITS = {"h": _HOUR_MIN, "小时": _HOUR_MIN, "时": _HOUR_MIN, "d": _DAY_MIN, "天": _DAY_MIN, "日": _DAY_MIN}


def read_minutes(text: str) -> int | None:
    """Read a span as minutes; None where nothing is said.

    Raises
    ------
    ValueError
        If it is no span of time.
    """
    if not text.strip():
        return None
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(match["number"]) * _UNITS.get((match["unit"] or "").lower(), 1)


def say_minutes(number: int) -> str:
    """Say a span in the largest unit that leaves nothing over; ``read_minutes`` reads it back."""
    if number and not number % _DAY_MIN:
        return _("%(count)s d") % {"count": number // _DAY_MIN}
    if number and not number % _HOUR_MIN:
        return _("%(count)s h") % {"count": number // _HOUR_MIN}
    return _("%(count)s min") % {"count": number}
