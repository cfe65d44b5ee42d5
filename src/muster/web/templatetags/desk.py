"""Words and small drawings for the templates of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from muster.duty.queries import CoverCandidate
from muster.kernel.ages import say_age
from muster.kernel.clock import CITY_ZONE
from muster.web import words
from muster.web.tabs import get_tab

METERS_PER_KM = 1000

register = template.Library()

_SHAPES = {
    "covered": '<circle cx="6" cy="6" r="5"/>',
    "deputy_only": '<circle cx="6" cy="6" r="4.5"/><path d="M6 1.5a4.5 4.5 0 0 0 0 9z"/>',
    "gap": '<circle cx="6" cy="6" r="4"/>',
    "unknown": '<rect x="1.5" y="1.5" width="9" height="9"/><path d="M2 8l6-6M4 10l6-6"/>',
}


@register.filter("state_name")
def state_word(state: str) -> str:
    """Return the word of a state of coverage."""
    return {
        "covered": _("covered"),
        "deputy_only": _("deputy only"),
        "gap": _("gap"),
    }.get(state, _("needs none"))


@register.simple_tag
def mark(state: str) -> SafeString:
    """Draw the shape of a state; its word must stand beside it."""
    known = state if state in _SHAPES else "unknown"
    shape = SafeString(_SHAPES[known])
    return format_html('<svg class="mark mark-{}" viewBox="0 0 12 12" aria-hidden="true">{}</svg>', known, shape)


_CHANGES = {
    "new": '<rect x="1" y="1" width="12" height="12" rx="2"/><path d="M7 4v6M4 7h6"/>',
    "replaced": '<rect x="1" y="1" width="12" height="12" rx="2"/><path d="M4 5h6M4 9h6"/>',
    "moved": '<rect x="1" y="1" width="12" height="12" rx="2"/><path d="M4 7h6M8 5l2 2-2 2"/>',
    "ended": '<rect x="1" y="1" width="12" height="12" rx="2"/><path d="M4 7h6"/>',
    "gap": '<circle cx="7" cy="7" r="4.5"/>',
}


@register.simple_tag
def change_mark(kind: str) -> SafeString:
    """Draw the shape of a kind of change in a plan."""
    return format_html(
        '<svg class="change-mark is-{}" viewBox="0 0 14 14" aria-hidden="true">{}</svg>',
        kind,
        SafeString(_CHANGES[kind]),
    )


@register.simple_tag
def change_shape(kind: str) -> SafeString:
    """Draw the same shape within a larger picture."""
    return format_html('<g class="change-mark is-{}">{}</g>', kind, SafeString(_CHANGES[kind]))


@register.simple_tag
def state(value: str) -> SafeString:
    """Draw a state as shape and word."""
    return format_html('<span class="state state-{}">{}{}</span>', value, mark(value), state_word(value))


class Shared(Protocol):
    """Something with a share of coverage."""

    required: int
    covered: int
    deputy_only: int


@register.simple_tag
def bar(share: Shared) -> SafeString:
    """Draw a share of coverage as a bar from zero: covered, deputy only, and the rest as a gap."""
    if not share.required:
        return SafeString(
            '<svg class="bar" aria-hidden="true"><rect class="empty" width="100%" height="2" y="1"/></svg>'
        )
    first, second = 100 * share.covered / share.required, 100 * share.deputy_only / share.required
    # A gap of one among thousands must still be seen, so that the rest is never thinner than a hair.
    rest = max(100 - first - second, 4) if share.covered + share.deputy_only < share.required else 0
    first = min(first, 100 - rest - second)
    parts = (("part-covered", 0.0, first), ("part-deputy", first, second), ("rest", first + second, rest))
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}%" width="{}%" height="4"/>',
        ((name, f"{start:.1f}", f"{width:.1f}") for name, start, width in parts if width),
    )
    return format_html('<svg class="bar" aria-hidden="true">{}</svg>', drawn)


@register.filter
def local_name(row: words.Bilingual | None) -> str:
    """Return a row's name in the language of the desk."""
    return words.say_name(row) if row else ""


@register.filter
def watched(detail: Mapping[str, Any]) -> str:
    """Return which watch duty the detail of a gap speaks of, and at which door."""
    return words.say_watched(detail)


@register.filter
def age(since: datetime, now: datetime) -> str:
    """Return how long ago a moment was."""
    return say_age(now - since)


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> str:
    """Return a local time, with the day when that is not today."""
    return words.say_moment(value, now) if value else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day."""
    if value is None:
        return ""
    return words.say_day(value.astimezone(CITY_ZONE).date() if isinstance(value, datetime) else value)


@register.filter
def decimal(value: float) -> str:
    """Return a number with one place after the point."""
    return f"{value:.1f}"


@register.filter
def full_day(value: date) -> str:
    """Return a day with its year."""
    return words.say_full_day(value)


@register.filter
def weekday(value: date) -> str:
    """Return the short word of a day of the week."""
    return words.say_weekday(value, is_short=True)


@register.filter
def clock(value: datetime) -> str:
    """Return the running clock's words."""
    return words.say_clock(value)


@register.filter
def level_word(level: int) -> str:
    """Return the word of a response level: a numeral of the language."""
    return words.say_level(level)


@register.filter
def count(value: int | None) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,}" if value is not None else "–"


@register.filter
def share(part: float, whole: float) -> str:
    """Return a share in percent, cut to one decimal."""
    return words.say_share(part, whole)


@register.simple_tag
def tree_link(tab: str, code: str) -> str:
    """Return the address of an area in the view that is open."""
    return get_tab(tab).link(code)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the address's query with some values changed, so that every filter survives."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in {None, ""}:
            params.pop(name, None)
        else:
            params[name] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def warden_word(level: Any) -> str:
    """Return what the warden of a level is called."""
    return words.say_warden(level)


@register.filter
def why(slug: str) -> str:
    """Return the words of a gap's reason."""
    return words.say_why(slug)


@register.simple_tag(takes_context=True)
def why_lines(context: dict[str, Any], detail: dict[str, Any]) -> list[str]:
    """Return the figures behind a gap's reason, a line each, with the names that the screen has read."""
    return words.list_why_lines(detail, context.get("remedy_names") or {})


@register.filter
def duty_word(slug: str) -> str:
    """Return the words of a duty that a paired organization takes over."""
    return words.say_duty(slug)


@register.filter
def end_reason(slug: str) -> str:
    """Return the words of why an appointment ended."""
    return words.say_end_reason(slug)


@register.filter
def plan_tab(kind: str) -> str:
    """Return the view that a kind of plan belongs to."""
    return {"coverage": "coverage", "pairing": "pairings", "roster": "roster"}[kind]


@register.filter
def status_word(status: str) -> str:
    """Return the words of what a solver said."""
    return {
        "optimal": _("the best there is, proven"),
        "feasible": _("good, not proven the best"),
        "infeasible": _("impossible"),
        "unknown": _("nothing found in time"),
    }.get(status, status)


@register.filter
def last_day(ends_on: date) -> str:
    """Return the last day of a half-open span."""
    return words.say_day(ends_on - timedelta(days=1))


@register.filter
def hours(minutes: int) -> str:
    """Return minutes as hours, without a needless decimal."""
    return f"{minutes / 60:g}"


@register.simple_tag
def place_name(places: Mapping[str, str], area: Any) -> str:
    """Return where an area is, said in full."""
    return places.get(area.code, area.name)


@register.filter
def span(value: timedelta) -> str:
    """Return a length of time as its two greatest parts."""
    return say_age(value)


@register.filter
def clock_day(value: datetime) -> str:
    """Return the local day of a moment with its day of the week."""
    local = value.astimezone(CITY_ZONE).date()
    return f"{words.say_day(local)} {words.say_weekday(local)}"


@register.filter
def distance(meters: float) -> str:
    """Return a way in meters to the nearest ten, or in kilometers from one on."""
    return f"{meters / 1000:.1f} km" if meters >= METERS_PER_KM else f"{round(meters, -1):.0f} m"


@register.filter
def broken_rule(rule: Any) -> str:
    """Return the words of a rule of rest that a duty would break, with its figures."""
    return words.say_broken(rule.rule, rule.found, rule.limit)


@register.filter
def ability_word(slug: str) -> str:
    """Return the words of what somebody can do or is spared."""
    return words.say_ability(slug)


@register.filter
def organization_word(kind: str) -> str:
    """Return the words of a kind of organization."""
    return words.say_organization(kind)


@register.filter
def role_word(role: str) -> str:
    """Return the words of what becomes planned on an area."""
    return {"warden": _("warden"), "deputy": _("deputy"), "pairing": _("pairing")}.get(role, role)


@register.simple_tag
def pattern_name(shift: Any) -> str:
    """Return the name of a shift's pattern."""
    name: str = shift.pattern_zh if words.is_chinese() else shift.pattern_en
    return name


@register.simple_tag
def pattern_short(shift: Any) -> str:
    """Return the short word of a shift's pattern."""
    word: str = shift.short_zh if words.is_chinese() else shift.short_en
    return word


@register.simple_tag
def iso_day(value: datetime) -> str:
    """Return the local day of a moment as an address writes it."""
    return value.astimezone(CITY_ZONE).date().isoformat()


@register.filter
def beside(one: CoverCandidate, holder: CoverCandidate) -> str:
    """Return how somebody who could take a duty stands beside whoever has it."""
    return words.say_beside(one, holder)
