"""Drawings and words of the pages of doors."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from muster.needs.kinds import NeedKind
from muster.needs.queries.doors import DoorHolder
from muster.needs.rules import say_code
from muster.web.door.words import say_holder, say_kind

register = template.Library()

# Drawn on 32 by 32 with one stroke, so that whoever does not read finds what they need.
_PICTURES: dict[str, str] = {
    NeedKind.FOOD: "M4 15h24a12 12 0 0 1-8 11.3V28h-8v-1.7A12 12 0 0 1 4 15z"
    "M10.5 11c0-2.2 2-2.2 2-4.5M15.5 11c0-2.2 2-2.2 2-4.5M20.5 11c0-2.2 2-2.2 2-4.5",
    NeedKind.MEDICINE: "M7.5 24.5a6 6 0 0 1 0-8.5L16 7.5a6 6 0 0 1 8.5 8.5L16 24.5a6 6 0 0 1-8.5 0zM11.8 11.7l8.5 8.5",
    NeedKind.MEDICAL: "M12.5 5h7v7.5H27v7h-7.5V27h-7v-7.5H5v-7h7.5z",
    NeedKind.CARE: "M11 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
    "M11 13c-3.5 0-5 2.4-5 5.5V21h2.5l.8 7h3.4l.8-7H16v-2.5c0-3.1-1.5-5.5-5-5.5z"
    "M22.5 17.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
    "M22.5 20c-2.6 0-3.5 1.6-3.5 3.6V25h1.6l.5 3h2.8l.5-3H26v-1.4c0-2-.9-3.6-3.5-3.6z",
    NeedKind.RESCUE: "M16 5a11 11 0 1 1 0 22 11 11 0 0 1 0-22zM16 11.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z"
    "M8.2 8.2l4.6 4.6M19.2 19.2l4.6 4.6M23.8 8.2l-4.6 4.6M12.8 19.2l-4.6 4.6",
    NeedKind.REPAIR: "M26.6 10.3a6.5 6.5 0 0 1-8.9 7l-8.4 8.4a2.7 2.7 0 0 1-3.8-3.8"
    "l8.4-8.4a6.5 6.5 0 0 1 8-8.6l-4 4 .8 3.9 3.9.8z",
    NeedKind.OTHER: "M5 6h22v16H15l-6 5v-5H5zM11 14v.01M16 14v.01M21 14v.01",
    NeedKind.WORD: "M4 8h24v17H4zM4.5 8.5L16 18l11.5-9.5",
}


@register.simple_tag
def need_picture(kind: str) -> SafeString:
    """Draw a kind of need; its word stands beside it."""
    return format_html(
        '<svg class="need-picture" viewBox="0 0 32 32" aria-hidden="true"><path d="{}"/></svg>', _PICTURES[kind]
    )


@register.filter
def kind_word(kind: str) -> str:
    """Return a kind of need as a neighbor says it."""
    return say_kind(kind)


@register.filter
def holder_role(holder: DoorHolder) -> str:
    """Return the role of whoever answers for a door."""
    return say_holder(holder)


@register.filter
def spoken(code: str) -> str:
    """Return a code as it is read aloud."""
    return say_code(code)
