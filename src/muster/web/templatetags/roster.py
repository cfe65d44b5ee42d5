"""Times and days as rosters write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from muster.kernel.clock import CITY_ZONE
from muster.web import words

register = template.Library()

_A_MONDAY = date(2024, 1, 1)


@register.filter
def time_of_day(value: datetime) -> str:
    """Return the local time of a moment."""
    return f"{value.astimezone(CITY_ZONE):%H:%M}"


@register.filter
def iso_weekday(number: str) -> str:
    """Return the short word of a day of the week by its number, Monday being 1."""
    return words.say_weekday(_A_MONDAY.replace(day=int(number)), is_short=True)
