"""Tags of the frame: the look that was chosen, the tabs, and the drawings on buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from muster.access.kinds import Role
from muster.web.looks import Look, read_look
from muster.web.tabs import TABS, Tab

register = template.Library()

# Drawn on 16 by 16 with one stroke, in the ink of the words beside them.
ICONS = {
    "map": "M2 4l4-1.5 4 1.5 4-1.5v9.5l-4 1.5-4-1.5-4 1.5zM6 2.5v9.5M10 4v9.5",
    "coverage": "M3 14V3.5L9 2v12M9 5.5l4 1V14M1.5 14h13M6 6v.01M6 9v.01M11 9v.01",
    "pairings": "M2 4.5h5v4H2zM9 8.5h5v4H9zM7 6.5h4.5v2M9 10.5H4.5v-2",
    "roster": "M2 3.5h12v10H2zM2 6.5h12M5 1.5v3M11 1.5v3M5 9h2M9 9h2M5 11.5h2",
    "gaps": "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5.5v3.5M8 11.2v.01",
    "clock": "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3l2 1.5",
    "needs": "M2 3h12v8H8l-3.5 3v-3H2zM8 5v2.5M8 9.2v.01",
    "watch": "M1.5 8s2.4-4.5 6.5-4.5S14.5 8 14.5 8 12.1 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
    "figures": "M2 13.5h12M3.5 13.5V9M6.5 13.5V5M9.5 13.5V7.5M12.5 13.5V3",
    "people": "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 14v-1a3.5 3.5 0 0 1 3.5-3.5h2a3.5 3.5 0 0 1 3.5 3.5v1"
    "M10.5 2.8a2.5 2.5 0 0 1 0 4.4M12 9.8a3.5 3.5 0 0 1 2.5 3.2v1",
    "search": "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3L14 14",
    "filter": "M2 3.5h12M4.5 8h7M6.5 12.5h3",
    "play": "M5 3l8 5-8 5z",
    "wall": "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
    "tree": "M2 2.5h12v11H2zM6 2.5v11",
    "inspector": "M2 2.5h12v11H2zM10 2.5v11",
    "import": "M8 2v8M5 7l3 3 3-3M2.5 10.5v3h11v-3",
    "export": "M8 10V2M5 5l3-3 3 3M2.5 10.5v3h11v-3",
    "print": "M4.5 6V2h7v4M4.5 11.5H2V6h12v5.5h-2.5M4.5 9.5h7V14h-7z",
    "add": "M8 3v10M3 8h10",
    "undo": "M5.5 3L2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7",
    "close": "M4 4l8 8M12 4l-8 8",
    "keys": "M1.5 4h13v8h-13zM4 6.5v.01M6.7 6.5v.01M9.3 6.5v.01M12 6.5v.01M4.5 9.5h7",
}


@register.simple_tag(takes_context=True)
def read_look_of(context: dict[str, Any]) -> Look:
    """Return the look that was chosen in the browser that asks."""
    request = context.get("request")
    return read_look(request.COOKIES if request else {})


@register.filter
def role_word(role: str) -> str:
    """Return what a role of an account is called."""
    return str(Role(role).label)


@register.simple_tag
def list_tabs() -> Sequence[Tab]:
    """Return the views of an area, in their order."""
    return TABS


@register.simple_tag
def tab_link(tab: Tab, code: str) -> str:
    """Return the address of one view of an area."""
    return tab.link(code)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw what a button does; its word stands beside it or is its label."""
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])
