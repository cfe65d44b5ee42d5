"""Tags for gaps: their clocks, drawn and in words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from muster.clocks.queries import GapClock, Stop
from muster.web.gaps import minutes, picture

register = template.Library()


@register.simple_tag
def way(clock: GapClock, since_at: datetime, now: datetime) -> SafeString:
    """Draw how far a gap's clock has come."""
    return picture.draw_way(clock, since_at, now)


@register.filter
def following(clock: GapClock, now: datetime) -> str:
    """Return the words of what comes next."""
    return picture.say_following(clock, now)


@register.filter
def stop_word(stop: Stop) -> str:
    """Return what a stop is called."""
    return picture.say_stop(stop)


@register.filter
def minutes_word(number: int | None) -> str:
    """Return minutes as they are set and read: ``15 min``, ``8 h``, ``3 d``."""
    return minutes.say_minutes(number) if number is not None else ""
