"""How a round of a watch duty stands, as shape and word."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from muster.needs.queries.watch_counts import WatchCount
from muster.needs.rules.watching import WatchState, write_times
from muster.web.words import is_chinese

register = template.Library()

_SHAPES = {
    WatchState.WELL: '<circle cx="7" cy="7" r="5.5"/><path d="M4.5 7.2l1.8 1.8 3.4-3.8"/>',
    WatchState.FOUND: '<path d="M7 .8L13.2 7 7 13.2.8 7z"/><path d="M7 4v3.6M7 9.6v.2"/>',
    WatchState.DUE: '<circle cx="7" cy="7" r="4.6"/>',
    WatchState.LATE: '<circle cx="7" cy="7" r="4.6"/><path d="M7 2.4a4.6 4.6 0 0 1 0 9.2z"/>',
    WatchState.MISSED: '<circle cx="7" cy="7" r="4.4"/>',
    WatchState.TO_COME: '<circle cx="7" cy="7" r="1.4"/>',
}


@register.simple_tag
def watch_mark(state: str) -> SafeString:
    """Draw the shape of a state; its word must stand beside it or label it."""
    shape = SafeString(_SHAPES[WatchState(state)])  # drawn above
    return format_html('<svg class="watch-mark is-{}" viewBox="0 0 14 14" aria-hidden="true">{}</svg>', state, shape)


@register.filter
def watch_word(state: str) -> str:
    """Return the word of a state."""
    return {
        WatchState.WELL: _("looked, all well"),
        WatchState.FOUND: _("looked, something found"),
        WatchState.DUE: _("due"),
        WatchState.LATE: _("late, with the deputy"),
        WatchState.MISSED: _("missed, with the community"),
        WatchState.TO_COME: _("to come"),
    }[WatchState(state)]


@register.filter
def times_words(times_min: list[int]) -> str:
    """Return times of the day."""
    return write_times(times_min)


@register.filter
def watch_look(watch: object) -> str:
    """Return what a watch duty looks at, in the language of the desk."""
    word: str = getattr(watch, "look_zh" if is_chinese() else "look_en")
    return word


@register.filter
def watch_how(watch: object) -> str:
    """Return how, in one line, in the language of the desk."""
    word: str = getattr(watch, "how_zh" if is_chinese() else "how_en")
    return word


@register.simple_tag
def watch_bar(count: WatchCount) -> SafeString:
    """Draw how a round stands in a part: seen, found, and the rest as it stands."""
    if not count.total:
        return SafeString("")
    seen, found = 100 * count.seen / count.total, 100 * count.found / count.total
    return format_html(
        '<svg class="bar watch-bar is-{}" aria-hidden="true"><rect class="rest" width="100%" height="4"/>'
        '<rect class="part-covered" width="{}%" height="4"/><rect class="part-found" x="{}%" width="{}%" height="4"/>'
        "</svg>",
        count.open_state,
        f"{seen:.1f}",
        f"{max(0.0, seen - found):.1f}",
        f"{found:.1f}",
    )
