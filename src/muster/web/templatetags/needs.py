"""Words and marks of needs for the templates of the needs desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from muster.needs.kinds import CarrierKind, NeedState, NeedUrgency
from muster.needs.queries import CarrierName
from muster.needs.rules.carrying import find_duty
from muster.web.needs.words import say_carrier
from muster.web.words import say_duty

register = template.Library()

# Told apart by shape alone: a full triangle, a half disc, a ring.
_SHAPES = {
    "life": '<path d="M6 .8l5.4 10.2H.6z"/>',
    "today": '<circle cx="6" cy="6" r="4.5"/><path d="M6 1.5a4.5 4.5 0 0 0 0 9z"/>',
    "can_wait": '<circle cx="6" cy="6" r="4"/>',
}


@register.simple_tag
def urgency_mark(urgency: str | int) -> SafeString:
    """Draw how pressing a need is; the word stands beside it."""
    slug = urgency if isinstance(urgency, str) else NeedUrgency(urgency).slug
    return format_html(
        '<svg class="mark urgency-{}" viewBox="0 0 12 12" aria-hidden="true">{}</svg>', slug, SafeString(_SHAPES[slug])
    )


@register.simple_tag
def carrier_of(row: Any, may_see_people: bool) -> str:  # a template's arguments have no names
    """Return who carries a need."""
    return say_carrier(row, may_see_people=may_see_people)


@register.simple_tag
def carrier_title(name: CarrierName, in_hand: Sequence[Any]) -> str:
    """Return what a carrier that an address names is called."""
    found = next((each.title for each in in_hand if each.name == name), "")
    return found or f"{CarrierKind(name.kind).label} {name.code}"


@register.simple_tag
def step_verb(state: str) -> str:
    """Return the verb of the button that takes a need to a state."""
    return {
        NeedState.ACCEPTED: pgettext("need", "Accept"),
        NeedState.UNDER_WAY: _("Under way"),
        NeedState.ANSWERED: pgettext("need", "Done"),
        NeedState.OPEN: _("Hand back"),
        NeedState.WITHDRAWN: _("Withdraw"),
    }[NeedState(state)]


@register.simple_tag
def carries(duties: Sequence[str], kind: str) -> SafeString | str:
    """Return by which duty an organization can carry a kind of need."""
    duty = find_duty(kind, duties)
    return say_duty(duty) if duty else format_html('<span class="quiet">{}</span>', "–")


@register.filter
def at_key(values: Mapping[Any, Any], key: Any) -> Any:
    """Return what stands under a key."""
    return values.get(key, "")
