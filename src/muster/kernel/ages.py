"""Lengths of time, as people say them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def say_age(span: timedelta) -> str:
    """Return an age as its two greatest parts: ``2 h 10 min``."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        parts = [ngettext("%(count)d day", "%(count)d days", days) % {"count": days}]
        return " ".join([*parts, _("%(count)d h") % {"count": hours}] if hours and days < 10 else parts)
    if hours:
        rest = minutes % 60
        parts = [_("%(count)d h") % {"count": hours}]
        return " ".join([*parts, _("%(count)d min") % {"count": rest}] if rest else parts)
    return _("%(count)d min") % {"count": minutes}
